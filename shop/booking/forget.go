package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// ForgetTx forgets what the office knows about a family beside its bookings: refusals of these children and who tried to book
// them, other payers that no order has, and the names and words in the history of these orders. A payer of an order stays with
// its invoices: see ForgetPayers.
func (s *Service) ForgetTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, children []id.Participant, orders []id.Order) error {
	if err := forgetBars(ctx, tx, guardian, children); err != nil {
		return err
	}
	if err := forgetEvents(ctx, tx, orders); err != nil {
		return err
	}
	return wipePayers(ctx, tx, guardian, s.Now())
}

// ForgetPayers takes names and addresses off orders that were placed, and of which every holiday began, before that day: their
// papers need not be kept any more. Of the payers of such orders too. Invoices, charges and payments stay as they are. It
// reports how many orders. Safe twice.
func (s *Service) ForgetPayers(ctx context.Context, before civil.Date) (orders int, err error) {
	for {
		var n int
		err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
			if n, err = forgetOrders(ctx, tx, before, forgetBatch); err != nil {
				return err
			}
			return wipeOldPayers(ctx, tx, before, s.Now())
		})
		if orders += n; err != nil || n < forgetBatch {
			return orders, err
		}
	}
}

const forgetBatch = 200
