package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

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
