package bench

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jmoiron/sqlx"
)

// CountStatements are the settings of a server that counts what it runs, with PostgreSQL's own extension.
var CountStatements = map[string]string{
	"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track": "all", "pg_stat_statements.track_planning": "on",
}

func forgetStatements(ctx context.Context, db *sqlx.DB) error {
	_, err := db.ExecContext(ctx, `CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT pg_stat_statements_reset()`)
	if err != nil {
		return fmt.Errorf("bench: count statements: %w", err)
	}
	return nil
}

// mostStatements is how many statements are listed.
const mostStatements = 140

// listStatements writes what ran since forgetStatements, dearest first; steps is what it is divided by.
func listStatements(ctx context.Context, db *sqlx.DB, steps int, w io.Writer) error {
	var rows []struct {
		Calls float64 `db:"calls"`
		Total float64 `db:"total"`
		Plan  float64 `db:"plan"`
		Top   bool    `db:"toplevel"`
		Pages float64 `db:"pages"`
		Query string  `db:"query"`
	}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT calls, total_exec_time AS total, total_plan_time AS plan, toplevel, shared_blks_hit + shared_blks_read AS pages, query FROM pg_stat_statements
		ORDER BY total_exec_time + total_plan_time DESC`)
	if err != nil {
		return fmt.Errorf("bench: statements: %w", err)
	}
	each := float64(max(steps, 1))
	var b strings.Builder
	var calls, run, plan, pages float64
	for i, r := range rows {
		if r.Top {
			calls, run, plan, pages = calls+r.Calls, run+r.Total, plan+r.Plan, pages+r.Pages
		}
		if i < mostStatements {
			text := strings.Join(strings.Fields(r.Query), " ")
			fmt.Fprintf(&b, "%7.2f calls %8.3f ms %8.3f plan %7.0f pages  %.150s\n", r.Calls/each, r.Total/each, r.Plan/each, r.Pages/each, text)
		}
	}
	fmt.Fprintf(&b, "%7.2f calls %8.3f ms %8.3f plan %7.0f pages  in all, each of %d\n", calls/each, run/each, plan/each, pages/each, steps)
	if err := listScans(ctx, db, each, &b); err != nil {
		return err
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// listScans tells which tables were read whole: of small ones that is right, of others an index is missing, or a plan was made
// when they were small.
func listScans(ctx context.Context, db *sqlx.DB, each float64, b *strings.Builder) error {
	var rows []struct {
		Table string  `db:"relname"`
		Scans float64 `db:"seq_scan"`
		Rows  float64 `db:"seq_tup_read"`
	}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT relname, seq_scan, seq_tup_read FROM pg_stat_user_tables WHERE seq_tup_read > 0 ORDER BY seq_tup_read DESC LIMIT 15`)
	if err != nil {
		return fmt.Errorf("bench: scans: %w", err)
	}
	for _, r := range rows {
		fmt.Fprintf(b, "%7.2f scans %8.0f rows   %s\n", r.Scans/each, r.Rows/each, r.Table)
	}
	return nil
}
