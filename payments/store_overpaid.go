package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// overpaid is creditsOf for all orders at once.
func overpaid(ctx context.Context, q sqlx.QueryerContext, limit int) (rows []Overpayment, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT c.order_id, o.reference, o.payer_name, c.credit_cents, count(*) OVER () AS total
		FROM (SELECT m.order_id, sum(m.amount_cents)::bigint AS credit_cents FROM (
				SELECT order_id, amount_cents FROM payment
				UNION ALL SELECT order_id, -amount_cents FROM payment_withdrawal
				UNION ALL SELECT r.order_id, -r.amount_cents FROM refund r
					WHERE NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')
				UNION ALL SELECT order_id, -amount_cents FROM allocation) m
			GROUP BY m.order_id HAVING sum(m.amount_cents) > 0) c
		JOIN booking_order o ON o.id = c.order_id
		ORDER BY c.credit_cents DESC, c.order_id LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("payments: orders paid too much: %w", err)
	}
	return rows, nil
}
