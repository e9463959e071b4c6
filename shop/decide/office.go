package decide

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/decision"
	"joetz/shop/web"
	"joetz/templates/decide"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

type callOffForm struct {
	Reason   string `form:"reason" validate:"required,max=1000"`
	Other1   string `form:"other1"`
	Other2   string `form:"other2"`
	Other3   string `form:"other3"`
	Until    string `form:"until"`
	Confirm  string `form:"confirm"`
	Bookings int    `form:"bookings"`
	Total    int64  `form:"total"`
	Before   int    `form:"before"`
}

// CallOff shows what calling a departure off does, and does it once that was confirmed.
func (h *Handlers) CallOff(c *fiber.Ctx) error {
	d, err := h.departure(c)
	if err != nil {
		return err
	}
	p := frame(c, "decide.off.title")
	page := decide.CallOffPage{Page: p, Holiday: holiday(d), Action: c.Path()}
	if page.Options, err = h.upcoming(c.UserContext(), p, d); err != nil {
		return err
	}
	if get(c) {
		return web.Render(c, decide.CallOff(page))
	}
	f, err := web.Form[callOffForm](c)
	page.Reason, page.Until, page.Chosen = f.Reason, f.Until, [3]string{f.Other1, f.Other2, f.Other3}
	in := decision.CallOff{Departure: d.ID, Reason: f.Reason, Others: departureKeys(page.Chosen[:])}
	var seen decision.Preview
	if err == nil {
		until, dayErr := day(f.Until, "until")
		if err = dayErr; !until.IsZero() {
			in.Until = until.AddDays(1).Start()
		}
	}
	if err == nil && f.Confirm == "yes" {
		var key int64
		if key, err = h.Decisions.StartCallOff(c.UserContext(), web.Who(c), in, decision.Confirmed{Bookings: f.Bookings, Amount: money.Cents(f.Total), Before: f.Before}); err == nil {
			return started(c, key)
		}
	}
	if err == nil {
		if err = in.Check(p.Now, d); err == nil {
			seen, err = h.Decisions.PreviewCallOff(c.UserContext(), in)
		}
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, decide.CallOff(page))
	}
	if err != nil {
		return err
	}
	page.Preview, page.Hidden = preview(p, seen), fields(c, seen.Confirms(), "reason", "other1", "other2", "other3", "until")
	return web.Render(c, decide.CallOff(page))
}

type mergeForm struct {
	To       int64    `form:"to" validate:"required"`
	All      string   `form:"all" validate:"required,oneof=all some"`
	Children []string `form:"child"`
	Reason   string   `form:"reason" validate:"required,max=1000"`
	Until    string   `form:"until" validate:"required"`
	Confirm  string   `form:"confirm"`
	Bookings int      `form:"bookings"`
	Total    int64    `form:"total"`
	Before   int      `form:"before"`
}

// Merge asks where the children of a departure go, shows what that does, and does it.
func (h *Handlers) Merge(c *fiber.Ctx) error {
	d, err := h.departure(c)
	if err != nil {
		return err
	}
	p := frame(c, "decide.merge.title")
	page := decide.MergePage{Page: p, Holiday: holiday(d), Action: c.Path(), Chosen: map[string]bool{}, All: "all"}
	if page.Options, err = h.upcoming(c.UserContext(), p, d); err != nil {
		return err
	}
	page.ToValue = c.Query("to", c.FormValue("to"))
	keys := departureKeys([]string{page.ToValue})
	if len(keys) == 0 {
		return web.Render(c, decide.Merge(page))
	}
	to, err := h.byID(c.UserContext(), keys[0])
	if err != nil {
		return err
	}
	other := holiday(to)
	page.To = &other
	in := decision.MergeInto{From: d.ID, To: to.ID, Boarding: map[id.BoardingPlace]id.BoardingPlace{}}
	stops := h.stops(c, &page, in, d, to)
	all, err := h.Bookings.ActiveOn(c.UserContext(), h.Decisions.DB, d.ID)
	if err != nil {
		return err
	}
	for _, b := range all {
		page.Children = append(page.Children, ui.Option{Value: fmt.Sprint(int64(b.ID)), Label: b.FirstName + " " + b.LastName, Side: b.BoardingName})
	}
	if get(c) {
		page.Until = p.Today.AddDays(14).String()
		return web.Render(c, decide.Merge(page))
	}
	return h.merge(c, page, in, stops)
}

// stops asks for each boarding place where its children step in, and reads what was answered.
func (h *Handlers) stops(c *fiber.Ctx, page *decide.MergePage, in decision.MergeInto, d, to catalogue.Departure) (names []string) {
	if len(to.BoardingPlaces) == 0 {
		return nil
	}
	var options []ui.Option
	for _, b := range to.BoardingPlaces {
		options = append(options, ui.Option{Value: fmt.Sprint(int64(b.ID)), Label: b.Name})
	}
	for _, b := range d.BoardingPlaces {
		s := decide.Stop{Field: fmt.Sprintf("stop%d", b.ID), Name: b.Name, Options: options, Value: c.FormValue(fmt.Sprintf("stop%d", b.ID))}
		for _, t := range to.BoardingPlaces {
			if s.Value == "" && t.Name == b.Name {
				s.Value = fmt.Sprint(int64(t.ID))
			}
		}
		if key, err := strconv.ParseInt(s.Value, 10, 64); err == nil {
			in.Boarding[b.ID] = id.BoardingPlace(key)
		}
		page.Stops, names = append(page.Stops, s), append(names, s.Field)
	}
	return names
}

func (h *Handlers) merge(c *fiber.Ctx, page decide.MergePage, in decision.MergeInto, stops []string) error {
	f, err := web.Form[mergeForm](c)
	page.All, page.Reason, page.Until, in.Reason = f.All, f.Reason, f.Until, f.Reason
	for _, text := range f.Children {
		page.Chosen[text] = true
		if key, err := strconv.ParseInt(text, 10, 64); err == nil && f.All == "some" {
			in.Bookings = append(in.Bookings, id.Booking(key))
		}
	}
	if err == nil && f.All == "some" && len(in.Bookings) == 0 {
		err = fault.Field("child", "form.required")
	}
	if err == nil {
		in.LeaveBy, err = day(f.Until, "until")
	}
	if err == nil && f.Confirm == "yes" {
		var key int64
		if key, err = h.Decisions.StartMerge(c.UserContext(), web.Who(c), in, decision.Confirmed{Bookings: f.Bookings, Amount: money.Cents(f.Total), Before: f.Before}); err == nil {
			return started(c, key)
		}
	}
	var seen decision.Preview
	if err == nil {
		seen, err = h.Decisions.PreviewMerge(c.UserContext(), in)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, decide.Merge(page))
	}
	if err != nil {
		return err
	}
	page.Preview, page.Hidden = preview(page.Page, seen), fields(c, seen.Confirms(), append(stops, "to", "all", "child", "reason", "until")...)
	page.Rest = rest(c, seen, append(stops, "to", "reason", "until"))
	return web.Render(c, decide.Merge(page))
}

// rest asks a merge anew of the children who can go along, where others cannot; nil where all can or none.
func rest(c *fiber.Ctx, seen decision.Preview, names []string) []decide.Field {
	var going []decide.Field
	for _, l := range seen.Lines {
		if l.Problem == nil {
			going = append(going, decide.Field{Name: "child", Value: fmt.Sprint(int64(l.Booking.ID))})
		}
	}
	if len(going) == 0 || len(going) == len(seen.Lines) {
		return nil
	}
	return append(append(typedFields(c, names...), decide.Field{Name: "all", Value: "some"}), going...)
}

// ShowList lists the decisions.
func (h *Handlers) ShowList(c *fiber.Ctx) error {
	p := frame(c, "decide.list.title")
	p.Back = nil
	page := decide.ListPage{Page: p}
	all, err := h.Decisions.List(c.UserContext(), 100)
	if err != nil {
		return err
	}
	about, err := h.about(c, all...)
	for _, d := range all {
		page.Rows = append(page.Rows, row(d, about))
	}
	if err != nil {
		return err
	}
	return web.Render(c, decide.List(page))
}

func (h *Handlers) about(c *fiber.Ctx, all ...decision.Decision) (map[id.Departure]catalogue.Departure, error) {
	var keys []id.Departure
	for _, d := range all {
		keys = append(keys, d.About...)
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return h.Catalogue.ByID(c.UserContext(), keys...)
}

func row(d decision.Decision, about map[id.Departure]catalogue.Departure) decide.Row {
	out := decide.Row{Href: decision.OfficePath(d.ID), Kind: d.Kind, Who: d.Who, At: d.At,
		Total: d.Counts.Total(), Done: d.Counts.Done, Asked: d.Counts.Asked, Failed: d.Counts.Failed, Waiting: d.Counts.Waiting}
	var titles []string
	for _, key := range d.About {
		titles = append(titles, about[key].Title)
	}
	out.Title = strings.Join(titles, ", ")
	return out
}

// ShowProgress follows a decision, and lets a job try again what failed.
func (h *Handlers) ShowProgress(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("decision"), 10, 64)
	if err != nil {
		return decision.ErrNoDecision
	}
	d, err := h.Decisions.ByID(c.UserContext(), key)
	if err != nil {
		return err
	}
	if c.Method() == fiber.MethodPost {
		if err := h.Decisions.Retry(c.UserContext(), key); err != nil {
			return err
		}
		web.SetFlash(c, layout.Good, "decide.retried")
		return web.SeeOther(c, decision.OfficePath(key))
	}
	about, err := h.about(c, d)
	if err != nil {
		return err
	}
	rows, err := h.Decisions.Rows(c.UserContext(), key)
	if err != nil {
		return err
	}
	p := frame(c, "decide.list.title")
	p.Title = p.T("decide.kind." + d.Kind)
	page := decide.ProgressPage{Page: p, Row: row(d, about), Action: decision.OfficePath(key), Reason: d.Reason, Until: d.Until, State: c.Query("stand", "all")}
	for _, key := range d.About {
		page.About = append(page.About, holiday(about[key]))
	}
	addItems(&page, rows)
	return web.Render(c, decide.Progress(page))
}

func addItems(page *decide.ProgressPage, rows []decision.Row) {
	counts := map[string]int{}
	add := func(key string, i decide.ItemRow) {
		counts[key]++
		if page.State == key {
			page.Items = append(page.Items, i)
		}
	}
	for _, r := range rows {
		i := decide.ItemRow{
			Child: r.Booking.FirstName + " " + r.Booking.LastName, Payer: r.Payer.PayerName, Phone: r.Payer.PayerPhone, Href: fmt.Sprintf("/kantoor/boeking/%d", r.Item.Order),
			State: r.Item.State, Outcome: r.Item.Outcome, Amount: r.Item.Amount, Exit: r.Item.ExitUntil, Mail: r.Mail,
		}
		if r.Item.Problem != "" {
			i.Problem = page.T(r.Item.Problem)
		}
		add("all", i)
		add(r.Item.State, i)
		if r.Mail == "dead" {
			add("unread", i)
		}
		if r.Item.Outcome == decision.Left {
			add("left", i)
		}
		if r.Item.Outcome == decision.Raised && (r.Item.ExitUntil.IsZero() || page.Today.After(r.Item.ExitUntil)) {
			add("accepted", i)
		}
	}
	for _, key := range []string{"all", "waiting", "asked", "failed", "done", "accepted", "left", "unread"} {
		if key == "all" || counts[key] > 0 || page.State == key {
			page.States = append(page.States, decide.State{Key: key, Href: page.Action + "?stand=" + key, Count: counts[key]})
		}
	}
}
