package pg_test

import (
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
