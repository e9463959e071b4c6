package public

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/waitroom"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/public"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

func (h *Handlers) holiday(c *fiber.Ctx) error {
	preview := c.Query("voorbeeld") != "" && web.Who(c).Has(account.Office)
	departures, now, err := h.departures(c.UserContext(), c.Params("slug"), preview)
	if err != nil {
		return err
	}
	p := web.Page(c)
	d := shown(departures, p)
	page := public.HolidayPage{
		Page: p, Card: h.card(p, d), Description: d.Description, Accommodation: d.Accommodation, Transport: d.Transport, TargetGroup: d.TargetGroup,
		BirthYearFrom: d.BirthYearFrom, BirthYearTo: d.BirthYearTo, Nights: d.Nights(), Package: d.LegalRegime == "package",
		Included: d.Included, NotIncluded: d.NotIncluded, Scene: sceneOf(d), MaxChildren: MaxChildren,
		Photos: photosOf(d.Photos, p.Lang), Preview: preview, Stale: now.since(p),
	}
	page.Page.Title, page.Width = d.Title, layout.Broad
	page.Page.Description = p.T("public.holiday.description", d.Title, p.Range(d.StartsOn, d.EndsOn), d.Lowest())
	page.Back = &layout.Link{Href: "/vakanties", Text: p.T("public.holiday.back")}
	for _, category := range d.Categories() {
		amount, _ := d.Prices.Of(category)
		page.Prices = append(page.Prices, public.Price{Category: string(category), Amount: amount})
	}
	for _, b := range d.BoardingPlaces {
		page.Boarding = append(page.Boarding, public.Boarding{Name: b.Name, MinParticipants: b.MinParticipants})
	}
	for _, other := range departures {
		if other.Bookable(p.Now) {
			page.Departures = append(page.Departures, public.Departure{ID: int64(other.ID), StartsOn: other.StartsOn, EndsOn: other.EndsOn,
				Places: public.Places{Free: other.Free, Held: other.Held}})
			page.Full = append(page.Full, full(p, other)...)
		}
	}
	page.Closed = closed(d, p)
	if page.Closed == "soon" && !p.Now.Before(d.OnSaleAt.Add(-waitroom.DefaultSettings.Before)) {
		page.Room = fmt.Sprintf("/wachtkamer/%d", d.ID)
	}
	if preview && d.Status == "draft" {
		page.Closed = "preview" // looks like the real page; there is nothing to book yet
		page.Private = true
	}
	if !d.StartsOn.Before(p.Today) && (d.Status == "published" || preview) {
		if trip, err := terms.ParseTrip(d.Trip); err == nil {
			h.money(&page, d, trip)
		}
	}
	return web.Render(c, public.Holiday(page))
}

// departures are a holiday's dates: from the copy, which is now, or from the database for one that is over.
func (h *Handlers) departures(ctx context.Context, slug string, preview bool) (found []catalogue.Departure, now reading, err error) {
	if preview {
		found, err = h.Catalogue.Preview(ctx, slug)
		return found, now, err
	}
	if now, err = h.upcoming(ctx); err != nil {
		return nil, now, err
	}
	for _, d := range now.departures {
		if d.Slug == slug {
			found = append(found, d)
		}
	}
	if len(found) > 0 {
		return found, now, nil
	}
	found, err = h.Catalogue.BySlug(ctx, slug)
	return found, reading{}, err
}

// shown is the departure that the page is about: the first with a place, else the first to come, else the last.
func shown(all []catalogue.Departure, p layout.Page) catalogue.Departure {
	best := all[len(all)-1]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Bookable(p.Now) && (all[i].Free > 0 || best.Free == 0) {
			best = all[i]
		}
	}
	return best
}

// full says which sub-limits of a departure have no place left.
func full(p layout.Page, d catalogue.Departure) []string {
	var lines []string
	for _, l := range d.Limits {
		if l.Full() {
			key, args := l.Words()
			lines = append(lines, p.T(key, args...))
		}
	}
	return lines
}

// closed says why the holiday cannot be booked now, as the end of a message key; "" when it can.
func closed(d catalogue.Departure, p layout.Page) string {
	switch {
	case d.Status == "cancelled":
		return "cancelled"
	case d.StartsOn.Before(p.Today):
		return "past"
	case p.Now.Before(d.OnSaleAt):
		return "soon"
	case d.Free == 0 && d.Listed > 0:
		return "listed"
	case d.Free == 0 && d.Held > 0:
		return "held"
	case d.Free == 0:
		return "full"
	}
	return ""
}

// money fills in what the terms say for one child at the base price, booked today.
func (h *Handlers) money(page *public.HolidayPage, d catalogue.Departure, trip terms.Trip) {
	today := page.Today
	facts := terms.QuoteFacts{Trip: trip, BookedOn: today, DepartsOn: d.StartsOn, BasePrice: d.Base, Price: d.Base, Instalments: 1}
	quote := h.Terms.Quote(facts)
	for _, due := range quote.Schedule {
		page.Schedule = append(page.Schedule, public.Due{Kind: due.Kind.String(), On: due.Due, Amount: due.Amount})
	}
	page.AtOnce, page.Instalments = quote.FullPayment, quote.MaxInstalments
	facts.Insurance = true
	if quote.InsuranceAvailable {
		page.Premium = h.Terms.Quote(facts).Premium
		page.PremiumUntil = h.insuredUntil(facts)
	}
	cancel := terms.CancelFacts{Trip: trip, BookedOn: today, DepartsOn: d.StartsOn, By: terms.ByCustomer, BasePrice: d.Base, Price: d.Base}
	page.CancelSteps = cancelSteps(h.Terms.Timeline(cancel), d)
	rebook := terms.RebookFacts{Trip: trip, BookedOn: today, DepartsOn: d.StartsOn, Price: d.Base,
		New: terms.NewHoliday{Trip: trip, DepartsOn: d.StartsOn, Price: d.Base}}
	page.Rebooking, page.RebookingAs = h.rebooking(rebook, page.CancelSteps)
}

// insuredUntil is the last day on which a booking may still be insured; the days are few, so each is asked.
func (h *Handlers) insuredUntil(f terms.QuoteFacts) civil.Date {
	last := f.BookedOn
	for f.BookedOn.Before(f.DepartsOn) {
		f.BookedOn = f.BookedOn.AddDays(1)
		if h.Terms.Quote(f).InsuranceAvailable {
			last = f.BookedOn
		}
	}
	return last
}

// cancelSteps are the steps up to the day of departure.
func cancelSteps(timeline []terms.Step, d catalogue.Departure) []public.CancelStep {
	var steps []public.CancelStep
	for _, s := range timeline {
		if s.From.After(d.StartsOn) {
			break
		}
		if s.To.IsZero() || s.To.After(d.StartsOn) {
			s.To = d.StartsOn
		}
		steps = append(steps, public.CancelStep{From: s.From, To: s.To, Fee: s.Fee, Percent: share(s.Fee, d.Base)})
	}
	return steps
}

// share is part in percent of whole, rounded down; nothing of nothing is everything.
func share(part, whole money.Cents) int {
	if part >= whole {
		return 100
	}
	return int(part * 100 / whole)
}

// rebooking is the fee for moving to another holiday, when it is the same on every day; else whether it follows the fee
// for cancelling.
func (h *Handlers) rebooking(f terms.RebookFacts, steps []public.CancelStep) (fee money.Cents, asCancelling bool) {
	asCancelling = true
	same := true
	for i, s := range steps {
		f.On = s.From
		got := h.Terms.Rebook(f).Fee
		if i == 0 {
			fee = got
		}
		same = same && got == fee
		asCancelling = asCancelling && got == s.Fee
	}
	return fee, asCancelling && !same
}
