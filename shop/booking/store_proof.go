package booking

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// insertProof writes a claim down once: what was claimed does not change by it.
func insertProof(ctx context.Context, tx *sqlx.Tx, p Proof) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO proof (booking_id, category, price_cents, until, discount_cents) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (booking_id) DO NOTHING`,
		p.Booking, p.Category, p.Price, p.Until, p.Discount)
	if err != nil {
		return fmt.Errorf("booking: claim of booking %d: %w", p.Booking, err)
	}
	return nil
}

func proofsOf(ctx context.Context, q sqlx.QueryerContext, bookings ...id.Booking) (map[id.Booking]Proof, error) {
	keys := make([]int64, len(bookings))
	for i, b := range bookings {
		keys[i] = int64(b)
	}
	var rows []Proof
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT booking_id, category, price_cents, discount_cents, until, reminders, received_at, decided_at, reason, words, late_at, corrected_at, code
		FROM proof WHERE booking_id = ANY ($1)`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("booking: proofs: %w", err)
	}
	all := make(map[id.Booking]Proof, len(rows))
	for _, r := range rows {
		all[r.Booking] = r
	}
	return all, nil
}

// setEvidence moves a proof on; ErrOutdated when somebody moved it meanwhile.
func setEvidence(ctx context.Context, tx *sqlx.Tx, booking id.Booking, from, to string) error {
	res, err := tx.ExecContext(ctx, `UPDATE booking SET evidence = $3 WHERE id = $1 AND evidence = $2`, booking, from, to)
	if err != nil {
		return fmt.Errorf("booking: proof of %d: %w", booking, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrOutdated)
	}
	return nil
}

func changeProof(ctx context.Context, tx *sqlx.Tx, booking id.Booking, set string, args ...any) error {
	if _, err := tx.ExecContext(ctx, `UPDATE proof SET `+set+` WHERE booking_id = $1`, append([]any{booking}, args...)...); err != nil {
		return fmt.Errorf("booking: proof of %d: %w", booking, err)
	}
	return nil
}

// receiveProof notes that something was handed in; who adds to what waits already keeps its place in the queue.
func receiveProof(ctx context.Context, tx *sqlx.Tx, booking id.Booking, code string, waits bool, now time.Time) error {
	return changeProof(ctx, tx, booking, `received_at = CASE WHEN $2 THEN received_at ELSE $3 END, code = coalesce(nullif($4, ''), code)`, waits, now, code)
}

func decideProof(ctx context.Context, tx *sqlx.Tx, booking id.Booking, by id.Staff, reason, words string, now time.Time) error {
	return changeProof(ctx, tx, booking, `decided_at = $2, decided_by = nullif($3::bigint, 0), reason = $4, words = $5`, now, int64(by), reason, words)
}

func extendProof(ctx context.Context, tx *sqlx.Tx, booking id.Booking, until civil.Date) error {
	return changeProof(ctx, tx, booking, `until = greatest(until, $2), late_at = NULL, reminders = 0`, until)
}

func remindProof(ctx context.Context, tx *sqlx.Tx, booking id.Booking, reminders int) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE proof SET reminders = $2 WHERE booking_id = $1 AND reminders < $2`, booking, reminders)
	if err != nil {
		return false, fmt.Errorf("booking: remind proof of %d: %w", booking, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func lateProof(ctx context.Context, tx *sqlx.Tx, booking id.Booking, now time.Time) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE proof SET late_at = $2 WHERE booking_id = $1 AND late_at IS NULL`, booking, now)
	if err != nil {
		return false, fmt.Errorf("booking: late proof of %d: %w", booking, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// correctPrice moves a booking to another category's price, and its claim along: corrected is since when it is not the
// claimed one, NULL when it is again.
func correctPrice(ctx context.Context, tx *sqlx.Tx, booking id.Booking, p PriceChange, off money.Cents, corrected *time.Time) error {
	if _, err := tx.ExecContext(ctx, `UPDATE booking SET category = $2, price_cents = $3, discount_cents = $4 WHERE id = $1`, booking, p.Category, p.To, off); err != nil {
		return fmt.Errorf("booking: price of %d: %w", booking, err)
	}
	return changeProof(ctx, tx, booking, `corrected_at = $2`, corrected)
}

const proofLineColumns = `
	SELECT b.id AS booking_id, b.order_id, p.first_name, p.last_name, h.title, b.departs_on, r.category, b.evidence, r.until,
		coalesce(r.received_at, r.late_at, b.placed_at) AS since, (SELECT count(*) FROM evidence_file f WHERE f.booking_id = b.id) AS files
	FROM booking b JOIN proof r ON r.booking_id = b.id JOIN participant p ON p.id = b.participant_id
	JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id `

const (
	linesToCheck = proofLineColumns + `WHERE b.evidence = 'received' AND b.status <> 'cancelled' ORDER BY r.received_at, b.id LIMIT 500`
	linesToPrice = proofLineColumns + `WHERE b.evidence IN ('refused', 'late') AND b.status = 'placed' AND r.until < $1 AND r.corrected_at IS NULL
		AND b.departs_on > $1 ORDER BY b.departs_on, b.id LIMIT 500`
	linesWaiting = proofLineColumns + `WHERE b.evidence IN ('awaited', 'refused') AND b.status = 'placed' AND r.corrected_at IS NULL AND r.late_at IS NULL
		AND b.departs_on > $1 AND r.until <= $2 ORDER BY b.id`
)

func proofLines(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (rows []ProofLine, err error) {
	if err = sqlx.SelectContext(ctx, q, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("booking: proofs: %w", err)
	}
	return rows, nil
}

// proofsToWipe are bookings whose files have served: decided, cancelled or left before that moment.
func proofsToWipe(ctx context.Context, q sqlx.QueryerContext, before time.Time) (bookings []id.Booking, err error) {
	err = sqlx.SelectContext(ctx, q, &bookings, `
		SELECT b.id FROM booking b LEFT JOIN proof r ON r.booking_id = b.id
		WHERE EXISTS (SELECT 1 FROM evidence_file f WHERE f.booking_id = b.id) AND (
			b.evidence = 'accepted' AND r.decided_at < $1 OR b.status = 'cancelled' AND b.cancelled_at < $1 OR b.departs_on < $2)
		ORDER BY b.id LIMIT 500`, before, civil.Of(before))
	if err != nil {
		return nil, fmt.Errorf("booking: proofs to wipe: %w", err)
	}
	return bookings, nil
}

// viewedBefore reports whether that person opened that file since.
func viewedBefore(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, actor string, file int64, since time.Time) (before bool, err error) {
	err = sqlx.GetContext(ctx, q, &before, `
		SELECT EXISTS (SELECT 1 FROM booking_event WHERE booking_id = $1 AND kind = 'proof_viewed' AND actor = $2 AND (detail->>'file')::bigint = $3 AND at > $4)`,
		booking, actor, file, since)
	if err != nil {
		return false, fmt.Errorf("booking: who looked at the proof of %d: %w", booking, err)
	}
	return before, nil
}
