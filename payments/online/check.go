package online

import (
	"context"
	"fmt"

	"joetz/payments/ledger"
	"joetz/terms/money"
)

// Check compares the books with what Stripe's movements say and returns every difference in words for an operator: account
// 5802 is the sum of all movements, and of the payments that Stripe has not put on the balance yet.
func (s *Service) Check(ctx context.Context) ([]string, error) {
	all, err := ledger.TrialBalance(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	var booked money.Cents
	for _, b := range all {
		if b.Account == ledger.StripeBalance {
			booked = b.Amount
		}
	}
	moved, err := movedCents(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	if booked != moved {
		return []string{fmt.Sprintf("account 5802 holds %v, Stripe's movements say %v", booked, moved)}, nil
	}
	return nil, nil
}
