package animator

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/camp"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// dueToday lists what is due for children, by time: first what was due yesterday and nobody wrote down.
func dueToday(p layout.Page, d id.Departure, children []camp.Child) []pages.DueDose {
	type moment struct {
		at   time.Time
		dose pages.DueDose
	}
	var all []moment
	for _, child := range children {
		for _, dose := range slices.Concat(child.Forgotten, child.Doses) {
			one := pages.DueDose{Href: dosePath(d, child.Booking, dose), Child: child.FirstName, Name: string(dose.Medicine.Name),
				Amount: string(dose.Medicine.Amount), Time: p.Clock(dose.At), Yesterday: dose.Day.Before(p.Today), Late: dose.Late(p.Now), Clash: len(dose.Done) > 1}
			for _, r := range dose.Done {
				one.Done = append(one.Done, p.T("medical.outcome."+r.Outcome)+" "+p.Clock(r.At)+", "+r.ByName)
			}
			all = append(all, moment{dose.At, one})
		}
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	out := make([]pages.DueDose, len(all))
	for i, m := range all {
		out[i] = m.dose
	}
	return out
}

func givePath(d id.Departure, b id.Booking, medicine string) string {
	return childPath(d, b) + "/geef/" + url.PathEscape(medicine)
}

// dosePath names the day too: a page that was opened before midnight is about the same dose after it.
func dosePath(d id.Departure, b id.Booking, dose medical.Dose) string {
	return givePath(d, b, dose.Medicine.Key) + "?m=" + dose.Slot + "&d=" + dose.Day.String()
}

// ifNeeded lists the medicines that a child takes only when needed.
func ifNeeded(p layout.Page, d id.Departure, child camp.Child) []pages.NeededMedicine {
	var out []pages.NeededMedicine
	for _, m := range child.Medicines {
		if m.Needed {
			out = append(out, neededMedicine(p, d, child, m))
		}
	}
	return out
}

func neededMedicine(p layout.Page, d id.Departure, child camp.Child, m medical.Medicine) pages.NeededMedicine {
	out := pages.NeededMedicine{Href: givePath(d, child.Booking, m.Key), Name: string(m.Name), When: strings.TrimRight(string(m.When), ". "), Call: m.AskCall}
	switch {
	case m.PerDay > 0 && m.Between > 0:
		out.Limit = p.T("animator.give.limit", m.PerDay, m.Between)
	case m.PerDay > 0:
		out.Limit = p.T("animator.give.limit_daily", m.PerDay)
	}
	for _, r := range child.Records { // newest first
		if r.Kind == medical.OfMedicine && !r.Mistaken && r.Medicine == m.Key && r.Outcome == medical.Given {
			out.Latest = p.T("animator.give.latest", p.Instant(r.At))
			break
		}
	}
	return out
}

// ShowGive shows one medicine of a child, to write down how giving it went.
func (h *Handlers) ShowGive(c *fiber.Ctx) error {
	_, _, out, err := h.givePage(c)
	if err != nil {
		return promiseFirst(c, err)
	}
	return web.Render(c, pages.Give(out))
}

func (h *Handlers) givePage(c *fiber.Ctx) (d id.Departure, b id.Booking, out pages.GivePage, err error) {
	d, b, child, err := h.child(c)
	if err != nil {
		return d, b, out, err
	}
	name, slot := c.Params("medicine"), c.Query("m")
	day, ok := doseDay(c)
	i := slices.IndexFunc(child.Medicines, func(m medical.Medicine) bool { return m.Key == name && (slot == "" || slices.Contains(m.Slots, slot)) })
	if i < 0 || !ok {
		return d, b, out, web.ErrNotFound
	}
	m := child.Medicines[i]
	p := page(c, child.FirstName)
	p.Back = &layout.Link{Href: childPath(d, b), Text: child.FirstName}
	out = pages.GivePage{Page: p, Action: givePath(d, b, name), Child: child.FirstName, LastName: child.LastName, Words: words(p, child.Sheet),
		Name: string(m.Name), Amount: string(m.Amount), Facts: medicineFacts(p, child.Sheet, m), Client: medical.NewClient(), Day: day.String()}
	if name == medical.Paracetamol {
		out.Amount = p.T("animator.give.weight", string(m.Amount))
	}
	if call, _ := callers(p, child); m.AskCall && len(call) > 0 {
		out.AskCall = &call[0]
	}
	if m.Needed && slot == "" {
		needed := neededMedicine(p, d, child, m)
		out.Needed = &needed
	}
	if slot != "" {
		out.Action += "?m=" + slot + "&d=" + day.String()
		if at, ok := m.At(slot, day); ok {
			out.Moment = p.T("animator.give.moment", p.Date(day), p.T("medical.slot."+slot), p.Clock(at))
		}
	}
	if slot == "" || day.Before(p.Today) {
		out.Days = []civil.Date{p.Today, p.Today.AddDays(-1)}
	}
	for _, r := range child.Records {
		if r.Medicine == name {
			out.Earlier = append(out.Earlier, recordLine(p, d, b, r))
		}
	}
	return d, b, out, nil
}

// medicineFacts are how it is taken, who does it, and where it is kept.
func medicineFacts(p layout.Page, sheet medical.Sheet, m medical.Medicine) []pages.Cell {
	q := question(sheet, "med.rows")
	if q == nil || m.Key == medical.Paracetamol {
		return nil
	}
	var out []pages.Cell
	for _, line := range sheet.Version.Lines(q, sheet.Kept(), p.Lang) {
		if line.Key == m.Key && line.Text != string(m.Name) && line.Text != string(m.Amount) {
			out = append(out, pages.Cell{Label: line.Label, Text: line.Text})
		}
	}
	return out
}

// doseDay is the day of the dose that a page is about: today or, for one that was forgotten, yesterday.
func doseDay(c *fiber.Ctx) (civil.Date, bool) {
	today := web.Page(c).Today
	if c.Query("d") == "" {
		return today, true
	}
	day, err := civil.Parse(c.Query("d"))
	return day, err == nil && c.Query("m") != "" && (day == today || day == today.AddDays(-1))
}

type giveForm struct {
	Client   string     `form:"client" validate:"required,max=40"`
	Outcome  string     `form:"outcome" validate:"required,oneof=given refused missed absent vomited"`
	On       civil.Date `form:"on"`
	Clock    string     `form:"clock" validate:"max=8"`
	Happened bool       `form:"happened"`
	Note     string     `form:"note" validate:"max=500"`
	Reason   string     `form:"reason" validate:"max=500"`
}

// at is when it was given, as the form says; zero for now. A time of the clock without a day is of today, and of a dose of
// yesterday never before that day.
func (f giveForm) at(p layout.Page, dose civil.Date) (time.Time, error) {
	on := f.On
	if on.IsZero() {
		on = dose
	}
	switch {
	case f.Clock == "" && on == p.Today, f.Clock == "" && f.Outcome != medical.Given:
		return time.Time{}, nil
	case f.Clock == "":
		return time.Time{}, fault.Field("clock", "animator.give.clock_needed")
	case on != p.Today && on != p.Today.AddDays(-1):
		return time.Time{}, fault.Field("clock", "medical.time_old")
	}
	at, ok := medical.Moment(on, f.Clock)
	if !ok {
		return time.Time{}, fault.Field("clock", "animator.give.clock_wrong")
	}
	if at.After(p.Now) {
		return time.Time{}, fault.Field("clock", "medical.time_ahead")
	}
	return at, nil
}

// Give writes down how giving a medicine went.
func (h *Handlers) Give(c *fiber.Ctx) error {
	d, b, out, err := h.givePage(c)
	if err != nil {
		return promiseFirst(c, err)
	}
	day, _ := doseDay(c)
	in, err := web.Form[giveForm](c)
	out.Outcome, out.Note, out.Reason, out.Clock, out.Happened = in.Outcome, in.Note, in.Reason, in.Clock, in.Happened
	if !in.On.IsZero() {
		out.Day = in.On.String()
	}
	if in.Client != "" {
		out.Client = in.Client
	}
	report := medical.Report{Client: in.Client, Kind: medical.OfMedicine, Medicine: c.Params("medicine"), Slot: c.Query("m"), Day: day,
		Outcome: in.Outcome, Happened: in.Happened, Note: in.Note, Reason: in.Reason}
	if err == nil {
		report.At, err = in.at(out.Page, day)
	}
	if err == nil {
		if report.Slot == "" && !report.At.IsZero() {
			report.Day = civil.Of(report.At)
		}
		if _, _, err = h.Camps.Write(c.UserContext(), reader(c), d, b, report); err == nil {
			web.SetFlash(c, layout.Good, "animator.give.saved")
			return web.SeeOther(c, campPath(d))
		}
	}
	var limit medical.LimitFault
	if errors.As(err, &limit) {
		out.AskReason, out.AskHappened = limit.Lead, limit.Past
		for _, l := range limit.Limits {
			out.Broken = append(out.Broken, "medical.limit."+l)
		}
		if limit.Lead && in.Reason != "" {
			out.Errors = ui.Errors{{Field: "reason", Text: out.T("animator.give.reason_hint")}}
		}
		out.Failed = true
		return web.RenderAgain(c, pages.Give(out))
	}
	if problems := web.Problems(c, err); problems != nil {
		out.Errors, out.Failed = problems, true
		return web.RenderAgain(c, pages.Give(out))
	}
	return err
}
