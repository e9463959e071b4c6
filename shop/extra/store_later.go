package extra

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/id"
	"joetz/terms/money"
)

func insertSold(ctx context.Context, tx *sqlx.Tx, booking id.Booking, p Picked, actor string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO booking_extra (booking_id, extra_id, choice, price_cents, at, added_by, apart) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		booking, p.Extra, p.Choice, p.Price, now, actor, p.Apart)
	if pg.Constraint(err) == "booking_extra_once" {
		return ErrHas
	}
	if err != nil {
		return fmt.Errorf("extra: sell %d to booking %d: %w", p.Extra, booking, err)
	}
	return nil
}

func remove(ctx context.Context, tx *sqlx.Tx, booking id.Booking, key int64, kept money.Cents, actor string, now time.Time) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE booking_extra SET removed_at = $3, removed_by = $4, kept_cents = $5 WHERE booking_id = $1 AND extra_id = $2 AND removed_at IS NULL`,
		booking, key, now, actor, kept)
	if err != nil {
		return fmt.Errorf("extra: take %d off booking %d: %w", key, booking, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrHasNot)
	}
	return nil
}

// removed lists what was taken off a booking: by its end, or while it went on.
func removed(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, ended bool) (all []Picked, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT x.extra_id, x.choice, x.booking_id, e.name_nl, e.name_en, x.price_cents, e.refund_days, e.as_price, x.apart, x.kept_cents
		FROM booking_extra x JOIN extra e ON e.id = x.extra_id
		WHERE x.booking_id = $1 AND x.removed_at IS NOT NULL AND (coalesce(x.removed_by, '') = $2) = $3 ORDER BY x.id`, booking, ByEnd, ended)
	if err != nil {
		return nil, fmt.Errorf("extra: taken off booking %d: %w", booking, err)
	}
	return all, nil
}

func restore(ctx context.Context, tx *sqlx.Tx, booking id.Booking, key int64) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE booking_extra SET removed_at = NULL, removed_by = NULL, kept_cents = 0
		WHERE id = (SELECT max(id) FROM booking_extra WHERE booking_id = $1 AND extra_id = $2 AND removed_by = $3)`, booking, key, ByEnd)
	if err != nil {
		return fmt.Errorf("extra: give %d back to booking %d: %w", key, booking, err)
	}
	return nil
}
