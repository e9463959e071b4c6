package proof_test

import (
	"context"
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/proof"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// shop is a shop in which member's prices are claimed.
type shop struct {
	*bookingtest.Shop
	proofs *proof.Service
}

func newShop(t testing.TB) *shop {
	t.Helper()
	base := bookingtest.NewShop(t)
	return &shop{base, &proof.Service{DB: base.DB, Now: base.Clock.Now, Bookings: base.Service}}
}

func ctx() context.Context { return context.Background() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// claimed books one child at the VT price (108.00 of 335.00, insured) and gives its booking.
func (s *shop) claimed(leaves civil.Date) (account.Guardian, id.Order, id.Booking) {
	s.T.Helper()
	g := s.Family(1)
	placed := s.Book(s.Departure(3, leaves), g, 1)
	o, err := s.OrderByID(ctx(), placed.Order)
	must(s.T, err)
	return g, placed.Order, o.Bookings[0].ID
}

func (s *shop) state(b id.Booking) (evidence string, charged money.Cents) {
	s.T.Helper()
	got := s.Again(b)
	return got.Evidence, got.Statement.Charged
}

// seen is the case of a booking as the office sees it now.
func (s *shop) seen(b id.Booking) string {
	s.T.Helper()
	c, err := s.proofs.ByID(ctx(), b)
	must(s.T, err)
	return c.Seen()
}
