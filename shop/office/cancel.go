package office

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms"
	"joetz/terms/id"
	"joetz/terms/money"
)

type cancelForm struct {
	By    string      `form:"by" validate:"required,oneof=customer organiser untruthful nonpayment exclusion price_rise"`
	Claim string      `form:"claim"`
	Costs money.Cents `form:"costs" validate:"min=0"`
	Note  string      `form:"note" validate:"max=500"`

	Confirm     string `form:"confirm"`
	Fee         int64  `form:"fee"`
	Premium     int64  `form:"premium"`
	Refund      int64  `form:"refund"`
	Outstanding int64  `form:"outstanding"`
	Fees        int64  `form:"fees"`
}

func (f cancelForm) cancel(b id.Booking) booking.Cancel {
	return booking.Cancel{Booking: b, By: terms.ParseBy(f.By), Claim: f.Claim == "yes", Costs: f.Costs, Note: f.Note}
}

// ShowCancel asks why a booking ends.
func (h *Handlers) ShowCancel(c *fiber.Ctx) error {
	b, page, err := h.cancelPage(c)
	if err != nil {
		return err
	}
	if !b.Active() {
		return booking.ErrEnded
	}
	if page.By = c.Query("by"); page.By == terms.ByCareRefused.String() {
		return careDecides(c, b)
	}
	return web.Render(c, office.Cancel(page))
}

// careDecides leads to the page where refusing care is decided: nobody ends a booking for it in passing.
func careDecides(c *fiber.Ctx, b booking.Booking) error {
	if b.Status != "in_review" {
		return booking.ErrCareDecides
	}
	return web.SeeOther(c, refusePath(b.ID))
}

func (h *Handlers) cancelPage(c *fiber.Ctx) (booking.Booking, office.CancelPage, error) {
	b, err := h.booking(c)
	if err != nil {
		return b, office.CancelPage{}, err
	}
	p := staffPage(c, "office.search.title")
	p.Width = layout.Reading
	p.Title = p.T("office.cancel.title", b.FirstName)
	p.Back = &layout.Link{Href: orderPath(b.Order), Text: p.T("office.order.back")}
	page := office.CancelPage{Page: p, Booking: bookingCard(p, b), Action: c.Path()}
	if b.Status == "in_review" {
		page.Care = refusePath(b.ID)
	}
	if next, open := b.Statement.Next(); open && next.DueOn.Before(p.Today) {
		page.Open, page.Late = b.Statement.Open(), next.DueOn
	}
	return b, page, nil
}

func (h *Handlers) booking(c *fiber.Ctx) (booking.Booking, error) {
	key, err := strconv.ParseInt(c.Params("booking"), 10, 64)
	if err != nil {
		return booking.Booking{}, booking.ErrNoBooking
	}
	return h.Bookings.BookingByID(c.UserContext(), id.Booking(key))
}

// Cancel shows what the end costs, and does it once that was confirmed.
func (h *Handlers) Cancel(c *fiber.Ctx) error {
	b, page, err := h.cancelPage(c)
	if err != nil {
		return err
	}
	if c.FormValue("by") == terms.ByCareRefused.String() {
		return careDecides(c, b)
	}
	in, err := web.Form[cancelForm](c)
	page.By, page.Claim, page.Costs, page.Note = in.By, in.Claim, web.Typed(c, "costs"), in.Note
	if err == nil && in.Confirm == "yes" {
		_, err = h.Bookings.Cancel(c.UserContext(), web.Who(c), in.cancel(b.ID), booking.Confirmed{
			Fee: money.Cents(in.Fee), Premium: money.Cents(in.Premium), Refund: money.Cents(in.Refund), Outstanding: money.Cents(in.Outstanding),
			Fees: money.Cents(in.Fees),
		})
		if err == nil {
			web.SetFlash(c, layout.Good, "office.cancel.done")
			return web.SeeOther(c, orderPath(b.Order))
		}
	}
	var preview booking.CancelPreview
	if err == nil {
		preview, err = h.Bookings.PreviewCancel(c.UserContext(), in.cancel(b.ID))
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, office.Cancel(page))
	}
	if err != nil {
		return err
	}
	page.Outcome = h.outcome(page.Page, preview)
	return web.Render(c, office.Cancel(page))
}

func (h *Handlers) outcome(p layout.Page, v booking.CancelPreview) *office.Outcome {
	o := &office.Outcome{
		DaysBefore: v.Outcome.DaysBefore, Fee: v.Outcome.Fee, Premium: v.Outcome.Premium, Paid: v.Facts.Paid, Costs: v.Cancel.Costs,
		Refund: v.Outcome.Refund, Fees: v.Fees, Outstanding: v.Outcome.Outstanding,
	}
	for _, k := range v.Kept {
		o.Kept = append(o.Kept, office.KeptExtra{Name: k.Name(p.Lang), Amount: k.Kept})
	}
	for _, line := range v.Told(p.Lang) {
		o.Because = append(o.Because, office.ReasonLine{Clause: line.Clause, Text: line.Text})
	}
	today := p.Today
	for _, step := range v.Steps {
		if v.Cancel.By == terms.ByCustomer && step.From.After(today) && step.Fee != o.Fee {
			o.NextOn, o.NextFee = step.From, step.Fee
			break
		}
	}
	return o
}
