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
const mostStatements = 45

// listStatements writes what ran since forgetStatements, dearest first; steps is what it is divided by.
func listStatements(ctx context.Context, db *sqlx.DB, steps int, w io.Writer) error {
	var rows []struct {
		Calls float64 `db:"calls"`
		Total float64 `db:"total"`
		Plan  float64 `db:"plan"`
		Top   bool    `db:"toplevel"`
		Query string  `db:"query"`
	}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT calls, total_exec_time AS total, total_plan_time AS plan, toplevel, query FROM pg_stat_statements
		ORDER BY total_exec_time + total_plan_time DESC`)
	if err != nil {
		return fmt.Errorf("bench: statements: %w", err)
	}
	each := float64(max(steps, 1))
	var b strings.Builder
	var calls, run, plan float64
	for i, r := range rows {
		if r.Top {
			calls, run, plan = calls+r.Calls, run+r.Total, plan+r.Plan
		}
		if i < mostStatements {
			text := strings.Join(strings.Fields(r.Query), " ")
			fmt.Fprintf(&b, "%7.2f calls %8.3f ms %8.3f plan  %.150s\n", r.Calls/each, r.Total/each, r.Plan/each, text)
		}
	}
	fmt.Fprintf(&b, "%7.2f calls %8.3f ms %8.3f plan  in all, each of %d\n", calls/each, run/each, plan/each, steps)
	_, err = io.WriteString(w, b.String())
	return err
}
