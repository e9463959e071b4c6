package booking

import (
	"context"

	"joetz/migrations/pg"
	"joetz/shop/account"
)

// Confirm is a basket that a family confirms.
type Confirm struct {
	Token  string
	Family account.Guardian
	In     PlaceInput
}

// Outcome is what became of it.
type Outcome struct {
	Placed
	Err error
}

// PlaceTogether places baskets as a crowd does that waits at the same moment.
func (s *Service) PlaceTogether(ctx context.Context, all ...Confirm) []Outcome {
	batch := make([]*placing, len(all))
	for i, c := range all {
		batch[i] = &placing{changing: newChange(c.Token, c.Family.ID), family: c.Family, in: c.In}
	}
	pg.InSharedTx(ctx, s.DB, batch, s.placeTx)
	out := make([]Outcome, len(all))
	for i, p := range batch {
		out[i] = Outcome{p.placed, p.Err}
	}
	return out
}
