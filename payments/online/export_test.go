package online

import (
	"context"

	"joetz/payments/stripegw"
)

// Settle applies what a page said at some time, for tests of news that is overtaken.
func (s *Service) Settle(ctx context.Context, p stripegw.Session) (Status, error) {
	return s.settle(ctx, p)
}

// SettleSent applies what a refund said at some time.
func (s *Service) SettleSent(ctx context.Context, r stripegw.Refund) error {
	return s.settleSent(ctx, r)
}
