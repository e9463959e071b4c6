package memberprice

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
)

// AddTx writes a claim down once: what was claimed does not change by it.
func AddTx(ctx context.Context, tx *sqlx.Tx, c Claim) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO proof (booking_id, category, price_cents, until, discount_cents) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (booking_id) DO NOTHING`,
		c.Booking, c.Category, c.Price, c.Until, c.Discount)
	if err != nil {
		return fmt.Errorf("memberprice: claim of booking %d: %w", c.Booking, err)
	}
	return nil
}

// CarryTx writes down a claim that came along from another booking, and that the base price has taken the place of there.
func CarryTx(ctx context.Context, tx *sqlx.Tx, c Claim) error {
	if err := AddTx(ctx, tx, c); err != nil {
		return err
	}
	return change(ctx, tx, c.Booking, `late_at = $2, corrected_at = $3`, c.LateAt, c.CorrectedAt)
}

// Of reads the claims of bookings; a booking without one is not in it.
func Of(ctx context.Context, q sqlx.QueryerContext, bookings ...id.Booking) (map[id.Booking]Claim, error) {
	keys := make([]int64, len(bookings))
	for i, b := range bookings {
		keys[i] = int64(b)
	}
	var rows []Claim
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT booking_id, category, price_cents, discount_cents, until, reason, words, decided_at, late_at, corrected_at, code
		FROM proof WHERE booking_id = ANY ($1)`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("memberprice: claim of %d bookings: %w", len(bookings), err)
	}
	all := make(map[id.Booking]Claim, len(rows))
	for _, r := range rows {
		all[r.Booking] = r
	}
	return all, nil
}

// ReceiveTx notes that something was handed in; who adds to what waits already keeps its place in the queue.
func ReceiveTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, code string, waits bool, now time.Time) error {
	return change(ctx, tx, booking, `received_at = CASE WHEN $2 THEN received_at ELSE $3 END, code = coalesce(nullif($4, ''), code)`, waits, now, code)
}

// DecideTx notes what the office thinks of the proof: a reason why it is not good, or "" when it is.
func DecideTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, by id.Staff, reason, words string, now time.Time) error {
	return change(ctx, tx, booking, `decided_at = $2, decided_by = nullif($3::bigint, 0), reason = $4, words = $5`, now, int64(by), reason, words)
}

// ExtendTx gives more time, and never less.
func ExtendTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, until civil.Date) error {
	return change(ctx, tx, booking, `until = greatest(until, $2), late_at = NULL, reminders = 0`, until)
}

// AnewTx lets the claim wait for a proof again, until that day: what was handed in was another child's.
func AnewTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, until civil.Date) error {
	return change(ctx, tx, booking, `until = $2, reminders = 0, received_at = NULL, decided_at = NULL, decided_by = NULL,
		reason = '', words = '', late_at = NULL, code = ''`, until)
}

// CorrectTx notes since when the base price is asked instead of the claimed one; nil: the claimed one again.
func CorrectTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, since *time.Time) error {
	return change(ctx, tx, booking, `corrected_at = $2`, since)
}

func change(ctx context.Context, tx *sqlx.Tx, booking id.Booking, set string, args ...any) error {
	if _, err := tx.ExecContext(ctx, `UPDATE proof SET `+set+` WHERE booking_id = $1`, append([]any{booking}, args...)...); err != nil {
		return fmt.Errorf("memberprice: claim of booking %d: %w", booking, err)
	}
	return nil
}

// RemindTx notes that a family was reminded so often; false when it was before.
func RemindTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, reminders int) (fresh bool, err error) {
	return changed(ctx, tx, booking, `UPDATE proof SET reminders = $2 WHERE booking_id = $1 AND reminders < $2`, reminders)
}

// LateTx notes that the deadline passed; false when that was noted before.
func LateTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, now time.Time) (fresh bool, err error) {
	return changed(ctx, tx, booking, `UPDATE proof SET late_at = $2 WHERE booking_id = $1 AND late_at IS NULL`, now)
}

func changed(ctx context.Context, tx *sqlx.Tx, booking id.Booking, query string, arg any) (bool, error) {
	res, err := tx.ExecContext(ctx, query, booking, arg)
	if err != nil {
		return false, fmt.Errorf("memberprice: claim of booking %d: %w", booking, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}
