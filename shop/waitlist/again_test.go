package waitlist_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/waitlist"
)

// A family whose child left the departure, left its list, and waits for another departure, may wait for this one. One of two children
// gets a place by another way, and one a booking elsewhere: the family goes on waiting, for who has none here.
func TestWhoWentOrWaitedBeforeWaitsAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, e := s.Departure(2, leaves), s.Departure(2, leaves.AddDays(14))
	f := s.family(1, 2015, 2016)
	first, second := f, f
	first.children, second.children = f.children[:1], f.children[1:]
	must(t, s.cancel(s.book(d, first).Bookings[0]))
	full := s.book(d, s.family(2, 2015, 2016))
	s.book(e, s.family(3, 2015))
	single := s.family(4, 2015)
	other := s.join(e, f, 2)
	must(t, s.Leave(ctx(), f.ID, s.join(d, f, 2)))
	entry := s.join(d, f, 2)
	last := s.join(d, single, 1)
	s.book(e, first)
	if here, there := s.entry(entry), s.entry(other); here.Status != waitlist.Waiting || there.Status != waitlist.Waiting {
		t.Fatalf("one of two has a place on the other departure: here %s, there %s", here.Status, there.Status)
	}
	must(t, s.Leave(ctx(), single.ID, last))
	must(t, s.cancel(full.Bookings[0]))
	if n := s.offer(d); n != 0 {
		t.Fatalf("%d offers of one place to two children", n)
	}
	s.book(d, second)
	if got := s.entry(entry); got.Status != waitlist.Waiting || got.Position != 1 {
		t.Errorf("the second child has a place, the first had one once: %s, %d", got.Status, got.Position)
	}
	s.sound(d)
}

// While an offer stands the child gets a place by another way: the offer keeps its own until it is answered or runs out.
func TestAnOfferStandsWhenItsChildIsBooked(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	order := s.book(d, s.family(1, 2015))
	f := s.family(2, 2016)
	entry := s.join(d, f, 1)
	must(t, s.cancel(order.Bookings[0]))
	if n := s.offer(d); n != 1 {
		t.Fatalf("%d offers", n)
	}
	_, err := s.Bookings.AddPlaces(ctx(), office, d, 1, "een bed meer")
	must(t, err)
	s.book(d, f)
	if got := s.entry(entry); got.Status != waitlist.Offered {
		t.Errorf("the entry is %s", got.Status)
	}
	s.sound(d)
	must(t, s.Decline(ctx(), f.ID, entry))
	s.sound(d)
}

// Two processes write the same letter: the second waits for the first, and writes none. That another family has its own is no reason.
func TestALetterIsWrittenOnceByTwo(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	s.book(d, s.family(1, 2015))
	must(t, s.Write(ctx(), waitlist.LetterArgs{Entry: s.join(d, s.family(3, 2016), 1), What: "joined"}))
	entry := s.join(d, s.family(2, 2016), 1)
	letter := waitlist.LetterArgs{Entry: entry, What: "joined"}
	errs := make(chan error, 2)
	var writing sync.WaitGroup
	must(t, pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
		if _, err := tx.Exec(`SELECT 1 FROM waitlist_entry WHERE id = $1 FOR UPDATE`, entry); err != nil {
			return err
		}
		for range 2 {
			writing.Go(func() { errs <- s.Write(ctx(), letter) })
		}
		for s.Count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
			if len(errs) == 2 {
				return errors.New("neither waited")
			}
		}
		return nil
	}))
	writing.Wait()
	must(t, <-errs)
	must(t, <-errs)
	if n := s.Count(`SELECT count(*) FROM mail WHERE kind = 'waitlist_joined'`); n != 2 {
		t.Errorf("%d letters to two families", n)
	}
}
