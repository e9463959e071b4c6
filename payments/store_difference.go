package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

func differenceLimit(ctx context.Context, q sqlx.QueryerContext) (limit money.Cents, err error) {
	if err = sqlx.GetContext(ctx, q, &limit, `SELECT small_difference_most()`); err != nil {
		return 0, fmt.Errorf("payments: limit of small differences: %w", err)
	}
	return limit, nil
}

func insertDifferenceLimit(ctx context.Context, tx *sqlx.Tx, limit money.Cents, by id.Staff, now time.Time) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO small_difference_limit (limit_cents, staff_id, at) VALUES ($1, $2, $3)`, limit, by, now); err != nil {
		return fmt.Errorf("payments: change the limit of small differences: %w", err)
	}
	return nil
}

// ordersOpenBelow lists orders with a document of which no more than limit is open, the oldest document first. MostDifference stands in
// the query as a number because the index invoice_open_small has that condition.
func ordersOpenBelow(ctx context.Context, q sqlx.QueryerContext, limit money.Cents, most int) (rows []Short, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT o.id, o.reference, o.payer_name FROM booking_order o JOIN (
			SELECT i.order_id, min(x.invoice_id) AS first FROM invoice_open x JOIN invoice i ON i.id = x.invoice_id
			WHERE x.open_cents <= 500 AND x.open_cents <= $1 GROUP BY i.order_id ORDER BY min(x.invoice_id) LIMIT $2) s ON s.order_id = o.id
		ORDER BY s.first`, limit, most)
	if err != nil {
		return nil, fmt.Errorf("payments: orders that lack little: %w", err)
	}
	return rows, nil
}

func insertDifference(ctx context.Context, tx *sqlx.Tx, d Difference, undoes int64, reason string, by id.Staff, now time.Time) (key int64, err error) {
	err = tx.GetContext(ctx, &key, `
		INSERT INTO small_difference (order_id, instalment_id, amount_cents, undoes_id, reason, staff_id, at)
		VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, nullif($6::bigint, 0), $7) RETURNING id`, d.Order, d.Instalment, d.Amount, undoes, reason, int64(by), now)
	if err != nil {
		return 0, fmt.Errorf("payments: difference of order %d: %w", d.Order, err)
	}
	return key, nil
}

// differencesOf lists what is booked away of an order and was not taken back.
func differencesOf(ctx context.Context, tx *sqlx.Tx, order id.Order) (rows []Difference, err error) {
	err = tx.SelectContext(ctx, &rows, `
		SELECT d.id, d.order_id, d.instalment_id, d.amount_cents, d.at FROM small_difference d
		WHERE d.order_id = $1 AND d.undoes_id IS NULL AND NOT EXISTS (SELECT 1 FROM small_difference u WHERE u.undoes_id = d.id) ORDER BY d.id`, order)
	if err != nil {
		return nil, fmt.Errorf("payments: differences of order %d: %w", order, err)
	}
	return rows, nil
}

const differenceColumns = `
	SELECT d.id, d.order_id, d.instalment_id, d.amount_cents, d.at, o.reference, o.payer_name, s.name AS by_name,
		EXISTS (SELECT 1 FROM small_difference u WHERE u.undoes_id = d.id) AS undone
	FROM small_difference d JOIN booking_order o ON o.id = d.order_id JOIN staff s ON s.id = d.staff_id WHERE d.undoes_id IS NULL`

func differences(ctx context.Context, q sqlx.QueryerContext, most int) (rows []Difference, err error) {
	if err = sqlx.SelectContext(ctx, q, &rows, differenceColumns+` ORDER BY d.id DESC LIMIT $1`, most); err != nil {
		return nil, fmt.Errorf("payments: differences: %w", err)
	}
	return rows, nil
}

func differenceByID(ctx context.Context, tx *sqlx.Tx, difference int64) (d Difference, err error) {
	err = tx.GetContext(ctx, &d, differenceColumns+` AND d.id = $1`, difference)
	if errors.Is(err, sql.ErrNoRows) {
		return d, fault.New(fault.NotFound, "payments.no_difference")
	}
	if err != nil {
		return d, fmt.Errorf("payments: difference %d: %w", difference, err)
	}
	return d, nil
}
