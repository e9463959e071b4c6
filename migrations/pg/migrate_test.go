package pg_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"

	"github.com/jmoiron/sqlx"
)

func files(pairs ...string) fstest.MapFS {
	fs := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fs[pairs[i]] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + pairs[i+1])}
	}
	return fs
}

var two = files("0001_a.sql", "CREATE TABLE a (n int);", "0002_b.sql", "CREATE TABLE b (n int); INSERT INTO b VALUES (1);")

func has(t *testing.T, db *sqlx.DB, table string) (there bool) {
	t.Helper()
	if err := db.Get(&there, `SELECT to_regclass($1) IS NOT NULL`, table); err != nil {
		t.Fatal(err)
	}
	return there
}

func TestMigrateByManyAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	var starters sync.WaitGroup
	for range 6 {
		starters.Go(func() {
			if err := pg.MigrateFiles(t.Context(), db, two); err != nil {
				t.Error(err)
			}
		})
	}
	starters.Wait()
	var rows int
	if err := db.Get(&rows, `SELECT count(*) FROM b`); err != nil || rows != 1 {
		t.Errorf("the second migration ran %d times: %v", rows, err)
	}
}

func TestMigrateTakesNoLockWhenThereIsNothingToDo(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	if err := pg.MigrateFiles(t.Context(), db, two); err != nil {
		t.Fatal(err)
	}
	// Somebody holds everything that a migration could want.
	tx := db.MustBegin()
	defer tx.Rollback()
	tx.MustExec(`SELECT pg_advisory_xact_lock(hashtextextended('alone:migrate', 0))`)
	tx.MustExec(`LOCK TABLE goose_db_version IN ACCESS EXCLUSIVE MODE`)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := pg.MigrateFiles(ctx, db, two); err != nil {
		t.Error(err)
	}
}

func TestMigrateRefusesAnEditedMigration(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	if err := pg.MigrateFiles(t.Context(), db, two); err != nil {
		t.Fatal(err)
	}
	edited := maps.Clone(two)
	maps.Copy(edited, files("0002_b.sql", "CREATE TABLE b (n bigint);", "0003_c.sql", "CREATE TABLE c (n int);"))
	if err := pg.MigrateFiles(t.Context(), db, edited); !errors.Is(err, pg.ErrEdited) {
		t.Errorf("got %v", err)
	}
	if has(t, db, "c") {
		t.Error("a later migration ran all the same")
	}
}

func TestFailingMigrationIsUndoneAndCanBeMended(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	broken := maps.Clone(two)
	maps.Copy(broken, files("0003_c.sql", "CREATE TABLE c (n int); INSERT INTO nowhere VALUES (1);"))
	if err := pg.MigrateFiles(t.Context(), db, broken); err == nil {
		t.Fatal("no error")
	}
	if !has(t, db, "b") || has(t, db, "c") {
		t.Errorf("b %v and c %v, want what came before and nothing of the failed one", has(t, db, "b"), has(t, db, "c"))
	}
	mended := maps.Clone(two)
	maps.Copy(mended, files("0003_c.sql", "CREATE TABLE c (n int);"))
	if err := pg.MigrateFiles(t.Context(), db, mended); err != nil || !has(t, db, "c") {
		t.Errorf("after mending: %v", err)
	}
	if err := pg.MigrateFiles(t.Context(), db, two); err != nil {
		t.Errorf("an older program on the newer database: %v", err)
	}
}

func TestAloneLetsOneProcessInAtATime(t *testing.T) {
	t.Parallel()
	db := pgtest.Empty(t)
	db.MustExec(`CREATE TABLE number (n int)`)
	var processes sync.WaitGroup
	for range 6 {
		processes.Go(func() {
			err := pg.Alone(t.Context(), db, "test", func() error {
				var n int // read and written apart: two at once would write the same
				if err := db.Get(&n, `SELECT count(*) FROM number`); err != nil {
					return err
				}
				return pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
					_, err := tx.Exec(`INSERT INTO number VALUES ($1)`, n)
					return err
				})
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	processes.Wait()
	var distinct int
	if err := db.Get(&distinct, `SELECT count(DISTINCT n) FROM number`); err != nil || distinct != 6 {
		t.Errorf("%d of 6 were alone: %v", distinct, err)
	}
}
