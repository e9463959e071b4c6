package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

func activeOn(ctx context.Context, q sqlx.QueryerContext, departures []id.Departure) ([]Booking, error) {
	return bookings(ctx, q, `WHERE departure_id = ANY ($1) AND status <> 'cancelled' ORDER BY placed_at, id`, pq.Array(departures))
}

func bookingsByID(ctx context.Context, q sqlx.QueryerContext, keys []id.Booking) ([]Booking, error) {
	return bookings(ctx, q, `WHERE id = ANY ($1) ORDER BY id`, pq.Array(keys))
}

// bookingsUpTo reads a booking and those that it came in place of, the latest first. Who comes in place of another is younger.
func bookingsUpTo(ctx context.Context, q sqlx.QueryerContext, last id.Booking) ([]Booking, error) {
	return bookings(ctx, q, `WHERE id IN (
		WITH RECURSIVE earlier (id) AS (
			SELECT $1::bigint UNION SELECT b.rebooked_from FROM booking b JOIN earlier e ON e.id = b.id WHERE b.rebooked_from IS NOT NULL)
		SELECT id FROM earlier) ORDER BY id DESC`, last)
}

// insertKept opens a basket of one child that only keeps a place.
func insertKept(ctx context.Context, tx *sqlx.Tx, tokenHash []byte, b Booking, departure id.Departure, place id.BoardingPlace, now, until time.Time) (checkout id.Checkout, err error) {
	err = tx.GetContext(ctx, &checkout, `
		WITH added AS (INSERT INTO checkout (token_hash, held_until, created_at) VALUES ($1, $2, $3) RETURNING id),
		child AS (INSERT INTO checkout_child (checkout_id, position, departure_id, participant_id, boarding_place_id)
			SELECT added.id, 1, $4, $5, nullif($6::bigint, 0) FROM added)
		SELECT id FROM added`, tokenHash, until, now, departure, b.Participant, int64(place))
	if err != nil {
		return 0, fmt.Errorf("booking: keep a place on departure %d: %w", departure, err)
	}
	return checkout, nil
}

// claimKept turns a kept place into one that this transaction gives to a booking; none when its time is over.
func claimKept(ctx context.Context, tx *sqlx.Tx, departure id.Departure, checkout id.Checkout, now time.Time) (numbers []int64, err error) {
	err = tx.SelectContext(ctx, &numbers, `
		UPDATE place SET checkout_id = $3 WHERE departure_id = $1 AND checkout_id = $2 AND held_until > $4 AND booking_id IS NULL RETURNING number`,
		departure, checkout, heldByNobody, now)
	if err != nil {
		return nil, fmt.Errorf("booking: kept place on departure %d: %w", departure, err)
	}
	return numbers, expireCheckout(ctx, tx, checkout)
}

func lockKept(ctx context.Context, tx *sqlx.Tx, checkouts []id.Checkout) error {
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM checkout WHERE id = ANY ($1) ORDER BY id FOR UPDATE`, pq.Array(checkouts)); err != nil {
		return fmt.Errorf("booking: lock kept places: %w", err)
	}
	return nil
}

func ordersByID(ctx context.Context, q sqlx.QueryerContext, keys []id.Order) (rows []Order, err error) {
	if err := sqlx.SelectContext(ctx, q, &rows, orderColumns+`WHERE id = ANY ($1)`, pq.Array(keys)); err != nil {
		return nil, fmt.Errorf("booking: orders: %w", err)
	}
	return rows, nil
}

func goingOfOrder(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Booking, error) {
	return bookings(ctx, q, `WHERE order_id = $1 AND status <> 'cancelled'`, order)
}
