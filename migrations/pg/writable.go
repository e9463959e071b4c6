package pg

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Writable tells whether the database takes changes: a replica does not, nor a server that was failed over from, nor one that its provider
// has put to reading because its disk is nearly full.
func Writable(ctx context.Context, db *sqlx.DB) (is bool, err error) {
	if err := db.GetContext(ctx, &is, `SELECT current_setting('transaction_read_only') = 'off'`); err != nil {
		return false, fmt.Errorf("ask the database whether it takes changes: %w", err)
	}
	return is, nil
}
