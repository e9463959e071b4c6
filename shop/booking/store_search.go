package booking

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// likeEscaper keeps % and _ in what somebody types from being wildcards.
var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func searchOrders(ctx context.Context, q sqlx.QueryerContext, text string, limit int) ([]Order, error) {
	var all []Order
	like := "%" + likeEscaper.Replace(strings.ToLower(strings.TrimSpace(text))) + "%"
	digits := strings.NewReplacer("+", "", "/", "", " ", "", "*", "").Replace(text)
	err := sqlx.SelectContext(ctx, q, &all, orderColumns+`o
		WHERE $1 = '%%' OR lower(o.reference || ' ' || o.payer_name || ' ' || o.payer_email) LIKE $1 OR o.structured_comm = $2
			OR EXISTS (SELECT 1 FROM booking_overview b WHERE b.order_id = o.id
				AND lower(b.first_name || ' ' || b.last_name || ' ' || b.code || ' ' || b.title) LIKE $1)
		ORDER BY o.placed_at DESC, o.id DESC LIMIT $3`, like, digits, limit)
	if err != nil {
		return nil, fmt.Errorf("booking: search: %w", err)
	}
	return all, nil
}

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
