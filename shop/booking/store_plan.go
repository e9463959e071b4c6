package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
)

type planEvent struct {
	Detail []byte    `db:"detail"`
	By     string    `db:"by_name"`
	At     time.Time `db:"at"`
}

func planEvents(ctx context.Context, q sqlx.QueryerContext, order id.Order) (rows []planEvent, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT e.detail, coalesce(s.name, '') AS by_name, e.at FROM booking_event e LEFT JOIN staff s ON e.actor = 'staff:' || s.id
		WHERE e.order_id = $1 AND e.kind = 'replanned' ORDER BY e.id DESC`, order)
	if err != nil {
		return nil, fmt.Errorf("booking: plans of order %d: %w", order, err)
	}
	return rows, nil
}

func insertPause(ctx context.Context, tx *sqlx.Tx, p Pause, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO dunning_pause (order_id, until, reason, staff_id, at) VALUES ($1, $2, $3, $4, $5)`, p.Order, p.Until, p.Reason, p.By, now)
	if err != nil {
		return fmt.Errorf("booking: pause reminders of order %d: %w", p.Order, err)
	}
	return nil
}

// planSeen tells an order's plan from what it was before, or becomes: its parts, how often it was agreed anew, and the pause that runs.
func planSeen(ctx context.Context, q sqlx.QueryerContext, o Order) (string, error) {
	var row struct {
		Plans int64 `db:"plans"`
		Pause int64 `db:"pause"`
	}
	err := sqlx.GetContext(ctx, q, &row, `
		SELECT (SELECT count(*) FROM booking_event WHERE order_id = $1 AND kind = 'replanned') AS plans,
			coalesce((SELECT max(id) FROM dunning_pause WHERE order_id = $1), 0) AS pause`, o.ID)
	if err != nil {
		return "", fmt.Errorf("booking: plan of order %d: %w", o.ID, err)
	}
	parts, _ := o.OpenParts()
	return fmt.Sprint(row.Plans, row.Pause, parts), nil
}

// pauses lists pauses that run on a day, of one order or, with order 0, of all: the newest of each order counts. Those that end first come first.
func pauses(ctx context.Context, q sqlx.QueryerContext, order id.Order, today civil.Date) (rows []RunningPause, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.id, p.order_id, o.reference, o.payer_name, p.until, p.reason, p.staff_id, s.name AS by_name, p.at
		FROM dunning_pause p JOIN booking_order o ON o.id = p.order_id JOIN staff s ON s.id = p.staff_id
		WHERE p.until > $2 AND ($1 = 0 OR p.order_id = $1) AND NOT EXISTS (SELECT 1 FROM dunning_pause n WHERE n.order_id = p.order_id AND n.id > p.id)
		ORDER BY p.until, p.id`, order, today)
	if err != nil {
		return nil, fmt.Errorf("booking: pauses of reminders: %w", err)
	}
	return rows, nil
}
