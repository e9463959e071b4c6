package booking_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// answer chooses for a line of the basket a child that was born then, at the base price.
func (s *shop) answer(token string, g account.Guardian, position int, born civil.Date) {
	s.T.Helper()
	must(s.T, s.Identify(ctx(), token, g.ID))
	family, err := s.Accounts.ChildrenOf(ctx(), g.ID)
	must(s.T, err)
	chosen := false
	for _, child := range family {
		if child.BornOn == born {
			must(s.T, s.ChooseChild(ctx(), token, g.ID, position, child.ID))
			chosen = true
		}
	}
	if !chosen {
		must(s.T, s.ChooseNewChild(ctx(), token, g.ID, position, account.ChildInput{FirstName: "Kind" + born.String(), LastName: g.LastName, BornOn: born}))
	}
	must(s.T, s.Choose(ctx(), token, g.ID, position, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no"}))
}

// held counts the places of a departure that run with a basket, and sold those with a booking.
func (s *shop) places(d id.Departure) (held, sold int) {
	s.T.Helper()
	must(s.T, s.DB.QueryRow(`SELECT count(*) FILTER (WHERE checkout_id IS NOT NULL AND held_until > $2), count(booking_id) FROM place WHERE departure_id = $1`,
		d, s.Clock.Now()).Scan(&held, &sold))
	return held, sold
}

func TestTwoChildrenOnTwoHolidaysInOneOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	july, august := s.Departure(3, civil.Must(2027, 7, 5)), s.Departure(3, civil.Must(2027, 8, 2))
	g := s.Family(1)
	eldest, youngest := civil.Must(2015, 3, 1), civil.Must(2017, 3, 1)
	token, err := s.Start(ctx(), august, 1)
	must(t, err)
	s.answer(token, g, 1, eldest)
	s.Clock.Move(20 * time.Minute)
	must(t, s.AddHoliday(ctx(), token, july, 2))
	s.answer(token, g, 2, eldest)
	s.answer(token, g, 3, youngest)
	s.Clock.Move(25 * time.Minute) // past the first end: there is one end for all
	c, err := s.Open(ctx(), token)
	must(t, err)
	if heldA, _ := s.places(august); heldA != 1 || len(c.Children) != 3 {
		t.Fatalf("august holds %d, lines %v", heldA, c.Children)
	}
	placed, err := s.Confirm(token, g, 1)
	must(t, err)
	o, err := s.OrderByID(ctx(), placed.Order)
	must(t, err)
	if len(o.Bookings) != 3 || o.Bookings[0].Departure != august || o.Bookings[1].Departure != july || o.Bookings[2].Departure != july {
		t.Fatalf("bookings: %+v", o.Bookings)
	}
	if _, sold := s.places(july); sold != 2 {
		t.Errorf("july sold %d", sold)
	}
	if _, sold := s.places(august); sold != 1 {
		t.Errorf("august sold %d", sold)
	}
	s.Sound()
}

func TestALineLeavesTheBasket(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	july, august := s.Departure(2, civil.Must(2027, 7, 5)), s.Departure(2, civil.Must(2027, 8, 2))
	g := s.Family(1)
	token, err := s.Start(ctx(), july, 2)
	must(t, err)
	must(t, s.AddHoliday(ctx(), token, august, 1))
	s.answer(token, g, 1, civil.Must(2015, 3, 1))
	s.answer(token, g, 3, civil.Must(2015, 3, 1))
	must(t, s.RemoveLine(ctx(), token, 2))
	c, err := s.Open(ctx(), token)
	must(t, err)
	if len(c.Children) != 2 || c.Children[1].Position != 2 || c.Children[1].Departure != august || c.Children[1].Participant == 0 {
		t.Fatalf("lines: %+v", c.Children)
	}
	if held, _ := s.places(july); held != 1 {
		t.Errorf("july holds %d", held)
	}
	// What is sold out can be left out of an expired basket, and the rest is taken again.
	s.Clock.Move(31 * time.Minute)
	if _, err := s.Start(ctx(), august, 2); err != nil {
		t.Fatal(err)
	}
	if err := s.Retake(ctx(), token); !errors.Is(err, booking.ErrSoldOut) {
		t.Fatalf("retake: %v", err)
	}
	must(t, s.RemoveLine(ctx(), token, 2))
	must(t, s.Retake(ctx(), token))
	placed, err := s.Confirm(token, g, 1)
	must(t, err)
	if err := s.RemoveLine(ctx(), token, 1); !errors.Is(err, booking.ErrNoCheckout) {
		t.Errorf("after placing: %v", err)
	}
	if o, err := s.OrderByID(ctx(), placed.Order); err != nil || len(o.Bookings) != 1 {
		t.Errorf("%v %+v", err, o.Bookings)
	}
}

func TestABasketDoesNotKeepPlacesForEver(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(20, civil.Must(2027, 7, 5))
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	opened := s.Clock.Now()
	for range 4 {
		s.Clock.Move(25 * time.Minute)
		if err := s.AddHoliday(ctx(), token, d, 1); err != nil && !errors.Is(err, booking.ErrHoldExpired) {
			t.Fatal(err)
		}
	}
	c, err := s.Open(ctx(), token)
	if !errors.Is(err, booking.ErrHoldExpired) || c.HeldUntil.Sub(opened) != 90*time.Minute {
		t.Errorf("%v, held for %v", err, c.HeldUntil.Sub(opened))
	}
	full, err := s.Start(ctx(), d, 6)
	must(t, err)
	must(t, s.AddHoliday(ctx(), full, d, 6))
	if err := s.AddHoliday(ctx(), full, d, 1); !errors.Is(err, booking.ErrBasketFull) {
		t.Errorf("13 places: %v", err)
	}
}

// Baskets that add each other's holidays the other way round neither hang nor oversell.
func TestBasketsCrossing(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	july, august := s.Departure(6, civil.Must(2027, 7, 5)), s.Departure(6, civil.Must(2027, 8, 2))
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			first, second := july, august
			if i%2 == 1 {
				first, second = august, july
			}
			token, err := s.Start(ctx(), first, 1)
			if err == nil {
				err = s.AddHoliday(ctx(), token, second, 1)
			}
			if err == nil && i%3 == 0 {
				err = s.RemoveLine(ctx(), token, 1)
			}
			if err != nil && !errors.Is(err, booking.ErrSoldOut) && !errors.Is(err, booking.ErrInBaskets) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var lines, held int
	must(t, s.DB.QueryRow(`SELECT (SELECT count(*) FROM checkout_child), (SELECT count(*) FROM place WHERE checkout_id IS NOT NULL)`).Scan(&lines, &held))
	if lines != held || held > 12 {
		t.Errorf("%d lines hold %d places", lines, held)
	}
}

func TestOverlapsAreWarned(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	first, second, far := s.Departure(3, civil.Must(2027, 7, 5)), s.Departure(3, civil.Must(2027, 7, 11)), s.Departure(3, civil.Must(2027, 7, 12))
	g := s.Family(1)
	token, err := s.Start(ctx(), first, 1)
	must(t, err)
	s.answer(token, g, 1, civil.Must(2015, 3, 1))
	_, err = s.Confirm(token, g, 1)
	must(t, err)
	token, err = s.Start(ctx(), second, 1) // begins on the day that the first ends
	must(t, err)
	must(t, s.AddHoliday(ctx(), token, far, 1))
	s.answer(token, g, 1, civil.Must(2015, 3, 1))
	s.answer(token, g, 2, civil.Must(2015, 3, 1))
	c, err := s.Open(ctx(), token)
	must(t, err)
	got, err := s.Overlaps(ctx(), c)
	must(t, err)
	if len(got) != 2 || got[0].Position != 1 || got[0].From != civil.Must(2027, 7, 5) || got[1].Position != 2 || got[1].From != civil.Must(2027, 7, 11) {
		t.Errorf("%+v", got)
	}
}
