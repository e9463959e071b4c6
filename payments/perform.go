package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Performed is a booking whose holiday has taken place.
type Performed struct {
	Booking id.Booking
	EndedOn civil.Date
}

// PerformTx makes the advances of an order's bookings revenue: the holiday has taken place (CBN 132/6). What is invoiced and
// not paid is revenue too, and stays the family's debt. It may run again: only what is still an advance moves.
func (s *Service) PerformTx(ctx context.Context, tx *sqlx.Tx, order id.Order, performed []Performed) error {
	if err := LockOrderTx(ctx, tx, order); err != nil {
		return err
	}
	for _, p := range performed {
		held, err := ledger.BookingBalances(ctx, tx, p.Booking)
		if err != nil {
			return err
		}
		before, err := performedBefore(ctx, tx, p.Booking)
		if err != nil {
			return err
		}
		entry := ledger.Entry{Event: "performed", SourceSystem: "shop", SourceID: fmt.Sprintf("%d:%d", p.Booking, before+1), On: p.EndedOn, Order: order}
		entry.Move(ledger.AdvancesReceived, ledger.HolidayRevenue, -held[ledger.AdvancesReceived], p.Booking)
		entry.Move(ledger.AdvancesInvoiced, ledger.HolidayRevenue, -held[ledger.AdvancesInvoiced], p.Booking)
		if _, err := ledger.PostTx(ctx, tx, s.Now(), entry); err != nil {
			return err
		}
	}
	return nil
}
