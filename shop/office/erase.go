package office

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/shop/family"
	"joetz/shop/requests"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
)

// ShowErase shows what forgetting a family does.
func (h *Handlers) ShowErase(c *fiber.Ctx) error {
	page, _, err := h.erasePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Erase(page))
}

func (h *Handlers) erasePage(c *fiber.Ctx) (page office.ErasePage, r requests.Request, err error) {
	key, err := strconv.ParseInt(c.Params("request"), 10, 64)
	if err != nil {
		return page, r, requests.ErrNotFound
	}
	if r, err = h.Requests.ForOffice(c.UserContext(), key); err != nil {
		return page, r, err
	}
	if r.Kind != requests.Erasure || r.Status == "closed" {
		return page, r, requests.ErrNotFound
	}
	plan, err := h.Family.PlanErase(c.UserContext(), r.Guardian)
	if err != nil {
		return page, r, err
	}
	page.Page = staffPage(c, "requests.office.erase")
	page.Width, page.Back = layout.Reading, &layout.Link{Href: requests.OfficePath(r.ID), Text: r.Number}
	page.Name, page.Keep, page.Blocked, page.Action = plan.Guardian.Name(), plan.Keep, plan.Blocked, requests.OfficePath(r.ID)+"/wissen"
	page.Wiped, page.Forgot, page.Staying = names(plan.Wiped), names(plan.Forgot), names(plan.Staying)
	for _, o := range plan.Orders {
		page.Orders = append(page.Orders, o.Reference)
	}
	return page, r, nil
}

func names(children []account.Child) (all []string) {
	for _, c := range children {
		all = append(all, c.Name())
	}
	return all
}

type eraseForm struct {
	Sure bool `form:"sure" validate:"required"`
}

// Erase forgets a family that asked for it.
func (h *Handlers) Erase(c *fiber.Ctx) error {
	page, r, err := h.erasePage(c)
	if err != nil {
		return err
	}
	_, err = web.Form[eraseForm](c)
	if err == nil {
		who := web.Who(c)
		_, err = h.Family.Erase(c.UserContext(), who, r.Guardian, func(ctx context.Context, tx *sqlx.Tx, p family.ErasePlan) error {
			closed, err := h.Requests.CloseErasureTx(ctx, tx, who, r.ID, page.T("family.erase.done"))
			if err != nil {
				return err
			}
			if err := h.Requests.TellErasedTx(ctx, tx, closed, p.Keep); err != nil {
				return err
			}
			return h.Requests.EmptyTx(ctx, tx, r.Guardian)
		})
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, office.Erase(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "family.erase.done")
	return web.SeeOther(c, "/kantoor/vragen")
}
