package booking

import (
	"context"
	"slices"

	"github.com/lib/pq"

	"joetz/shop/account"
	"joetz/terms/id"
)

// Right is what a guardian wants to do with a booking.
type Right uint8

// The rights. Who placed the order has the last two for all of its bookings: it is their contract.
const (
	ToSee Right = iota
	ToPay
	ToChange
)

// BookingOf reads a booking for a guardian who may do that with it: the one who placed its order, or another guardian of
// the child with that right. For everybody else, and at once for a guardian who was removed, it is ErrNoBooking.
func (s *Service) BookingOf(ctx context.Context, guardian id.Guardian, key id.Booking, to Right) (Booking, error) {
	b, err := s.BookingByID(ctx, key)
	if err != nil {
		return Booking{}, err
	}
	o, err := orderByID(ctx, s.DB, b.Order)
	if err != nil {
		return Booking{}, err
	}
	rights, err := s.Accounts.RightsOf(ctx, guardian)
	if err != nil {
		return Booking{}, err
	}
	if o.Guardian != guardian && !allows(rights, b, to) {
		return Booking{}, ErrNoBooking
	}
	return b, nil
}

func allows(rights map[id.Participant]account.Rights, b Booking, to Right) bool {
	r, ok := rights[b.Participant]
	switch to {
	case ToPay:
		return ok && r.Pays
	case ToChange:
		return ok && r.Changes
	}
	return ok
}

// FamilyOrder reads an order for one of its family: whole for who placed it; for another guardian the bookings of the
// children they share and nothing of the payer. ErrNoBooking for everybody else.
func (s *Service) FamilyOrder(ctx context.Context, guardian id.Guardian, order id.Order) (Order, error) {
	o, err := s.OrderByID(ctx, order)
	if err != nil || o.Guardian == guardian {
		return o, err
	}
	rights, err := s.Accounts.RightsOf(ctx, guardian)
	if err != nil {
		return Order{}, err
	}
	if o = shared(o, rights); len(o.Bookings) == 0 {
		return Order{}, ErrNoBooking
	}
	return o, nil
}

// FamilyOrders lists the orders of a family as FamilyOrder shows them, newest first; five queries whatever the number.
func (s *Service) FamilyOrders(ctx context.Context, guardian id.Guardian) ([]Order, error) {
	rights, err := s.Accounts.RightsOf(ctx, guardian)
	if err != nil {
		return nil, err
	}
	children := make([]int64, 0, len(rights))
	for child := range rights {
		children = append(children, int64(child))
	}
	var all []Order
	if err := s.DB.SelectContext(ctx, &all, orderColumns+`WHERE id IN (
		SELECT o.id FROM booking_order o WHERE o.guardian_id = $1 UNION SELECT order_id FROM booking WHERE participant_id = ANY ($2))
		ORDER BY placed_at DESC, id DESC`, guardian, pq.Array(children)); err != nil {
		return nil, err
	}
	if err := s.addBookings(ctx, all); err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Guardian != guardian {
			all[i] = shared(all[i], rights)
		}
	}
	return slices.DeleteFunc(all, func(o Order) bool { return o.Shared && len(o.Bookings) == 0 }), nil
}

// shared is what another guardian sees of an order. Where they do not pay, a booking comes without its money.
func shared(o Order, rights map[id.Participant]account.Rights) Order {
	out := Order{ID: o.ID, Reference: o.Reference, StructuredComm: o.StructuredComm, PlacedAt: o.PlacedAt, Instalments: o.Instalments,
		PaymentMethod: o.PaymentMethod, PolicyHash: o.PolicyHash, TermsAcceptedAt: o.TermsAcceptedAt, Lang: o.Lang, Shared: true}
	for _, b := range o.Bookings {
		r, ok := rights[b.Participant]
		if !ok {
			continue
		}
		if !r.Pays {
			b.Statement.Charged, b.Statement.Paid, b.Statement.Parts = 0, 0, nil
			b.Category, b.Evidence = "", "not_needed"
			b.BasePrice, b.Price, b.Discount, b.Extras, b.Premium, b.Deposit = 0, 0, 0, 0, 0, 0
		}
		out.Bookings = append(out.Bookings, b)
	}
	return out
}
