package parent

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/payments"
	"joetz/payments/online"
	"joetz/shop/booking"
	"joetz/shop/family"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

const payAllPath = "/mijn/betalen"

// Why a choice of parts is refused.
var (
	errNothingTicked = fault.Field("part", "parent.pay_all.empty")
	errPartsOutdated = fault.New(fault.Conflict, "parent.pay_all.outdated")
)

// dueTogether is what the page on which a family pays several orders at once asks; 0 when not more than one has to be paid soon.
func dueTogether(todos []family.Todo, parts []openPart) (sum money.Cents) {
	soon := 0
	for _, t := range todos {
		if t.Pay > 0 {
			soon++
		}
	}
	if soon < 2 {
		return 0
	}
	for _, part := range parts {
		if part.asked {
			sum += part.Open()
		}
	}
	return sum
}

// openPart is a part that a family may pay.
type openPart struct {
	payments.Part
	order booking.Order
	text  string
	asked bool // due, or the first that its order asks
}

// value names the part and the amount that was shown.
func (o openPart) value() string { return fmt.Sprintf("%d:%d", o.Instalment, o.Open()) }

// openParts lists what a family may pay, by order, the newest first, and in an order what is due first. Money pays an order's
// parts in this order. An order that waits for what the family chooses in place of what was called off asks nothing yet.
func openParts(p layout.Page, orders []booking.Order) (parts []openPart) {
	for _, o := range orders {
		if o.AwaitsChoice() {
			continue
		}
		due, _ := o.NextDue()
		until := civil.Later(due.On, p.Today)
		first := len(parts)
		for _, b := range o.Bookings {
			for _, part := range b.Statement.Parts {
				if part.Open() > 0 {
					parts = append(parts, openPart{Part: part, order: o, asked: !part.DueOn.After(until),
						text: p.T("parent.part."+part.KindOf(b.CancelledBy)) + " " + b.FirstName + ", " + b.Title})
				}
			}
		}
		slices.SortStableFunc(parts[first:], func(a, b openPart) int {
			return cmp.Or(a.DueOn.Compare(b.DueOn), cmp.Compare(a.Instalment, b.Instalment))
		})
	}
	return parts
}

// ShowPayAll is what a family owes over all orders.
func (h *Handlers) ShowPayAll(c *fiber.Ctx) error {
	page, _, err := h.payAllPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, parent.PayAll(page))
}

func (h *Handlers) payAllPage(c *fiber.Ctx) (page parent.PayAllPage, parts []openPart, err error) {
	orders, err := h.Bookings.FamilyOrders(c.UserContext(), web.Who(c).GuardianID)
	if err != nil {
		return page, nil, err
	}
	page = parent.PayAllPage{Page: ownPage(c, "parent.pay_all.title")}
	parts = openParts(page.Page, orders)
	for i, part := range parts {
		if i == 0 || parts[i-1].order.ID != part.order.ID {
			page.Orders = append(page.Orders, parent.PayOrder{Reference: part.order.Reference})
		}
		if part.asked {
			page.Due += part.Open()
		}
		last := &page.Orders[len(page.Orders)-1]
		last.Parts = append(last.Parts, parent.PayPart{Value: part.value(), Text: part.text, On: part.DueOn, Open: part.Open(),
			Ticked: part.asked, Late: part.DueOn.Before(page.Today)})
	}
	return page, parts, nil
}

type payAllForm struct {
	Parts []string `form:"part" validate:"max=200,dive,max=40"`
}

// PayAll starts one payment on line of the parts that were ticked.
func (h *Handlers) PayAll(c *fiber.Ctx) error {
	page, parts, err := h.payAllPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[payAllForm](c)
	if err != nil {
		return err
	}
	start, failed := choose(page.Page, parts, in.Parts)
	if failed == "" {
		start.Email, start.Lang = web.Who(c).Email, page.Lang
		start.SuccessURL, start.CancelURL = h.SiteURL+"/betaling/{attempt}", h.SiteURL+"/betaling/{attempt}"
		started, err := h.start(c.UserContext(), start)
		if err == nil {
			return web.SeeOther(c, started.URL)
		}
		if f := fault.Of(err); f.Kind != fault.Conflict {
			return err
		}
		failed = page.T(fault.Of(err).Key)
	}
	page.Failed = failed
	for i, o := range page.Orders {
		for j, part := range o.Parts {
			page.Orders[i].Parts[j].Ticked = slices.Contains(in.Parts, part.Value)
		}
	}
	return web.RenderAgain(c, parent.PayAll(page))
}

// choose makes a payment of the parts that were ticked; failed is why it cannot be. An order's money pays what is due
// first, so nobody ticks a later part without the ones before it.
func choose(p layout.Page, parts []openPart, ticked []string) (in online.StartInput, failed string) {
	known := 0
	var references []string
	var skipped *openPart // the first part of the order at hand that was left out
	for i, part := range parts {
		if i > 0 && parts[i-1].order.ID != part.order.ID {
			skipped = nil
		}
		if !slices.Contains(ticked, part.value()) {
			if skipped == nil {
				skipped = &parts[i]
			}
			continue
		}
		if known++; skipped != nil {
			return in, p.T("parent.pay_all.order", skipped.text, part.order.Reference)
		}
		if len(in.Shares) == 0 || in.Shares[len(in.Shares)-1].Order != part.order.ID {
			in.Shares = append(in.Shares, online.Share{Order: part.order.ID})
			references = append(references, part.order.Reference)
		}
		in.Shares[len(in.Shares)-1].Amount += part.Open()
		in.Instalments = append(in.Instalments, part.Instalment)
		in.Lines = append(in.Lines, online.Line{Name: part.text, Amount: part.Open()})
	}
	switch {
	case len(ticked) == 0:
		return in, p.T(errNothingTicked.Key)
	case known != len(ticked): // paid, changed or gone since it was shown
		return in, p.T(errPartsOutdated.Key)
	}
	in.Order = firstOrder(in.Shares)
	in.Reference = strings.Join(references, " ")
	in.Description = p.T("parent.pay_all.description", strings.Join(references, ", "))
	return in, ""
}

func firstOrder(shares []online.Share) id.Order {
	return slices.MinFunc(shares, func(a, b online.Share) int { return cmp.Compare(a.Order, b.Order) }).Order
}
