package waitlist_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/waitlist"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// refused reports whether a buyer was told one of the truths about places.
func refused(err error) bool {
	return errors.Is(err, booking.ErrSoldOut) || errors.Is(err, booking.ErrInBaskets) || errors.Is(err, booking.ErrListFirst)
}

// TestFreedPlaceNeverGoesToThePublic: round after round a booking is cancelled while buyers keep asking and two processes
// make offers. Every time the place ends with the family that waits.
func TestFreedPlaceNeverGoesToThePublic(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	order := s.book(d, s.family(0, 2015))
	for round := 1; round <= 12; round++ {
		f := s.family(round, 2016)
		entry := s.join(d, f, 1)
		var wg sync.WaitGroup
		start := make(chan struct{})
		for range 6 {
			wg.Go(func() {
				<-start
				for range 5 {
					if token, err := s.Bookings.Start(ctx(), d, 1); err == nil {
						t.Errorf("round %d: the public has the freed place (%s)", round, token)
					} else if !refused(err) {
						t.Error(err)
					}
				}
			})
		}
		wg.Go(func() {
			<-start
			if err := s.cancel(order.Bookings[0]); err != nil {
				t.Error(err)
			}
		})
		for range 2 {
			wg.Go(func() {
				<-start
				for range 4 {
					if _, err := s.Offer(ctx(), d); err != nil {
						t.Error(err)
					}
				}
			})
		}
		close(start)
		wg.Wait()
		s.offer(d)
		if e := s.entry(entry); e.Status != waitlist.Offered {
			t.Fatalf("round %d: %s", round, e.Status)
		}
		s.sound(d)
		token, err := s.Accept(ctx(), f.ID, entry)
		must(t, err)
		placed, err := s.confirm(token, f)
		must(t, err)
		order, err = s.Bookings.OrderByID(ctx(), placed.Order)
		must(t, err)
	}
	if n := s.Count(`SELECT count(*) FROM waitlist_offer`); n != 12 {
		t.Fatalf("%d offers in 12 rounds", n)
	}
}

// TestEntryIsSeenByWhoHoldsTheRow: the sharpest case. A buyer has looked and found nobody waiting; then an entry and a
// freed place are committed before the buyer gets its row. The second look, with the row locked, sees them.
func TestEntryIsSeenByWhoHoldsTheRow(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	f := s.family(1, 2016)
	held, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { // somebody has the row: the buyer waits for it, after its first look
		must(t, pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
			if _, err := tx.Exec(`SELECT 1 FROM place WHERE departure_id = $1 FOR UPDATE`, d); err != nil {
				return err
			}
			close(held)
			<-release
			return nil
		}))
	})
	<-held
	var got error
	wg.Go(func() { _, got = s.Bookings.Start(ctx(), d, 1) })
	for s.Count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
		time.Sleep(time.Millisecond) // until the buyer waits in the database
	}
	_, err := s.DB.Exec(`WITH e AS (INSERT INTO waitlist_entry (departure_id, guardian_id, at_least, joined_at) VALUES ($1, $2, 1, $3) RETURNING id)
		INSERT INTO waitlist_child (entry_id, position, participant_id) SELECT id, 1, $4 FROM e`, d, f.ID, s.Clock.Now(), f.children[0])
	must(t, err)
	close(release)
	wg.Wait()
	if !refused(got) {
		t.Fatalf("the buyer took a place for which somebody waits: %v", got)
	}
}

// TestNobodyHearsSoldOutOverAnOpenTransaction: with a list whose entry does not fit, a place in somebody's open transaction
// that rolls back is still found.
func TestNobodyHearsSoldOutOverAnOpenTransaction(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(3, leaves)
	s.book(d, s.family(1, 2015, 2016))
	s.join(d, s.family(2, 2015, 2016), 2) // one is free: the pair does not fit
	held, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
			if _, err := tx.Exec(`SELECT take_places($1, 1, 999, $2, $3)`, d, s.Clock.Now().Add(time.Hour), s.Clock.Now()); err != nil {
				return err
			}
			close(held)
			<-release
			return errors.New("rolled back")
		})
		if err == nil {
			t.Error("it committed")
		}
	})
	<-held
	var got error
	wg.Go(func() { _, got = s.Bookings.Start(ctx(), d, 1) })
	for s.Count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
		time.Sleep(time.Millisecond)
	}
	close(release)
	wg.Wait()
	if got != nil {
		t.Fatalf("the place was free after all: %v", got)
	}
	s.sound(d)
}

// TestTwoProcessesMakeOffers: places come free one by one while four processes look at the list. Every family gets one offer,
// in order, and siblings get both places or none.
func TestTwoProcessesMakeOffers(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	s.book(d, s.family(0, 2015))
	var entries []id.WaitlistEntry
	for i := range 8 {
		if i%2 == 0 {
			entries = append(entries, s.join(d, s.family(i+1, 2015, 2016), 2))
		} else {
			entries = append(entries, s.join(d, s.family(i+1, 2017), 1))
		}
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				if _, err := s.Offer(ctx(), d); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 12 { // what 4 pairs and 4 single children need
			if _, err := s.Bookings.AddPlaces(ctx(), office, d, 1, "extra tent"); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	s.offer(d)
	s.sound(d)
	held := s.Count(`SELECT coalesce(sum(places), 0) FROM waitlist_offer WHERE status = 'open'`)
	for i, e := range entries {
		got := s.entry(e)
		if got.Offer != nil && got.Offer.Places != 2-i%2 {
			t.Errorf("entry %d was offered %d places", i, got.Offer.Places)
		}
	}
	// Singles are served from places that come one by one; pairs share what is left, two by two.
	if n := s.Count(`SELECT count(*) FROM waitlist_offer`); n != len(entries) || held != 12 {
		t.Fatalf("%d offers of %d places for %d entries", n, held, len(entries))
	}
}

// TestLastMinuteOfAnOffer: the parent confirms at the moment the offer runs out and the next in line is looked for. One of
// the two has the place, never both, and the entry says the same.
func TestLastMinuteOfAnOffer(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	order := s.book(d, s.family(0, 2015))
	for round := 1; round <= 8; round++ {
		f := s.family(2*round, 2016)
		entry := s.join(d, f, 1)
		must(t, s.cancel(order.Bookings[0]))
		s.offer(d)
		next := s.family(2*round+1, 2016)
		waits := s.join(d, next, 1)
		token, err := s.Accept(ctx(), f.ID, entry)
		must(t, err)
		s.Clock.Set(s.entry(entry).Offer.Deadline.Add(-time.Millisecond))
		var wg sync.WaitGroup
		var placed booking.Placed
		var confirmed error
		wg.Go(func() { placed, confirmed = s.confirm(token, f) })
		wg.Go(func() {
			s.Clock.Move(time.Millisecond) // now it is over
			if _, err := s.Bookings.ExpireHolds(ctx()); err != nil {
				t.Error(err)
			}
			if _, err := s.Offer(ctx(), d); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		s.Bookings.ExpireHolds(ctx())
		s.offer(d)
		s.sound(d)
		first, second := s.entry(entry), s.entry(waits)
		switch {
		case confirmed == nil && first.Status == waitlist.Taken && second.Status == waitlist.Waiting:
			must(t, s.Leave(ctx(), next.ID, waits))
		case errors.Is(confirmed, booking.ErrHoldExpired) && first.Status == waitlist.Expired && second.Status == waitlist.Offered:
			if token, err = s.Accept(ctx(), next.ID, waits); err != nil {
				t.Fatal(err)
			}
			placed, err = s.confirm(token, next)
			must(t, err)
		default:
			t.Fatalf("round %d: %v, %s and %s", round, confirmed, first.Status, second.Status)
		}
		order, err = s.Bookings.OrderByID(ctx(), placed.Order)
		must(t, err)
	}
}

// TestConfirmAgainstLeaving: two tabs of one parent, one confirms and one declines. Either there is an order, or the place
// is free for the next.
func TestConfirmAgainstLeaving(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	order := s.book(d, s.family(0, 2015))
	for round := 1; round <= 8; round++ {
		f := s.family(round, 2016)
		entry := s.join(d, f, 1)
		must(t, s.cancel(order.Bookings[0]))
		s.offer(d)
		token, err := s.Accept(ctx(), f.ID, entry)
		must(t, err)
		var wg sync.WaitGroup
		var placed booking.Placed
		var confirmed, declined error
		wg.Go(func() { placed, confirmed = s.confirm(token, f) })
		wg.Go(func() { declined = s.Decline(ctx(), f.ID, entry) })
		wg.Wait()
		s.sound(d)
		switch {
		case confirmed == nil && errors.Is(declined, waitlist.ErrOfferOver) && s.entry(entry).Status == waitlist.Taken:
		case declined == nil && fault.Of(confirmed) != nil && s.entry(entry).Status == waitlist.Declined:
			g := s.family(100+round, 2016)
			token, err := s.Bookings.Start(ctx(), d, 1)
			must(t, err)
			placed, err = s.confirm(token, g)
			must(t, err)
		default:
			t.Fatalf("round %d: confirmed %v, declined %v, %s", round, confirmed, declined, s.entry(entry).Status)
		}
		if order, err = s.Bookings.OrderByID(ctx(), placed.Order); err != nil {
			t.Fatal(err)
		}
	}
}

// TestHoldRunsOutAgainstPlacing: an ordinary basket at its last moment, against the job that ends it, a buyer and the list. Its end
// comes a little later each round, so that it falls on either side of placing.
func TestHoldRunsOutAgainstPlacing(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for round := range 6 {
		d := s.Departure(1, leaves.AddDays(round))
		f, g := s.family(2*round, 2015), s.family(2*round+1, 2016)
		token, err := s.Bookings.Start(ctx(), d, 1)
		must(t, err)
		sum, err := s.answer(token, f)
		must(t, err)
		entry := s.join(d, g, 1)
		s.Clock.Move(booking.HoldFor - time.Millisecond)
		var wg sync.WaitGroup
		var confirmed error
		var public atomic.Int32
		wg.Go(func() { _, confirmed = s.place(token, f, sum) })
		wg.Go(func() {
			for range 16 * round {
				if _, err := s.Bookings.Open(ctx(), token); err != nil && fault.Of(err) == nil {
					t.Error(err)
				}
			}
			s.Clock.Move(time.Millisecond)
			if _, err := s.Bookings.ExpireHolds(ctx()); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			for range 20 {
				if _, err := s.Bookings.Start(ctx(), d, 1); err == nil {
					public.Add(1)
				}
			}
		})
		wg.Wait()
		if public.Load() != 0 {
			t.Errorf("%d buyers came before the list", public.Load())
		}
		if n := s.offer(d); (confirmed == nil) != (n == 0) || (n == 1) != (s.entry(entry).Status == waitlist.Offered) {
			t.Errorf("confirmed %v, and %d offers", confirmed, n)
		}
		s.sound(d)
	}
}

// TestLastUnitForListAndPublic: a place for all is free, but only one more child of 2016 may come. The list and the public
// want it at the same time: the limit is never passed and the books agree.
func TestLastUnitForListAndPublic(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(12, leaves)
	limit := func(n int) error {
		was, err := s.Catalogue.ByID(ctx(), d)
		must(t, err)
		return s.Bookings.SetLimits(ctx(), office, d, catalogue.LimitsText(was[d].Limits), []catalogue.Limit{{BirthYearFrom: 2016, BirthYearTo: 2016, Places: n}}, "leeftijd")
	}
	must(t, limit(0))
	for i := range 4 {
		s.join(d, s.family(i, 2016), 1)
	}
	var families []family
	for i := range 8 {
		families = append(families, s.family(10+i, 2016))
	}
	var wg sync.WaitGroup
	var passed atomic.Int32
	wg.Go(func() {
		for n := 1; n <= 3; n++ {
			if err := limit(n); err != nil {
				t.Error(err)
			}
			s.Offer(ctx(), d)
		}
	})
	for _, f := range families {
		wg.Go(func() {
			token, err := s.Bookings.Start(ctx(), d, 1)
			if err == nil {
				_, err = s.confirm(token, f)
			}
			if err == nil {
				passed.Add(1)
			} else if f := fault.Of(err); f == nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.offer(d)
	if l := s.limits(d)[0]; l.Used > l.Places {
		t.Fatalf("passed: %+v", l)
	}
	s.sound(d)
	if open := s.Count(`SELECT count(*) FROM waitlist_offer WHERE status = 'open'`); open+int(passed.Load()) > 3 {
		t.Fatalf("%d offers and %d bookings for 3 units", open, passed.Load())
	}
}

// TestEverythingWithOneDeparture: bookings are cancelled and taken back, the office adds places and takes some away, baskets run out,
// the list is offered places and buyers come, all at once. No child goes without a place of its own, and all places add up.
func TestEverythingWithOneDeparture(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.DB.MustExec(`INSERT INTO staff (email, name, password_hash, created_at) VALUES ('bo@example.be', 'Bo', 'x', now())`) // whose name stands with what is taken back
	d := s.Departure(5, leaves)
	var sold []booking.Order
	for n := range 3 {
		sold = append(sold, s.book(d, s.family(n, 2015)))
	}
	var baskets []string
	for range 2 {
		token, err := s.Bookings.Start(ctx(), d, 1)
		must(t, err)
		baskets = append(baskets, token)
	}
	waits := []family{s.family(10, 2016), s.family(11, 2016, 2017), s.family(12, 2016)}
	for _, f := range waits {
		s.join(d, f, len(f.children))
	}
	buyers := []family{s.family(20, 2015), s.family(21, 2015), s.family(22, 2015)}
	known := func(err error) {
		if err != nil && fault.Of(err) == nil {
			t.Error(err)
		}
	}
	var wg sync.WaitGroup
	for n, o := range sold {
		wg.Go(func() {
			must(t, s.cancel(o.Bookings[0]))
			if n == 0 {
				return
			}
			p, err := s.Bookings.PreviewUndo(ctx(), o.Bookings[0].ID)
			if err == nil {
				err = s.Bookings.Undo(ctx(), office, o.Bookings[0].ID, "toch niet", p.Confirms())
			}
			known(err)
		})
	}
	wg.Go(func() {
		for range 3 {
			_, err := s.Bookings.AddPlaces(ctx(), office, d, 1, "groter huis")
			known(err)
			_, err = s.Bookings.RemovePlaces(ctx(), office, d, 1, "toch niet")
			known(err)
		}
	})
	wg.Go(func() {
		for _, token := range baskets {
			known(s.Bookings.Leave(ctx(), token))
		}
		_, err := s.Bookings.ExpireHolds(ctx())
		known(err)
	})
	for range 2 {
		wg.Go(func() {
			for range 6 {
				_, err := s.Offer(ctx(), d)
				known(err)
			}
		})
	}
	for _, f := range buyers {
		wg.Go(func() {
			token, err := s.Bookings.Start(ctx(), d, 1)
			if err == nil {
				_, err = s.confirm(token, f)
			}
			known(err)
		})
	}
	wg.Wait()
	s.offer(d)
	s.sound(d)
	if twice := s.Count(`SELECT count(*) FROM booking b WHERE b.departure_id = $1 AND b.status <> 'cancelled' AND (SELECT count(*) FROM place p WHERE p.booking_id = b.id) <> 1`, d); twice != 0 {
		t.Errorf("%d children without a place of their own", twice)
	}
}
