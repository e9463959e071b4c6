package offer

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/office/offer"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/money"
)

type priceForm struct {
	Version   int         `form:"version"`
	Base      money.Cents `form:"base" validate:"required,min=1"`
	Solidaris money.Cents `form:"solidaris" validate:"min=0"`
	VT        money.Cents `form:"vt" validate:"min=0"`
	Day       civil.Date  `form:"from_day"`
	Clock     string      `form:"from_clock" validate:"max=8"`
	Why       string      `form:"why" validate:"max=500"`
}

// ShowPrices asks for a departure's prices.
func (h *Handlers) ShowPrices(c *fiber.Ctx) error {
	_, _, p, err := h.pricePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.Prices(p))
}

func (h *Handlers) pricePage(c *fiber.Ctx) (catalogue.Offer, catalogue.Date, offer.PriceForm, error) {
	o, d, frame, err := h.departure(c, "offer.price_title")
	if err != nil {
		return o, d, offer.PriceForm{}, err
	}
	p := offer.PriceForm{Page: frame, Action: departurePath(d.ID) + "/prijs", Holiday: o.Title, Version: d.Version, Seen: d.Seen(), Booked: d.Sold, Values: map[string]string{}}
	p.On = p.Range(d.StartsOn, d.EndsOn)
	p.Rows = priceRows(p.Page, d)
	if price, ok := d.Price(p.Now); ok {
		p.Values["base"], p.Values["solidaris"], p.Values["vt"] = cents(price.Base), optional(price.Solidaris), optional(price.VT)
	}
	return o, d, p, nil
}

// SavePrices gives a departure its prices.
func (h *Handlers) SavePrices(c *fiber.Ctx) error {
	o, d, p, err := h.pricePage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[priceForm](c)
	if err == nil {
		from, wrong := moment(in.Day, in.Clock, "from_day", "from_clock")
		if err = wrong; err == nil && !from.IsZero() && from.Before(p.Now) {
			err = fault.Field("from_day", "catalogue.price_past")
		}
		if err == nil {
			prices := catalogue.Prices{Base: in.Base, Solidaris: given(c, "solidaris", in.Solidaris), VT: given(c, "vt", in.VT)}
			err = h.Catalogue.SetPrices(c.UserContext(), actor(c), o.ID, d.ID, in.Version, prices, from, in.Why)
		}
	}
	if problems := web.Problems(c, err); problems != nil {
		if !errors.Is(err, catalogue.ErrChanged) {
			p.Version = in.Version
		}
		p.Errors, p.Failed, p.Values = problems, true, typed(c, "base", "solidaris", "vt", "from_day", "from_clock", "why")
		return web.RenderAgain(c, offer.Prices(p))
	}
	if err != nil {
		return err
	}
	return saved(c, o, "offer.saved")
}
