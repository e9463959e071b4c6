package booking

import (
	"context"
	"sync"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// crowds are where many families wait for the same thing on the morning of a sale.
type crowds struct {
	once      sync.Once
	starting  pg.Crowd[*starting]
	choosing  pg.Shared[*choosing]
	answering pg.Shared[*answering]
	placing   pg.Shared[*placing]
	baskets   pg.Lookup[string, Checkout]
	claims    pg.Lookup[claim, bool]
	priced    pg.Crowd[*pricing]
	overlaps  pg.Lookup[id.Checkout, []Overlap]
}

func (s *Service) crowd() *crowds {
	s.crowds.once.Do(func() {
		s.crowds.choosing.Apart = apart[*choosing]
		s.crowds.answering.Apart = apart[*answering]
		s.crowds.placing.Apart = apart[*placing]
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
