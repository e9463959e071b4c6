package change

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/extra"
	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// ShowExtras lists what a child has on top of its holiday, and what it can still get.
func (h *Handlers) ShowExtras(c *fiber.Ctx) error {
	_, page, err := h.extrasPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, change.Extras(page))
}

func (h *Handlers) extrasPage(c *fiber.Ctx) (booking.Booking, change.ExtrasPage, error) {
	b, frame, err := h.open(c, "change.extras.title")
	page := change.ExtrasPage{Frame: frame}
	if err != nil {
		return b, page, err
	}
	v, err := h.Bookings.ExtrasFor(c.UserContext(), web.Who(c), b.ID)
	if err != nil {
		return b, page, err
	}
	page.DueOn, page.InReview = v.DueOn, b.Status == "in_review"
	for _, p := range v.Has {
		line := change.HeldExtra{Name: p.Name(page.Lang), Price: p.Price, Back: p.Back, Action: frame.Base + "/extras/" + strconv.FormatInt(p.Extra, 10) + "/weg"}
		line.Rule = refundRule(page.Page, p.AsPrice, p.RefundDays, b.DepartsOn)
		if line.Blocked, err = blocked(page.Page, p.Blocked); err != nil {
			return b, page, err
		}
		page.Has = append(page.Has, line)
	}
	for _, e := range v.Can {
		line := change.FreeExtra{ID: e.ID, Field: extra.Field(e.ID), Name: e.Name(page.Lang), Price: e.Price, Rule: refundRule(page.Page, e.AsPrice, e.RefundDays, b.DepartsOn)}
		left, limited := e.Left()
		line.Gone, line.Left = limited && left == 0, 0
		if limited {
			line.Left = left
		}
		for _, choice := range e.Choices {
			line.Choices = append(line.Choices, ui.Option{Value: choice, Label: choice})
		}
		page.Can = append(page.Can, line)
	}
	return b, page, nil
}

// refundRule says what is paid back when it is taken off or the booking is cancelled.
func refundRule(p layout.Page, asPrice bool, days *int, departs civil.Date) string {
	switch {
	case asPrice:
		return p.T("change.extras.as_price")
	case days == nil:
		return p.T("change.extras.never")
	}
	return p.T("change.extras.until", p.DatePlain(departs.AddDays(-*days)))
}

// AddExtra gives a child an extra at the price that was shown.
func (h *Handlers) AddExtra(c *fiber.Ctx) error {
	b, page, err := h.extrasPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[struct {
		Extra  int64 `form:"extra" validate:"required"`
		Amount int64 `form:"amount" validate:"min=0"`
	}](c)
	pick := extra.Pick{Extra: in.Extra, Choice: web.Typed(c, extra.Field(in.Extra))}
	if err == nil {
		err = h.Bookings.AddExtra(c.UserContext(), web.Who(c), b.ID, pick, money.Cents(in.Amount))
	}
	return h.extraDone(c, b, page, pick, err, "change.extras.added")
}

// RemoveExtra takes an extra off, for the amount that was shown.
func (h *Handlers) RemoveExtra(c *fiber.Ctx) error {
	b, page, err := h.extrasPage(c)
	if err != nil {
		return err
	}
	key, err := strconv.ParseInt(c.Params("extra"), 10, 64)
	if err != nil {
		return extra.ErrHasNot
	}
	in, err := web.Form[struct {
		Amount int64  `form:"amount" validate:"min=0"`
		Note   string `form:"note" validate:"max=500"`
	}](c)
	if err == nil {
		err = h.Bookings.RemoveExtra(c.UserContext(), web.Who(c), b.ID, key, money.Cents(in.Amount), in.Note)
	}
	return h.extraDone(c, b, page, extra.Pick{}, err, "change.extras.removed")
}

func (h *Handlers) extraDone(c *fiber.Ctx, b booking.Booking, page change.ExtrasPage, pick extra.Pick, err error, flash string) error {
	if err == nil {
		web.SetFlash(c, layout.Good, flash, b.FirstName)
		return web.SeeOther(c, page.Base+"/extras")
	}
	problems := web.Problems(c, err)
	if problems == nil {
		return err
	}
	_, again, err := h.extrasPage(c) // as it is now: a price or the stock may have moved
	if err != nil {
		return err
	}
	again.Errors, again.Failed = problems, true
	for i := range again.Can {
		if again.Can[i].ID == pick.Extra {
			again.Can[i].Value = pick.Choice
		}
	}
	return web.RenderAgain(c, change.Extras(again))
}
