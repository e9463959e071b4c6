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
	"joetz/terms/money"
)

type shop struct {
	*bookingtest.Shop
	t     testing.TB
	clock *bookingtest.Clock
}

func (s *shop) now() time.Time       { return s.clock.Now() }
func (s *shop) move(d time.Duration) { s.clock.Move(d) }
func (s *shop) moveTo(d civil.Date)  { s.clock.MoveTo(d) }
func (s *shop) date() civil.Date     { return civil.Of(s.now()) }
func ctx() context.Context           { return context.Background() }
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newShop(t testing.TB) *shop { return on(bookingtest.NewShop(t)) }

// writing is a shop that writes letters.
func writing(t testing.TB) *shop { return on(bookingtest.NewWriting(t)) }

func on(s *bookingtest.Shop) *shop { return &shop{Shop: s, t: s.T, clock: s.Clock} }

func (s *shop) departure(places int, leaves civil.Date) id.Departure {
	return s.Departure(places, leaves)
}
func (s *shop) family(n int) account.Guardian                      { return s.Family(n) }
func (s *shop) fill(token string, g account.Guardian, n int) error { return s.Fill(token, g, n) }
func (s *shop) book(d id.Departure, g account.Guardian, n int) booking.Placed {
	return s.Book(d, g, n)
}
func (s *shop) confirm(token string, g account.Guardian, instalments int) (booking.Placed, error) {
	return s.Confirm(token, g, instalments)
}
func (s *shop) count(query string, args ...any) int     { s.t.Helper(); return s.Count(query, args...) }
func (s *shop) sound()                                  { s.t.Helper(); s.Sound() }
func (s *shop) pay(order id.Order, amount money.Cents)  { s.Pay(order, amount) }
func (s *shop) letterSays(query, want string)           { s.t.Helper(); s.Says(query, want) }
func (s *shop) bookkeeper(name string) account.Identity { return s.Colleague(name) }
func (s *shop) mailed(order id.Order) []string          { return s.Mailed(order) }

var yes, no = true, false

// late is a shop in which one family owes a deposit of 50.00, and the day on which it is due.
func late(t *testing.T) (s *shop, order id.Order, g account.Guardian, due civil.Date) {
	t.Helper()
	s = writing(t)
	g = s.family(1)
	order, due = s.Owes(g, civil.Must(2027, 7, 19), booking.Payer{})
	return s, order, g, due
}

// remind sends what is to be sent on a day.
func (s *shop) remind(day civil.Date, want int) {
	s.t.Helper()
	s.moveTo(day)
	sent, err := (&dunning.Service{DB: s.DB, Now: s.now, Bookings: s.Service}).Remind(ctx())
	must(s.t, err)
	if sent != want {
		s.t.Errorf("on %v %d reminders went out, want %d", day, sent, want)
	}
}

func TestTwoSiblingsBookAndOneIsCancelled(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.departure(3, civil.Must(2027, 7, 19)), s.family(1)
	placed := s.book(d, g, 2)
	if placed.Asked != 10000 {
		t.Fatalf("two deposits of 50.00 are asked, got %v", placed.Asked)
	}
	s.sound()
	o, err := s.OrderOf(ctx(), g.ID, placed.Order)
	must(t, err)
	// VT 108.00 with a premium of 25.00 (6.5 % of 335.00 is less than the minimum), and base 335.00.
	if a, b := o.Bookings[0], o.Bookings[1]; a.Statement.Charged != 13300 || b.Statement.Charged != 33500 || a.Evidence != "awaited" || b.Evidence != "not_needed" {
		t.Fatalf("charged %v and %v, evidence %s and %s", a.Statement.Charged, b.Statement.Charged, a.Evidence, b.Evidence)
	}
	if _, err := s.OrderOf(ctx(), s.family(2).ID, placed.Order); !errors.Is(err, booking.ErrNoBooking) {
		t.Fatalf("another family reads the order: %v", err)
	}
	s.pay(placed.Order, 10000)
	s.moveTo(civil.Must(2027, 6, 4)) // 45 days before: 50 % of 335.00, more than the deposit
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
	s.sound()
	if free := s.count(`SELECT count(*) FROM place WHERE booking_id IS NULL AND checkout_id IS NULL`); free != 2 {
		t.Fatalf("%d of 3 places are free, want 2", free)
	}
}

func TestSameBasketGivesOneOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.departure(5, civil.Must(2027, 7, 19)), s.family(1)
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.fill(token, g, 1))
	var orders [8]booking.Placed
	var wg sync.WaitGroup
	for i := range orders {
		wg.Go(func() {
			placed, err := s.confirm(token, g, 1)
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
	s.sound()
}

func TestHoldEnds(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.departure(1, civil.Must(2027, 7, 19)), s.family(1)
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.fill(token, g, 1))
	if _, err := s.Start(ctx(), d, 1); !errors.Is(err, booking.ErrInBaskets) {
		t.Fatalf("the only place is in a basket: %v", err)
	}
	s.move(booking.HoldFor)
	if _, err := s.confirm(token, g, 1); !errors.Is(err, booking.ErrHoldExpired) {
		t.Fatalf("confirmed after the hold: %v", err)
	}
	other, err := s.Start(ctx(), d, 1) // free again, even before the job has been
	must(t, err)
	if err := s.Retake(ctx(), token); !errors.Is(err, booking.ErrSoldOut) {
		t.Fatalf("taken again while another has it: %v", err)
	}
	must(t, s.Leave(ctx(), other))
	must(t, s.Retake(ctx(), token))
	if _, err := s.confirm(token, g, 1); err != nil { // the answers were kept
		t.Fatal(err)
	}
	s.sound()
}

func TestExpiryNeverTakesAnothersPlace(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.departure(1, civil.Must(2027, 7, 19))
	if _, err := s.Start(ctx(), d, 1); err != nil {
		t.Fatal(err)
	}
	s.move(booking.HoldFor + time.Minute)
	if _, err := s.Start(ctx(), d, 1); err != nil { // takes the place over from the expired hold
		t.Fatal(err)
	}
	n, err := s.ExpireHolds(ctx())
	must(t, err)
	if n != 1 || s.count(`SELECT count(*) FROM place WHERE checkout_id IS NOT NULL`) != 1 {
		t.Fatalf("%d baskets expired, and the new holder lost the place", n)
	}
}

// TestTwoHundredBuyersOfThirtyPlaces: each buyer holds, fills in and confirms at the same time as the others. Exactly the
// capacity is sold, nobody who saw a confirmation lacks a booking, and everybody else hears that it is full or in baskets.
func TestTwoHundredBuyersOfThirtyPlaces(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	const buyers, places = 200, 30
	d := s.departure(places, civil.Must(2027, 7, 19))
	families := make([]account.Guardian, buyers)
	for i := range families {
		families[i] = s.family(i)
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
				err = s.fill(token, families[i], 1)
			}
			if err != nil {
				t.Errorf("buyer %d: %v", i, err)
				return
			}
			placed, err := s.confirm(token, families[i], 1)
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
	if sold != places || s.count(`SELECT count(*) FROM booking`) != places || s.count(`SELECT count(*) FROM place WHERE booking_id IS NULL`) != 0 {
		t.Fatalf("%d of %d places were confirmed", sold, places)
	}
	if _, err := s.Start(ctx(), d, 1); !errors.Is(err, booking.ErrSoldOut) {
		t.Fatalf("after the last place: %v", err)
	}
	s.sound()
}

// TestSiblingsTogetherOrNot: pairs compete for an odd number of places; a pair gets two places or none, and no deadlock
// keeps anybody.
func TestSiblingsTogetherOrNot(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.departure(7, civil.Must(2027, 7, 19))
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
	if got.Load() != 3 || s.count(`SELECT count(*) FROM place WHERE checkout_id IS NOT NULL`) != 6 {
		t.Fatalf("%d pairs hold %d places of 7", got.Load(), s.count(`SELECT count(*) FROM place WHERE checkout_id IS NOT NULL`))
	}
}
