package dunning

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	law "joetz/terms/dunning"
	"joetz/terms/id"
	"joetz/terms/money"
)

func newestCosts(ctx context.Context, q sqlx.QueryerContext) (law.Costs, error) {
	var row struct {
		Clause     string      `db:"clause"`
		PlacedFrom civil.Date  `db:"placed_from"`
		Small      money.Cents `db:"small_cents"`
		Middle     money.Cents `db:"middle_cents"`
		MiddleBP   int64       `db:"middle_bp"`
		Large      money.Cents `db:"large_cents"`
		LargeBP    int64       `db:"large_bp"`
		Most       money.Cents `db:"most_cents"`
	}
	err := sqlx.GetContext(ctx, q, &row, `
		SELECT clause, placed_from, small_cents, middle_cents, middle_bp, large_cents, large_bp, most_cents FROM dunning_costs ORDER BY id DESC LIMIT 1`)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return law.Costs{}, fmt.Errorf("dunning: costs of late payment: %w", err)
	}
	return law.Costs(row), nil
}

func insertCosts(ctx context.Context, q sqlx.ExecerContext, c law.Costs, by id.Staff, now time.Time) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO dunning_costs (clause, placed_from, small_cents, middle_cents, middle_bp, large_cents, large_bp, most_cents, staff_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.Clause, c.PlacedFrom, c.Small, c.Middle, c.MiddleBP, c.Large, c.LargeBP, c.Most, by, now)
	if err != nil {
		return fmt.Errorf("dunning: change the costs of late payment: %w", err)
	}
	return nil
}

// lateAfterTerm lists what is still open after the term of a first reminder that announced costs, of which none were asked
// yet, with what could stop asking; order 0 is all.
func lateAfterTerm(ctx context.Context, q sqlx.QueryerContext, today civil.Date, order id.Order) (late []LateCosts, stops []owing, err error) {
	var rows []struct {
		owing
		Reference string      `db:"reference"`
		Payer     string      `db:"payer_name"`
		PlacedAt  time.Time   `db:"placed_at"`
		Until     civil.Date  `db:"until"`
		Announced money.Cents `db:"announced"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		WITH due AS (
			SELECT i.order_id, x.due_on, sum(x.open_cents) AS open_cents FROM invoice_open x JOIN invoice i ON i.id = x.invoice_id
			WHERE x.due_on < $1 AND ($2::bigint = 0 OR i.order_id = $2) GROUP BY i.order_id, x.due_on)
		SELECT `+owingColumns+`, o.reference, o.payer_name, o.placed_at, r.until, r.announced
		FROM due d JOIN booking_order o ON o.id = d.order_id
		CROSS JOIN LATERAL (SELECT max(v.until) AS until, max(v.costs_cents) AS announced FROM dunning_delivered v
			WHERE v.order_id = d.order_id AND v.due_on = d.due_on AND v.stage = 'reminder') r
		WHERE r.until < $1 AND r.announced > 0 AND NOT EXISTS (SELECT 1 FROM dunning_charge c WHERE c.order_id = d.order_id AND c.due_on = d.due_on)
		ORDER BY d.due_on, d.order_id`, today, order)
	if err != nil {
		return nil, nil, fmt.Errorf("dunning: late after a reminder: %w", err)
	}
	for _, r := range rows {
		late = append(late, LateCosts{Order: r.Order, Reference: r.Reference, Payer: r.Payer, DueOn: r.DueOn, Open: r.Open, Placed: civil.Of(r.PlacedAt), Until: r.Until, Announced: r.Announced})
		stops = append(stops, r.owing)
	}
	return late, stops, nil
}

func insertLateCosts(ctx context.Context, tx *sqlx.Tx, l LateCosts, b id.Booking, by id.Staff, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO dunning_charge (order_id, due_on, booking_id, open_cents, amount_cents, staff_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		l.Order, l.DueOn, b, l.Open, l.Costs, by, now)
	if err != nil {
		return fmt.Errorf("dunning: ask costs of order %d: %w", l.Order, err)
	}
	return nil
}
