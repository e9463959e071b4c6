package booking

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
)

// pauseBooking puts a placed booking in review: it keeps place, charges and schedule, which stand still.
func pauseBooking(ctx context.Context, tx *sqlx.Tx, booking id.Booking, on civil.Date) error {
	return statusChange(ctx, tx, booking, `UPDATE booking SET status = 'in_review', paused_on = $2 WHERE id = $1 AND status = 'placed'`, on)
}

// resumeBooking ends that.
func resumeBooking(ctx context.Context, tx *sqlx.Tx, booking id.Booking) error {
	return statusChange(ctx, tx, booking, `UPDATE booking SET status = 'placed', paused_on = NULL
		WHERE id = $1 AND status = 'in_review' AND paused_on IS NOT NULL`)
}

func statusChange(ctx context.Context, tx *sqlx.Tx, booking id.Booking, query string, args ...any) error {
	res, err := tx.ExecContext(ctx, query, append([]any{booking}, args...)...)
	if err != nil {
		return fmt.Errorf("booking: status of %d: %w", booking, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrOutdated)
	}
	return nil
}
