package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func paymentsOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) (rows []Incoming, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.method, p.amount_cents, p.received_on, p.payer_name, p.payer_iban,
			(SELECT coalesce(sum(w.amount_cents), 0) FROM payment_withdrawal w WHERE w.payment_id = p.id) AS withdrawn_cents
		FROM payment p WHERE p.order_id = $1 ORDER BY p.received_on, p.id`, order)
	if err != nil {
		return nil, fmt.Errorf("payments: payments of order %d: %w", order, err)
	}
	return rows, nil
}

func allocationsOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) (rows []Allocation, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT instalment_id, amount_cents, at FROM allocation WHERE order_id = $1 ORDER BY at, id`, order)
	if err != nil {
		return nil, fmt.Errorf("payments: allocations of order %d: %w", order, err)
	}
	return rows, nil
}
