package booking

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// eventsAbout lists the events of whole orders and of single bookings of others.
func eventsAbout(ctx context.Context, q sqlx.QueryerContext, orders, bookings any, limit int) (all []Event, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT order_id, coalesce(booking_id, 0) AS booking_id, kind, detail, actor, at FROM booking_event
		WHERE order_id = ANY ($1) OR booking_id = ANY ($2) ORDER BY at DESC, id DESC LIMIT $3`, orders, bookings, limit)
	if err != nil {
		return nil, fmt.Errorf("booking: history of a family: %w", err)
	}
	return all, nil
}
