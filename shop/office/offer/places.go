package offer

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/office/offer"
	"joetz/terms/fault"
)

type placesForm struct {
	Was    int    `form:"was"` // the number that the form showed
	Places string `form:"places" validate:"required,max=3"`
	Reason string `form:"reason" validate:"required,max=500"`
}

// ShowPlaces asks how many children may come.
func (h *Handlers) ShowPlaces(c *fiber.Ctx) error {
	_, _, p, err := h.placesPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.Places(p))
}

func (h *Handlers) placesPage(c *fiber.Ctx) (catalogue.Offer, catalogue.Date, offer.PlacesForm, error) {
	o, d, frame, err := h.departure(c, "offer.places_title")
	if err != nil {
		return o, d, offer.PlacesForm{}, err
	}
	p := offer.PlacesForm{Page: frame, Action: c.Path(), Holiday: o.Title, Capacity: d.Capacity, Sold: d.Sold, Held: d.Held, Free: d.Free, Value: strconv.Itoa(d.Capacity)}
	if p.Events, err = h.capacityEvents(c, p.Page, d); err != nil {
		return o, d, p, err
	}
	p.On = p.Range(d.StartsOn, d.EndsOn)
	return o, d, p, nil
}

// SavePlaces adds free places, or takes free ones away.
func (h *Handlers) SavePlaces(c *fiber.Ctx) error {
	o, d, p, err := h.placesPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[placesForm](c)
	if err == nil {
		err = h.setPlaces(c, d, in)
	}
	if problems := web.Problems(c, err); problems != nil {
		p.Errors, p.Failed, p.Value, p.Why = problems, true, web.Typed(c, "places"), web.Typed(c, "reason")
		return web.RenderAgain(c, offer.Places(p))
	}
	if err != nil {
		return err
	}
	return saved(c, o, "offer.saved")
}

func (h *Handlers) setPlaces(c *fiber.Ctx, d catalogue.Date, in placesForm) error {
	want, err := strconv.Atoi(in.Places)
	if err != nil || want < 0 || want > booking.MostPlaces {
		return fault.Field("places", "catalogue.places")
	}
	return h.Bookings.SetPlaces(c.UserContext(), web.Who(c), d.ID, in.Was, want, in.Reason)
}
