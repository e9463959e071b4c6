package pg

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"joetz/migrations"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"github.com/pressly/goose/v3"
)

// ErrEdited is returned by Migrate when a migration that this database has run is no longer the one in the program.
var ErrEdited = errors.New("an applied migration was edited; write a new one instead")

// ErrNewer is returned by Known for a migration that this program does not have.
var ErrNewer = errors.New("it was made by a newer program than this one")

type migration struct {
	Version int64  `db:"version"`
	Name    string `db:"name"`
	Sum     string `db:"sha256"`
}

// Migrate brings the database to the program's version. Several processes may call it at once: one works, the others wait.
// Where nothing is to be done it costs one query and takes no lock. A failing migration is undone as a whole; those
// before it stay. A migration that needs longer than the time-out of Open says SET LOCAL statement_timeout = 0.
func Migrate(ctx context.Context, db *sqlx.DB) error {
	return migrate(ctx, db, migrations.FS)
}

// Pending reports whether migrations of this program wait for this database. It changes nothing.
func Pending(ctx context.Context, db *sqlx.DB) (bool, error) {
	want, err := listed(migrations.FS)
	if err != nil {
		return false, err
	}
	return compare(ctx, db, want)
}

// Known says whether a migration that some database has run is one of this program's: ErrNewer when it came later, ErrEdited when
// it is another one. sum is its column sha256 in migration_sum.
func Known(version int64, name, sum string) error {
	all, err := listed(migrations.FS)
	if err != nil {
		return err
	}
	for _, m := range all {
		switch {
		case m.Version != version:
		case m.Sum != sum:
			return fmt.Errorf("%s: %w", m.Name, ErrEdited)
		default:
			return nil
		}
	}
	return fmt.Errorf("%s: %w", name, ErrNewer)
}

func migrate(ctx context.Context, db *sqlx.DB, files fs.FS) error {
	want, err := listed(files)
	if err != nil {
		return err
	}
	if pending, err := compare(ctx, db, want); err != nil || !pending {
		return err
	}
	return Alone(ctx, db, "migrate", func() error {
		pending, err := compare(ctx, db, want)
		if err != nil || !pending {
			return err
		}
		if err := apply(ctx, db, files); err != nil {
			return err
		}
		return remember(ctx, db, want)
	})
}

func apply(ctx context.Context, db *sqlx.DB, files fs.FS) error {
	provider, err := goose.NewProvider(goose.DialectPostgres, db.DB, files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	_, err = provider.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) && partial.Failed != nil && partial.Failed.Source != nil {
		return fmt.Errorf("migration %s failed and was undone as a whole; the database is as before it, and a program that ran on it runs on. Once the cause is gone, start again: %w",
			path.Base(partial.Failed.Source.Path), partial.Err)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// compare reports whether a migration is still to run, and refuses edited ones. A database that is ahead of the program
// is fine: during an upgrade the old program runs on beside the new.
func compare(ctx context.Context, q sqlx.QueryerContext, want []migration) (pending bool, err error) {
	var have []migration
	err = sqlx.SelectContext(ctx, q, &have, `SELECT version, name, sha256 FROM migration_sum`)
	if pq.As(err, pqerror.UndefinedTable) != nil {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	sums := make(map[int64]string, len(have))
	for _, m := range have {
		sums[m.Version] = m.Sum
	}
	for _, m := range want {
		switch sum, ran := sums[m.Version]; {
		case !ran:
			pending = true
		case sum != m.Sum:
			return false, fmt.Errorf("%s: %w", m.Name, ErrEdited)
		}
	}
	return pending, nil
}

func remember(ctx context.Context, db *sqlx.DB, ran []migration) error {
	return once(ctx, db, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migration_sum (
			version bigint PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL);
			COMMENT ON TABLE migration_sum IS 'owner: migrations/pg. The hash of every migration as it was when it ran.'`); err != nil {
			return err
		}
		_, err := tx.NamedExecContext(ctx, `INSERT INTO migration_sum (version, name, sha256)
			VALUES (:version, :name, :sha256) ON CONFLICT (version) DO NOTHING`, ran)
		return err
	})
}

// listed reads the migrations of the program, in order.
func listed(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var all []migration
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number: %w", name, err)
		}
		sum := sha256.Sum256(text)
		all = append(all, migration{version, name, hex.EncodeToString(sum[:])})
	}
	return all, nil
}
