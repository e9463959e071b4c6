package booking

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
	"joetz/terms/money"
)

// addExtras moves what a booking's extras cost together.
func addExtras(ctx context.Context, tx *sqlx.Tx, booking id.Booking, change money.Cents) error {
	if _, err := tx.ExecContext(ctx, `UPDATE booking SET extras_cents = extras_cents + $2 WHERE id = $1`, booking, change); err != nil {
		return fmt.Errorf("booking: extras of %d: %w", booking, err)
	}
	return nil
}
