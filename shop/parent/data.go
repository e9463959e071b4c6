package parent

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/family"
	"joetz/shop/mail"
	"joetz/shop/requests"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/terms/fault"
)

// errNotFresh asks to sign in anew before everything is taken along or erased: a phone that lies around is not enough.
var errNotFresh = fault.New(fault.Expired, "family.data.again")

func freshlySignedIn(c *fiber.Ctx) bool { return web.Now(c).Sub(web.Who(c).SignedInAt) < fresh }

// ShowData says what is held about the family.
func (h *Handlers) ShowData(c *fiber.Ctx) error {
	page, err := h.dataPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, parent.Data(page))
}

func (h *Handlers) dataPage(c *fiber.Ctx) (parent.DataPage, error) {
	page := parent.DataPage{Page: ownPage(c, "family.data.title"), Fresh: freshlySignedIn(c)}
	all, err := h.Requests.Of(c.UserContext(), web.Who(c).GuardianID)
	for _, r := range all {
		if r.Kind == requests.Erasure && r.Status != "closed" {
			page.Erasing = requests.Path(r.ID)
		}
	}
	return page, err
}

// DownloadData sends everything that is held about the family in one file.
func (h *Handlers) DownloadData(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), web.Who(c)
	if !freshlySignedIn(c) {
		return h.dataAgain(c, errNotFresh)
	}
	in := family.Export{Reader: guardianReader(c), Lang: web.Language(c), PDF: h.Invoices}
	orders, err := h.Bookings.FamilyOrders(ctx, who.GuardianID)
	if err != nil {
		return err
	}
	for _, o := range orders {
		if o.Shared {
			continue
		}
		documents, err := h.Invoices.OfOrder(ctx, h.DB, o.ID)
		if err != nil {
			return err
		}
		for _, d := range documents {
			if d.Number != "" {
				in.Documents = append(in.Documents, family.Document{ID: d.ID, Order: o.ID})
			}
		}
	}
	written, err := h.Requests.Written(ctx, who.GuardianID)
	if err != nil {
		return err
	}
	if in.Mails, err = mail.SentTo(ctx, h.DB, who.Email); err != nil {
		return err
	}
	in.Written = written
	file, err := h.Family.Zip(ctx, who.GuardianID, in)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/zip")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="joetz-gegevens-%s.zip"`, web.Page(c).Today))
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(file)
}

type eraseForm struct {
	Body string `form:"body" validate:"max=2000"`
	Sure bool   `form:"sure" validate:"required"`
}

// AskErase asks the office to forget the family.
func (h *Handlers) AskErase(c *fiber.Ctx) error {
	if !freshlySignedIn(c) {
		return h.dataAgain(c, errNotFresh)
	}
	in, err := web.Form[eraseForm](c)
	var opened requests.Request
	if err == nil {
		opened, err = h.Requests.OpenErasure(c.UserContext(), web.Who(c).GuardianID, in.Body)
	}
	if web.Problems(c, err) != nil {
		return h.dataAgain(c, err)
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "requests.sent", opened.Number)
	return web.SeeOther(c, requests.Path(opened.ID))
}

// dataAgain shows the page again with what was wrong.
func (h *Handlers) dataAgain(c *fiber.Ctx, why error) error {
	page, err := h.dataPage(c)
	if err != nil {
		return err
	}
	page.Errors, page.Failed, page.Body = web.Problems(c, why), true, web.Typed(c, "body")
	return web.RenderAgain(c, parent.Data(page))
}
