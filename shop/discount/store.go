package discount

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

const columns = `SELECT ` + named + source

const (
	named = `d.id, d.kind, d.name_nl, d.name_en, d.code, d.percent, d.amount_cents, d.days_before, d.members, d.alone, d.group_name, d.holiday_code,
		d.valid_from, d.valid_until, coalesce(d.max_uses, 0) AS max_uses, d.stopped_at, coalesce(u.uses, 0) AS uses, coalesce(u.given, 0) AS given`
	source = `
	FROM discount d LEFT JOIN LATERAL (
		SELECT count(*) AS uses, sum(u.amount_cents) AS given FROM discount_use u JOIN booking b ON b.id = u.booking_id
		WHERE u.discount_id = d.id AND b.status <> 'cancelled') u ON true `
)

func running(ctx context.Context, q sqlx.QueryerContext, today civil.Date) (found []Discount, err error) {
	if err = sqlx.SelectContext(ctx, q, &found, columns+`WHERE d.stopped_at IS NULL AND d.valid_until >= $1 ORDER BY d.id`, today); err != nil {
		return nil, fmt.Errorf("discount: running: %w", err)
	}
	return found, nil
}

func all(ctx context.Context, q sqlx.QueryerContext) (found []Discount, err error) {
	if err = sqlx.SelectContext(ctx, q, &found, columns+`ORDER BY d.stopped_at IS NOT NULL, d.id DESC LIMIT 300`); err != nil {
		return nil, fmt.Errorf("discount: all: %w", err)
	}
	return found, nil
}

func insert(ctx context.Context, q sqlx.QueryerContext, d Discount, by id.Staff, now time.Time) (key int64, err error) {
	err = sqlx.GetContext(ctx, q, &key, `
		INSERT INTO discount (kind, name_nl, name_en, code, percent, amount_cents, days_before, members, alone, group_name, holiday_code,
			valid_from, valid_until, max_uses, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, nullif($14::int, 0), $15, $16) RETURNING id`,
		d.Kind, d.NameNL, d.NameEN, d.Code, d.Percent, d.Amount, d.DaysBefore, d.Members, d.Alone, d.Group, d.Holiday, d.From, d.Until, d.MaxUses, now, by)
	if pg.Constraint(err) == "discount_code_once" {
		return 0, fault.Field("code", "discount.code_once")
	}
	if err != nil {
		return 0, fmt.Errorf("discount: make: %w", err)
	}
	return key, nil
}

func stop(ctx context.Context, q sqlx.ExecerContext, key int64, by id.Staff, now time.Time) error {
	res, err := q.ExecContext(ctx, `UPDATE discount SET stopped_at = $2, stopped_by = $3 WHERE id = $1 AND stopped_at IS NULL`, key, now, by)
	if err != nil {
		return fmt.Errorf("discount: stop %d: %w", key, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrUnknown)
	}
	return nil
}

// lockUses locks a discount and says how often it may still be used: not at all once it was stopped, unless it was promised
// before. One without a limit is not locked: nobody waits for it.
func lockUses(ctx context.Context, tx *sqlx.Tx, key int64, promised bool) (left int, limited bool, err error) {
	var most sql.NullInt64
	err = tx.GetContext(ctx, &most, `SELECT max_uses FROM discount WHERE id = $1 AND ($2 OR stopped_at IS NULL)`, key, promised)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, true, nil
	}
	if err != nil || !most.Valid {
		return 0, false, wrap(key, err)
	}
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM discount WHERE id = $1 FOR UPDATE`, key); err != nil {
		return 0, true, wrap(key, err)
	}
	var used int
	err = tx.GetContext(ctx, &used, `
		SELECT count(*) FROM discount_use u JOIN booking b ON b.id = u.booking_id WHERE u.discount_id = $1 AND b.status <> 'cancelled'`, key)
	return int(most.Int64) - used, true, wrap(key, err)
}

func insertUses(ctx context.Context, tx *sqlx.Tx, uses []Use, now time.Time) error {
	for _, u := range uses {
		if _, err := tx.ExecContext(ctx, `INSERT INTO discount_use (discount_id, booking_id, amount_cents, at) VALUES ($1, $2, $3, $4)`,
			u.Discount, u.Booking, u.Amount, now); err != nil {
			return wrap(u.Discount, err)
		}
	}
	return nil
}

func ranAt(ctx context.Context, q sqlx.QueryerContext, at time.Time) (found []Discount, err error) {
	err = sqlx.SelectContext(ctx, q, &found, columns+`WHERE d.made_at <= $1 AND (d.stopped_at IS NULL OR d.stopped_at > $1) AND d.valid_from <= $2 AND d.valid_until >= $2
		ORDER BY d.id`, at, civil.Of(at))
	if err != nil {
		return nil, fmt.Errorf("discount: ran at %v: %w", at, err)
	}
	return found, nil
}

func ofBooking(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (found []Given, err error) {
	err = sqlx.SelectContext(ctx, q, &found, `SELECT x.amount_cents AS off_cents, `+named+source+`JOIN discount_use x ON x.discount_id = d.id WHERE x.booking_id = $1 ORDER BY d.id`, booking)
	if err != nil {
		return nil, fmt.Errorf("discount: of booking %d: %w", booking, err)
	}
	return found, nil
}

func deleteUses(ctx context.Context, tx *sqlx.Tx, booking id.Booking) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM discount_use WHERE booking_id = $1`, booking); err != nil {
		return fmt.Errorf("discount: uses of booking %d: %w", booking, err)
	}
	return nil
}

func wrap(key int64, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("discount: %d: %w", key, err)
}
