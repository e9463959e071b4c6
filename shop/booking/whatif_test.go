package booking_test

import (
	"errors"
	"testing"

	"joetz/shop/booking"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// A base price of 335.00, booked on 1 December 2026 for 5 August 2027; nothing was paid.
func TestWhatIfOnAnyDay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.Book(s.Departure(4, civil.Must(2027, 8, 5)), s.Family(1), 2)
	order, err := s.OrderByID(ctx(), placed.Order)
	must(t, err)
	second := order.Bookings[1].ID
	for on, fee := range map[civil.Date]money.Cents{
		civil.Must(2026, 12, 1): 5000, civil.Must(2027, 6, 6): 5000, civil.Must(2027, 6, 7): 16750, civil.Must(2027, 7, 7): 33500, civil.Must(2027, 9, 1): 33500,
	} {
		got, err := s.WhatIf(ctx(), booking.Cancel{Booking: second, By: terms.ByCustomer}, on)
		if err != nil || got.Outcome.Fee != fee || got.Outcome.Outstanding != fee || len(got.Because) == 0 {
			t.Errorf("on %v: got %+v %v, want a fee of %v", on, got.Outcome, err, fee)
		}
	}
	if got, err := s.WhatIf(ctx(), booking.Cancel{Booking: second, By: terms.ByOrganiser}, civil.Must(2027, 8, 1)); err != nil || got.Outcome.Fee != 0 {
		t.Errorf("by the organiser: got %+v %v", got.Outcome, err)
	}
	var p terms.Problem
	if _, err := s.WhatIf(ctx(), booking.Cancel{Booking: second, By: terms.ByCustomer}, civil.Must(2026, 11, 30)); !errors.As(err, &p) || p.Code != terms.BeforeBooking {
		t.Errorf("before the booking: got %v", err)
	}
	s.Sound()
}
