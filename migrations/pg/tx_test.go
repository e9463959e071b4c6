package pg_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

func numbers(t *testing.T) *sqlx.DB {
	t.Helper()
	db := pgtest.Empty(t)
	db.MustExec(`CREATE TABLE number (n int CONSTRAINT number_only_once PRIMARY KEY, hits int NOT NULL DEFAULT 0)`)
	return db
}

func count(t *testing.T, db *sqlx.DB) (n int) {
	t.Helper()
	if err := db.Get(&n, `SELECT count(*) FROM number`); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestInTxKeepsAllOrNothing(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	insert := func(tx *sqlx.Tx, n int) {
		if _, err := tx.Exec(`INSERT INTO number VALUES ($1)`, n); err != nil {
			t.Fatal(err)
		}
	}
	if err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error { insert(tx, 1); return nil }); err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("wrong")
	if err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error { insert(tx, 2); return wrong }); !errors.Is(err, wrong) {
		t.Errorf("got %v, want the function's error", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error { insert(tx, 3); panic("bug") })
	}()
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows, want the committed one", n)
	}
	if open := db.Stats().InUse; open != 0 {
		t.Errorf("%d connections were not given back", open)
	}
}

func TestInTxRunsAgainAfterADeadlock(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	db.MustExec(`INSERT INTO number VALUES (1), (2)`)
	var both, all sync.WaitGroup
	both.Add(2)
	runs := make([]int, 2)
	for who, order := range [][2]int{{1, 2}, {2, 1}} {
		all.Go(func() {
			err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
				runs[who]++
				if _, err := tx.Exec(`UPDATE number SET hits = hits + 1 WHERE n = $1`, order[0]); err != nil {
					return err
				}
				if runs[who] == 1 { // each holds the row that the other wants next
					both.Done()
					both.Wait()
				}
				_, err := tx.Exec(`UPDATE number SET hits = hits + 1 WHERE n = $1`, order[1])
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	// The one that lost comes back within milliseconds, and may be in the way of the other again.
	if runs[0]+runs[1] < 3 {
		t.Errorf("the functions ran %v times, want one of them more than once", runs)
	}
	var hits int
	if err := db.Get(&hits, `SELECT sum(hits) FROM number`); err != nil || hits != 4 {
		t.Errorf("hits %d, want 4: %v", hits, err)
	}
}

func TestInTxGivesUpOnEndlessConflicts(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	var runs int
	err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		runs++
		_, err := tx.Exec(`DO $$ BEGIN RAISE EXCEPTION 'never' USING ERRCODE = '40001'; END $$`)
		return err
	})
	if e := pq.As(err); e == nil || e.Code != "40001" || runs != 8 {
		t.Errorf("%d runs, %v", runs, err)
	}
}

func TestInTxRefusesToNest(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	defer func() {
		if recover() == nil {
			t.Error("a nested transaction was let through")
		}
	}()
	_ = pg.InTx(t.Context(), db, func(*sqlx.Tx) error {
		return pg.InTx(t.Context(), db, func(*sqlx.Tx) error { return nil })
	})
}

func TestDeadlineIsRecognisable(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := pg.InTx(ctx, db, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `SELECT pg_sleep(10)`)
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestConstraint(t *testing.T) {
	t.Parallel()
	db := numbers(t)
	db.MustExec(`INSERT INTO number VALUES (1)`)
	_, err := db.Exec(`INSERT INTO number VALUES (1)`)
	if got := pg.Constraint(err); got != "number_only_once" {
		t.Errorf("got %q", got)
	}
	if got := pg.Constraint(errors.Join(errors.New("other"))); got != "" {
		t.Errorf("got %q for an error of ours", got)
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	for _, test := range []struct{ dsn, setting, want string }{
		{dsn, "TimeZone", "Europe/Brussels"},
		{dsn, "statement_timeout", "30s"},
		{dsn, "application_name", "shop"},
		{dsn + " statement_timeout=5s", "statement_timeout", "5s"},
		{dsn + " pgbouncer=true", "statement_timeout", "0"},
	} {
		db, err := pg.Open(t.Context(), test.dsn)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := db.Get(&got, `SELECT current_setting($1)`, test.setting); err != nil || got != test.want {
			t.Errorf("%s: %s is %q, want %q: %v", test.dsn, test.setting, got, test.want, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := pg.Open(t.Context(), "host=/nowhere user=shop"); err == nil {
		t.Error("a server that is not there was opened")
	}
}
