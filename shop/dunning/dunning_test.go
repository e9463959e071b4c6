package dunning_test

import (
	"context"
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/dunning"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// shop is a shop whose families are reminded.
type shop struct {
	*bookingtest.Shop
	*dunning.Service
}

func ctx() context.Context { return context.Background() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// late is a shop in which one family owes a deposit of 50.00, and the day on which it is due.
func late(t *testing.T) (*shop, id.Order, account.Guardian, civil.Date) {
	t.Helper()
	return paidBy(t, booking.Payer{})
}

// paidBy is late where somebody else pays.
func paidBy(t *testing.T, p booking.Payer) (s *shop, order id.Order, g account.Guardian, due civil.Date) {
	t.Helper()
	base := bookingtest.NewWriting(t)
	s = &shop{base, &dunning.Service{DB: base.DB, Now: base.Clock.Now, Bookings: base.Service}}
	g = s.Family(1)
	order, due = s.Owes(g, civil.Must(2027, 7, 19), p)
	return s, order, g, due
}

// paused is the agreement that runs.
func (s *shop) paused() int64 {
	s.T.Helper()
	all, err := s.Bookings.Pauses(ctx())
	must(s.T, err)
	if len(all) != 1 {
		s.T.Fatalf("agreements that run: %+v", all)
	}
	return all[0].ID
}
