package pg_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
)

// entry is a row that somebody wants to write.
type entry struct {
	pg.Turn
	n      int
	before bool // refused before anything is written
	after  bool // refused after
}

var (
	errBefore = errors.New("refused before")
	errAfter  = errors.New("refused after")
)

func write(ctx context.Context, tx *sqlx.Tx, all []*entry) (refused error) {
	for _, e := range all {
		if e.before {
			e.Err = errBefore
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO shared VALUES ($1)`, e.n); err != nil {
			return err
		}
		if e.after {
			e.Err, refused = errAfter, errAfter
		}
	}
	return refused
}

func sharedTable(t *testing.T) *sqlx.DB {
	t.Helper()
	db := pgtest.New(t)
	db.MustExec(`CREATE TABLE shared (n int PRIMARY KEY CHECK (n > 0))`)
	return db
}

// written lists how many rows each transaction wrote.
func written(t *testing.T, db *sqlx.DB) (all []int) {
	t.Helper()
	if err := db.Select(&all, `SELECT count(*) FROM shared GROUP BY xmin::text ORDER BY 1`); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSharedStep(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		all  []*entry
		errs []error // of each; nil where its row is written
		rows []int   // of each transaction
	}{
		"all":                  {[]*entry{{n: 1}, {n: 2}, {n: 3}}, []error{nil, nil, nil}, []int{3}},
		"one refused before":   {[]*entry{{n: 1}, {before: true}, {n: 3}}, []error{nil, errBefore, nil}, []int{2}},
		"one refused after":    {[]*entry{{n: 1}, {n: 2, after: true}, {n: 3}}, []error{nil, errAfter, nil}, []int{2}},
		"all refused":          {[]*entry{{n: 1, after: true}, {n: 2, after: true}}, []error{errAfter, errAfter}, nil},
		"one by the database":  {[]*entry{{n: 1}, {n: -2}, {n: 3}}, []error{nil, errAny, nil}, []int{1, 1}},
		"alone":                {[]*entry{{n: -1}}, []error{errAny}, nil},
		"the same row by many": {[]*entry{{n: 1}, {n: 1}, {n: 1}}, []error{nil, errAny, errAny}, []int{1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := sharedTable(t)
			pg.InSharedTx(t.Context(), db, c.all, write)
			for i, want := range c.errs {
				if got := c.all[i].Err; !errors.Is(got, want) && (want != errAny || got == nil) {
					t.Errorf("%d: %v, want %v", i, got, want)
				}
			}
			if got := written(t, db); len(got) != len(c.rows) || len(got) > 0 && got[len(got)-1] != c.rows[len(c.rows)-1] {
				t.Errorf("transactions of %v rows, want %v", got, c.rows)
			}
		})
	}
}

var errAny = errors.New("any")

// Many who come at once, some of them refused: each hears what became of its own row.
func TestCrowdSharesTransactions(t *testing.T) {
	t.Parallel()
	db := sharedTable(t)
	var shared pg.Shared[*entry]
	var all sync.WaitGroup
	for n := 1; n <= 60; n++ {
		all.Go(func() {
			e := &entry{n: n, before: n%10 == 0, after: n%10 == 5}
			err := shared.InTx(t.Context(), db, e, write)
			if want := map[int]error{0: errBefore, 5: errAfter}[n%10]; !errors.Is(err, want) {
				t.Errorf("%d: %v, want %v", n, err, want)
			}
		})
	}
	all.Wait()
	rows := 0
	for _, n := range written(t, db) {
		rows += n
	}
	if rows != 48 {
		t.Errorf("%d rows, want those of the 48 who were not refused", rows)
	}
}
