package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/terms/id"
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

// Wanted is a basket that somebody wants to open.
type Wanted struct {
	Departure id.Departure
	Children  int
}

// StartTogether opens baskets as a crowd does, and gives the tokens of those that are open; "" for the others.
func (s *Service) StartTogether(ctx context.Context, all ...Wanted) ([]string, error) {
	batch, tokens := make([]*starting, len(all)), make([]string, len(all))
	for i, w := range all {
		tokens[i] = newToken()
		batch[i] = &starting{token: hashToken(tokens[i]), departure: w.Departure, children: w.Children}
	}
	err := openCheckouts(ctx, s.DB, batch, s.Now(), s.Now().Add(HoldFor))
	for i, o := range batch {
		if !o.held {
			tokens[i] = ""
		}
	}
	return tokens, err
}

// Chosen is a child that a family chooses for the first place of its basket.
type Chosen struct {
	Token  string
	Family id.Guardian
	Child  id.Participant
	Fresh  *account.ChildInput
}

// ChooseTogether chooses children as a crowd does.
func (s *Service) ChooseTogether(ctx context.Context, all ...Chosen) []error {
	return together(ctx, s, s.chooseTx, all, func(c Chosen) *choosing {
		return &choosing{changing: newChange(c.Token, c.Family), position: 1, participant: c.Child, fresh: c.Fresh}
	})
}

// Answered is what a family answers about the first child of its basket.
type Answered struct {
	Token  string
	Family id.Guardian
	In     Choices
}

// AnswerTogether answers about children as a crowd does.
func (s *Service) AnswerTogether(ctx context.Context, all ...Answered) []error {
	return together(ctx, s, s.answerTx, all, func(a Answered) *answering {
		return &answering{changing: newChange(a.Token, a.Family), position: 1, in: a.In}
	})
}

func together[W any, T interface {
	changer
	pg.Sharer
}](ctx context.Context, s *Service, step func(context.Context, *sqlx.Tx, []T) error, all []W, of func(W) T) []error {
	batch, errs := make([]T, len(all)), make([]error, len(all))
	for i, w := range all {
		batch[i] = of(w)
	}
	pg.InSharedTx(ctx, s.DB, batch, step)
	for i, one := range batch {
		errs[i] = one.change().Err
	}
	return errs
}
