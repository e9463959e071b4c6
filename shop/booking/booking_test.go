package booking_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/dunning"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// shop is bookingtest's, with what only these tests do.
type shop struct{ *bookingtest.Shop }

func ctx() context.Context { return context.Background() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newShop(t testing.TB) *shop { return &shop{bookingtest.NewShop(t)} }

// writing is a shop that writes letters.
func writing(t testing.TB) *shop { return &shop{bookingtest.NewWriting(t)} }

var yes, no = true, false

// late is a shop in which one family owes a deposit of 50.00, and the day on which it is due.
func late(t *testing.T) (*shop, id.Order, account.Guardian, civil.Date) {
	t.Helper()
	return paidBy(t, booking.Payer{})
}

// paidBy is late where somebody else pays.
func paidBy(t *testing.T, p booking.Payer) (s *shop, order id.Order, g account.Guardian, due civil.Date) {
	t.Helper()
	s = writing(t)
	g = s.Family(1)
	order, due = s.Owes(g, civil.Must(2027, 7, 19), p)
	return s, order, g, due
}

// remind sends what is to be sent on a day.
func (s *shop) remind(day civil.Date, want int) {
	s.T.Helper()
	s.Clock.MoveTo(day)
	sent, err := (&dunning.Service{DB: s.DB, Now: s.Clock.Now, Bookings: s.Service}).Remind(ctx())
	must(s.T, err)
	if sent != want {
		s.T.Errorf("on %v %d reminders went out, want %d", day, sent, want)
	}
}

func TestTwoSiblingsBookAndOneIsCancelled(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.Departure(3, civil.Must(2027, 7, 19)), s.Family(1)
	placed := s.Book(d, g, 2)
	if placed.Asked != 10000 {
		t.Fatalf("two deposits of 50.00 are asked, got %v", placed.Asked)
	}
	s.Sound()
	o, err := s.OrderOf(ctx(), g.ID, placed.Order)
	must(t, err)
	// VT 108.00 with a premium of 25.00 (6.5 % of 335.00 is less than the minimum), and base 335.00.
	if a, b := o.Bookings[0], o.Bookings[1]; a.Statement.Charged != 13300 || b.Statement.Charged != 33500 || a.Evidence != "awaited" || b.Evidence != "not_needed" {
		t.Fatalf("charged %v and %v, evidence %s and %s", a.Statement.Charged, b.Statement.Charged, a.Evidence, b.Evidence)
	}
	if _, err := s.OrderOf(ctx(), s.Family(2).ID, placed.Order); !errors.Is(err, booking.ErrNoBooking) {
		t.Fatalf("another family reads the order: %v", err)
	}
	s.Pay(placed.Order, 10000)
	s.Clock.MoveTo(civil.Must(2027, 6, 4)) // 45 days before: 50 % of 335.00, more than the deposit
	cancel := booking.Cancel{Booking: o.Bookings[1].ID, By: terms.ByCustomer}
	p, err := s.PreviewCancel(ctx(), cancel)
	must(t, err)
	if out := p.Outcome; out.Fee != 16750 || out.Refund != 0 || out.Outstanding != 11750 || len(p.Because) == 0 {
		t.Fatalf("fee 167.50 on 50.00 paid: %+v because %v", out, p.Because)
	}
	who := account.Identity{StaffID: 0}
	if _, err := s.Cancel(ctx(), who, cancel, booking.Confirmed{Fee: 5000}); !errors.Is(err, booking.ErrOutdated) {
		t.Fatalf("a fee that nobody was shown: %v", err)
	}
	confirmed := booking.Confirmed{Fee: 16750, Outstanding: 11750}
	if _, err = s.Cancel(ctx(), who, cancel, confirmed); err != nil {
		t.Fatal(err)
	}
	if _, err = s.Cancel(ctx(), who, cancel, confirmed); !errors.Is(err, booking.ErrEnded) {
		t.Fatalf("cancelled twice: %v", err)
	}
	s.Sound()
	if free := s.Count(`SELECT count(*) FROM place WHERE booking_id IS NULL AND checkout_id IS NULL`); free != 2 {
		t.Fatalf("%d of 3 places are free, want 2", free)
	}
}

func TestSameBasketGivesOneOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.Departure(5, civil.Must(2027, 7, 19)), s.Family(1)
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.Fill(token, g, 1))
	var orders [8]booking.Placed
	var wg sync.WaitGroup
	for i := range orders {
		wg.Go(func() {
			placed, err := s.Confirm(token, g, 1)
			if err != nil {
				t.Error(err)
			}
			orders[i] = placed
		})
	}
	wg.Wait()
	for _, o := range orders {
		if o.Order != orders[0].Order || o.Asked != 5000 {
			t.Fatalf("double click: %+v and %+v", orders[0], o)
		}
	}
	s.Sound()
}

func TestHoldEnds(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.Departure(1, civil.Must(2027, 7, 19)), s.Family(1)
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.Fill(token, g, 1))
	if _, err := s.Start(ctx(), d, 1); !errors.Is(err, booking.ErrInBaskets) {
		t.Fatalf("the only place is in a basket: %v", err)
	}
	s.Clock.Move(booking.HoldFor)
	if _, err := s.Confirm(token, g, 1); !errors.Is(err, booking.ErrHoldExpired) {
		t.Fatalf("confirmed after the hold: %v", err)
	}
	other, err := s.Start(ctx(), d, 1) // free again, even before the job has been
	must(t, err)
	if err := s.Retake(ctx(), token); !errors.Is(err, booking.ErrSoldOut) {
		t.Fatalf("taken again while another has it: %v", err)
	}
	must(t, s.Leave(ctx(), other))
	must(t, s.Retake(ctx(), token))
	if _, err := s.Confirm(token, g, 1); err != nil { // the answers were kept
		t.Fatal(err)
	}
	s.Sound()
}

func TestExpiryNeverTakesAnothersPlace(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, civil.Must(2027, 7, 19))
	if _, err := s.Start(ctx(), d, 1); err != nil {
		t.Fatal(err)
	}
	s.Clock.Move(booking.HoldFor + time.Minute)
	if _, err := s.Start(ctx(), d, 1); err != nil { // takes the place over from the expired hold
		t.Fatal(err)
	}
	n, err := s.ExpireHolds(ctx())
	must(t, err)
	if n != 1 || s.Count(`SELECT count(*) FROM place WHERE checkout_id IS NOT NULL`) != 1 {
		t.Fatalf("%d baskets expired, and the new holder lost the place", n)
	}
}

// TestTwoHundredBuyersOfThirtyPlaces: each buyer holds, fills in and confirms at the same time as the others. Exactly the
// capacity is sold, nobody who saw a confirmation lacks a booking, and everybody else hears that it is full or in baskets.
func TestTwoHundredBuyersOfThirtyPlaces(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	const buyers, places = 200, 30
	d := s.Departure(places, civil.Must(2027, 7, 19))
	families := make([]account.Guardian, buyers)
	for i := range families {
		families[i] = s.Family(i)
	}
	var confirmed, full sync.Map
	var wg sync.WaitGroup
	for i := range buyers {
		wg.Go(func() {
			token, err := s.Start(ctx(), d, 1)
			if errors.Is(err, booking.ErrSoldOut) || errors.Is(err, booking.ErrInBaskets) {
				full.Store(i, err)
				return
			}
			if err == nil {
				err = s.Fill(token, families[i], 1)
			}
			if err != nil {
				t.Errorf("buyer %d: %v", i, err)
				return
			}
			placed, err := s.Confirm(token, families[i], 1)
			if err != nil {
				t.Errorf("buyer %d held a place and could not confirm: %v", i, err)
				return
			}
			confirmed.Store(i, placed.Order)
		})
	}
	wg.Wait()
	sold := 0
	confirmed.Range(func(i, order any) bool {
		sold++
		o, err := s.OrderOf(ctx(), families[i.(int)].ID, order.(id.Order))
		if err != nil || len(o.Bookings) != 1 || o.Bookings[0].Status != "placed" {
			t.Errorf("buyer %v saw a confirmation and has no booking: %v", i, err)
		}
		return true
	})
	if sold != places || s.Count(`SELECT count(*) FROM booking`) != places || s.Count(`SELECT count(*) FROM place WHERE booking_id IS NULL`) != 0 {
		t.Fatalf("%d of %d places were confirmed", sold, places)
	}
	if _, err := s.Start(ctx(), d, 1); !errors.Is(err, booking.ErrSoldOut) {
		t.Fatalf("after the last place: %v", err)
	}
	s.Sound()
}

// TestSiblingsTogetherOrNot: pairs compete for an odd number of places; a pair gets two places or none, and no deadlock
// keeps anybody.
func TestSiblingsTogetherOrNot(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(7, civil.Must(2027, 7, 19))
	var got atomic.Int32
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			_, err := s.Start(ctx(), d, 2)
			switch {
			case err == nil:
				got.Add(1)
			case !errors.Is(err, booking.ErrInBaskets) && !errors.Is(err, booking.ErrSoldOut):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got.Load() != 3 || s.Count(`SELECT count(*) FROM place WHERE checkout_id IS NOT NULL`) != 6 {
		t.Fatalf("%d pairs hold %d places of 7", got.Load(), s.Count(`SELECT count(*) FROM place WHERE checkout_id IS NOT NULL`))
	}
}
