package offer

import (
	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// about is the page of a form about a holiday: in reading width, with the way back to it.
func about(c *fiber.Ctx, o catalogue.Offer, title string, args ...any) layout.Page {
	p := page(c, title, args...)
	p.Width = layout.Reading
	p.Back = &layout.Link{Href: holidayPath(o.ID), Text: o.Title}
	return p
}

// departure reads the departure of the address, its holiday, and the page of a form about it.
func (h *Handlers) departure(c *fiber.Ctx, title string) (o catalogue.Offer, d catalogue.Date, p layout.Page, err error) {
	if o, d, err = h.Catalogue.OfferOf(c.UserContext(), id.Departure(param(c, "departure"))); err != nil {
		return o, d, p, err
	}
	return o, d, about(c, o, title), nil
}

// saved goes back to the holiday and says there what was done.
func saved(c *fiber.Ctx, o catalogue.Offer, flash string) error {
	web.SetFlash(c, layout.Good, flash)
	return web.SeeOther(c, holidayPath(o.ID))
}
