package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// overpaid reads order_credit, which triggers keep: it does not grow with the payments that were ever made.
func overpaid(ctx context.Context, q sqlx.QueryerContext, limit int) (rows []Overpayment, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT c.order_id, o.reference, o.payer_name, c.credit_cents, count(*) OVER () AS total
		FROM order_credit c JOIN booking_order o ON o.id = c.order_id
		ORDER BY c.credit_cents DESC, c.order_id LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("payments: orders paid too much: %w", err)
	}
	return rows, nil
}
