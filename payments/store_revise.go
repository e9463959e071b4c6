package payments

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
	"joetz/terms/money"
)

// chargedTo is what a booking costs: the sum of its charges.
func chargedTo(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (charged money.Cents, err error) {
	err = sqlx.GetContext(ctx, q, &charged, `SELECT coalesce(sum(amount_cents), 0) FROM charge WHERE booking_id = $1`, booking)
	if err != nil {
		return 0, fmt.Errorf("payments: charges of booking %d: %w", booking, err)
	}
	return charged, nil
}

// reverseKinds adds the opposite of every charge of these kinds that has none yet.
func reverseKinds(ctx context.Context, tx *sqlx.Tx, booking id.Booking, kinds []string, now time.Time, reason string, by id.Staff) error {
	if len(kinds) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO charge (order_id, booking_id, kind, amount_cents, reverses_id, reason, staff_id, at)
		SELECT c.order_id, c.booking_id, c.kind, -c.amount_cents, c.id, $2, nullif($3::bigint, 0), $4
		FROM charge c LEFT JOIN charge r ON r.reverses_id = c.id
		WHERE c.booking_id = $1 AND c.reverses_id IS NULL AND r.id IS NULL AND c.kind = ANY ($5) ORDER BY c.id`,
		booking, reason, int64(by), now, pq.Array(kinds))
	if err != nil {
		return fmt.Errorf("payments: reverse %v of booking %d: %w", kinds, booking, err)
	}
	return nil
}

func voidParts(ctx context.Context, tx *sqlx.Tx, parts []id.Instalment, now time.Time) error {
	if len(parts) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE instalment SET void_at = $2 WHERE id = ANY ($1) AND void_at IS NULL`, keys(parts), now)
	if err != nil {
		return fmt.Errorf("payments: void %d parts: %w", len(parts), err)
	}
	return nil
}
