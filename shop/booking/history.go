package booking

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// FamilyEvents lists the history of a family's orders as FamilyOrders gave them, newest first, at most limit. Of a shared
// order it has the lines about the shared bookings only.
func (s *Service) FamilyEvents(ctx context.Context, orders []Order, limit int) ([]Event, error) {
	var whole, parts []int64
	for _, o := range orders {
		if !o.Shared {
			whole = append(whole, int64(o.ID))
			continue
		}
		for _, b := range o.Bookings {
			parts = append(parts, int64(b.ID))
		}
	}
	return eventsAbout(ctx, s.DB, pq.Array(whole), pq.Array(parts), limit)
}

// FamilyBookings indexes the bookings of orders.
func FamilyBookings(orders []Order) map[id.Booking]Booking {
	all := map[id.Booking]Booking{}
	for _, o := range orders {
		for _, b := range o.Bookings {
			all[b.ID] = b
		}
	}
	return all
}

// EventTx adds a line to the history of an order, or of the one booking that it names, for what another service did with it.
func (s *Service) EventTx(ctx context.Context, tx *sqlx.Tx, e Event) error {
	return insertEvent(ctx, tx, e)
}

// OrderOfTx is the order that a booking is of.
func (s *Service) OrderOfTx(ctx context.Context, tx *sqlx.Tx, b id.Booking) (id.Order, error) {
	rows, err := bookings(ctx, tx, `WHERE id = $1`, b)
	if err == nil && len(rows) == 0 {
		return 0, ErrNoBooking
	}
	if err != nil {
		return 0, err
	}
	return rows[0].Order, nil
}
