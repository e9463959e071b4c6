// Package pgtest gives each test a migrated PostgreSQL database of its own.
//
// Owns: one throw-away cluster per account, shared by all test processes that run at the time, in memory where that is
// possible. It stops when the last test process ends, however it ends; its directory stays, so that the next run starts
// in a moment.
// May import: migrations, migrations/pg, migrations/pg/embedded.
// Always true: a test sees no row of another test; a cluster that does not start is thrown away and made anew.
package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"joetz/migrations"
	"joetz/migrations/pg"
	"joetz/migrations/pg/embedded"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// cluster is the one thing per process: the shared server, joined when the first test asks.
var cluster = sync.OnceValues(start)

type server struct {
	*embedded.Server
	admin    *sqlx.DB
	template string
}

// New returns a new database with every migration applied, dropped when the test ends. Without PostgreSQL on the machine
// the test is skipped, or fails where CI is set.
func New(t testing.TB) *sqlx.DB {
	t.Helper()
	db, _ := open(t, migrated)
	return db
}

// Empty is New without migrations.
func Empty(t testing.TB) *sqlx.DB {
	t.Helper()
	db, _ := open(t, "template0")
	return db
}

// DSN is New for a test that starts a program: the address of a new migrated database.
func DSN(t testing.TB) string {
	t.Helper()
	_, dsn := open(t, migrated)
	return dsn
}

// EmptyDSN is DSN without migrations.
func EmptyDSN(t testing.TB) string {
	t.Helper()
	_, dsn := open(t, "template0")
	return dsn
}

// Kept is DSN for a database that outlives the test, for what a process makes once and copies: it is dropped when another
// process comes after this one has ended, or the next time that the server starts.
func Kept(t testing.TB) string {
	t.Helper()
	s, err := cluster()
	require(t, err)
	name := fmt.Sprintf("%s%d_%s", kept, os.Getpid(), random())
	if err := s.copy(name, s.template); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return s.address(name)
}

// Copy is the address of a new database with everything in that of a kept one, to which nobody is connected any more.
func Copy(t testing.TB, kept string) string {
	t.Helper()
	c, err := pq.NewConfig(kept)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	_, dsn := open(t, c.Database)
	return dsn
}

// patience is how long the server, or who is still connected, may take on the slowest machine.
const patience = 5 * time.Minute

// connecting lets a test wait longer for its connections than a shop does for those of its visitors: a machine that is busy with other
// things is no failure.
var connecting = fmt.Sprintf(" connect_timeout=%d", int(patience.Seconds()))

// address is that of a database of the cluster.
func (s *server) address(name string) string { return s.Database(name) + connecting }

// copy makes a database. Copying files is fastest with the flushes off, three times faster than through the log.
func (s *server) copy(name, template string) error {
	return s.alone(`CREATE DATABASE ` + name + ` TEMPLATE ` + template + ` STRATEGY file_copy`)
}

// alone runs a statement about a database that nobody may use. PostgreSQL waits five seconds for connections that were
// closed a moment ago; a slow machine takes longer.
func (s *server) alone(statement string) (err error) {
	for begun := time.Now(); ; <-time.After(100 * time.Millisecond) {
		if _, err = s.admin.Exec(statement); pq.As(err, pqerror.ObjectInUse) == nil || time.Since(begun) > patience {
			return err
		}
	}
}

const migrated = "" // the template, whose name is known when the cluster runs

func open(t testing.TB, template string) (*sqlx.DB, string) {
	t.Helper()
	s, err := cluster()
	require(t, err)
	name := "test_" + random()
	if template == migrated {
		template = s.template
	}
	if err := s.copy(name, template); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	dsn := s.address(name)
	db, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	db.SetMaxOpenConns(16) // many tests run at once
	db.SetMaxIdleConns(4)
	t.Cleanup(func() {
		_ = db.Close() // the database goes anyway
		if err := s.alone(`DROP DATABASE ` + name + ` WITH (FORCE)`); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	return db, dsn
}

// require skips the test where there is no PostgreSQL and nobody promised one; any other trouble fails it.
func require(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, embedded.ErrNotInstalled) && os.Getenv("CI") == "" {
		t.Skipf("pgtest: %v", err)
	}
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
}

func start() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// A machine that crashed leaves it torn, since nothing was flushed: then it is made anew.
	srv, err := embedded.Start(ctx, embedded.Config{Dir: directory(), Settings: settings, Disposable: true})
	if err != nil {
		return nil, err
	}
	admin, err := pg.Open(ctx, srv.Database("postgres")+" statement_timeout=0 lock_timeout=0"+connecting)
	if err != nil {
		return nil, err
	}
	admin.SetMaxOpenConns(2) // makes and drops databases, mostly one at a time
	s := &server{Server: srv, admin: admin, template: "template_" + migrations.Sum()}
	if srv.Started() {
		s.sweep(ctx)
	} else {
		s.sweepKept(ctx)
	}
	return s, s.makeTemplate(ctx)
}

// settings give up everything that protects data from a crash of the machine.
var settings = map[string]string{
	"fsync":              "off",
	"synchronous_commit": "off",
	"full_page_writes":   "off",
	"autovacuum":         "off",
	"max_connections":    "1000", // a shop takes up to 24, and the more cores the more tests run at once
	"max_wal_size":       "256MB",
	"wal_level":          "minimal",
	"max_wal_senders":    "0",
}

// directory is in memory when there is more than a gigabyte of it, else among the temporary files.
func directory() string {
	name := "joetz-pgtest-" + strconv.Itoa(os.Getuid())
	if free("/dev/shm") > 1<<30 {
		return filepath.Join("/dev/shm", name)
	}
	return filepath.Join(os.TempDir(), name)
}

func random() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// Tool is the path of a program of the PostgreSQL that runs the tests, as pg_dump.
func Tool(t testing.TB, name string) string {
	t.Helper()
	s, err := cluster()
	require(t, err)
	path, err := s.Server.Tool(t.Context(), name)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return path
}
