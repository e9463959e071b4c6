package payments

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// WaitingRefund is money that a person still has to send back.
type WaitingRefund struct {
	ID        id.Refund   `db:"id"`
	Order     id.Order    `db:"order_id"`
	Reference string      `db:"reference"`
	Payer     string      `db:"payer_name"`
	Amount    money.Cents `db:"amount_cents"`
	At        time.Time   `db:"requested_at"`
	DueOn     civil.Date  `db:"due_on"`
	Failed    bool        `db:"failed"` // it was sent and came back
	Total     int         `db:"total"`  // how many there are, in each row
}

// WaitingRefunds lists what no program sends by itself: refunds by transfer that were not sent yet, and refunds of any way
// that failed and were not promised anew; the first due first, at most limit.
func (s *Service) WaitingRefunds(ctx context.Context, q sqlx.QueryerContext, limit int) ([]WaitingRefund, error) {
	var rows []WaitingRefund
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT r.id, r.order_id, o.reference, o.payer_name, r.amount_cents, r.requested_at, r.due_on, r.failed, r.total
		FROM (SELECT r.id, r.order_id, r.amount_cents, r.requested_at, r.due_on, coalesce(last.state, '') = 'failed' AS failed, count(*) OVER () AS total
			FROM refund r LEFT JOIN LATERAL (SELECT s.state FROM refund_step s WHERE s.refund_id = r.id ORDER BY s.id DESC LIMIT 1) last ON true
			WHERE last.state = 'failed' AND coalesce((SELECT sum(n.amount_cents) FROM refund n WHERE n.payment_id = r.payment_id AND n.id > r.id AND n.requested_at >= r.requested_at
					AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = n.id AND s.state = 'failed')), 0) < r.amount_cents
				OR r.method = 'transfer' AND last.state IS NULL
			ORDER BY r.due_on, r.id LIMIT $1) r
		JOIN booking_order o ON o.id = r.order_id ORDER BY r.due_on, r.id`, limit)
	if err != nil {
		return nil, fmt.Errorf("payments: waiting refunds: %w", err)
	}
	return rows, nil
}
