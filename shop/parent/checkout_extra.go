package parent

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/extra"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/id"
)

// extraFields are the questions about what a child takes on top, with what was chosen before.
func (h *Handlers) extraFields(c *fiber.Ctx, p layout.Page, basket booking.Checkout, child booking.Child) ([]parent.ExtraField, error) {
	all, err := h.Bookings.Extras.OfDeparture(c.UserContext(), child.Departure)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	picked, err := h.Bookings.Extras.OfCheckout(c.UserContext(), h.DB, basket.ID)
	if err != nil {
		return nil, err
	}
	fields := make([]parent.ExtraField, 0, len(all))
	for _, e := range all {
		f := parent.ExtraField{Name: extra.Field(e.ID), Label: e.Name(p.Lang), Hint: p.T("checkout.extra.never")}
		if child.Care != nil { // answered before: no is an answer too
			f.Value = "no"
		}
		for _, one := range picked {
			if one.Position == child.Position && one.Extra == e.ID {
				f.Value = "yes"
				if one.Choice != "" {
					f.Value = one.Choice
				}
			}
		}
		if e.RefundDays != nil {
			f.Hint = p.T("checkout.extra.until", strconv.Itoa(*e.RefundDays))
		}
		left, limited := e.Left()
		if mine := f.Value != "" && f.Value != "no"; mine {
			left++
		}
		if limited {
			f.Hint = p.T("checkout.extra.left", left) + " " + f.Hint
		}
		f.Options = append(f.Options, ui.Option{Value: "no", Label: p.T("checkout.extra.no")})
		choices := e.Choices
		if len(choices) == 0 {
			choices = []string{"yes"}
		}
		for _, choice := range choices {
			o := ui.Option{Value: choice, Label: choice, Side: p.Money(e.Price), Disabled: limited && left == 0}
			if choice == "yes" {
				o.Label = p.T("checkout.extra.yes")
			}
			f.Options = append(f.Options, o)
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// pickedExtras reads the answers to those questions.
func (h *Handlers) pickedExtras(c *fiber.Ctx, departure id.Departure) (picks []extra.Pick, err error) {
	all, err := h.Bookings.Extras.OfDeparture(c.UserContext(), departure)
	for _, e := range all {
		if value := web.Typed(c, extra.Field(e.ID)); value != "" && value != "no" {
			picks = append(picks, extra.Pick{Extra: e.ID, Choice: value})
		}
	}
	return picks, err
}

func extraLines(p layout.Page, o booking.Offer) (lines []parent.ExtraLine) {
	for _, e := range o.Extras {
		lines = append(lines, parent.ExtraLine{Name: e.Name(p.Lang), Price: e.Price})
	}
	return lines
}
