package office

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/civil"
	"joetz/terms/id"
)

func barPath(child id.Participant) string {
	return fmt.Sprintf("/kantoor/deelnemer/%d/weigeren", child)
}

// ShowBar shows whether a child may be booked, why not, and who tried.
func (h *Handlers) ShowBar(c *fiber.Ctx) error {
	_, page, err := h.barPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Bar(page))
}

func (h *Handlers) barPage(c *fiber.Ctx) (id.Participant, office.BarPage, error) {
	key, err := strconv.ParseInt(c.Params("participant"), 10, 64)
	if err != nil {
		return 0, office.BarPage{}, booking.ErrNotYourChild
	}
	child := id.Participant(key)
	found, err := h.Bookings.BarCaseOf(c.UserContext(), child)
	if err != nil {
		return child, office.BarPage{}, err
	}
	p := staffPage(c, "office.bar.title")
	p.Width, p.Title = layout.Reading, p.T("office.bar.title", found.Child.Name())
	page := office.BarPage{Page: p, Action: barPath(child), Child: found.Child.Name(), BornOn: found.Child.BornOn}
	if found.Guardian != 0 {
		page.Back = &layout.Link{Href: familyPath(found.Guardian), Text: p.T("office.bar.family")}
	}
	for _, w := range found.Waits {
		page.Waits = append(page.Waits, office.BarWait{Href: waitlistPath(w.Departure), Holiday: w.Title, StartsOn: w.StartsOn})
	}
	for _, b := range found.Bars {
		row := office.BarRow{Reason: b.Reason, Until: b.Until, MadeAt: b.MadeAt, MadeBy: b.MadeBy, EndedBy: b.EndedBy, Runs: b.Runs(p.Today)}
		page.Rows, page.Runs = append(page.Rows, row), page.Runs || row.Runs
	}
	for _, t := range found.Tries {
		page.Tries = append(page.Tries, office.BarTry{Holiday: t.Title, StartsOn: t.StartsOn, Guardian: t.Guardian, Phone: t.Phone, Email: t.Email, At: t.At, Handled: t.HandledAt != nil})
		page.Waiting = page.Waiting || t.HandledAt == nil
	}
	return child, page, nil
}

// MakeBar bars a child for a while.
func (h *Handlers) MakeBar(c *fiber.Ctx) error {
	child, page, err := h.barPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[struct {
		Reason string     `form:"reason" validate:"required,max=500"`
		Until  civil.Date `form:"until" validate:"required"`
	}](c)
	page.Reason = in.Reason
	page.Day, page.Month, page.Year = web.Typed(c, "until-day"), web.Typed(c, "until-month"), web.Typed(c, "until-year")
	if err == nil {
		err = h.Bookings.BarChild(c.UserContext(), web.Who(c), child, in.Reason, in.Until)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, office.Bar(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.bar.made")
	return web.SeeOther(c, page.Action)
}

// EndBar takes a bar back.
func (h *Handlers) EndBar(c *fiber.Ctx) error {
	child, page, err := h.barPage(c)
	if err != nil {
		return err
	}
	if err := h.Bookings.EndBar(c.UserContext(), web.Who(c), child); err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.bar.ended")
	return web.SeeOther(c, page.Action)
}

// HandleTries says that the families who tried were spoken to.
func (h *Handlers) HandleTries(c *fiber.Ctx) error {
	child, page, err := h.barPage(c)
	if err != nil {
		return err
	}
	if err := h.Bookings.HandleBarTries(c.UserContext(), web.Who(c), child); err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.bar.handled")
	return web.SeeOther(c, page.Action)
}
