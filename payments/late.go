package payments

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
	"joetz/terms/money"
)

// Return gives back money that an order no longer needs.
type Return struct {
	Order  id.Order
	Most   money.Cents // no more than this of its credit
	Reason string
	Actor  string // guardian:ID, staff:ID or system
}

// ReturnTx promises an order's credit back, the newest payment first, and reports how much goes. The caller holds the
// order's lock.
func (s *Service) ReturnTx(ctx context.Context, tx *sqlx.Tx, r Return) (money.Cents, error) {
	left, err := credit(ctx, tx, r.Order)
	if err != nil {
		return 0, err
	}
	amount := min(left, r.Most)
	if amount <= 0 {
		return 0, nil
	}
	_, err = s.refundTx(ctx, tx, Closing{Order: r.Order, Reason: r.Reason, Actor: r.Actor}, amount)
	return amount, err
}
