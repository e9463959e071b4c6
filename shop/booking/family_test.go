package booking_test

import (
	"errors"
	"testing"

	"joetz/shop/booking"
	"joetz/terms/civil"
)

// Another parent sees the shared child's booking, not the other child's, not who pays; with money only where they pay.
// Removed, they see nothing at the next request.
func TestAnotherParentSeesTheSharedChildOnly(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	an, bo, stranger := s.Family(1), s.Family(2), s.Family(3)
	placed := s.Book(s.Departure(4, civil.Must(2027, 7, 19)), an, 2)
	whole, err := s.FamilyOrder(ctx(), an.ID, placed.Order)
	must(t, err)
	child, other := whole.Bookings[0], whole.Bookings[1]
	s.DB.MustExec(`INSERT INTO guardianship (guardian_id, participant_id, sees_fiche, pays, changes, manages) VALUES ($1, $2, false, true, false, false)`, bo.ID, child.Participant)

	got, err := s.FamilyOrder(ctx(), bo.ID, placed.Order)
	must(t, err)
	if len(got.Bookings) != 1 || got.Bookings[0].ID != child.ID || !got.Shared {
		t.Fatalf("Bo sees %+v", got.Bookings)
	}
	if got.PayerName+got.PayerEmail+got.PayerStreet+got.PayerCity+got.PayerPhone+got.PayerPostalCode != "" || got.Guardian != 0 {
		t.Errorf("Bo sees the other parent: %+v", got)
	}
	if got.Bookings[0].Statement.Charged != child.Statement.Charged || len(got.Due()) == 0 {
		t.Errorf("Bo pays and sees %v", got.Bookings[0].Statement)
	}
	all, err := s.FamilyOrders(ctx(), bo.ID)
	if err != nil || len(all) != 1 || len(all[0].Bookings) != 1 {
		t.Errorf("orders of Bo: %+v %v", all, err)
	}
	for _, c := range []struct {
		who  booking.Right
		want error
	}{{booking.ToSee, nil}, {booking.ToPay, nil}, {booking.ToChange, booking.ErrNoBooking}} {
		if _, err := s.BookingOf(ctx(), bo.ID, child.ID, c.who); !errors.Is(err, c.want) {
			t.Errorf("right %d: %v", c.who, err)
		}
		if _, err := s.BookingOf(ctx(), an.ID, child.ID, c.who); err != nil {
			t.Errorf("who placed the order, right %d: %v", c.who, err)
		}
		if _, err := s.BookingOf(ctx(), bo.ID, other.ID, c.who); !errors.Is(err, booking.ErrNoBooking) {
			t.Errorf("the other child, right %d: %v", c.who, err)
		}
	}
	if _, err := s.OrderOf(ctx(), bo.ID, placed.Order); !errors.Is(err, booking.ErrNoBooking) {
		t.Errorf("the whole order: %v", err)
	}
	if _, err := s.FamilyOrder(ctx(), stranger.ID, placed.Order); !errors.Is(err, booking.ErrNoBooking) {
		t.Errorf("a stranger: %v", err)
	}
	events, err := s.FamilyEvents(ctx(), all, 10)
	if err != nil || len(events) != 0 { // the order was placed; nothing happened to the child's booking yet
		t.Errorf("history %+v %v", events, err)
	}

	s.DB.MustExec(`UPDATE guardianship SET pays = false WHERE guardian_id = $1`, bo.ID)
	got, err = s.FamilyOrder(ctx(), bo.ID, placed.Order)
	must(t, err)
	if b := got.Bookings[0]; b.Statement.Charged != 0 || b.Price != 0 || b.Category != "" || len(got.Due()) != 0 {
		t.Errorf("Bo does not pay and sees %+v", b)
	}
	s.DB.MustExec(`DELETE FROM guardianship WHERE guardian_id = $1`, bo.ID)
	if _, err := s.FamilyOrder(ctx(), bo.ID, placed.Order); !errors.Is(err, booking.ErrNoBooking) {
		t.Errorf("removed: %v", err)
	}
	if all, err := s.FamilyOrders(ctx(), bo.ID); err != nil || len(all) != 0 {
		t.Errorf("removed: %+v %v", all, err)
	}
}
