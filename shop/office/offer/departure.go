package offer

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/office/offer"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

type stopForm struct {
	ID      int64  `form:"id"`
	Name    string `form:"name" validate:"max=100"`
	Minimum string `form:"minimum" validate:"max=3"`
}

type departureForm struct {
	Version   int         `form:"version"`
	StartsOn  civil.Date  `form:"starts_on" validate:"required"`
	EndsOn    civil.Date  `form:"ends_on" validate:"required"`
	SaleDay   civil.Date  `form:"on_sale_day" validate:"required"`
	SaleClock string      `form:"on_sale_clock" validate:"required,max=8"`
	Base      money.Cents `form:"base" validate:"min=0"`
	Solidaris money.Cents `form:"solidaris" validate:"min=0"`
	VT        money.Cents `form:"vt" validate:"min=0"`
	Places    int         `form:"places" validate:"min=0,max=500"`
	Stops     []stopForm  `form:"stops"`
	Why       string      `form:"why" validate:"max=500"`
	More      string      `form:"more"`
}

var departureFields = []string{"starts_on", "ends_on", "on_sale_day", "on_sale_clock", "base", "solidaris", "vt", "places"}

func (f departureForm) plan() (catalogue.Plan, error) {
	p := catalogue.Plan{StartsOn: f.StartsOn, EndsOn: f.EndsOn}
	at, err := moment(f.SaleDay, f.SaleClock, "on_sale_day", "on_sale_clock")
	if err != nil {
		return p, err
	}
	p.OnSaleAt = at
	for i, s := range f.Stops {
		if s.Name == "" {
			continue
		}
		minimum := catalogue.DefaultMinimum
		if s.Minimum != "" {
			if minimum, err = strconv.Atoi(s.Minimum); err != nil {
				return p, fault.Field("stops."+strconv.Itoa(i)+".minimum", "form.number")
			}
		}
		p.Boarding = append(p.Boarding, catalogue.BoardingPlace{ID: id.BoardingPlace(s.ID), Name: s.Name, MinParticipants: minimum})
	}
	return p, nil
}

// prices are those of a new departure; nil when none were typed.
func (f departureForm) prices(c *fiber.Ctx) *catalogue.Prices {
	if f.Base == 0 && f.Solidaris == 0 && f.VT == 0 {
		return nil
	}
	return &catalogue.Prices{Base: f.Base, Solidaris: given(c, "solidaris", f.Solidaris), VT: given(c, "vt", f.VT)}
}

// given is an amount, or nil where the field was left empty: nothing and zero are two prices.
func given(c *fiber.Ctx, field string, amount money.Cents) *money.Cents {
	if web.Typed(c, field) == "" {
		return nil
	}
	return &amount
}

// onSaleField puts what is wrong with the moment of sale beside its day.
func onSaleField(err error) error {
	f := fault.Of(err)
	if f == nil || f.Fields["on_sale_at"] == "" {
		return err
	}
	fields := map[string]string{}
	for k, v := range f.Fields {
		if k == "on_sale_at" {
			k = "on_sale_day"
		}
		fields[k] = v
	}
	moved := f.WithArgs(f.Args...)
	moved.Fields = fields
	return moved
}

func stops(b []catalogue.Boarding) []offer.Stop {
	var out []offer.Stop
	for _, s := range b {
		out = append(out, offer.Stop{ID: strconv.FormatInt(int64(s.ID), 10), Name: s.Name, Minimum: strconv.Itoa(s.MinParticipants)})
	}
	return out
}

// spare adds empty rows to fill in.
func spare(list []offer.Stop, n int) []offer.Stop {
	for len(list) < 20 && n > 0 {
		list = append(list, offer.Stop{Minimum: strconv.Itoa(catalogue.DefaultMinimum)})
		n--
	}
	return list
}

func (f departureForm) stops() []offer.Stop {
	var out []offer.Stop
	for _, s := range f.Stops {
		row := offer.Stop{Name: s.Name, Minimum: s.Minimum}
		if s.ID != 0 {
			row.ID = strconv.FormatInt(s.ID, 10)
		}
		out = append(out, row)
	}
	return out
}

// ShowNewDeparture asks for a departure; what the holiday's other dates have in common is filled in.
func (h *Handlers) ShowNewDeparture(c *fiber.Ctx) error {
	o, p, err := h.newDeparturePage(c)
	if err != nil {
		return err
	}
	if n := len(o.Departures); n > 0 {
		last := o.Departures[n-1]
		p.Values["on_sale_day"], p.Values["on_sale_clock"], p.Values["places"] = isoDay(last.OnSaleAt), isoClock(last.OnSaleAt), strconv.Itoa(last.Capacity)
		if price, ok := last.Price(p.Now); ok {
			p.Values["base"], p.Values["solidaris"], p.Values["vt"] = cents(price.Base), optional(price.Solidaris), optional(price.VT)
		}
		p.Stops = nil
		for _, s := range stops(last.Boarding) {
			s.ID = ""
			p.Stops = append(p.Stops, s)
		}
		p.Stops = spare(p.Stops, 1)
	}
	return web.Render(c, offer.Departure(p))
}

func (h *Handlers) newDeparturePage(c *fiber.Ctx) (catalogue.Offer, offer.DepartureForm, error) {
	o, err := h.Catalogue.OfferByID(c.UserContext(), id.Holiday(param(c, "holiday")))
	if err != nil {
		return o, offer.DepartureForm{}, err
	}
	p := offer.DepartureForm{Page: about(c, o, "offer.new_date_title"), New: true, Action: holidayPath(o.ID) + "/vertrek", Holiday: o.Title,
		Values: map[string]string{"on_sale_clock": "12:00"}, Stops: spare(nil, 1)}
	if o.Trip == "foreign_coach" {
		p.Stops = spare(nil, 3)
	}
	return o, p, nil
}

// AddDeparture makes a draft of a departure.
func (h *Handlers) AddDeparture(c *fiber.Ctx) error {
	o, p, err := h.newDeparturePage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[departureForm](c)
	if in.More != "" {
		p.Values, p.Stops = typed(c, departureFields...), spare(in.stops(), 3)
		return web.Render(c, offer.Departure(p))
	}
	var plan catalogue.Plan
	if err == nil {
		if plan, err = in.plan(); err == nil {
			_, err = h.Catalogue.AddDeparture(c.UserContext(), actor(c), o.ID, plan, in.prices(c), in.Places)
		}
	}
	if problems := web.Problems(c, onSaleField(err)); problems != nil {
		p.Errors, p.Failed, p.Values, p.Stops = problems, true, typed(c, departureFields...), in.stops()
		return web.RenderAgain(c, offer.Departure(p))
	}
	if err != nil {
		return err
	}
	return saved(c, o, "offer.date_added")
}

// ShowDeparture is the form of a departure.
func (h *Handlers) ShowDeparture(c *fiber.Ctx) error {
	_, _, p, err := h.departurePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.Departure(p))
}

func (h *Handlers) departurePage(c *fiber.Ctx) (catalogue.Offer, catalogue.Date, offer.DepartureForm, error) {
	o, d, frame, err := h.departure(c, "offer.date_title")
	if err != nil {
		return o, d, offer.DepartureForm{}, err
	}
	p := offer.DepartureForm{Page: frame, Action: departurePath(d.ID) + "/wijzigen", Holiday: o.Title, Version: d.Version, Booked: d.Bookings > 0 || d.Held > 0,
		Values: map[string]string{"starts_on": d.StartsOn.String(), "ends_on": d.EndsOn.String(), "on_sale_day": isoDay(d.OnSaleAt), "on_sale_clock": isoClock(d.OnSaleAt)},
		Stops:  spare(stops(d.Boarding), 1)}
	p.Title = p.T("offer.date_title", p.Range(d.StartsOn, d.EndsOn))
	return o, d, p, nil
}

// SaveDeparture changes a departure.
func (h *Handlers) SaveDeparture(c *fiber.Ctx) error {
	o, d, p, err := h.departurePage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[departureForm](c)
	if in.More != "" {
		p.Values, p.Why, p.Stops, p.Version = typed(c, departureFields...), in.Why, spare(in.stops(), 3), in.Version
		return web.Render(c, offer.Departure(p))
	}
	var plan catalogue.Plan
	if err == nil {
		if plan, err = in.plan(); err == nil {
			if p.Booked {
				plan.OnSaleAt = d.OnSaleAt // to the second, which the form does not show
			}
			err = h.Catalogue.SaveDeparture(c.UserContext(), actor(c), o.ID, d.ID, in.Version, plan, in.Why)
		}
	}
	if problems := web.Problems(c, onSaleField(err)); problems != nil {
		if !errors.Is(err, catalogue.ErrChanged) {
			p.Version = in.Version // what a colleague saved meanwhile is shown before it can be overwritten
		} else {
			p.Theirs = []offer.Change{} // read after the form: what is saved now
			for _, f := range []string{"starts_on", "ends_on"} {
				p.Theirs = append(p.Theirs, offer.Change{Label: p.T("offer.field." + f), To: offer.Words(p.Page, f, p.Values[f])})
			}
			p.Theirs = append(p.Theirs, offer.Change{Label: p.T("offer.field.on_sale_at"), To: p.Instant(d.OnSaleAt)})
			for _, b := range d.Boarding {
				p.Theirs = append(p.Theirs, offer.Change{Label: p.T("offer.column.stop"), To: b.Name + " (" + strconv.Itoa(b.MinParticipants) + ")"})
			}
		}
		p.Errors, p.Failed, p.Values, p.Why, p.Stops = problems, true, typed(c, departureFields...), in.Why, in.stops()
		return web.RenderAgain(c, offer.Departure(p))
	}
	if err != nil {
		return err
	}
	return saved(c, o, "offer.saved")
}

// DeleteDeparture removes a draft.
func (h *Handlers) DeleteDeparture(c *fiber.Ctx) error {
	o, d, err := h.Catalogue.OfferOf(c.UserContext(), id.Departure(param(c, "departure")))
	if err != nil {
		return err
	}
	if err := h.Catalogue.DeleteDeparture(c.UserContext(), actor(c), o.ID, d.ID); err != nil {
		return err
	}
	return saved(c, o, "offer.deleted")
}
