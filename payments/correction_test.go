package payments_test

import (
	"slices"
	"testing"

	"joetz/migrations/pg/pgtest"
	"joetz/payments"
)

// corrected are the kinds of the documents that the newest credit note takes parts back of, oldest first.
func (s *shop) corrected() (kinds []string) {
	s.t.Helper()
	must(s.t, s.db.Select(&kinds, `SELECT e.kind FROM invoice_correction c JOIN invoice e ON e.id = c.corrected_id
		WHERE c.invoice_id = (SELECT max(id) FROM invoice WHERE kind = 'credit') ORDER BY e.id`))
	return kinds
}

// Goodwill makes way for a part of the balance: its credit note names the balance's invoice, and not the deposit's. One that ends a
// booking names what still stood, and not what was credited before.
func TestACreditNoteNamesWhatItCorrects(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.invoiceBalance()
	s.mustRevise(payments.Revision{Booking: s.bookings[0], Add: []payments.Line{{Kind: "goodwill", Amount: -1000}}})
	if got := s.corrected(); !slices.Equal(got, []string{"balance"}) {
		t.Errorf("goodwill corrects %v", got)
	}
	s.mustRevise(payments.Revision{Booking: s.bookings[0], Apart: true, Add: []payments.Line{{Kind: "price_rise", Amount: 2000}}})
	s.close(s.bookings[0], 5000, 0)
	s.checkAll()
	if got := s.corrected(); !slices.Equal(got, []string{"deposit", "balance", "supplement"}) {
		t.Errorf("the end corrects %v of %s", got, s.documents())
	}
}
