package booking

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func eventsOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Event, error) {
	var all []Event
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT order_id, coalesce(booking_id, 0) AS booking_id, kind, detail, actor, at
		FROM booking_event WHERE order_id = $1 ORDER BY at DESC, id DESC`, order)
	if err != nil {
		return nil, fmt.Errorf("booking: history of order %d: %w", order, err)
	}
	return all, nil
}

func ordersInReview(ctx context.Context, q sqlx.QueryerContext) ([]Order, error) {
	var all []Order
	err := sqlx.SelectContext(ctx, q, &all, orderColumns+`o
		WHERE EXISTS (SELECT 1 FROM booking b WHERE b.order_id = o.id AND b.status = 'in_review') ORDER BY o.placed_at, o.id`)
	if err != nil {
		return nil, fmt.Errorf("booking: reviews: %w", err)
	}
	return all, nil
}
