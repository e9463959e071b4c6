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

const goodwillColumns = `
	SELECT g.id, g.order_id, g.booking_id, g.computed_cents, g.granted_cents, g.reason, g.asked_by, s.name AS asked_name, g.asked_at,
		CASE WHEN d.approved IS NULL THEN 'waiting' WHEN d.approved THEN 'approved' ELSE 'refused' END AS state
	FROM goodwill g JOIN booking_staff s ON s.id = g.asked_by LEFT JOIN goodwill_decision d ON d.goodwill_id = g.id `

func goodwillOf(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (all []Goodwill, err error) {
	if err := sqlx.SelectContext(ctx, q, &all, goodwillColumns+`WHERE g.booking_id = $1 ORDER BY g.id DESC`, booking); err != nil {
		return nil, fmt.Errorf("booking: goodwill of %d: %w", booking, err)
	}
	return all, nil
}

func goodwillByID(ctx context.Context, q sqlx.QueryerContext, goodwill int64) (g Goodwill, err error) {
	err = sqlx.GetContext(ctx, q, &g, goodwillColumns+`WHERE g.id = $1`, goodwill)
	if errors.Is(err, sql.ErrNoRows) {
		return g, ErrNoBooking
	}
	if err != nil {
		return g, fmt.Errorf("booking: goodwill %d: %w", goodwill, err)
	}
	return g, nil
}

func insertGoodwill(ctx context.Context, tx *sqlx.Tx, g Goodwill, now time.Time) (key int64, err error) {
	err = tx.GetContext(ctx, &key, `
		INSERT INTO goodwill (order_id, booking_id, computed_cents, granted_cents, reason, asked_by, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`, g.Order, g.Booking, g.Computed, g.Granted, g.Reason, g.AskedBy, now)
	if err != nil {
		return 0, fmt.Errorf("booking: goodwill on %d: %w", g.Booking, err)
	}
	return key, nil
}

func decideGoodwill(ctx context.Context, tx *sqlx.Tx, goodwill int64, approved bool, by id.Staff, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO goodwill_decision (goodwill_id, approved, decided_by, decided_at) VALUES ($1, $2, $3, $4)`,
		goodwill, approved, by, now)
	if pg.Constraint(err) == "goodwill_decision_pkey" {
		return ErrDecided
	}
	if err != nil {
		return fmt.Errorf("booking: decide goodwill %d: %w", goodwill, err)
	}
	return nil
}

// restoreBooking lets a cancelled booking go on.
func restoreBooking(ctx context.Context, tx *sqlx.Tx, booking id.Booking, status string) error {
	res, err := tx.ExecContext(ctx, `UPDATE booking SET status = $2, cancelled_at = NULL, cancelled_by = NULL WHERE id = $1 AND status = 'cancelled'`, booking, status)
	if pg.Constraint(err) == "booking_participant_once" {
		return ErrTwice
	}
	if err != nil {
		return fmt.Errorf("booking: restore %d: %w", booking, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNoUndo)
	}
	return nil
}
