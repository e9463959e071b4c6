package booking_test

import (
	"errors"
	"fmt"
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
)

// TestARebookingTakesNoUnitOfABasket: the one unit for a child of 2016 is in a family's basket. A child of that year does not
// go there by rebooking, nor back to a holiday whose unit was taken meanwhile; the family at the checkout gets what it holds.
func TestARebookingTakesNoUnitOfABasket(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	from, to := s.Holiday("F", "domestic", 33500, 5, leaves), s.Holiday("T", "domestic", 33500, 5, leaves.AddDays(7))
	g, other := s.Family(1), s.Family(2)
	b := s.lou(from, g, false)
	must(t, s.SetLimits(ctx(), office, to, "", []catalogue.Limit{{BirthYearFrom: 2016, BirthYearTo: 2016, Places: 1}}, "leeftijd"))
	in := booking.Rebook{Booking: b.ID, Departure: to}
	p, err := s.PreviewRebook(ctx(), parentOf(g), in)
	must(t, err)
	token, err := s.child(to, other, 2016, "f")
	must(t, err)
	confirmed := booking.RebookConfirmed{Fee: p.Outcome.Fee, Total: p.Total(), Refund: p.Refund, DueSoon: p.DueSoon}
	_, err = s.Rebook(ctx(), parentOf(g), asParent(g), in, confirmed)
	var full booking.ErrLimitFull
	if !errors.As(err, &full) || fault.Of(err).Fields["departure"] != "catalogue.full.children_born" {
		t.Fatalf("took the unit of a basket: %v", err)
	}
	if now := s.Again(b.ID); now.Status != "placed" || now.Departure != from {
		t.Fatalf("the old place is lost: %+v", now)
	}
	_, err = s.Confirm(token, other, 1)
	must(t, err)

	// Cancelled today, and the unit is in another basket: it does not come back.
	must(t, s.SetLimits(ctx(), office, from, "", []catalogue.Limit{{BirthYearFrom: 2016, BirthYearTo: 2016, Places: 1}}, "leeftijd"))
	clerk := s.Colleague("Kat")
	_, err = s.Cancel(ctx(), clerk, booking.Cancel{Booking: b.ID, By: terms.ByCustomer}, booking.Confirmed{Fee: 5000})
	must(t, err)
	_, err = s.child(from, s.Family(3), 2016, "m")
	must(t, err)
	if err := s.undo(clerk, b.ID, "toch"); !errors.As(err, &full) {
		t.Errorf("came back into a unit of a basket: %v", err)
	}
	s.Clock.Move(2 * booking.HoldFor)
	must(t, s.undo(clerk, b.ID, "toch"))
	s.Sound()
}

// TestLastUnitForARebookingAndTheCheckout: of a rebooking and a checkout that want the last unit at once one gets it.
func TestLastUnitForARebookingAndTheCheckout(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	for n := range 6 {
		g, other := s.Family(2*n), s.Family(2*n+1)
		from, to := s.Holiday(fmt.Sprint("P", n), "domestic", 33500, 5, leaves), s.Holiday(fmt.Sprint("Q", n), "domestic", 33500, 5, leaves.AddDays(7))
		b := s.lou(from, g, false)
		must(t, s.SetLimits(ctx(), office, to, "", []catalogue.Limit{{BirthYearFrom: 2016, BirthYearTo: 2016, Places: 1}}, "leeftijd"))
		in := booking.Rebook{Booking: b.ID, Departure: to}
		p, err := s.PreviewRebook(ctx(), parentOf(g), in)
		must(t, err)
		errs := together(func() error {
			_, err := s.Rebook(ctx(), parentOf(g), asParent(g), in, booking.RebookConfirmed{Fee: p.Outcome.Fee, Total: p.Total(), Refund: p.Refund, DueSoon: p.DueSoon})
			return err
		}, func() error { _, err := s.child(to, other, 2016, "f"); return err })
		var full booking.ErrLimitFull
		if won(errs) != 1 || !errors.As(errors.Join(errs...), &full) {
			t.Fatalf("%d: rebooking %v, checkout %v", n, errs[0], errs[1])
		}
		if l := s.capacity(to).Limits[0]; l.Used != 1 {
			t.Fatalf("%d: %+v", n, l)
		}
	}
	s.Sound()
}

// TestABirthdayCorrectedInTheBasket: the child turns out to be of a year that is full: the basket is not placed.
func TestABirthdayCorrectedInTheBasket(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(5, civil.Must(2027, 7, 19))
	must(t, s.SetLimits(ctx(), office, d, "", []catalogue.Limit{{BirthYearFrom: 2015, BirthYearTo: 2015, Places: 0}}, "leeftijd"))
	g := s.Family(1)
	token, err := s.child(d, g, 2016, "f")
	must(t, err)
	children, err := s.Accounts.ChildrenOf(ctx(), g.ID)
	must(t, err)
	tx := s.DB.MustBegin()
	must(t, s.Accounts.UpdateChildTx(ctx(), tx, g.ID, children[0].ID, account.ChildInput{FirstName: "Lou", LastName: g.LastName, BornOn: civil.Must(2015, 5, 1)}))
	must(t, tx.Commit())
	if _, err := s.Confirm(token, g, 1); fault.Of(err) == nil {
		t.Fatalf("placed beyond the limit: %v", err)
	}
	if n := s.Count(`SELECT count(*) FROM booking`); n != 0 {
		t.Errorf("%d bookings", n)
	}
}
