package change

import (
	"github.com/gofiber/fiber/v2"

	"joetz/payments"
	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/money"
)

type cancelForm struct {
	Claim       string `form:"claim" validate:"omitempty,oneof=yes no"`
	Note        string `form:"note" validate:"max=500"`
	Fee         int64  `form:"fee"`
	Premium     int64  `form:"premium"`
	Refund      int64  `form:"refund"`
	Outstanding int64  `form:"outstanding"`
}

// Cancel tells a parent what cancelling costs and what it costs to wait, and does it.
func (h *Handlers) Cancel(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.cancel.title")
	if err != nil {
		return err
	}
	if path, err := h.freeWay(c, b); err != nil || path != "" {
		if err == nil {
			web.SetFlash(c, layout.Info, "change.cancel.free", b.FirstName)
			err = web.SeeOther(c, path)
		}
		return err
	}
	in, err := web.Form[cancelForm](c)
	if err != nil {
		return err
	}
	ask := booking.Cancel{Booking: b.ID, Claim: in.Claim == "yes", Note: in.Note}
	who := web.Who(c)
	var problems ui.Errors
	if c.Method() == fiber.MethodPost {
		_, err = h.Bookings.CancelOwn(c.UserContext(), who, ask, booking.Confirmed{
			Fee: money.Cents(in.Fee), Premium: money.Cents(in.Premium), Refund: money.Cents(in.Refund), Outstanding: money.Cents(in.Outstanding),
		})
		if err == nil {
			web.SetFlash(c, layout.Good, "change.cancel.done", b.FirstName)
			return web.SeeOther(c, orderPath(who, b))
		}
		if problems = web.Problems(c, err); problems == nil {
			return err
		}
	}
	v, err := h.Bookings.PreviewCancelOwn(c.UserContext(), who, ask)
	if err != nil {
		return err
	}
	frame.Errors, frame.Failed = problems, problems != nil
	page := cancelPage(frame, v, in)
	if problems != nil {
		return web.RenderAgain(c, change.Cancel(page))
	}
	return web.Render(c, change.Cancel(page))
}

// freeWay is the page on which the family of a booking may leave for free; "" when it may not.
func (h *Handlers) freeWay(c *fiber.Ctx, b booking.Booking) (string, error) {
	links, err := h.Decisions.Links(c.UserContext(), b.ID)
	if l := links[b.ID]; err == nil && l.MayLeave && b.Active() {
		return l.Path, nil
	}
	return "", err
}

func cancelPage(frame change.Frame, v booking.CancelPreview, in cancelForm) change.CancelPage {
	o := v.Outcome
	page := change.CancelPage{
		Frame: frame, Insured: v.Booking.Insured, Covered: v.Booking.Insured && v.Facts.DepositPaid && o.Fee > 0, Claim: in.Claim, Note: in.Note,
		Fee: o.Fee, Premium: o.Premium, Paid: v.Facts.Paid, Refund: o.Refund, Outstanding: o.Outstanding, Claimable: o.Claimable,
		RefundBy: frame.Today.AddDays(payments.RefundWithinDays), Because: told(v.Told(frame.Lang)),
	}
	for _, k := range v.Kept {
		page.Kept = append(page.Kept, change.KeptExtra{Name: k.Name(frame.Lang), Amount: k.Kept})
	}
	for _, s := range v.Steps {
		if !s.To.IsZero() && s.To.Before(frame.Today) {
			continue
		}
		page.Steps = append(page.Steps, change.Step{From: s.From, To: s.To, Fee: s.Fee, Now: !s.From.After(frame.Today)})
	}
	return page
}

func told(all []booking.ReasonLine) (lines []ui.Reason) {
	for _, r := range all {
		lines = append(lines, ui.Reason{Text: r.Text, Clause: r.Clause})
	}
	return lines
}
