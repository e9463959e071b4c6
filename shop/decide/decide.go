// Package decide has the handlers of decisions about whole departures: the office calls one off, merges it into another or
// raises its price, and follows what comes of it; a family chooses or leaves.
//
// Owns: the addresses under /kantoor/besluiten, /kantoor/vertrek, /kantoor/prijsverhoging and /mijn/besluit. Tables: none.
// May import: terms, payments, medical, templates, shop/account, shop/booking, shop/catalogue, shop/decision, shop/roster,
// shop/web.
// Always true: a decision is shown booking by booking before its button; the counts and amounts that were read are sent back and
// compared; a family finds only decisions about its own bookings.
package decide

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/decision"
	"joetz/shop/roster"
	"joetz/shop/web"
	"joetz/templates/decide"
	"joetz/templates/layout"
	"joetz/templates/messages"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Handlers serves decisions.
type Handlers struct {
	Decisions *decision.Service
	Catalogue *catalogue.Service
	Bookings  *booking.Service
	Roster    *roster.Service
}

const (
	root     = "/kantoor/besluiten"
	risePath = "/kantoor/prijsverhoging"
)

func frame(c *fiber.Ctx, title string) layout.Page {
	p := web.Page(c)
	p.Title, p.Private, p.Width = p.T(title), true, layout.Reading
	p.Back = &layout.Link{Href: root, Text: p.T("decide.list.title")}
	return p
}

func holiday(d catalogue.Departure) decide.Holiday {
	return decide.Holiday{Title: d.Title, Code: d.Code, StartsOn: d.StartsOn, EndsOn: d.EndsOn, Free: d.Free, Booked: d.Capacity - d.Free - d.Held}
}

// departure reads the departure of the address.
func (h *Handlers) departure(c *fiber.Ctx) (catalogue.Departure, error) {
	key, err := strconv.ParseInt(c.Params("departure"), 10, 64)
	if err != nil {
		return catalogue.Departure{}, catalogue.ErrNoDeparture
	}
	return h.byID(c.UserContext(), id.Departure(key))
}

func (h *Handlers) byID(ctx context.Context, key id.Departure) (catalogue.Departure, error) {
	d, err := h.Catalogue.DepartureForOffice(ctx, key)
	if err != nil {
		return d, err
	}
	if d.Status != "published" {
		return d, catalogue.ErrNotRunning
	}
	return d, nil
}

// upcoming are the other departures that children can go to.
func (h *Handlers) upcoming(ctx context.Context, p layout.Page, but catalogue.Departure) ([]ui.Option, error) {
	all, err := h.Catalogue.Upcoming(ctx)
	options := []ui.Option{{Value: "", Label: p.T("decide.choose_one")}}
	slices.SortStableFunc(all, func(a, b catalogue.Departure) int {
		return cmp.Or(a.StartsOn.Compare(b.StartsOn), cmp.Compare(a.Title, b.Title))
	})
	for _, d := range all {
		if d.ID != but.ID && d.Free > 0 && d.Bookable(p.Now) && d.StartsOn.Year() == but.StartsOn.Year() {
			options = append(options, ui.Option{Value: fmt.Sprint(int64(d.ID)), Label: fmt.Sprintf("%s, %s (%s)", d.Title, p.Range(d.StartsOn, d.EndsOn), p.N("decide.places", d.Free))})
		}
	}
	return options, err
}

func title(p layout.Page, d catalogue.Departure) string {
	return d.Title + ", " + p.Range(d.StartsOn, d.EndsOn)
}

// line puts one family of a preview in words.
func line(p layout.Page, l decision.Line) decide.Line {
	out := decide.Line{
		Child: l.Booking.FirstName + " " + l.Booking.LastName, Payer: l.Payer.PayerName, Phone: l.Payer.PayerPhone,
		Href: fmt.Sprintf("/kantoor/boeking/%d", l.Booking.Order), Paid: l.Booking.Statement.Paid, Back: l.Back, Was: l.Booking.Price + l.Booking.Extras,
		Costs: l.Move.Price + l.Move.Along.ExtrasThere(), Problem: words(p, l.Problem),
	}
	out.Notes = stays(p, l.Move)
	for _, m := range l.Methods {
		out.How = strings.TrimPrefix(out.How+", "+p.T("decide.by."+m), ", ")
	}
	for _, o := range l.Others {
		out.Others = append(out.Others, decide.Other{Title: title(p, o.To), More: o.Move.Outcome.PriceDifference})
	}
	for _, o := range l.Refused {
		why := words(p, o.Why)
		if why == "" {
			why = p.T("decide.off.taken")
		}
		out.Refused = append(out.Refused, decide.Refused{Title: title(p, o.To), Why: why})
	}
	return out
}

func preview(p layout.Page, v decision.Preview) *decide.Preview {
	out := &decide.Preview{Paid: v.Paid, Back: v.Back, Added: v.Added, Void: v.Void, Exits: v.Exits}
	for _, l := range v.Lines {
		out.Lines = append(out.Lines, line(p, l))
	}
	return out
}

// words is a reason in words; "" for nil.
func words(p layout.Page, err error) string {
	f := fault.Of(err)
	if f == nil {
		return ""
	}
	for _, key := range f.Fields {
		return messages.T(p.Lang, key, f.Args...)
	}
	return messages.T(p.Lang, f.Key, f.Args...)
}

// fields are those of a form as they came, with what its page shows: who confirms sends it back.
func fields(c *fiber.Ctx, confirmed decision.Confirmed, names ...string) (hidden []decide.Field) {
	return append(typedFields(c, names...), decide.Field{Name: "bookings", Value: fmt.Sprint(confirmed.Bookings)},
		decide.Field{Name: "total", Value: fmt.Sprint(int64(confirmed.Amount))}, decide.Field{Name: "before", Value: fmt.Sprint(confirmed.Before)})
}

// typedFields are the fields of a form as they came.
func typedFields(c *fiber.Ctx, names ...string) (hidden []decide.Field) {
	for _, name := range names {
		for _, value := range c.Request().PostArgs().PeekMulti(name) {
			hidden = append(hidden, decide.Field{Name: name, Value: string(value)})
		}
	}
	return hidden
}

// day reads a date field; the zero date when it is empty.
func day(text, field string) (civil.Date, error) {
	if text == "" {
		return civil.Date{}, nil
	}
	d, err := civil.Parse(text)
	if err != nil {
		return d, fault.Field(field, "form.date")
	}
	return d, nil
}

func departureKeys(all []string) (keys []id.Departure) {
	for _, text := range all {
		if key, err := strconv.ParseInt(text, 10, 64); err == nil && key > 0 {
			keys = append(keys, id.Departure(key))
		}
	}
	return keys
}

func get(c *fiber.Ctx) bool { return c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead }

// started goes to the page of a decision that was just made.
func started(c *fiber.Ctx, key int64) error {
	web.SetFlash(c, layout.Good, "decide.started")
	return web.SeeOther(c, decision.OfficePath(key))
}
