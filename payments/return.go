package payments

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/money"
)

// ReturnCreditTx sends back what an order was paid too much; c says for which booking, why and by whom. It returns how much.
// The caller holds the order's lock, and knows that nothing of the order will be asked any more.
func (s *Service) ReturnCreditTx(ctx context.Context, tx *sqlx.Tx, c Closing) (money.Cents, error) {
	credit, err := s.CreditOf(ctx, tx, c.Order)
	if err != nil || credit <= 0 {
		return 0, err
	}
	_, err = s.refundTx(ctx, tx, c, credit)
	return credit, err
}
