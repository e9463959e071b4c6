package booking_test

import (
	"errors"
	"testing"

	"joetz/shop/booking"
	"joetz/terms/civil"
)

// A basket that cannot have its places does not exist: nothing of the one statement that opens it stays.
func TestNoBasketWithoutItsPlaces(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(2, civil.Must(2027, 7, 5))
	first, err := s.Start(ctx(), d, 1)
	must(t, err)
	if _, err := s.Start(ctx(), d, 2); !errors.Is(err, booking.ErrInBaskets) {
		t.Errorf("two of one free place: %v", err)
	}
	if n := s.Count(`SELECT count(*) FROM checkout`); n != 1 {
		t.Errorf("%d baskets, want only the first", n)
	}
	if n := s.Count(`SELECT count(*) FROM checkout_child`); n != 1 {
		t.Errorf("%d lines, want only the first basket's", n)
	}
	if held, _ := s.places(d); held != 1 {
		t.Errorf("%d places are held, want 1", held)
	}
	must(t, s.Leave(ctx(), first))
	if _, err := s.Start(ctx(), d, 2); err != nil {
		t.Errorf("both places are free again: %v", err)
	}
}

// A basket that is nobody's any more, but in which a family answered, shows the next one nothing of it.
func TestALostBasketShowsNobodysChildren(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(2, civil.Must(2027, 7, 5))
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	an, bo := s.Family(1), s.Family(2)
	s.answer(token, an, 1, civil.Must(2016, 3, 1))
	s.DB.MustExec(`UPDATE checkout SET guardian_id = NULL`) // as if the family had been removed
	must(t, s.Identify(ctx(), token, bo.ID))
	c, err := s.Open(ctx(), token)
	must(t, err)
	if c.Guardian != bo.ID || c.Children[0].Participant != 0 || c.Children[0].Care != nil {
		t.Errorf("the basket is %d's and shows %+v", c.Guardian, c.Children)
	}
}

// Of a departure whose places are all sold the shop says so from memory; of one with places in baskets, or freed since, it
// looks.
func TestSoldOutIsSaidOnlyOfWhatIsSold(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, civil.Must(2027, 7, 5))
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	if _, err := s.Start(ctx(), d, 1); !errors.Is(err, booking.ErrInBaskets) {
		t.Errorf("in a basket: %v", err)
	}
	g := s.Family(1)
	must(t, s.Fill(token, g, 1))
	placed, err := s.Confirm(token, g, 1)
	must(t, err)
	if _, err := s.Start(ctx(), d, 1); !errors.Is(err, booking.ErrSoldOut) {
		t.Errorf("sold: %v", err)
	}
	s.DB.MustExec(`UPDATE place SET booking_id = NULL WHERE booking_id IN (SELECT id FROM booking WHERE order_id = $1)`, placed.Order)
	if _, err := s.Start(ctx(), d, 1); err != nil {
		t.Errorf("freed: %v", err)
	}
}
