package booking_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Being forgotten reaches refusals, tries and payers that no order has; the payer of an order stays until its papers need not be
// kept any more, and then only the books are left: invoices, charges and payments.
func TestForgettingReachesPayersAndRefusals(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, bookingtest.OCMW)
	must(t, s.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, booking.PayerChoice{Who: "new", New: bookingtest.Granny})) // the OCMW pays nothing any more
	child := s.kid(g, "Mo", civil.Must(2016, 5, 1))
	must(t, s.BarChild(ctx(), s.Clerk(), child, "Vocht twee keer", s.Date().AddDays(300)))
	basket, err := s.Start(ctx(), s.Departure(3, civil.Must(2027, 8, 16)), 1)
	must(t, err)
	must(t, s.Identify(ctx(), basket, g.ID))
	if err := s.ChooseChild(ctx(), basket, g.ID, 1, child); err == nil {
		t.Fatal("not barred")
	}
	for range 2 { // safe twice
		must(t, pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
			return s.ForgetTx(ctx(), tx, g.ID, []id.Participant{child}, []id.Order{order})
		}))
	}
	if n := s.Count(`SELECT (SELECT count(*) FROM participant_bar) + (SELECT count(*) FROM bar_try)`); n != 0 {
		t.Errorf("%d refusals and tries are left", n)
	}
	if n := s.Count(`SELECT count(*) FROM payer WHERE wiped_at IS NOT NULL AND name = '' AND email = ''`); n != 1 {
		t.Errorf("%d payers are wiped: the OCMW, and not the grandmother", n)
	}
	if n := s.Count(`SELECT count(*) FROM booking_event WHERE kind = 'payer' AND detail <> '{"from": "-", "to": "-"}'`); n != 0 || s.Count(`SELECT count(*) FROM booking_event WHERE kind = 'payer'`) == 0 {
		t.Errorf("%d changes of the payer still say from whom to whom", n)
	}
	for _, change := range []string{`UPDATE booking_event SET detail = '{}'`, `UPDATE booking_event SET at = at - interval '1 day'`, `UPDATE booking_event SET actor = 'system', detail = booking_event_forgotten(kind, detail)`, `DELETE FROM booking_event`} {
		if _, err := s.DB.Exec(change); err == nil {
			t.Errorf("%s: %v", change, err)
		}
	}
	if n, err := s.ForgetPayers(ctx(), civil.Must(2027, 1, 1)); err != nil || n != 0 {
		t.Errorf("%d orders forgotten while their holiday is to come: %v", n, err)
	}
	documents := s.Count(`SELECT count(*) FROM invoice WHERE payer_name <> ''`)
	for want := range 2 {
		n, err := s.ForgetPayers(ctx(), civil.Must(2028, 1, 1))
		if err != nil || (n > 0) != (want == 0) {
			t.Errorf("%d orders forgotten: %v", n, err)
		}
	}
	if n := s.Count(`SELECT count(*) FROM booking_order WHERE concat(payer_name, payer_email, payer_street, payer_phone) <> ''`); n != 0 {
		t.Errorf("%d orders still say who paid", n)
	}
	if n := s.Count(`SELECT count(*) FROM payer WHERE wiped_at IS NULL`); n != 0 {
		t.Errorf("%d payers are left", n)
	}
	if n := s.Count(`SELECT count(*) FROM invoice WHERE payer_name <> ''`); n != documents {
		t.Error("an invoice was changed")
	}
	if _, err := s.OrderByID(ctx(), order); err != nil {
		t.Errorf("its page: %v", err)
	}
	s.Sound()
}
