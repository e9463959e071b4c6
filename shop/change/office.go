package change

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/money"
)

// Undo takes a cancellation of today back.
func (h *Handlers) Undo(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.undo.title")
	if err != nil {
		return err
	}
	v, err := h.Bookings.PreviewUndo(c.UserContext(), b.ID)
	if err != nil {
		return err
	}
	page := change.UndoPage{Frame: frame, Charged: v.Charged, Called: v.Called, Sent: v.Sent, Fees: v.Fees}
	if c.Method() != fiber.MethodPost {
		return web.Render(c, change.Undo(page))
	}
	in, err := web.Form[struct {
		Note    string `form:"note" validate:"required,max=500"`
		Charged int64  `form:"charged"`
		Called  int64  `form:"called"`
		Sent    int64  `form:"sent"`
	}](c)
	page.Note = in.Note
	if err == nil {
		err = h.Bookings.Undo(c.UserContext(), web.Who(c), b.ID, in.Note, booking.UndoConfirmed{Charged: money.Cents(in.Charged), Called: money.Cents(in.Called), Sent: money.Cents(in.Sent)})
	}
	return h.done(c, b, err, "change.undo.done", func(e ui.Errors) error {
		page.Errors, page.Failed = e, true
		return web.RenderAgain(c, change.Undo(page))
	})
}

// Goodwill shows what was given on a booking and gives more.
func (h *Handlers) Goodwill(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.goodwill.title")
	if err != nil {
		return err
	}
	who := web.Who(c)
	all, err := h.Bookings.GoodwillOf(c.UserContext(), b.ID)
	if err != nil {
		return err
	}
	page := change.GoodwillPage{Frame: frame, Charged: b.Statement.Charged, Paid: b.Statement.Paid, Limit: h.Bookings.GoodwillAllowed()}
	for _, g := range all {
		line := change.Goodwill{Computed: g.Computed, Granted: g.Granted, Reason: g.Reason, Who: g.AskedName, At: g.AskedAt, State: g.State, Own: g.AskedBy == who.StaffID}
		if g.State == "waiting" {
			line.Decide = fmt.Sprintf("/kantoor/tegemoetkoming/%d", g.ID)
		}
		page.Given = append(page.Given, line)
	}
	if c.Method() != fiber.MethodPost {
		return web.Render(c, change.GiveGoodwill(page))
	}
	in, err := web.Form[struct {
		Amount  money.Cents `form:"amount" validate:"required,min=1"`
		Reason  string      `form:"reason" validate:"required,max=500"`
		Charged int64       `form:"charged"`
	}](c)
	page.Amount, page.Reason = web.Typed(c, "amount"), in.Reason
	flash := "change.goodwill.done"
	if err == nil {
		var waits bool
		if waits, err = h.Bookings.GiveGoodwill(c.UserContext(), who, b.ID, money.Cents(in.Charged), in.Amount, in.Reason); waits {
			flash = "change.goodwill.asked"
		}
	}
	return h.done(c, b, err, flash, func(e ui.Errors) error {
		page.Errors, page.Failed = e, true
		return web.RenderAgain(c, change.GiveGoodwill(page))
	})
}

// DecideGoodwill lets what a colleague asked through, or not.
func (h *Handlers) DecideGoodwill(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("goodwill"), 10, 64)
	if err != nil {
		return booking.ErrNoBooking
	}
	in, err := web.Form[struct {
		Decision string `form:"decision" validate:"required,oneof=approve refuse"`
	}](c)
	if err != nil {
		return err
	}
	order, err := h.Bookings.DecideGoodwill(c.UserContext(), web.Who(c), key, in.Decision == "approve")
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "change.goodwill.decided_"+in.Decision)
	return web.SeeOther(c, fmt.Sprintf("/kantoor/boeking/%d", order))
}
