package booking

import (
	"bytes"
	"context"
	"sync"

	"joetz/migrations/pg"
)

// crowds are where many families wait for the same thing on the morning of a sale.
type crowds struct {
	once    sync.Once
	placing pg.Crowd[*placing]
	baskets pg.Lookup[string, Checkout]
	claims  pg.Lookup[claim, bool]
}

func (s *Service) crowd() *crowds {
	s.crowds.once.Do(func() {
		// A basket that is sent twice has two turns: the second one finds the order of the first.
		s.crowds.placing.Apart = func(a, b *placing) bool { return bytes.Equal(a.token, b.token) }
	})
	return &s.crowds
}

// basket reads the basket of a token: every step of a booking begins with it.
func (s *Service) basket(ctx context.Context, tokenHash []byte) (Checkout, error) {
	c, found, err := s.crowds.baskets.Get(ctx, string(tokenHash), func(ctx context.Context, tokens []string) (map[string]Checkout, error) {
		return checkoutsByToken(ctx, s.DB, tokens)
	})
	if err == nil && !found {
		err = ErrNoCheckout
	}
	return c, err
}
