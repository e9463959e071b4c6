package medical

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// MoveTx lets a child's fiche follow to another departure, when the child is rebooked. What was answered stays; the
// signature does not, since the other holiday may ask other questions: the parent looks it through and signs again. A
// fiche that the child has there already stays, and the old one is shredded. Call it last in the transaction: it waits for
// the access log.
func (s *Service) MoveTx(ctx context.Context, tx *sqlx.Tx, r Reader, p id.Participant, from, to id.Departure) error {
	row, ok, err := ficheOf(ctx, tx, p, from)
	if err != nil || !ok {
		return err
	}
	there, taken, err := ficheOf(ctx, tx, p, to)
	if err != nil {
		return err
	}
	fiche := row.ID
	if taken {
		fiche = there.ID
		err = s.DropTx(ctx, tx, p, from)
	} else {
		err = moveFiche(ctx, tx, row.ID, to, s.now())
	}
	if err != nil {
		return err
	}
	l := s.lineOf(r, actionMove, allowed, nil)
	l.Participant, l.Departure, l.Fiche = p, to, fiche
	return s.recordTx(ctx, tx, l)
}

// CareDiscussed reports whether care was asked for a child on a departure, decided or not: what the office may know anyway.
func (s *Service) CareDiscussed(ctx context.Context, q sqlx.QueryerContext, p id.Participant, d id.Departure) (bool, error) {
	return careDiscussed(ctx, q, p, d)
}
