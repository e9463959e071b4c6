package booking

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// lateOrder is an order that owes what fell due long ago.
type lateOrder struct {
	Order     id.Order    `db:"order_id"`
	Reference string      `db:"reference"`
	Payer     string      `db:"payer_name"`
	Open      money.Cents `db:"open_cents"`
	Since     civil.Date  `db:"due_on"` // the earliest day that was missed
	Total     int         `db:"total"`
}

// lateOrders lists the orders that owe what was due and of which the term of the free reminder is over, the longest late
// first: those with a child who still goes, or those without.
func lateOrders(ctx context.Context, q sqlx.QueryerContext, today civil.Date, going bool, limit int) ([]lateOrder, error) {
	var rows []lateOrder
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT o.id AS order_id, o.reference, o.payer_name, l.open_cents, l.due_on, l.total
		FROM (SELECT w.order_id, sum(w.open_cents) AS open_cents, min(w.due_on) AS due_on, count(*) OVER () AS total
			FROM booking_late w
			WHERE EXISTS (SELECT 1 FROM dunning_delivered v WHERE v.order_id = w.order_id AND v.due_on = w.due_on AND v.stage = 'reminder' AND v.until < $1) AND $2 = EXISTS (SELECT 1 FROM booking b WHERE b.order_id = w.order_id AND b.status <> 'cancelled')
				AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.order_id = w.order_id AND b.status = 'in_review' AND b.paused_on IS NOT NULL)
			GROUP BY w.order_id HAVING sum(w.open_cents) > small_difference_most() ORDER BY min(w.due_on), w.order_id LIMIT $3) l
		JOIN booking_order o ON o.id = l.order_id ORDER BY l.due_on, o.id`, today, going, limit)
	if err != nil {
		return nil, fmt.Errorf("booking: late orders: %w", err)
	}
	return rows, nil
}

// remindedUntil is the last day of the term that the newest reminder about that day gave the family; zero: none reached it.
func remindedUntil(ctx context.Context, q sqlx.QueryerContext, order id.Order, due civil.Date) (until civil.Date, err error) {
	err = sqlx.GetContext(ctx, q, &until, `SELECT max(until) FROM dunning_delivered WHERE order_id = $1 AND due_on = $2 AND stage = 'reminder'`, order, due)
	if err != nil {
		return until, fmt.Errorf("booking: reminder of order %d: %w", order, err)
	}
	return until, nil
}
