package pgtest_test

import (
	"testing"

	"joetz/migrations/pg/pgtest"
)

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	a, b := pgtest.New(t), pgtest.New(t)
	a.MustExec(`CREATE TABLE mine (n int)`)
	a.MustExec(`INSERT INTO mine VALUES (1)`)
	var there bool
	if err := b.Get(&there, `SELECT to_regclass('mine') IS NOT NULL`); err != nil || there {
		t.Errorf("a table of one database is in the other: %v %v", there, err)
	}
	if err := b.Get(&there, `SELECT to_regclass('job') IS NOT NULL`); err != nil || !there {
		t.Errorf("the migrations did not run: %v %v", there, err)
	}
}
