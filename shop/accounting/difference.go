package accounting

import (
	"github.com/gofiber/fiber/v2"

	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/terms/id"
	"joetz/terms/money"
)

const differencesPath = "/boekhouding/verschillen"

// differencesListed is how many of what was booked away the page shows.
const differencesListed = 50

// ShowDifferences is what orders lack or were paid too much by a little, and what was booked away of it.
func (h *Handlers) ShowDifferences(c *fiber.Ctx) error {
	p, err := h.differencesPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, accounting.Differences(p))
}

func (h *Handlers) differencesPage(c *fiber.Ctx) (accounting.DifferencesPage, error) {
	ctx := c.UserContext()
	p := accounting.DifferencesPage{Page: page(c, "difference.title")}
	p.Width, p.Back = layout.Broad, &layout.Link{Href: "/boekhouding", Text: p.T("accounting.start.title")}
	var err error
	if p.Limit, err = h.Payments.DifferenceLimit(ctx, h.DB); err != nil {
		return p, err
	}
	short, err := h.Bookings.Short(ctx)
	if err != nil {
		return p, err
	}
	for _, s := range short {
		p.Short = append(p.Short, accounting.OrderAmount{Order: int64(s.Order), Href: orderPath(s.Order), Reference: s.Reference, Payer: s.Payer, Amount: s.Open})
		p.ShortTotal += s.Open
	}
	over, err := h.Refunds.Overpaid(ctx)
	if err != nil {
		return p, err
	}
	for _, o := range over {
		if o.Credit <= p.Limit {
			p.Over = append(p.Over, accounting.OrderAmount{Order: int64(o.Order), Href: orderPath(o.Order), Reference: o.Reference, Payer: o.Payer, Amount: o.Credit})
		}
	}
	made, err := h.Payments.Differences(ctx, h.DB, differencesListed)
	for _, d := range made {
		p.Made = append(p.Made, accounting.Difference{ID: d.ID, At: d.At, By: d.By, Href: orderPath(d.Order), Reference: d.Reference, Payer: d.Payer, Amount: d.Amount, Undone: d.Undone})
	}
	return p, err
}

// answerDifferences goes back to the list, or shows it again with what is wrong.
func (h *Handlers) answerDifferences(c *fiber.Ctx, err error, done string) error {
	if problems := web.Problems(c, err); problems != nil {
		p, pageErr := h.differencesPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Errors, p.Failed, p.Path = problems, true, differencesPath
		return web.RenderAgain(c, accounting.Differences(p))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, done)
	return web.SeeOther(c, differencesPath)
}

// LetGo books away what an order lacks.
func (h *Handlers) LetGo(c *fiber.Ctx) error {
	in, err := web.Form[seenForm](c)
	if err == nil {
		err = h.Bookings.LetGo(c.UserContext(), id.Order(in.Order), money.Cents(in.Seen), web.Who(c).StaffID)
	}
	return h.answerDifferences(c, err, "difference.let_go_done")
}

// LetAllGo books away all that orders lack, as it was shown.
func (h *Handlers) LetAllGo(c *fiber.Ctx) error {
	in, err := web.Form[struct {
		Count int   `form:"count" validate:"min=1"`
		Total int64 `form:"total" validate:"min=1"`
	}](c)
	if err == nil {
		err = h.Bookings.LetAllGo(c.UserContext(), in.Count, money.Cents(in.Total), web.Who(c).StaffID)
	}
	return h.answerDifferences(c, err, "difference.let_go_done")
}

// KeepDifference books away what an order was paid too much.
func (h *Handlers) KeepDifference(c *fiber.Ctx) error {
	in, err := web.Form[seenForm](c)
	if err == nil {
		err = h.Bookings.KeepDifference(c.UserContext(), id.Order(in.Order), money.Cents(in.Seen), web.Who(c).StaffID)
	}
	return h.answerDifferences(c, err, "difference.kept_done")
}

// TakeBackDifference takes back what was booked away.
func (h *Handlers) TakeBackDifference(c *fiber.Ctx) error {
	in, err := web.Form[struct {
		Difference int64 `form:"difference" validate:"min=1"`
	}](c)
	if err == nil {
		err = h.Bookings.TakeBackDifference(c.UserContext(), in.Difference, web.Who(c).StaffID)
	}
	return h.answerDifferences(c, err, "difference.back_done")
}

// SetDifferenceLimit changes up to which amount a difference may be booked away.
func (h *Handlers) SetDifferenceLimit(c *fiber.Ctx) error {
	in, err := web.Form[struct {
		Limit money.Cents `form:"limit" validate:"min=0"`
	}](c)
	if err == nil {
		err = h.Bookings.SetDifferenceLimit(c.UserContext(), in.Limit, web.Who(c).StaffID)
	}
	return h.answerSettings(c, err, "setting.difference.done", func(p *accounting.SettingsPage) { p.Difference = web.Typed(c, "limit") })
}
