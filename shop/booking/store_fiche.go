package booking

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
)

// ordersOfFiches are the orders with a child that leaves after today and no later than last, was booked no later than booked, and
// of whose fiche the family was not reminded.
func ordersOfFiches(ctx context.Context, q sqlx.QueryerContext, today, last, booked civil.Date) (orders []id.Order, err error) {
	err = sqlx.SelectContext(ctx, q, &orders, `
		SELECT DISTINCT b.order_id FROM booking b
		WHERE b.status = 'placed' AND b.departs_on > $1 AND b.departs_on <= $2 AND b.booked_on <= $3
			AND NOT EXISTS (SELECT 1 FROM booking_event e WHERE e.booking_id = b.id AND e.kind = 'fiche_reminded')
		ORDER BY b.order_id`, today, last, booked)
	if err != nil {
		return nil, fmt.Errorf("booking: orders to remind of fiches: %w", err)
	}
	return orders, nil
}

// remindedOfFiche are the bookings of an order of whose fiche the family was reminded.
func remindedOfFiche(ctx context.Context, tx *sqlx.Tx, order id.Order) (bookings []id.Booking, err error) {
	err = tx.SelectContext(ctx, &bookings, `SELECT booking_id FROM booking_event WHERE order_id = $1 AND kind = 'fiche_reminded' AND booking_id IS NOT NULL`, order)
	if err != nil {
		return nil, fmt.Errorf("booking: reminders of fiches of order %d: %w", order, err)
	}
	return bookings, nil
}
