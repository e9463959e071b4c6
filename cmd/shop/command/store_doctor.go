package command

import (
	"context"
	"fmt"
	"syscall"

	"github.com/jmoiron/sqlx"
)

// facts is what a database says about itself.
type facts struct {
	Version string `db:"version"`
	Super   bool   `db:"super"`
	Remote  bool   `db:"remote"` // reached over a network: not the private one
	Used    int    `db:"used"`
	Most    int    `db:"most"`
	Closed  bool   `db:"closed"`          // takes no changes
	Limit   string `db:"statement_limit"` // statement_timeout; "0" is none
}

func databaseFacts(ctx context.Context, db *sqlx.DB) (f facts, err error) {
	err = db.GetContext(ctx, &f, `
		SELECT current_setting('server_version') AS version,
			(SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super, inet_server_addr() IS NOT NULL AS remote,
			(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
			current_setting('max_connections')::int AS most, current_setting('transaction_read_only') = 'on' AS closed, current_setting('statement_timeout') AS statement_limit`)
	if err != nil {
		return f, fmt.Errorf("ask the database about itself: %w", err)
	}
	return f, nil
}

func countTables(ctx context.Context, db *sqlx.DB) (n int, err error) {
	err = db.GetContext(ctx, &n, `SELECT count(*) FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = 'public' AND c.relkind = 'r'`)
	if err != nil {
		return 0, fmt.Errorf("count the tables: %w", err)
	}
	return n, nil
}

// diskFree is how many bytes an ordinary account may still write where dir is.
func diskFree(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * s.Bsize, nil
}
