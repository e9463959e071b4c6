package parent

import (
	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/requests"
	"joetz/shop/web"
	"joetz/templates/fiche"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// ShowWipe asks whether the family wants this one fiche wiped.
func (h *Handlers) ShowWipe(c *fiber.Ctx) error {
	page, _, err := h.wipePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, fiche.Wipe(page))
}

// wipePage is for a guardian who sees the fiche, while there is one.
func (h *Handlers) wipePage(c *fiber.Ctx) (page fiche.WipePage, b id.Booking, err error) {
	_, found, err := h.ficheOf(c)
	if err != nil {
		return page, 0, err
	}
	fate, there, err := h.Medical.FateOf(c.UserContext(), found.ID)
	if err != nil {
		return page, 0, err
	}
	if !there || !fate.WipedAt.IsZero() {
		return page, 0, booking.ErrNoBooking
	}
	p := fichePage(c, "fiche.tab")
	p.Back, p.Width = &layout.Link{Href: FichePath(found.ID), Text: p.T("fiche.back")}, layout.Reading
	return fiche.WipePage{Page: p, FirstName: found.FirstName, Action: c.Path(), Going: found.Active() && !p.Today.After(found.EndsOn)}, found.ID, nil
}

type wipeForm struct {
	Sure bool `form:"sure" validate:"required"`
}

// AskWipe asks the office to wipe this one fiche.
func (h *Handlers) AskWipe(c *fiber.Ctx) error {
	page, b, err := h.wipePage(c)
	if err != nil {
		return err
	}
	_, err = web.Form[wipeForm](c)
	var opened requests.Request
	if err == nil {
		opened, err = h.Requests.OpenFiche(c.UserContext(), web.Who(c).GuardianID, b, page.T("fiche.wipe.asked", page.FirstName))
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, fiche.Wipe(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "requests.sent", opened.Number)
	return web.SeeOther(c, requests.Path(opened.ID))
}
