package payments_test

import (
	"testing"

	"joetz/migrations/pg/pgtest"
	"joetz/payments"
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
