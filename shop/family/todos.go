package family

import (
	"context"
	"slices"
	"strings"

	"joetz/shop/booking"
	"joetz/shop/memberprice"
	"joetz/terms/id"
)

// dues asks, per order, what is open on its first day; what is due in more than a month can wait.
func dues(_ context.Context, v View) (todos []Todo, err error) {
	for _, o := range v.Orders {
		due, ok := o.NextDue()
		if !ok || o.AwaitsChoice() || due.On.After(v.Today.AddMonths(1)) {
			continue
		}
		todo := Todo{Kind: "pay", Key: "family.todo.pay", Order: o.Reference, Due: due.On, Path: booking.OrderPath(o.ID), Pay: due.Open}
		var holidays []string // one payment may be for several; one whose care is looked at first asks nothing yet
		for _, b := range o.Bookings {
			if b.Active() && b.Status != "in_review" && v.mayPay(o, b) && !slices.Contains(holidays, b.Title) {
				holidays = append(holidays, b.Title)
			}
		}
		if len(holidays) == 0 { // what is left to pay is for what was called off
			todo.Key, todo.Args = "family.todo.pay_order", []any{due.Open, o.Reference}
		} else {
			todo.Args = []any{due.Open, strings.Join(holidays, ", ")}
		}
		todos = append(todos, todo)
	}
	return todos, nil
}

// proofs asks for what shows the right to a lower price.
func (s *Service) proofs(ctx context.Context, v View) (todos []Todo, err error) {
	claims, err := s.Bookings.ClaimsOf(ctx, v.Orders...)
	if err != nil {
		return nil, err
	}
	for _, o := range v.Orders {
		for _, b := range o.Bookings {
			if b.Status != "placed" || b.DepartsOn.Before(v.Today) {
				continue
			}
			switch b.Evidence {
			case memberprice.Awaited, memberprice.Refused, memberprice.Late:
				todos = append(todos, Todo{Kind: "proof", Key: "family.todo.proof", Args: []any{b.FirstName}, Holiday: b.Title,
					Due: claims[b.ID].Until, Path: memberprice.Path(b.ID), Booking: b.ID})
			}
		}
	}
	return todos, nil
}

// fiches asks for the fiche that is not signed, where this guardian may see it.
func (s *Service) fiches(ctx context.Context, v View) (todos []Todo, err error) {
	var wanted []booking.Booking
	var keys []id.Booking
	for _, b := range v.Coming() {
		if b.DepartsOn.After(v.Today) {
			wanted, keys = append(wanted, b), append(keys, b.ID)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	signed, err := s.Medical.SignedFor(ctx, v.Guardian.ID, keys)
	if err != nil {
		return nil, err
	}
	for _, b := range wanted {
		if done, sees := signed[b.ID]; sees && !done {
			todos = append(todos, Todo{Kind: "fiche", Key: "family.todo.fiche", Args: []any{b.FirstName}, Holiday: b.Title,
				Due: b.FicheUntil(), Path: "/mijn/fiche/" + key(b.ID), Booking: b.ID})
		}
	}
	return todos, nil
}
