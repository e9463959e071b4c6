package booking_test

import (
	"errors"
	"testing"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms"
	"joetz/terms/civil"
)

// TestWithdrawnWhenEverybodyCancelled: a departure that somebody booked stays online; when all have cancelled it need not.
func TestWithdrawnWhenEverybodyCancelled(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Holiday("W", "domestic", 33500, 5, civil.Must(2027, 7, 19))
	b := s.lou(d, s.Family(1), false)
	clerk := s.Colleague("Kat")
	o, _, err := s.Catalogue.OfferOf(ctx(), d)
	must(t, err)
	if err := s.Catalogue.Withdraw(ctx(), clerk.Actor(), o.ID, d, "fout"); !errors.Is(err, catalogue.ErrBooked) {
		t.Fatalf("withdrawn under a booking: %v", err)
	}
	_, err = s.Cancel(ctx(), clerk, booking.Cancel{Booking: b.ID, By: terms.ByCustomer}, booking.Confirmed{Fee: 5000})
	must(t, err)
	must(t, s.Catalogue.Withdraw(ctx(), clerk.Actor(), o.ID, d, "niemand komt"))
	if now := s.Again(b.ID); now.Status != "cancelled" {
		t.Errorf("the cancelled booking became %s", now.Status)
	}
	s.Sound()
}
