package online

import (
	"context"
	"time"

	"joetz/terms/id"
	"joetz/terms/money"
)

// Dispute is a payment that its payer asks back through the bank.
type Dispute struct {
	ID       string      `db:"id"`
	Order    id.Order    `db:"order_id"` // 0 when it is none of ours
	Amount   money.Cents `db:"amount_cents"`
	Status   string      `db:"status"` // as Stripe has it
	Reason   string      `db:"reason"`
	AnswerBy *time.Time  `db:"answer_by"`
	At       time.Time   `db:"made_at"`
}

// Disputes lists disputes, newest first.
func (s *Service) Disputes(ctx context.Context, limit int) ([]Dispute, error) {
	return disputes(ctx, s.DB, limit)
}
