package parent

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/terms/id"
)

// filledBasket is the open basket of this browser in which a child was chosen already; nil when there is none to mind.
func (h *Handlers) filledBasket(c *fiber.Ctx) (*booking.Checkout, error) {
	basket, err := h.Bookings.Open(c.UserContext(), web.Cookie(c, basketCookie))
	switch {
	case errors.Is(err, booking.ErrNoCheckout), errors.Is(err, booking.ErrHoldExpired):
		return nil, nil
	case err != nil:
		return nil, err
	case basket.Offered || basket.Status == "placed" || basket.Guardian == 0 || basket.Guardian != web.Who(c).GuardianID:
		return nil, nil
	}
	for _, child := range basket.Children {
		if child.Participant != 0 {
			return &basket, nil
		}
	}
	return nil, nil
}

// startAgain adds a holiday to a basket that was filled in, once the parent said so; before that it asks.
func (h *Handlers) startAgain(c *fiber.Ctx, basket booking.Checkout, in startForm) error {
	departure := id.Departure(in.Departure)
	if in.Basket == "" {
		return h.askBasket(c, basket, in)
	}
	err := h.Bookings.AddHoliday(c.UserContext(), web.Cookie(c, basketCookie), departure, in.Children)
	if problem := refusal(err); problem != "" {
		web.SetFlash(c, layout.Warning, problem)
		return h.backToHoliday(c, departure)
	}
	if err != nil {
		return orNext(c, err)
	}
	return web.SeeOther(c, "/boeken")
}

// askBasket asks whether a second holiday comes beside the first or in its place.
func (h *Handlers) askBasket(c *fiber.Ctx, basket booking.Checkout, in startForm) error {
	trips, err := h.trips(c, basket)
	if err != nil {
		return err
	}
	found, err := h.Catalogue.Recent(c.UserContext(), id.Departure(in.Departure))
	if err != nil {
		return err
	}
	d, ok := found[id.Departure(in.Departure)]
	if !ok {
		return catalogue.ErrNoDeparture
	}
	page, _, err := h.basketPage(c, basket, basket.Children[0])
	if err != nil {
		return err
	}
	page.Title, page.Action = page.T("checkout.basket.title"), "/boeken"
	return web.Render(c, parent.AskBasket(parent.AskBasketPage{
		Basket: page, Has: trips, New: tripOf(d), Departure: in.Departure, Children: in.Children,
	}))
}

func tripOf(d catalogue.Departure) parent.Trip {
	return parent.Trip{Title: d.Title, Destination: d.Destination, StartsOn: d.StartsOn, EndsOn: d.EndsOn, Href: "/vakanties/" + d.Slug}
}

// trips lists the holidays of a basket, each once, in the order in which they were added.
func (h *Handlers) trips(c *fiber.Ctx, basket booking.Checkout) ([]parent.Trip, error) {
	found, err := h.Catalogue.Recent(c.UserContext(), basket.Departures()...)
	if err != nil {
		return nil, err
	}
	var all []parent.Trip
	seen := map[id.Departure]bool{}
	for _, child := range basket.Children {
		if !seen[child.Departure] {
			seen[child.Departure] = true
			all = append(all, tripOf(found[child.Departure]))
		}
	}
	return all, nil
}

// RemoveLine takes one child on one holiday out of the basket.
func (h *Handlers) RemoveLine(c *fiber.Ctx) error {
	position, err := strconv.Atoi(c.Params("position"))
	if err != nil {
		return booking.ErrNoCheckout
	}
	if err := h.ownBasket(c); err != nil {
		return orNext(c, err)
	}
	if err := h.Bookings.RemoveLine(c.UserContext(), web.Cookie(c, basketCookie), position); err != nil {
		return orNext(c, err)
	}
	web.SetFlash(c, layout.Good, "checkout.basket.removed")
	return web.SeeOther(c, "/boeken")
}

// ownBasket asks that the basket of the cookie is the signed-in guardian's, also when its hold ran out.
func (h *Handlers) ownBasket(c *fiber.Ctx) error {
	basket, err := h.Bookings.Open(c.UserContext(), web.Cookie(c, basketCookie))
	if err != nil && !errors.Is(err, booking.ErrHoldExpired) {
		return err
	}
	if basket.Guardian == 0 || basket.Guardian != web.Who(c).GuardianID {
		return errNext
	}
	return nil
}

// overlapLines warns where a child would be in two places on the same days.
func (h *Handlers) overlapLines(c *fiber.Ctx, p layout.Page, basket booking.Checkout) ([]string, error) {
	overlaps, err := h.Bookings.Overlaps(c.UserContext(), basket)
	if err != nil {
		return nil, err
	}
	lines := make([]string, len(overlaps))
	for i, o := range overlaps {
		lines[i] = p.T("checkout.basket.overlap", o.Name, o.Title, p.Range(o.From, o.To))
	}
	return lines, nil
}

// expiredLines names what is in an expired basket, so that what is sold out can be left out.
func (h *Handlers) expiredLines(c *fiber.Ctx, basket booking.Checkout) ([]parent.ExpiredLine, error) {
	ctx := c.UserContext()
	found, err := h.Catalogue.Recent(ctx, basket.Departures()...)
	if err != nil {
		return nil, err
	}
	family, err := h.Accounts.ChildrenOf(ctx, basket.Guardian)
	if err != nil {
		return nil, err
	}
	lines := make([]parent.ExpiredLine, len(basket.Children))
	for i, child := range basket.Children {
		d := found[child.Departure]
		lines[i] = parent.ExpiredLine{Position: child.Position, Text: d.Title}
		for _, person := range family {
			if person.ID == child.Participant {
				lines[i].Text = person.FirstName + ", " + d.Title
			}
		}
	}
	return lines, nil
}
