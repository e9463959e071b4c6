package accounting

import (
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/dunning"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
)

const remindersPath = "/boekhouding/herinneringen"

// stepsListed is how many reminders the page shows.
const stepsListed = 200

// errDay is returned for what is no date.
var errDay = fault.Field("until", "dunning.fault.day")

// ShowReminders is what was sent to families about money, and what was left out and why.
func (h *Handlers) ShowReminders(c *fiber.Ctx) error {
	p, err := h.remindersPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, accounting.Reminders(p))
}

func (h *Handlers) remindersPage(c *fiber.Ctx) (accounting.RemindersPage, error) {
	p := accounting.RemindersPage{ReportPage: accounting.ReportPage{Page: page(c, "dunning.title")}}
	p.Width, p.Lead = layout.Broad, p.T("dunning.lead", dunning.NoticeBefore)
	missing, err := h.Dunning.BankFileMissing(c.UserContext())
	if err != nil {
		return p, err
	}
	if !missing.IsZero() {
		p.Notices = append(p.Notices, accounting.Notice{Tone: layout.Info, Text: p.T("dunning.waits", missing)})
	}
	if err := h.addLetters(c, &p); err != nil {
		return p, err
	}
	if err := h.addPauses(c, &p); err != nil {
		return p, err
	}
	steps, err := h.Dunning.Steps(c.UserContext(), stepsListed)
	p.Caption, p.None, p.Brief = p.T("dunning.steps"), p.T("dunning.none"), true
	p.Columns = []ui.Column{{Label: p.T("books.column.on")}, {Label: p.T("books.column.order"), Wide: true}, {Label: p.T("books.column.what")}, {Label: p.T("dunning.due")},
		{Label: p.T("books.column.amount"), Number: true}}
	for _, s := range steps {
		what := accounting.Cell{Text: p.T("dunning.stage." + s.Stage)}
		switch {
		case s.Outcome == "skipped":
			what.Note = p.T("dunning.skipped", p.T("dunning.reason."+s.Reason))
		case s.Outcome == "to_post":
			what.Note = p.T("dunning.to_post")
		case s.Channel == "post":
			what.Note = p.T("dunning.by_post", p.DatePlain(s.Until))
		case !s.Until.IsZero():
			what.Note = p.T("dunning.until", p.DatePlain(s.Until))
		}
		p.Rows = append(p.Rows, accounting.Row{Cells: []accounting.Cell{{Text: p.Instant(s.At)}, {Text: s.Reference, Note: s.Payer, Href: orderPath(s.Order)}, what,
			{Text: p.DatePlain(s.DueOn)}, amountCell(p.Page, s.Open, "")}})
	}
	return p, err
}

// addPauses lists the agreements that run; one that the address names stands in the form, to be changed.
func (h *Handlers) addPauses(c *fiber.Ctx, p *accounting.RemindersPage) error {
	running, err := h.Bookings.Pauses(c.UserContext())
	for _, r := range running {
		p.Pauses = append(p.Pauses, accounting.PauseRow{ID: r.ID, Order: int64(r.Order), Payer: r.Payer, Reference: r.Reference, Href: orderPath(r.Order), Until: r.Until,
			Reason: r.Reason, By: r.By, At: r.At, Change: remindersPath + "?boeking=" + url.QueryEscape(r.Reference) + "#f-until"})
		if r.Reference == c.Query("boeking") {
			p.Order, p.Until, p.Reason, p.Over = r.Reference, r.Until.String(), r.Reason, r.ID
		}
	}
	return err
}

// pauseOf is the agreement that runs with the order that was typed; 0 for none.
func (h *Handlers) pauseOf(c *fiber.Ctx, typed string, running []accounting.PauseRow) int64 {
	o, err := h.Bank.OrderBy(c.UserContext(), typed)
	for _, r := range running {
		if err == nil && r.Order == int64(o.ID) {
			return r.ID
		}
	}
	return 0
}

type pauseForm struct {
	Order  string `form:"order" validate:"required,max=30"`
	Until  string `form:"until" validate:"required,max=10"`
	Reason string `form:"reason" validate:"required,max=200"`
	Over   int64  `form:"over"` // the agreement that runs, as somebody saw it
}

// PauseReminders notes an agreement with a family.
func (h *Handlers) PauseReminders(c *fiber.Ctx) error {
	in, err := web.Form[pauseForm](c)
	if err == nil {
		err = h.pause(c, in)
	}
	return h.answerReminders(c, err, "dunning.pause.done", func(p *accounting.RemindersPage) {
		p.Order, p.Until, p.Reason, p.Over = in.Order, in.Until, in.Reason, in.Over
		if errors.Is(err, booking.ErrPauseRuns) { // the page shows it now: pressed again, it is replaced
			p.Over = h.pauseOf(c, in.Order, p.Pauses)
		}
	})
}

func (h *Handlers) pause(c *fiber.Ctx, in pauseForm) error {
	until, err := civil.Parse(in.Until)
	if err != nil {
		return errDay
	}
	order, err := h.Bank.OrderBy(c.UserContext(), in.Order)
	if err != nil {
		return err
	}
	return h.Bookings.PauseReminders(c.UserContext(), booking.Pause{Order: order.ID, Until: until, Reason: in.Reason, By: web.Who(c).StaffID, Over: in.Over})
}
