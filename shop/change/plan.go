package change

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// spareRows are the empty rows after the plan that runs.
const spareRows = 2

type planForm struct {
	Parts  []planRow   `form:"part" validate:"max=12,dive"`
	Open   money.Cents `form:"open"`
	Pause  bool        `form:"pause"`
	Reason string      `form:"reason" validate:"max=300"`
	Seen   string      `form:"seen" validate:"max=1000"`
}

type planRow struct {
	On     civil.Date  `form:"on"`
	Amount money.Cents `form:"amount"`
}

// Plan shows when an order is paid, with what was agreed before, and plans it anew.
func (h *Handlers) Plan(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("order"), 10, 64)
	if err != nil {
		return booking.ErrNoBooking
	}
	o, err := h.Bookings.OrderByID(c.UserContext(), id.Order(key))
	if err != nil {
		return err
	}
	page, err := h.planPage(c, o)
	if err != nil {
		return err
	}
	if c.Method() != fiber.MethodPost {
		return web.Render(c, change.Plan(page))
	}
	in, err := web.Form[planForm](c)
	if err == nil {
		plan := booking.Plan{Order: o.ID, Open: in.Open, Pause: in.Pause, Reason: in.Reason, Seen: in.Seen}
		for _, row := range in.Parts {
			plan.Parts = append(plan.Parts, booking.PlanPart(row))
		}
		err = h.Bookings.AgreePlan(c.UserContext(), web.Who(c), plan)
	}
	if problems := web.Problems(c, err); problems != nil {
		if o, err = h.Bookings.OrderByID(c.UserContext(), o.ID); err != nil { // as it stands now: a colleague may have planned it
			return err
		}
		if page, err = h.planPage(c, o); err != nil {
			return err
		}
		page.Errors, page.Failed, page.Pause, page.Reason, page.Rows = problems, true, in.Pause, in.Reason, nil
		for i := range max(1, len(in.Parts)) {
			prefix := fmt.Sprintf("part.%d.", i)
			page.Rows = append(page.Rows, change.PlanRow{On: web.Typed(c, prefix+"on"), Amount: web.Typed(c, prefix+"amount")})
		}
		return web.RenderAgain(c, change.Plan(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "plan.done")
	return web.SeeOther(c, page.Action)
}

func (h *Handlers) planPage(c *fiber.Ctx, o booking.Order) (change.PlanPage, error) {
	p := web.Page(c)
	base := fmt.Sprintf("/kantoor/boeking/%d", o.ID)
	page := change.PlanPage{Action: base + "/betaalplan"}
	if strings.HasPrefix(c.Path(), "/boekhouding/") {
		base = fmt.Sprintf("/boekhouding/bestellingen/%d", o.ID)
		page.Action = base + "/betaalplan"
	}
	p.Title, p.Private, p.Width = p.T("plan.title"), true, layout.Reading
	p.Back = &layout.Link{Href: base, Text: p.T("plan.back", o.Reference)}
	page.Page, page.Reference, page.Payer, page.Pause = p, o.Reference, o.PayerName, true
	parts, open := o.OpenParts()
	page.Open = open
	for _, part := range parts {
		page.Now = append(page.Now, change.PlanLine(part))
		page.Rows = append(page.Rows, change.PlanRow{On: part.On.String(), Amount: strings.Replace(part.Amount.String(), ".", ",", 1)})
	}
	for range spareRows {
		if len(page.Rows) < booking.MaxPlanParts {
			page.Rows = append(page.Rows, change.PlanRow{})
		}
	}
	var err error
	if page.Seen, err = h.Bookings.PlanSeen(c.UserContext(), o); err != nil {
		return page, err
	}
	past, err := h.Bookings.PlansOf(c.UserContext(), o.ID)
	for _, old := range past {
		line := change.PastPlan{At: old.At, By: old.By, Reason: old.Reason, Until: old.Until}
		for _, part := range old.From {
			line.From = append(line.From, change.PlanLine(part))
		}
		for _, part := range old.To {
			line.To = append(line.To, change.PlanLine(part))
		}
		page.Past = append(page.Past, line)
	}
	return page, err
}
