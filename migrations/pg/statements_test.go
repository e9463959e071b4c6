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

// A migration may change a table under a process that runs on: what it has prepared must go on all the same, in a
// transaction and outside.
func TestPreparedStatementsOutliveAMigration(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	db.SetMaxOpenConns(1) // one connection, that has prepared what it repeats
	db.MustExec(`CREATE TABLE shape (a int); INSERT INTO shape VALUES (1)`)
	read := func(q sqlx.QueryerContext) map[string]any {
		t.Helper()
		rows, err := q.QueryxContext(t.Context(), `SELECT * FROM shape WHERE a = $1`, 1) //nolint:sqlclosecheck // closed by the defer below
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		got := map[string]any{}
		for rows.Next() {
			if err := rows.MapScan(got); err != nil {
				t.Fatal(err)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return got
	}
	for range 3 {
		read(db)
	}
	var prepared int
	if err := db.Get(&prepared, `SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM shape%'`); err != nil || prepared != 1 {
		t.Fatalf("%d prepared, %v; the test is about one", prepared, err)
	}
	db.MustExec(`ALTER TABLE shape ADD b int DEFAULT 2`)
	if got := read(db); got["b"] != int64(2) {
		t.Errorf("after a migration: %v", got)
	}
	for range 3 {
		read(db)
	}
	db.MustExec(`ALTER TABLE shape ADD c int DEFAULT 3`)
	runs := 0
	err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		runs++
		rows, err := tx.QueryxContext(t.Context(), `SELECT * FROM shape WHERE a = $1`, 1) //nolint:sqlclosecheck // closed in the last line
		if err != nil {
			return err
		}
		return rows.Close()
	})
	if err != nil || runs != 2 {
		t.Errorf("in a transaction: %d runs, %v", runs, err)
	}
}

// What runs in a transaction ends with its context, whether it was prepared before or not.
func TestStatementsEndWithTheirTransaction(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for name, before := range map[string]int{"first": 0, "prepared": 2} {
		ctx, cancel := context.WithCancel(t.Context())
		slept := false
		var asleep sync.WaitGroup
		asleep.Go(func() {
			defer cancel()
			for runs := false; !runs && ctx.Err() == nil; {
				if err := db.GetContext(ctx, &runs, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep')`); err != nil {
					return
				}
			}
		})
		err := pg.InTx(ctx, db, func(tx *sqlx.Tx) error {
			if _, err := tx.ExecContext(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
				return err
			}
			for range before {
				if _, err := tx.ExecContext(ctx, `SELECT pg_sleep($1)`, 0); err != nil {
					return err
				}
			}
			_, err := tx.ExecContext(ctx, `SELECT pg_sleep($1)`, 60)
			slept = err == nil
			return err
		})
		asleep.Wait()
		if !errors.Is(err, context.Canceled) || slept {
			t.Errorf("%s: ran to its end %v, %v", name, slept, err)
		}
	}
}

func BenchmarkStatementInTx(b *testing.B) {
	db := pgtest.New(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	err := pg.InTx(ctx, db, func(tx *sqlx.Tx) error {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := tx.ExecContext(ctx, `SELECT $1::int`, 1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
