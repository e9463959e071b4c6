package booking

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// endedOrders tells which of these orders have no booking that stands.
func endedOrders(ctx context.Context, q sqlx.QueryerContext, orders []id.Order) (map[id.Order]bool, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	var rows []id.Order
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT o.id FROM booking_order o WHERE o.id = ANY ($1)
			AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.order_id = o.id AND b.status <> 'cancelled')`, pq.Array(orders))
	if err != nil {
		return nil, fmt.Errorf("booking: orders that ended: %w", err)
	}
	ended := make(map[id.Order]bool, len(rows))
	for _, o := range rows {
		ended[o] = true
	}
	return ended, nil
}
