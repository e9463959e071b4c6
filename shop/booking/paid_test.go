package booking_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms"
	"joetz/terms/money"
)

// A card payment that arrives after the booking was cancelled goes back at once; one for an order that still owes pays.
func TestPaidAfterCancelling(t *testing.T) {
	t.Parallel()
	s, order, g, _ := late(t)
	s.Payments.Recorded = s.PaidTx
	o, err := s.OrderOf(ctx(), g.ID, order)
	must(t, err)
	card := func(amount money.Cents, source string) {
		t.Helper()
		must(t, pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
			_, err := s.Payments.ReceiveTx(ctx(), tx, payments.Receipt{Order: order, Method: "stripe", Amount: amount, ReceivedOn: s.Date(), SourceSystem: "stripe", SourceID: source})
			return err
		}))
	}
	p, err := s.PreviewCancel(ctx(), booking.Cancel{Booking: o.Bookings[0].ID, By: terms.ByCustomer})
	must(t, err)
	owed := p.Outcome.Outstanding
	_, err = s.Cancel(ctx(), account.Identity{}, booking.Cancel{Booking: o.Bookings[0].ID, By: terms.ByCustomer}, booking.Confirmed{Fee: p.Outcome.Fee, Refund: p.Outcome.Refund, Outstanding: owed})
	must(t, err)
	card(owed+60_00, "pi_1")
	refunds, err := s.Payments.RefundsOf(ctx(), s.DB, order)
	must(t, err)
	if len(refunds) != 1 || refunds[0].Amount != 60_00 || refunds[0].Method != "stripe" {
		t.Errorf("refunds %+v", refunds)
	}
	if credit, err := s.Payments.CreditOf(ctx(), s.DB, order); err != nil || credit != 0 {
		t.Errorf("credit %v %v", credit, err)
	}
	if n := s.Count(`SELECT count(*) FROM booking_event WHERE order_id = $1 AND kind = 'paid_too_late'`, order); n != 1 {
		t.Errorf("%d lines of history", n)
	}
	s.Says(`SELECT args::text FROM job WHERE kind = 'booking.paid' ORDER BY id DESC LIMIT 1`, `"back": 6000`)
	s.Sound()
}
