package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// PerformArgs asks a job to book as revenue what was paid for holidays that have taken place.
type PerformArgs struct{}

// Kind names the job.
func (PerformArgs) Kind() string { return "booking.perform" }

// performBatch is how many bookings one look finds.
const performBatch = 500

// Perform books the advances of holidays that ended before today as revenue, each order in a transaction of its own, and
// reports how many bookings. It may run twice: what is revenue is not found again.
func (s *Service) Perform(ctx context.Context) (total int, err error) {
	for {
		rows, err := endedWithAdvances(ctx, s.DB, civil.Of(s.Now()), performBatch)
		if err != nil {
			return total, err
		}
		var orders []id.Order
		of := map[id.Order][]payments.Performed{}
		for _, r := range rows {
			if len(of[r.Order]) == 0 {
				orders = append(orders, r.Order)
			}
			of[r.Order] = append(of[r.Order], payments.Performed{Booking: r.Booking, EndedOn: r.EndsOn})
		}
		for _, o := range orders {
			if err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return s.Payments.PerformTx(ctx, tx, o, of[o]) }); err != nil {
				return total, err
			}
			total += len(of[o])
		}
		if len(rows) < performBatch {
			return total, nil
		}
	}
}
