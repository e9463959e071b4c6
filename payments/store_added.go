package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Added is what came on top of a booking, or off it, after it was placed.
type Added struct {
	Booking id.Booking  `db:"booking_id"`
	Kind    string      `db:"kind"` // price_rise, goodwill, late_costs or rebooking_fee
	Amount  money.Cents `db:"amount"`
}

// AddedTo sums by kind what was added to these bookings later and not taken back, in a fixed order of kinds.
func (s *Service) AddedTo(ctx context.Context, q sqlx.QueryerContext, bookings ...id.Booking) (all []Added, err error) {
	keys := make(pq.Int64Array, len(bookings))
	for i, b := range bookings {
		keys[i] = int64(b)
	}
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT booking_id, kind, sum(amount_cents) AS amount FROM charge
		WHERE booking_id = `+pg.AnyKey+` AND kind IN ('price_rise', 'goodwill', 'late_costs', 'rebooking_fee')
		GROUP BY booking_id, kind HAVING sum(amount_cents) <> 0 ORDER BY booking_id, kind DESC`, keys)
	if err != nil {
		return nil, fmt.Errorf("payments: what was added: %w", err)
	}
	return all, nil
}
