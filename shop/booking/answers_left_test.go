package booking_test

import (
	"errors"
	"testing"
	"time"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms/civil"
)

// A basket that was left keeps no more answers, though its time is not over: nobody would wipe what is said about a child's care.
func TestNothingIsAnsweredInABasketThatWasLeft(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(4, civil.Of(s.Clock.Now().Add(200*24*time.Hour)))
	g := s.Family(1)
	token, err := s.Start(ctx(), d, 2)
	must(t, err)
	s.answer(token, g, 1, civil.Must(2016, 5, 1))
	s.answer(token, g, 2, civil.Must(2016, 6, 1))
	yes := true
	in := booking.Choices{Category: catalogue.Base, Insured: &yes, Care: &yes, CareText: "rust", PhotoConsent: "no"}
	if more, err := s.ChooseNext(ctx(), token, g.ID, 1, in); err != nil || !more {
		t.Fatalf("the first of two: more %v, %v", more, err)
	}
	if more, err := s.ChooseNext(ctx(), token, g.ID, 2, in); err != nil || more {
		t.Fatalf("the last: more %v, %v", more, err)
	}
	must(t, s.Leave(ctx(), token))
	if err := s.Choose(ctx(), token, g.ID, 1, in); !errors.Is(err, booking.ErrHoldExpired) {
		t.Errorf("choices: %v", err)
	}
	if n := s.Count(`SELECT count(*) FROM fiche_section`); n != 0 {
		t.Errorf("%d answers about care are kept", n)
	}
}
