package command

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"
	"github.com/jmoiron/sqlx"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/migrations/pg"
	"joetz/migrations/pg/embedded"
)

const restoreUsage = `usage: shop restore -key FILE (-tombstones FILE | -nothing-was-wiped) BACKUP

Puts a backup into an EMPTY database (DATABASE_URL, or a new SHOP_DATA_DIR), all of it or nothing, brings it to this
program's version, and wipes again the fiches that were wiped since it was made. BACKUP is read once: /dev/stdin will do.

-key FILE            the secret key of shop backup keys
-tombstones FILE     the newest list of shop fiches tombstones
-nothing-was-wiped   there is no such list, and nothing that was promised to be wiped is in the backup
`

// restoring is what the person asked for.
type restoring struct {
	file, key, tombstones string
	nothing               bool
}

// restore puts a backup into an empty database.
func restore(ctx context.Context, env Environment, args []string) int {
	flags := flag.NewFlagSet("restore", flag.ContinueOnError)
	flags.SetOutput(env.Err)
	flags.Usage = func() { fmt.Fprint(env.Err, restoreUsage) }
	var r restoring
	flags.StringVar(&r.key, "key", "", "")
	flags.StringVar(&r.tombstones, "tombstones", "", "")
	flags.BoolVar(&r.nothing, "nothing-was-wiped", false, "")
	if err := flags.Parse(args); err != nil {
		return misuse
	}
	if r.file = flags.Arg(0); flags.NArg() != 1 || r.key == "" || (r.tombstones == "") != r.nothing {
		flags.Usage()
		return misuse
	}
	c, err := config.Read(env.Vars)
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	if err := r.fill(ctx, c); err != nil {
		return complain(env, err)
	}
	keyless := false
	status := withServices(ctx, env, c, func(s *program.Services) error {
		if f := keysFit(ctx, s, c); f.state == bad {
			fmt.Fprintln(env.Err, "shop: the rows are back, but "+f.text)
			keyless = true
		}
		if r.nothing {
			return nil
		}
		list, err := os.Open(r.tombstones)
		if err != nil {
			return err
		}
		return errors.Join(wipeListed(ctx, env, s, list), list.Close())
	})
	if status == fine && keyless {
		return failed
	}
	if status == fine {
		fmt.Fprintln(env.Out, "the backup is back; shop fsck proves that it is sound")
	}
	return status
}

// fill loads the backup into the empty database, all of it or nothing.
func (r restoring) fill(ctx context.Context, c config.Config) (err error) {
	if !r.nothing { // found out before anything is written
		if _, err := os.Stat(r.tombstones); err != nil {
			return err
		}
	}
	identities, err := readIdentities(r.key)
	if err != nil {
		return err
	}
	file, dump, err := r.open(identities)
	if err != nil {
		return err
	}
	defer file.Close() // only read
	dsn := c.DatabaseURL.Reveal()
	if dsn == "" {
		server, err := embedded.Start(ctx, embedded.Config{Dir: c.ClusterDir()})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, server.Stop()) }()
		dsn = server.DSN()
	}
	if err := refuseFilled(ctx, dsn); err != nil {
		return err
	}
	judged := judge(ctx, dump)
	// In one transaction: a backup that ends too soon, was changed or is of another program leaves the database empty.
	err = runTool(ctx, dsn, judged, nil, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname="+databaseOf(dsn))
	if wrong := judged.end(); wrong != nil {
		return wrong // of which pg_restore only knows that nothing more came
	}
	return err
}

// open begins to read the backup; file is to be closed.
func (r restoring) open(identities []age.Identity) (file io.Closer, dump io.Reader, err error) {
	f, err := os.Open(r.file)
	if err != nil {
		return nil, nil, err
	}
	dump, err = age.Decrypt(bufio.NewReaderSize(f, 1<<16), identities...)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s does not open with this key: %w", r.file, err), f.Close())
	}
	return f, dump, nil
}

func readIdentities(name string) ([]age.Identity, error) {
	file, err := os.Open(filepath.Clean(name))
	if err != nil {
		return nil, err
	}
	defer file.Close() // only read
	all, err := age.ParseIdentities(file)
	if err != nil {
		return nil, fmt.Errorf("%s holds no secret key of shop backup keys: %w", name, err)
	}
	return all, nil
}

func refuseFilled(ctx context.Context, dsn string) error {
	db, err := pg.Open(ctx, dsn)
	if err != nil {
		return err
	}
	return errors.Join(emptyDatabase(ctx, db), db.Close())
}

func emptyDatabase(ctx context.Context, db *sqlx.DB) error {
	tables, err := countTables(ctx, db)
	if err == nil && tables > 0 {
		return fmt.Errorf("the database is not empty (%d tables): a backup is put into a new one, never over another; name one with DATABASE_URL or SHOP_DATA_DIR", tables)
	}
	return err
}
