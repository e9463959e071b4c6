package pg

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

const attempts = 8

// InTx runs f in a transaction (READ COMMITTED) and commits when f returns nil; an error or a panic rolls back. When the
// database ended the transaction because of others (40001 serialisation, 40P01 deadlock, a table that a migration changed), f runs again, so f must have
// no effect outside tx and must set, not append to, what it shares with its caller.
//
// InTx inside InTx panics: the inner one would wait for a second connection while it holds the first, and commit apart.
// Methods that join a transaction take tx and have the suffix Tx.
//
//go:noinline
func InTx(ctx context.Context, db *sqlx.DB, f func(tx *sqlx.Tx) error) error {
	refuseNesting()
	return Again(ctx, func() error { return once(ctx, db, f) })
}

// Again runs f, a transaction or a statement that is one by itself, until it did not lose a race, as InTx does.
func Again(ctx context.Context, f func() error) error {
	for n := 1; ; n++ {
		err := f()
		if err == nil || n == attempts || pq.As(err, pqerror.TRSerializationFailure, pqerror.TRDeadlockDetected) == nil && !outdatedPlan(err) {
			return overdue(ctx, err)
		}
		pause := time.Duration(rand.Int64N(int64(2*time.Millisecond) << n)) // jitter parts those who collided
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return overdue(ctx, err)
		}
	}
}

func once(ctx context.Context, db *sqlx.DB, f func(tx *sqlx.Tx) error) (err error) {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	committed := false
	defer func() { // also when f panics or calls runtime.Goexit
		if !committed {
			_ = tx.Rollback() // the connection is dropped when even that fails
		}
	}()
	if err := f(tx); err != nil {
		return err
	}
	committed = true // whatever Commit answers, the transaction is over
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// overdue makes a deadline recognisable: PostgreSQL reports it as a cancelled statement.
func overdue(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

// refuseNesting looks for another InTx among its callers. Therefore InTx is never inlined: a compiler that did so, led by a profile,
// gave it the frame of its caller, and who called that twice (InSharedTx for those who came together, then for each) was refused.
func refuseNesting() {
	var pcs [64]uintptr
	callers := pcs[:runtime.Callers(2, pcs[:])] // the first is InTx itself
	self := runtime.FuncForPC(callers[0]).Entry()
	for _, pc := range callers[1:] {
		if f := runtime.FuncForPC(pc); f != nil && f.Entry() == self {
			panic("pg.InTx inside pg.InTx: hand the transaction down instead")
		}
	}
}

// Constraint names the constraint that refused a statement ("booking_one_per_child"), or is "" for any other error.
func Constraint(err error) string {
	if e := pq.As(err); e != nil {
		return e.Constraint
	}
	return ""
}
