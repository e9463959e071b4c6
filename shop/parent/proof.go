package parent

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/memberprice"
	"joetz/shop/proof"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/id"
)

// ShowProof is where a family hands in the proof of a member's price.
func (h *Handlers) ShowProof(c *fiber.Ctx) error {
	_, page, err := h.proofPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, parent.Proof(page))
}

func (h *Handlers) proofPage(c *fiber.Ctx) (proof.Case, parent.ProofPage, error) {
	key, err := strconv.ParseInt(c.Params("booking"), 10, 64)
	if err != nil {
		return proof.Case{}, parent.ProofPage{}, booking.ErrNoBooking
	}
	found, err := h.Proofs.Of(c.UserContext(), web.Who(c).GuardianID, id.Booking(key))
	if err != nil {
		return found, parent.ProofPage{}, err
	}
	b, claimed := found.Booking, found.Claim
	p := web.Page(c)
	p.Title, p.Private = p.T("parent.proof.tab"), true
	p.Back = &layout.Link{Href: booking.OrderPath(b.Order), Text: p.T("parent.proof.back")}
	page := parent.ProofPage{
		Page: p, Action: memberprice.Path(b.ID), Name: b.FirstName, Holiday: b.Title, StartsOn: b.DepartsOn, EndsOn: b.EndsOn,
		Category: string(claimed.Category), State: b.Evidence, Corrected: claimed.Corrected(), Until: claimed.Until, Difference: b.BasePrice - claimed.Price,
		Reason: claimed.Reason, Words: claimed.Words, Open: found.Open(p.Today), Code: claimed.Code,
	}
	for _, f := range found.Files {
		file := parent.ProofFile{Picture: f.Picture(), At: f.UploadedAt}
		if b.Evidence == memberprice.Received && b.Active() {
			file.Remove = fmt.Sprintf("%s/bestand/%d/weg", page.Action, f.ID)
		}
		page.Files = append(page.Files, file)
	}
	return found, page, nil
}

type proofForm struct {
	First  web.File `form:"files"`
	Second web.File `form:"files_2"`
	Third  web.File `form:"files_3"`
	Code   string   `form:"code" validate:"max=9"`
}

// HandInProof keeps what the family sends.
func (h *Handlers) HandInProof(c *fiber.Ctx) error {
	found, page, err := h.proofPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[proofForm](c)
	page.Code = in.Code
	if err == nil {
		sent := proof.HandIn{Code: in.Code}
		for _, f := range []web.File{in.First, in.Second, in.Third} {
			if f.Name != "" || len(f.Bytes) > 0 {
				sent.Files = append(sent.Files, f.Bytes)
			}
		}
		err = h.Proofs.HandIn(c.UserContext(), web.Who(c).GuardianID, found.Booking.ID, sent)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, parent.Proof(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "parent.proof.thanks")
	return web.SeeOther(c, page.Action)
}

// TakeProofBack removes a file that the office did not decide about yet.
func (h *Handlers) TakeProofBack(c *fiber.Ctx) error {
	found, page, err := h.proofPage(c)
	if err != nil {
		return err
	}
	file, err := strconv.ParseInt(c.Params("file"), 10, 64)
	if err != nil {
		return booking.ErrNoBooking
	}
	err = h.Proofs.Withdraw(c.UserContext(), web.Who(c).GuardianID, found.Booking.ID, file)
	if problems := web.Problems(c, err); problems != nil {
		page.Errors = ui.Errors{{Text: problems[0].Text}}
		return web.RenderAgain(c, parent.Proof(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "parent.proof.removed")
	return web.SeeOther(c, page.Action)
}
