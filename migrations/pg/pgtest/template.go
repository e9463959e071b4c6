package pgtest

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"joetz/migrations/pg"
)

// templatesKept is how many older templates survive: several worktrees with different migrations take turns.
const templatesKept = 6

// sweep drops what killed test processes left. Only who started the server may: nobody else uses it then. Whatever
// cannot be dropped is dropped the next time.
func (s *server) sweep(ctx context.Context) {
	var old []string
	err := s.admin.SelectContext(ctx, &old, `
		SELECT datname FROM pg_database WHERE datname LIKE 'test\_%'
		UNION ALL
		(SELECT datname FROM pg_database WHERE datname LIKE 'template\_%' AND datname <> $1 ORDER BY oid DESC OFFSET $2)`,
		s.template, templatesKept)
	if err != nil {
		return
	}
	for _, name := range old {
		_, _ = s.admin.ExecContext(ctx, `ALTER DATABASE `+name+` IS_TEMPLATE false`)
		_, _ = s.admin.ExecContext(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
	}
}

// kept begins the names of databases that a process keeps; its number follows.
const kept = "test_kept_by_"

// sweepKept drops what processes kept that have ended: all of one run together would fill a small memory.
func (s *server) sweepKept(ctx context.Context) {
	var names []string
	if s.admin.SelectContext(ctx, &names, `SELECT datname FROM pg_database WHERE starts_with(datname, $1)`, kept) != nil {
		return // the next one sweeps
	}
	for _, name := range names {
		var pid int
		if n, _ := fmt.Sscanf(name, kept+"%d_", &pid); n == 1 && pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_, _ = s.admin.ExecContext(ctx, `DROP DATABASE IF EXISTS `+name) // another may be at it
		}
	}
}

// makeTemplate makes the migrated database that tests are copies of, once for all processes with these migrations. It is
// built under another name and renamed when it is whole.
func (s *server) makeTemplate(ctx context.Context) error {
	conn, err := s.admin.Connx(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // gives it back to the pool
	// The session waits for whoever builds it now; a second build of the same would only be thrown away.
	if _, err := conn.ExecContext(ctx, `SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock(1)`); err != nil {
		return err
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(1)`) // the pool keeps the session
	}()
	var there bool
	if err := conn.GetContext(ctx, &there, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, s.template); err != nil || there {
		return err
	}
	draft := "test_draft_" + random()
	if _, err := conn.ExecContext(ctx, `CREATE DATABASE `+draft); err != nil {
		return err
	}
	if err := s.migrate(ctx, draft); err != nil {
		return fmt.Errorf("the migrations fail on an empty database: %w", err)
	}
	_, err = conn.ExecContext(ctx, `ALTER DATABASE `+draft+` RENAME TO `+s.template)
	return err
}

func (s *server) migrate(ctx context.Context, database string) error {
	db, err := pg.Open(ctx, s.address(database))
	if err != nil {
		return err
	}
	defer db.Close() // a database that is copied or renamed may have no users
	return pg.Migrate(ctx, db)
}
