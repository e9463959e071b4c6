package booking_test

import (
	"testing"

	"joetz/payments/ledger"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/catalogue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// What was paid for a holiday is revenue once it has ended: not on its last day, on the day after, and once. What a family that left
// owes is a fee, and no advance; a holiday that lasts longer waits.
func TestAHolidayBringsItsPriceTheDayAfterItEnds(t *testing.T) {
	t.Parallel()
	s := bookingtest.NewShop(t)
	leaves := civil.Must(2027, 7, 5)
	soon, longer := s.Departure(9, leaves), s.Departure(9, leaves.AddDays(1))
	paid := s.Lou(soon, s.Family(1), catalogue.Base, false, 33500)
	left := s.Lou(soon, s.Family(2), catalogue.Base, false, 33500)
	next := s.Lou(longer, s.Family(3), catalogue.Base, false, 33500)
	end := booking.Cancel{Booking: left.ID, By: terms.ByCustomer}
	p, err := s.PreviewCancel(ctx(), end)
	must(t, err)
	_, err = s.Cancel(ctx(), s.Clerk(), end, p.Confirms())
	must(t, err)
	brought := func(b id.Booking) money.Cents {
		t.Helper()
		all, err := ledger.BookingBalances(ctx(), s.DB, b)
		must(t, err)
		return -all[ledger.HolidayRevenue]
	}
	perform := func(day civil.Date, want int) {
		t.Helper()
		s.Clock.MoveTo(day)
		_, err := s.InvoiceBalances(ctx())
		must(t, err)
		if n, err := s.Perform(ctx()); err != nil || n != want {
			t.Errorf("on %v: %d bookings, %v; want %d", day, n, err, want)
		}
		s.Sound()
	}
	fee := brought(left.ID)
	perform(leaves.AddDays(6), 0)
	if got := brought(paid.ID); got != 0 {
		t.Errorf("revenue of %v while the holiday lasts", got)
	}
	perform(leaves.AddDays(7), 1)
	perform(leaves.AddDays(7), 0)
	if a, b := brought(paid.ID), brought(next.ID); a != 33500 || b != 0 {
		t.Errorf("revenue of %v, and %v of the one that lasts a day longer", a, b)
	}
	perform(leaves.AddDays(8), 1)
	if got := brought(left.ID); got != fee {
		t.Errorf("who left brings %v, was %v", got, fee)
	}
}
