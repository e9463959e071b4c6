// Package offer has the handlers of the office's catalogue: seasons, holidays, departures, prices, photos, copies, imports.
//
// Owns: the addresses under /kantoor/aanbod. Tables: none.
// May import: terms, templates, medical/questionnaire, shop/booking, shop/catalogue, shop/web.
// Always true: a form that is refused comes back with what was typed; of two colleagues who edit the same thing the second
// sees both texts and chooses.
package offer

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/medical/questionnaire"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office/offer"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Handlers serves the office's catalogue.
type Handlers struct {
	Catalogue *catalogue.Service
	Bookings  *booking.Service       // whose places are
	Questions *questionnaire.Version // of the fiche: those among which a target group has some
}

const root = offer.Root

func actor(c *fiber.Ctx) string { return web.Who(c).StaffID.Actor() }

func page(c *fiber.Ctx, title string, args ...any) layout.Page {
	p := web.Page(c)
	p.Title, p.Private, p.Width = p.T(title, args...), true, layout.Full
	return p
}

func param(c *fiber.Ctx, name string) int64 {
	n, err := strconv.ParseInt(c.Params(name), 10, 64)
	if err != nil {
		return 0 // there is no such row
	}
	return n
}

func holidayPath(h id.Holiday) string { return fmt.Sprintf("%s/vakantie/%d", root, h) }

func departurePath(d id.Departure) string { return fmt.Sprintf("%s/vertrek/%d", root, d) }

func seasonPath(year int) string { return root + "?seizoen=" + strconv.Itoa(year) }

// season finds the season that the address names, else the newest.
func (h *Handlers) season(c *fiber.Ctx, name string) (all []catalogue.Season, chosen catalogue.Season, err error) {
	if all, err = h.Catalogue.Seasons(c.UserContext()); err != nil {
		return nil, catalogue.Season{}, err
	}
	for _, s := range all {
		if strconv.Itoa(s.Year) == c.Query(name) {
			return all, s, nil
		}
	}
	if c.Query(name) != "" {
		return nil, catalogue.Season{}, catalogue.ErrNoHoliday
	}
	if len(all) > 0 {
		chosen = all[0]
	}
	return all, chosen, nil
}

// ShowSeason lists a season's departures.
func (h *Handlers) ShowSeason(c *fiber.Ctx) error {
	p, err := h.seasonPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, offer.Season(p))
}

func (h *Handlers) seasonPage(c *fiber.Ctx) (offer.SeasonPage, error) {
	seasons, chosen, err := h.season(c, "seizoen")
	if err != nil {
		return offer.SeasonPage{}, err
	}
	p := offer.SeasonPage{Page: page(c, "offer.title"), Year: chosen.Year, Text: strings.TrimSpace(c.Query("zoek")), Show: c.Query("toon"), Counts: map[string]int{}}
	p.Next = p.Today.Year() + 1
	for _, s := range seasons {
		p.Tabs = append(p.Tabs, offer.SeasonTab{Year: s.Year, Current: s.ID == chosen.ID})
		p.Next = max(p.Next, s.Year+1)
	}
	p.NewYear = strconv.Itoa(p.Next)
	if chosen.ID == 0 {
		return p, nil
	}
	offers, err := h.Catalogue.SeasonOffers(c.UserContext(), chosen.ID)
	if err != nil {
		return p, err
	}
	events, err := h.Catalogue.SeasonEvents(c.UserContext(), chosen.ID)
	if err != nil {
		return p, err
	}
	p.Events = h.events(p.Page, events, catalogue.Offer{})
	var found []offer.DateRow
	for _, row := range h.rows(p.Page, offers) {
		p.Total++
		p.Counts[row.Status]++
		if row.Status == "draft" && len(row.Missing) > 0 {
			p.Counts["missing"]++
		}
		if shown(row, p.Show, p.Text) {
			found = append(found, row)
		}
	}
	p.Found = len(found)
	p.Pages, p.Rows = part(c.QueryInt("blad", 1), p, found)
	return p, h.complete(c, p.Rows, offers)
}

// perPage is how many departures stand on a page: all of most organisers, and of a large one a part.
const perPage = 100

// part is the page of the list that was asked for, or the nearest that there is.
func part(asked int, p offer.SeasonPage, found []offer.DateRow) (ui.Pages, []offer.DateRow) {
	last := max(1, (len(found)+perPage-1)/perPage)
	current := min(max(asked, 1), last)
	pages := ui.Pages{Current: current, Last: last, Href: func(n int) string {
		query := url.Values{"seizoen": {strconv.Itoa(p.Year)}, "blad": {strconv.Itoa(n)}}
		for name, value := range map[string]string{"zoek": p.Text, "toon": p.Show} {
			if value != "" {
				query.Set(name, value)
			}
		}
		return root + "?" + query.Encode()
	}}
	return pages, found[(current-1)*perPage : min(current*perPage, len(found))]
}

// complete reads the prices and places of the departures on the page; drafts have theirs.
func (h *Handlers) complete(c *fiber.Ctx, rows []offer.DateRow, offers []catalogue.Offer) error {
	at := map[string]int{}
	for i, r := range rows {
		at[r.Key] = i
	}
	var dates []catalogue.Date
	for _, o := range offers {
		for _, d := range o.Departures {
			if _, on := at[key(d.ID)]; on && d.Status != "draft" {
				dates = append(dates, d)
			}
		}
	}
	if err := h.Catalogue.Complete(c.UserContext(), dates); err != nil {
		return err
	}
	for _, d := range dates {
		r := &rows[at[key(d.ID)]]
		r.Sold, r.Held, r.Capacity = d.Sold, d.Held, d.Capacity
		if price, ok := d.Price(web.Now(c)); ok {
			r.Base = price.Base
		}
	}
	return nil
}

func key(d id.Departure) string { return strconv.FormatInt(int64(d), 10) }

func shown(r offer.DateRow, show, text string) bool {
	if text != "" && !strings.Contains(strings.ToLower(r.Code+" "+r.Title), strings.ToLower(text)) {
		return false
	}
	return show == "" || show == r.Status || show == "missing" && r.Status == "draft" && len(r.Missing) > 0
}

// rows are the departures of holidays by date; a holiday without any has a row of its own, first.
func (h *Handlers) rows(p layout.Page, offers []catalogue.Offer) []offer.DateRow {
	var out []offer.DateRow
	for _, o := range offers {
		if len(o.Departures) == 0 {
			out = append(out, offer.DateRow{Href: holidayPath(o.ID), Code: o.Code, Title: o.Title, Status: "empty"})
		}
		for _, d := range o.Departures {
			out = append(out, h.row(p, o, d))
		}
	}
	slices.SortStableFunc(out, func(a, b offer.DateRow) int {
		return cmp.Or(a.StartsOn.Compare(b.StartsOn), cmp.Compare(a.Code, b.Code))
	})
	return out
}

func (h *Handlers) row(p layout.Page, o catalogue.Offer, d catalogue.Date) offer.DateRow {
	r := offer.DateRow{
		Key: key(d.ID), Href: holidayPath(o.ID), Code: o.Code, Title: o.Title, StartsOn: d.StartsOn, EndsOn: d.EndsOn,
		Sold: d.Sold, Held: d.Held, Capacity: d.Capacity, Status: d.Status, PublishAt: d.PublishAt, OnSaleAt: d.OnSaleAt,
		Soon: d.Status == "published" && p.Now.Before(d.OnSaleAt),
	}
	if d.PublishAt != nil {
		r.Status = "planned"
	}
	if price, ok := d.Price(p.Now); ok {
		r.Base = price.Base
	}
	if d.Status == "draft" {
		for _, m := range h.Catalogue.Checklist(o, d) {
			r.Missing = append(r.Missing, offer.Missing{Code: m.Code, Blocks: m.Blocks})
		}
	}
	return r
}

type seasonForm struct {
	Year int `form:"year" validate:"required"`
}

// AddSeason makes an empty season.
func (h *Handlers) AddSeason(c *fiber.Ctx) error {
	in, err := web.Form[seasonForm](c)
	if err == nil {
		_, err = h.Catalogue.AddSeason(c.UserContext(), actor(c), in.Year)
	}
	if problems := web.Problems(c, err); problems != nil {
		p, broken := h.seasonPage(c)
		if broken != nil {
			return broken
		}
		p.Errors, p.Failed, p.NewYear = problems, true, web.Typed(c, "year")
		return web.RenderAgain(c, offer.Season(p))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, seasonPath(in.Year))
}

// counted says how many of something were done, on the next page.
func counted(c *fiber.Ctx, key string, n int, args ...string) {
	if n == 1 {
		key += "_one"
	}
	web.SetFlash(c, layout.Good, key, append([]string{strconv.Itoa(n)}, args...)...)
}

// events puts the history in words.
func (h *Handlers) events(p layout.Page, list []catalogue.Event, o catalogue.Offer) []offer.Event {
	var out []offer.Event
	for _, e := range list {
		row := offer.Event{At: e.At, Who: e.Who, Kind: e.Kind, Why: e.Why}
		if row.Who == "" {
			row.Who = p.T("offer.by_itself")
		}
		if d, ok := o.Departure(e.Departure); ok {
			row.Where = p.Range(d.StartsOn, d.EndsOn)
		}
		for _, change := range e.Changes {
			row.Changes = append(row.Changes, offer.Change{Label: p.T("offer.field." + change.Field), From: offer.Words(p, change.Field, change.From), To: offer.Words(p, change.Field, change.To)})
		}
		if (e.Kind == "text" || e.Kind == "imported") && len(e.Changes) > 0 && o.ID != 0 {
			row.Restore = fmt.Sprintf("%s/tekst?terug=%d", holidayPath(o.ID), e.ID)
		}
		out = append(out, row)
	}
	return out
}

// moment reads a day and a time of the clock; both empty is no moment.
func moment(day civil.Date, clock, dayField, clockField string) (time.Time, error) {
	switch {
	case day.IsZero() && clock == "":
		return time.Time{}, nil
	case day.IsZero():
		return time.Time{}, fault.Field(dayField, "form.required")
	case clock == "":
		return time.Time{}, fault.Field(clockField, "form.required")
	}
	t, err := catalogue.MomentOn(day, clock)
	if f := fault.Of(err); f != nil {
		return time.Time{}, fault.Field(clockField, f.Key)
	}
	if err != nil {
		return time.Time{}, fault.Field(clockField, "catalogue.clock")
	}
	return t, nil
}

// isoDay and isoClock fill the browser's own date and time fields.
func isoDay(t time.Time) string   { return civil.Of(t).String() }
func isoClock(t time.Time) string { return t.In(civil.Brussels).Format("15:04") }

// typed are fields as they were typed.
func typed(c *fiber.Ctx, names ...string) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		out[n] = web.Typed(c, n)
	}
	return out
}

// cents is an amount for a field: 215 or 215,50.
func cents(c money.Cents) string {
	if c%100 == 0 {
		return strconv.FormatInt(int64(c/100), 10)
	}
	return strings.Replace(c.String(), ".", ",", 1)
}

func optional(c *money.Cents) string {
	if c == nil {
		return ""
	}
	return cents(*c)
}

func seasonOptions(all []catalogue.Season) []ui.Option {
	var out []ui.Option
	for _, s := range all {
		out = append(out, ui.Option{Value: strconv.Itoa(s.Year), Label: strconv.Itoa(s.Year)})
	}
	return out
}
