package online

import (
	"context"

	"joetz/payments/stripegw"
	"joetz/terms/id"
)

// Settle applies what a page said at some time, for tests of news that is overtaken.
func (s *Service) Settle(ctx context.Context, p stripegw.Session) (Status, error) {
	return s.settle(ctx, p)
}

// SettleSent applies what a refund said at some time.
func (s *Service) SettleSent(ctx context.Context, r stripegw.Refund) error {
	return s.settleSent(ctx, r)
}

// AttemptsOf lists an order's attempts as they are known, newest first, without asking Stripe.
func (s *Service) AttemptsOf(ctx context.Context, order id.Order) ([]State, error) {
	rows, err := attemptsOfOrder(ctx, s.DB, order)
	states := make([]State, len(rows))
	for i, a := range rows {
		states[i] = s.state(a)
	}
	return states, err
}
