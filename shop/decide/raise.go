package decide

import (
	"cmp"
	"fmt"
	"net/url"
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
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// risesAtOnce is how many departures one decision makes dearer at most.
const risesAtOnce = 300

type riseForm struct {
	Departures []string    `form:"departure" validate:"max=300,dive,max=20"`
	Cause      string      `form:"cause" validate:"required,oneof=fuel taxes exchange"`
	Percent    string      `form:"percent"`
	Amount     money.Cents `form:"amount" validate:"min=0"`
	Reason     string      `form:"reason" validate:"required,max=1000"`
	Confirm    string      `form:"confirm"`
	Bookings   int         `form:"bookings"`
	Total      int64       `form:"total"`
	Before     int         `form:"before"`
}

// percent reads "7,5" as thousandths of a percent.
func percent(text string) (money.MilliPercent, error) {
	if text == "" {
		return 0, nil
	}
	p, err := money.ParsePercent(text)
	if err != nil || p <= 0 || p > money.Hundred {
		return 0, fault.Field("percent", "decide.percent_wrong")
	}
	return p, nil
}

// pickForm is the list of departures to make dearer, and which were ticked, as it stands in the address.
type pickForm struct {
	Text  string   `form:"zoek" validate:"max=60"`
	After string   `form:"na" validate:"max=300"`
	Step  string   `form:"stap" validate:"omitempty,oneof=prijs alle"`
	Picks []string `form:"kies" validate:"max=300,dive,max=20"`
	One   string   `form:"vertrek" validate:"max=20"`
}

func (f pickForm) filter() roster.DepartureFilter {
	return roster.DepartureFilter{When: "leaving", Status: "published", Booked: true, Text: f.Text, After: f.After}
}

// Raise asks which departures become dearer and why, shows what that does to every booking, and does it once that was confirmed.
func (h *Handlers) Raise(c *fiber.Ctx) error {
	if !get(c) {
		return h.raise(c)
	}
	in, err := web.Form[pickForm](c)
	if err != nil {
		in = pickForm{} // an address that somebody changed: the list as it begins
	}
	chosen := departureKeys(append(in.Picks, in.One))
	var problem error
	switch in.Step {
	case "alle":
		f := in.filter()
		f.After = ""
		all, next, err := h.Roster.Names(c.UserContext(), f, risesAtOnce)
		if err != nil {
			return err
		}
		if next != "" {
			problem = fault.Field("kies", "decide.rise.too_many", strconv.Itoa(risesAtOnce))
			break
		}
		for _, d := range all {
			chosen = append(chosen, d.ID)
		}
	case "prijs":
		if len(chosen) == 0 {
			problem = fault.Field("kies", "form.required")
		}
	}
	if problem == nil && (in.Step != "" || in.One != "") && len(chosen) > 0 {
		page := decide.RisePage{Page: frame(c, "decide.rise.title"), Action: risePath, Chosen: map[string]bool{}}
		if err := h.rising(c, &page, chosen); err != nil {
			return err
		}
		for _, o := range page.Departures {
			page.Chosen[o.Value] = true
		}
		if len(page.Departures) > 0 {
			return web.Render(c, decide.RaisePrices(page))
		}
	}
	return h.pick(c, in, problem)
}

// pick lists the departures of which somebody could pay more.
func (h *Handlers) pick(c *fiber.Ctx, in pickForm, problem error) error {
	rows, next, err := h.Roster.Names(c.UserContext(), in.filter(), roster.PerPage)
	if err != nil {
		return err
	}
	page := decide.PickPage{Page: frame(c, "decide.rise.title"), Action: risePath, Text: in.Text, Next: next, Chosen: map[string]bool{}}
	keys := make([]id.Departure, len(rows))
	for i, d := range rows {
		keys[i] = d.ID
	}
	if page.Departures, err = h.options(c, page.Page, keys); err != nil {
		return err
	}
	shown := map[string]bool{}
	for _, o := range page.Departures {
		shown[o.Value] = true
	}
	for _, key := range departureKeys(in.Picks) {
		if text := fmt.Sprint(int64(key)); shown[text] {
			page.Chosen[text] = true
		} else if !slices.Contains(page.Kept, text) {
			page.Kept = append(page.Kept, text)
		}
	}
	if page.Errors = web.Problems(c, problem); page.Errors != nil {
		page.Failed = true
		return web.RenderAgain(c, decide.PickDepartures(page))
	}
	return web.Render(c, decide.PickDepartures(page))
}

// rising adds the departures that were picked, by date.
func (h *Handlers) rising(c *fiber.Ctx, page *decide.RisePage, keys []id.Departure) (err error) {
	page.Departures, err = h.options(c, page.Page, keys)
	picks := url.Values{}
	for _, o := range page.Departures {
		picks.Add("kies", o.Value)
	}
	page.Others = risePath + "?" + picks.Encode()
	return err
}

// options are departures to tick, each with who goes and what the law says of a rise; by date.
func (h *Handlers) options(c *fiber.Ctx, p layout.Page, keys []id.Departure) (options []ui.Option, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	found, err := h.Catalogue.ByID(c.UserContext(), keys...)
	if err != nil {
		return nil, err
	}
	all := make([]catalogue.Departure, 0, len(found))
	for _, d := range found {
		if d.Status == "published" {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b catalogue.Departure) int {
		return cmp.Or(a.StartsOn.Compare(b.StartsOn), cmp.Compare(a.ID, b.ID))
	})
	for _, d := range all {
		options = append(options, ui.Option{Value: fmt.Sprint(int64(d.ID)), Label: d.Title + ", " + p.Range(d.StartsOn, d.EndsOn),
			Side: p.N("decide.booked", d.Capacity-d.Free-d.Held), Hint: h.limits(p, d)})
	}
	return options, nil
}

func (h *Handlers) raise(c *fiber.Ctx) error {
	p := frame(c, "decide.rise.title")
	page := decide.RisePage{Page: p, Action: risePath, Chosen: map[string]bool{}}
	f, err := web.Form[riseForm](c)
	page.Cause, page.Percent, page.Amount, page.Reason = f.Cause, f.Percent, web.Typed(c, "amount"), f.Reason
	for _, key := range f.Departures {
		page.Chosen[key] = true
	}
	in := decision.Raise{Departures: departureKeys(f.Departures), Cause: f.Cause, Reason: f.Reason, Amount: f.Amount}
	if len(in.Departures) == 0 { // none is left: they are picked anew
		return h.pick(c, pickForm{}, fault.Field("kies", "form.required"))
	}
	if err == nil {
		in.Percent, err = percent(f.Percent)
	}
	if err == nil && f.Confirm == "yes" {
		var key int64
		if key, err = h.Decisions.StartRaise(c.UserContext(), web.Who(c), in, decision.Confirmed{Bookings: f.Bookings, Amount: money.Cents(f.Total), Before: f.Before}); err == nil {
			return started(c, key)
		}
	}
	var seen decision.Preview
	if err == nil {
		seen, err = h.Decisions.PreviewRaise(c.UserContext(), in)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		if err := h.rising(c, &page, in.Departures); err != nil {
			return err
		}
		return web.RenderAgain(c, decide.RaisePrices(page))
	}
	if err != nil {
		return err
	}
	page.Preview, page.Hidden = rises(p, seen), fields(c, seen.Confirms(), "departure", "cause", "percent", "amount", "reason")
	return web.Render(c, decide.RaisePrices(page))
}

// limits says what the law and the terms allow of a rise on a departure.
func (h *Handlers) limits(p layout.Page, d catalogue.Departure) string {
	latest, exit := h.Bookings.RiseLimits(d)
	share := strings.Replace(strconv.FormatFloat(float64(exit)/1000, 'f', -1, 64), ".", ",", 1)
	switch {
	case latest.IsZero():
		return p.T("decide.rise.free", share)
	case latest.Before(p.Today):
		return p.T("decide.rise.closed", p.DatePlain(latest))
	}
	return p.T("decide.rise.package", share, p.DatePlain(latest))
}

func rises(p layout.Page, v decision.Preview) *decide.Preview {
	out := preview(p, v)
	for n, l := range v.Lines {
		row := &out.Lines[n]
		row.Was, row.Costs, row.Void = l.Booking.Price, l.Added, !l.Rise.Valid[len(l.Rise.Valid)-1]
		if l.Rise.Exit && !row.Void {
			row.Exit = l.Rise.ExitUntil
		}
		row.Why = booking.Because(p.Lang, l.Why)
	}
	return out
}
