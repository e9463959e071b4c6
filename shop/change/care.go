package change

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/templates/ui"
)

// openCare is open for a booking whose care is discussed.
func (h *Handlers) openCare(c *fiber.Ctx) (booking.Booking, change.Frame, error) {
	b, frame, err := h.open(c, "change.care.title")
	if err == nil && b.Status != "in_review" {
		err = booking.ErrNoReview
	}
	frame.Page.Back = &layout.Link{Href: frame.Base + "/zorg", Text: frame.T("change.care.back")}
	frame.Base += "/zorg"
	return b, frame, err
}

// ChooseCare looks for a holiday that fits a child better.
func (h *Handlers) ChooseCare(c *fiber.Ctx) error {
	b, frame, err := h.openCare(c)
	if err != nil {
		return err
	}
	in, err := web.Form[chooserForm](c)
	if err != nil {
		in = chooserForm{} // an address changed by hand: all holidays
	}
	open, err := h.Bookings.CareChoices(c.UserContext(), b)
	if err != nil {
		return err
	}
	return h.showChoices(c, b, change.ChooserPage{Frame: frame, Text: in.Text, Month: in.Month, Kind: in.Kind}, open)
}

// RebookCare shows what another holiday in place of this one means, and does it.
func (h *Handlers) RebookCare(c *fiber.Ctx) error {
	b, frame, err := h.openCare(c)
	if err != nil {
		return err
	}
	in, ask, err := asked(c, b)
	if err != nil {
		return err
	}
	ctx, who := c.UserContext(), web.Who(c)
	var problems ui.Errors
	if c.Method() == fiber.MethodPost {
		_, err = h.Bookings.OtherHoliday(ctx, who, reader(c), ask, in.Agreements, in.confirms())
		if err == nil {
			web.SetFlash(c, layout.Good, "change.care.done", b.FirstName)
			return web.SeeOther(c, fmt.Sprintf("/kantoor/boeking/%d", b.Order))
		}
		if problems = web.Problems(c, err); problems == nil {
			return err
		}
	}
	v, err := h.Bookings.PreviewOtherHoliday(ctx, who, ask)
	if err != nil {
		return err
	}
	frame.Errors, frame.Failed = problems, problems != nil
	page := h.rebookPage(frame, v, in)
	page.TermsName, page.Care, page.Agreements = h.Bookings.TermsVersion(ctx, b.PolicyHash), true, in.Agreements
	if problems != nil {
		return web.RenderAgain(c, change.Rebook(page))
	}
	return web.Render(c, change.Rebook(page))
}
