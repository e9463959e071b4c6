package booking

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
)

type endedRow struct {
	Booking id.Booking `db:"id"`
	Order   id.Order   `db:"order_id"`
	EndsOn  civil.Date `db:"ends_on"`
}

// endedWithAdvances lists bookings of holidays that ended before today and of which something is still booked as an advance
// (460, 461).
func endedWithAdvances(ctx context.Context, q sqlx.QueryerContext, today civil.Date, limit int) (rows []endedRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT b.id, b.order_id, d.ends_on FROM booking b JOIN departure d ON d.id = b.departure_id
		WHERE d.ends_on < $1 AND b.status <> 'cancelled' AND EXISTS (
			SELECT 1 FROM posting p WHERE p.booking_id = b.id AND p.account IN ('460', '461') GROUP BY p.account HAVING sum(p.amount_cents) < 0)
		ORDER BY d.ends_on, b.order_id, b.id LIMIT $2`, today, limit)
	if err != nil {
		return nil, fmt.Errorf("booking: holidays that have taken place: %w", err)
	}
	return rows, nil
}
