package parent

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"joetz/payments/online"
	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// ErrNothingDue is returned when an order has nothing to pay.
var ErrNothingDue error = fault.New(fault.Conflict, "parent.nothing_due")

// ErrChooseFirst is returned when an order asks nothing until the family chose what comes in place of what was called off.
var ErrChooseFirst error = fault.New(fault.Conflict, "parent.choose_first")

// Pay starts a payment on line of what the order asks first.
func (h *Handlers) Pay(c *fiber.Ctx) error {
	o, err := h.familyOrder(c)
	if err != nil {
		return err
	}
	target, err := h.startPayment(c, o.ID)
	if errors.Is(err, ErrChooseFirst) { // a page of before the departure was called off
		web.SetFlash(c, layout.Warning, fault.Of(err).Key)
		target, err = h.choiceOf(c, o)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, target)
}

// choiceOf is the page on which a family chooses what comes in place of what was called off; the order's page while it is not asked yet.
func (h *Handlers) choiceOf(c *fiber.Ctx, o booking.Order) (path string, err error) {
	links, err := h.Decisions.Links(c.UserContext(), keysOf(o)...)
	if err != nil {
		return "", err
	}
	for _, b := range o.Bookings {
		if l := links[b.ID]; l.Choose && b.Active() {
			return l.Path, nil
		}
	}
	return booking.OrderPath(o.ID), nil
}

// startPayment makes a pay page for what an order asks first and gives its address. The same question gives the same page.
func (h *Handlers) startPayment(c *fiber.Ctx, order id.Order) (address string, err error) {
	ctx := c.UserContext()
	o, err := h.Bookings.FamilyOrder(ctx, web.Who(c).GuardianID, order) // another parent pays for the shared children only
	if err != nil {
		return "", err
	}
	due, ok := o.NextDue()
	switch {
	case o.AwaitsChoice():
		return "", ErrChooseFirst
	case !ok:
		return "", ErrNothingDue
	}
	p := web.Page(c)
	in := online.StartInput{
		Order: order, Reference: o.Reference, Description: p.T("parent.pay.description", o.Reference), Email: web.Who(c).Email, Lang: p.Lang,
		SuccessURL: h.SiteURL + "/betaling/{attempt}", CancelURL: h.SiteURL + "/betaling/{attempt}",
	}
	for _, b := range o.Bookings {
		for _, part := range b.Statement.Parts {
			if part.DueOn == due.On && part.Open() > 0 {
				in.Instalments = append(in.Instalments, part.Instalment)
				in.Lines = append(in.Lines, online.Line{Name: p.T("parent.part."+part.Kind) + " " + b.FirstName + ", " + b.Title, Amount: part.Open()})
			}
		}
	}
	started, err := h.start(ctx, in)
	return started.URL, err
}

// patience is how long a parent waits for Stripe to make a pay page; what was begun is finished by the sweeper.
const patience = 8 * time.Second

// start makes a pay page, or says in time that there is none now.
func (h *Handlers) start(ctx context.Context, in online.StartInput) (online.Started, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return h.Online.Start(ctx, in)
}

// ShowPayment says where a payment stands. It confirms nothing by itself: what it shows is what Stripe's API said.
func (h *Handlers) ShowPayment(c *fiber.Ctx) error {
	attempt, err := uuid.Parse(c.Params("attempt"))
	if err != nil {
		return booking.ErrNoBooking
	}
	ctx := c.UserContext()
	state, err := h.Online.Status(ctx, attempt)
	if err != nil {
		return err
	}
	var asked []booking.DueDay
	for _, order := range state.Orders { // another family's payment is not found
		o, err := h.Bookings.FamilyOrder(ctx, web.Who(c).GuardianID, order)
		if err != nil {
			return err
		}
		if due, ok := o.NextDue(); ok {
			asked = append(asked, due)
		}
	}
	page := parent.PaymentPage{Page: web.Page(c), State: shownState(state.Status), Amount: state.Amount, Order: booking.OrderPath(state.Order)}
	page.Title, page.Private = page.T("parent.payment."+page.State+".title"), true
	if page.State == "failed" || page.State == "expired" || page.State == "open" {
		page.Retry = page.Order + "/betalen"
		if len(state.Orders) > 1 {
			page.RetryAll = payAllPath
		}
		if len(asked) == 1 && !asked[0].On.Before(page.Today) {
			page.Until = asked[0].On
		}
	}
	return web.Render(c, parent.Payment(page))
}

// shownState is a payment's status in the words of its page.
func shownState(s online.Status) string {
	switch s {
	case online.Done:
		return "paid"
	case online.Open, online.Created:
		return "open"
	case online.Failed:
		return "failed"
	case online.Expired:
		return "expired"
	}
	return "pending"
}
