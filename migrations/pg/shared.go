package pg

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// Shared lets callers that wait at the same moment take a step in one transaction, with the statements of one: a commit, a lock
// and an insert cost little more for ten than for one.
//
// T is a pointer to what a caller wants; it embeds a Turn, on which its outcome is noted.
type Shared[T Sharer] struct{ Crowd[T] }

// Turn is how a shared step ended for one of those who took it.
type Turn struct{ Err error }

func (t *Turn) turn() *Turn { return t }

// Sharer is what embeds a Turn.
type Sharer interface{ turn() *Turn }

// InTx is InSharedTx for one caller and those who wait with it. Its error is that of the caller's Turn, or of Do.
func (s *Shared[T]) InTx(ctx context.Context, db *sqlx.DB, one T, step func(ctx context.Context, tx *sqlx.Tx, all []T) error) error {
	err := s.Do(ctx, one, func(ctx context.Context, together []T) { InSharedTx(ctx, db, together, step) })
	if err != nil {
		return err
	}
	return one.turn().Err
}

// InSharedTx gives each of all its outcome in one transaction. Whom step refuses before it wrote anything for them, it gives an
// Err, and goes on with the others. Where it wrote already, it fails: the transaction is rolled back, those with an Err get one
// of their own, and the others share another. When it fails without saying for whom (the database refused a row), each gets one
// of its own: so nobody is refused for what another wanted.
//
// As with InTx, step may run more than once; the Turns are as new each time.
func InSharedTx[T Sharer](ctx context.Context, db *sqlx.DB, all []T, step func(ctx context.Context, tx *sqlx.Tx, all []T) error) {
	err := InTx(ctx, db, func(tx *sqlx.Tx) error {
		for _, one := range all {
			one.turn().Err = nil
		}
		return step(ctx, tx, all)
	})
	if err == nil {
		return
	}
	if len(all) == 1 {
		all[0].turn().Err = err
		return
	}
	var alone, together []T
	for _, one := range all {
		if one.turn().Err != nil {
			alone = append(alone, one)
		} else {
			together = append(together, one)
		}
	}
	if len(alone) == 0 {
		alone, together = all, nil
	}
	if len(together) > 0 {
		InSharedTx(ctx, db, together, step)
	}
	for _, one := range alone {
		InSharedTx(ctx, db, []T{one}, step)
	}
}
