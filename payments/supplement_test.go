package payments_test

import (
	"context"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// A supplement before the balance carries the premium, and is paid: what the balance asks later is received as far as money is there.
func TestSupplementCarriesThePremium(t *testing.T) {
	t.Parallel()
	for _, extra := range []money.Cents{1, 1000, 6000} {
		s := newShop(t, pgtest.New(t), 1)
		s.open(33500, 2500, 5000, 1)
		s.receive(5000, "deposit")
		_, err := s.revise(payments.Revision{Booking: s.bookings[0], Apart: true, Add: []payments.Line{{Kind: "extra", Amount: extra}}})
		must(t, err)
		s.checkAll()
		s.receive(extra, "extra")
		s.checkAll()
		s.invoiceBalance()
		s.checkAll()
		s.receive(20000, "balance")
		s.checkAll()
	}
}

// What a change asks anew stands on one invoice, due when the first of its parts is, and never before today; opening a booking says which
// invoice asks it.
func TestAnInvoiceIsDueWithItsFirstPart(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	var asked id.Invoice
	s.tx(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		asked, err = s.svc.OpenTx(ctx, tx, s.order, an, []payments.Opening{{Booking: s.bookings[0], Description: "x",
			Lines: []payments.Line{{Kind: "price", Amount: 33500}}, Schedule: []payments.Due{{Kind: "full", On: civil.Must(2027, 5, 1), Amount: 33500}}}})
		return err
	})
	dueOn := func(inv id.Invoice) (due civil.Date) {
		t.Helper()
		must(t, s.db.Get(&due, `SELECT due_on FROM invoice WHERE id = $1`, inv))
		return due
	}
	if got := dueOn(asked); got != civil.Must(2027, 5, 1) {
		t.Errorf("the first invoice is due on %v", got)
	}
	for _, c := range []struct{ first, second, due civil.Date }{
		{civil.Must(2027, 3, 2), civil.Must(2027, 2, 1), civil.Must(2027, 2, 1)},
		{civil.Must(2027, 2, 3), civil.Must(2027, 4, 1), civil.Must(2027, 2, 3)},
		{civil.Must(2026, 11, 1), civil.Must(2027, 4, 1), civil.Of(clock)},
	} {
		got := s.mustRevise(payments.Revision{Booking: s.bookings[0], Schedule: []payments.Due{
			{Kind: "deposit", On: c.first, Amount: 10000}, {Kind: "full", On: c.second, Amount: 23500}}})
		if due := dueOn(got.Invoice); due != c.due {
			t.Errorf("parts of %v and %v: due on %v", c.first, c.second, due)
		}
	}
}
