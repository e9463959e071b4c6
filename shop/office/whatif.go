package office

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/templates/ui"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// whatIfForm is the question as it stands in the address: nothing is done by asking it.
type whatIfForm struct {
	By    string      `form:"by" validate:"omitempty,oneof=customer organiser care_refused untruthful nonpayment exclusion price_rise"`
	On    civil.Date  `form:"on"`
	Claim string      `form:"claim" validate:"omitempty,oneof=yes no"`
	Costs money.Cents `form:"costs" validate:"min=0"`
}

// ShowWhatIf says what the end of a booking costs on any day, for the phone: nothing is cancelled by it.
func (h *Handlers) ShowWhatIf(c *fiber.Ctx) error {
	b, page, err := h.whatIfPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[whatIfForm](c)
	page.By, page.Claim, page.Costs = in.By, in.Claim, web.Typed(c, "costs")
	if err == nil {
		err = h.answerWhatIf(c, &page, b, in)
	}
	problems := web.Problems(c, err)
	if err != nil && problems == nil {
		return err
	}
	page.Errors, page.Failed = problems, problems != nil
	page.Day = whatIfDay(c, page, in)
	if problems != nil {
		return web.RenderAgain(c, office.WhatIf(page))
	}
	return web.Render(c, office.WhatIf(page))
}

// answerWhatIf fills the answer in; without a question the customer cancels today.
func (h *Handlers) answerWhatIf(c *fiber.Ctx, page *office.WhatIfPage, b booking.Booking, in whatIfForm) error {
	if in.By == "" {
		in.By = terms.ByCustomer.String()
	}
	if in.On.IsZero() {
		in.On = page.Today
	}
	page.By, page.On = in.By, in.On
	v, err := h.Bookings.WhatIf(c.UserContext(), booking.Cancel{Booking: b.ID, By: terms.ParseBy(in.By), Claim: in.Claim == "yes", Costs: in.Costs}, in.On)
	var p terms.Problem
	if errors.As(err, &p) {
		return p.Fault()
	}
	if err != nil {
		return err
	}
	page.Outcome = h.outcome(page.Page, v)
	page.Outcome.NextOn, page.Outcome.NextFee = civil.Date{}, 0 // the table of days says it
	for _, s := range v.Steps {
		page.Steps = append(page.Steps, office.FeeStep{From: s.From, To: s.To, Fee: s.Fee})
	}
	return nil
}

func (h *Handlers) whatIfPage(c *fiber.Ctx) (booking.Booking, office.WhatIfPage, error) {
	b, err := h.booking(c)
	if err != nil {
		return b, office.WhatIfPage{}, err
	}
	if !b.Active() {
		return b, office.WhatIfPage{}, booking.ErrEnded
	}
	p := staffPage(c, "office.search.title")
	p.Width = layout.Reading
	p.Title = p.T("whatif.title", b.FirstName)
	p.Back = &layout.Link{Href: orderPath(b.Order), Text: p.T("office.order.back")}
	return b, office.WhatIfPage{CancelPage: office.CancelPage{Page: p, Booking: bookingCard(p, b), Action: c.Path()}}, nil
}

// whatIfDay is the field of the day, as it was typed or as it was taken.
func whatIfDay(c *fiber.Ctx, page office.WhatIfPage, in whatIfForm) ui.DayField {
	f := ui.DayField{Name: "on", Label: page.T("whatif.on"), Hint: page.T("whatif.on_hint"), Error: page.Errors.For("on"),
		Day: web.Typed(c, "on-day"), Month: web.Typed(c, "on-month"), Year: web.Typed(c, "on-year")}
	if f.Day == "" && f.Month == "" && f.Year == "" {
		on := in.On
		if on.IsZero() {
			on = page.Today
		}
		f.Day, f.Month, f.Year = ui.DayParts(on)
	}
	return f
}
