package booking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// heldByNobody marks a place within the transaction that gives it to a booking; it is never committed.
const heldByNobody id.Checkout = 0

func setBoarding(ctx context.Context, tx *sqlx.Tx, booking id.Booking, place id.BoardingPlace) error {
	if _, err := tx.ExecContext(ctx, `UPDATE booking SET boarding_place_id = $2 WHERE id = $1`, booking, place); err != nil {
		return fmt.Errorf("booking: boarding place of %d: %w", booking, err)
	}
	return nil
}

func setPhotos(ctx context.Context, tx *sqlx.Tx, booking id.Booking, choice string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE booking SET photo_consent = $2 WHERE id = $1`, booking, choice); err != nil {
		return fmt.Errorf("booking: photos of %d: %w", booking, err)
	}
	return nil
}

func setParticipant(ctx context.Context, tx *sqlx.Tx, booking id.Booking, child id.Participant, evidence, photos string) error {
	_, err := tx.ExecContext(ctx, `UPDATE booking SET participant_id = $2, evidence = $3, photo_consent = $4 WHERE id = $1`, booking, child, evidence, photos)
	if pg.Constraint(err) == "booking_participant_once" {
		return ErrTwice
	}
	if err != nil {
		return fmt.Errorf("booking: participant of %d: %w", booking, err)
	}
	return nil
}

// lockPlace locks the place of a booking, so that nobody else frees it meanwhile.
func lockPlace(ctx context.Context, tx *sqlx.Tx, booking id.Booking) error {
	var number int
	err := tx.GetContext(ctx, &number, `SELECT number FROM place WHERE booking_id = $1 FOR UPDATE`, booking)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("booking: lock the place of %d: %w", booking, err)
	}
	return nil
}

// seatBooking gives a booking the place that this transaction took for it.
func seatBooking(ctx context.Context, tx *sqlx.Tx, departure id.Departure, number int64, booking id.Booking) error {
	res, err := tx.ExecContext(ctx, `UPDATE place SET booking_id = $3, checkout_id = NULL, held_until = NULL
		WHERE departure_id = $1 AND number = $2 AND booking_id IS NULL AND checkout_id = $4`, departure, number, booking, heldByNobody)
	if err != nil {
		return fmt.Errorf("booking: place %d of departure %d: %w", number, departure, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrSoldOut)
	}
	return nil
}

// insertRebooked writes the booking that comes in place of another.
func insertRebooked(ctx context.Context, tx *sqlx.Tx, p RebookPreview, now time.Time) (fresh id.Booking, err error) {
	b, evidence := p.Booking, "awaited"
	switch {
	case p.Category == "base" && p.claim.CorrectedAt != nil:
		evidence = "late"
	case p.Category == "base":
		evidence = "not_needed"
	case p.Booking.Evidence == "accepted":
		evidence = "accepted"
	}
	err = tx.GetContext(ctx, &fresh, `
		INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, boarding_place_id, photo_consent, insured,
			price_list_id, policy_hash, trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents,
			placed_at, rebooked_from, covered, discount_cents, extras_cents)
		VALUES ($1, $2, $3, 'placed', $4, $5, nullif($6::bigint, 0), $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23) RETURNING id`,
		b.Order, b.Participant, p.To.ID, p.Category, evidence, int64(p.Boarding.ID), b.PhotoConsent, b.Insured,
		p.To.Prices.List, b.PolicyHash, p.To.Trip, p.To.LegalRegime, p.quote.BookedOn, p.To.StartsOn, p.quote.BasePrice, p.Price, p.Premium, p.Deposit,
		now, b.ID, b.Insured && b.depositPaid(), p.Along.Off(), p.Along.ExtrasThere())
	if pg.Constraint(err) == "booking_participant_once" {
		return 0, ErrTwice
	}
	if err != nil {
		return 0, fmt.Errorf("booking: rebook %d: %w", b.ID, err)
	}
	return fresh, nil
}

// goingOn lists the children who go on a departure.
func goingOn(ctx context.Context, q sqlx.QueryerContext, departure id.Departure) (children []id.Participant, err error) {
	err = sqlx.SelectContext(ctx, q, &children, `SELECT participant_id FROM booking WHERE departure_id = $1 AND status <> 'cancelled'`, departure)
	if err != nil {
		return nil, fmt.Errorf("booking: children of departure %d: %w", departure, err)
	}
	return children, nil
}
