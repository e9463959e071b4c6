package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// performedBefore counts how often advances of a booking became revenue: a supplement may be invoiced after the holiday.
func performedBefore(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (n int, err error) {
	err = sqlx.GetContext(ctx, q, &n, `
		SELECT count(DISTINCT e.id) FROM entry e JOIN posting p ON p.entry_id = e.id WHERE p.booking_id = $1 AND e.event = 'performed'`, booking)
	if err != nil {
		return 0, fmt.Errorf("payments: what booking %d brought: %w", booking, err)
	}
	return n, nil
}
