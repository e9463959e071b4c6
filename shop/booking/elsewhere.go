package booking

import (
	"context"

	"joetz/terms/id"
)

// Elsewhere reports whether a guardian has a basket that holds places, in whichever browser: one from the waiting list has a
// page of its own and does not count.
func (s *Service) Elsewhere(ctx context.Context, guardian id.Guardian) (bool, error) {
	checkout, err := basketOf(ctx, s.DB, guardian, s.Now())
	return checkout != 0, err
}

// TakeOver gives the guardian a token for the newest of those baskets, to go on in another browser; the earlier token ends, so
// that a basket is never filled in from two sides. ErrNoCheckout when there is none.
func (s *Service) TakeOver(ctx context.Context, guardian id.Guardian) (token string, err error) {
	token = newToken()
	return token, takeOver(ctx, s.DB, guardian, hashToken(token), s.Now())
}
