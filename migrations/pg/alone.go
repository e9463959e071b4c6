package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Alone runs f while no other process runs what has the same name; the others wait. f may use transactions of its own:
// the lock lives in one apart, which unlike a lock of the session also works behind PgBouncer. It takes a connection of
// the pool for as long as f runs, so it is for starts and commands, not for requests.
func Alone(ctx context.Context, db *sqlx.DB, name string, f func() error) error {
	return once(ctx, db, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
			return err
		}
		for {
			var got bool
			err := tx.GetContext(ctx, &got, `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))`, "alone:"+name)
			if err != nil {
				return err
			}
			if got {
				return f()
			}
			select { // tried again rather than waited for: a waiting statement would be ended by its time-out
			case <-time.After(25 * time.Millisecond):
			case <-ctx.Done():
				return fmt.Errorf("waiting for another process (%s): %w", name, ctx.Err())
			}
		}
	})
}
