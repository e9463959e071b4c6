package booking

import (
	"bytes"
	"context"
	"sync"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// crowds are where many families wait for the same thing on the morning of a sale.
type crowds struct {
	once     sync.Once
	placing  pg.Crowd[*placing]
	baskets  pg.Lookup[string, Checkout]
	claims   pg.Lookup[claim, bool]
	priced   pg.Crowd[*pricing]
	overlaps pg.Lookup[id.Checkout, []Overlap]
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

// pricing is a basket that wants to know what it is priced with.
type pricing struct {
	basket Checkout
	facts  facts
	err    error
}

// factsOf is facts of one basket, read along with those of others who ask now.
func (s *Service) factsOf(ctx context.Context, c Checkout) (facts, error) {
	p := &pricing{basket: c}
	err := s.crowds.priced.Do(ctx, p, func(ctx context.Context, together []*pricing) {
		baskets := make([]Checkout, len(together))
		for i, p := range together {
			baskets[i] = p.basket
		}
		f, err := s.facts(ctx, s.DB, baskets...)
		for _, p := range together {
			p.facts, p.err = f, err
		}
	})
	if err == nil {
		err = p.err
	}
	return p.facts, err
}
