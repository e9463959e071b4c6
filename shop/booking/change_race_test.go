package booking_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms"
	"joetz/terms/civil"
)

// together runs all at once and collects what they answer.
func together(fs ...func() error) []error {
	errs := make([]error, len(fs))
	var wg sync.WaitGroup
	for i, f := range fs {
		wg.Go(func() { errs[i] = f() })
	}
	wg.Wait()
	return errs
}

func won(errs []error) (n int) {
	for _, err := range errs {
		if err == nil {
			n++
		}
	}
	return n
}

// A cancellation frees the last place while two families want it: one of them may get it, never both.
func TestCancellationFreesTheLastPlace(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	for n := range 5 {
		g := s.Family(n)
		d := s.Holiday(fmt.Sprint("L", n), "domestic", 33500, 1, leaves)
		b := s.lou(d, g, false)
		buy := func() error { _, err := s.Start(ctx(), d, 1); return err }
		errs := together(func() error {
			_, err := s.CancelOwn(ctx(), parentOf(g), booking.Cancel{Booking: b.ID, By: terms.ByCustomer}, booking.Confirmed{Fee: 5000})
			return err
		}, buy, buy)
		if errs[0] != nil || won(errs[1:]) > 1 {
			t.Fatalf("cancellation %v, buyers %v", errs[0], errs[1:])
		}
		if won(errs[1:]) == 0 {
			if errs := together(buy, buy); won(errs) != 1 {
				t.Fatalf("the place is free for one: %v", errs)
			}
		}
	}
	s.Sound()
}

// A rebooking and a sale want the last place: one gets it, and a child that loses keeps its own.
func TestRebookingAgainstSale(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	for n := range 6 {
		g := s.Family(n)
		from, to := s.Holiday(fmt.Sprint("R", n), "domestic", 33500, 1, leaves), s.Holiday(fmt.Sprint("S", n), "domestic", 33500, 1, leaves.AddDays(7))
		if n%2 == 1 {
			from, to = to, from
		}
		b := s.lou(from, g, false)
		in := booking.Rebook{Booking: b.ID, Departure: to}
		p, err := s.PreviewRebook(ctx(), parentOf(g), in)
		must(t, err)
		errs := together(func() error {
			_, err := s.Rebook(ctx(), parentOf(g), asParent(g), in, booking.RebookConfirmed{Fee: 2500, Total: 33500, DueSoon: p.DueSoon})
			return err
		}, func() error { _, err := s.Start(ctx(), to, 1); return err })
		if won(errs) != 1 {
			t.Fatalf("rebooking %v, sale %v", errs[0], errs[1])
		}
		if now := s.Again(b.ID); errs[0] != nil && now.Status != "placed" {
			t.Fatalf("lost the new place and the old one: %+v", now)
		}
	}
	s.Sound()
}

// Two children change places with what is free on each side, at once and in both directions: no deadlock, no lost place.
func TestRebookingsCross(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	a, b := s.Holiday("X", "domestic", 33500, 4, leaves), s.Holiday("Y", "domestic", 33500, 4, leaves.AddDays(7))
	var fs []func() error
	for n := range 6 {
		g, from, to := s.Family(n), a, b
		if n%2 == 1 {
			from, to = b, a
		}
		child := s.lou(from, g, false)
		fs = append(fs, func() error {
			_, err := s.Rebook(ctx(), parentOf(g), asParent(g), booking.Rebook{Booking: child.ID, Departure: to}, booking.RebookConfirmed{Fee: 2500, Total: 33500, DueSoon: 2500})
			return err
		})
	}
	for _, err := range together(fs...) {
		if err != nil && !errors.Is(err, booking.ErrSoldOut) {
			t.Error(err)
		}
	}
	s.Sound()
}

// Two colleagues end the same booking, or one ends it while the other rebooks it: one of them does it.
func TestTwoStaffOnOneBooking(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	an, bo, leaves := s.Colleague("An"), s.Colleague("Bo"), civil.Must(2027, 7, 19)
	for n := range 4 {
		g := s.Family(n)
		b := s.lou(s.Holiday(fmt.Sprint("O", n), "domestic", 33500, 1, leaves), g, false)
		to := s.Holiday(fmt.Sprint("P", n), "domestic", 33500, 1, leaves.AddDays(7))
		cancel := func() error {
			_, err := s.Cancel(ctx(), an, booking.Cancel{Booking: b.ID, By: terms.ByCustomer}, booking.Confirmed{Fee: 5000})
			return err
		}
		second := cancel
		if n%2 == 1 {
			second = func() error {
				_, err := s.Rebook(ctx(), bo, asParent(g), booking.Rebook{Booking: b.ID, Departure: to}, booking.RebookConfirmed{Fee: 2500, Total: 33500, DueSoon: 2500})
				return err
			}
		}
		errs := together(cancel, second)
		for _, err := range errs {
			if err != nil && !errors.Is(err, booking.ErrEnded) {
				t.Error(err)
			}
		}
		if won(errs) != 1 {
			t.Fatalf("%d did it: %v", won(errs), errs)
		}
	}
	s.Sound()
}

// The office gives goodwill and presses twice, or two colleagues give it at once: it is given once.
func TestGoodwillIsGivenOnceHoweverOftenItIsPressed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	an, bo := s.Colleague("An"), s.Colleague("Bo")
	b := s.lou(s.Holiday("G", "domestic", 33500, 1, civil.Must(2027, 7, 19)), s.Family(1), false)
	give := func(who account.Identity) func() error {
		return func() error { _, err := s.GiveGoodwill(ctx(), who, b.ID, 33500, 1000, "misverstand"); return err }
	}
	errs := together(give(an), give(an), give(bo))
	for _, err := range errs {
		if err != nil && !errors.Is(err, booking.ErrOutdated) {
			t.Error(err)
		}
	}
	if got := s.Again(b.ID).Statement.Charged; won(errs) != 1 || got != 32500 {
		t.Fatalf("%d gave it, and it costs %v", won(errs), got)
	}
	s.Sound()
}

// Somebody asks a child's care to be discussed at the moment at which its balance is invoiced: nothing is asked meanwhile.
func TestNothingIsAskedOfWhatIsJustDiscussed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	b := s.lou(s.Holiday("B", "domestic", 33500, 1, leaves), s.Family(1), false)
	s.Clock.MoveTo(leaves.AddDays(-50))
	held, discussed := make(chan struct{}), make(chan struct{})
	errs := together(func() error {
		return pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
			if err := payments.LockOrderTx(ctx(), tx, b.Order); err != nil {
				return err
			}
			close(held)
			<-discussed
			_, err := tx.Exec(`UPDATE booking SET status = 'in_review' WHERE id = $1`, b.ID)
			return err
		})
	}, func() error {
		<-held
		_, err := s.InvoiceBalances(ctx())
		return err
	}, func() error {
		<-held
		for s.Count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
			time.Sleep(time.Millisecond) // until the job waits in the database
		}
		close(discussed)
		return nil
	})
	if won(errs) != 3 || s.Count(`SELECT count(*) FROM invoice WHERE kind = 'balance'`) != 0 {
		t.Fatalf("%v: a balance was asked", errs)
	}
	s.Sound()
}

// A hold that ends while its family confirms: it becomes a booking with a place, or the place is free. Never both.
func TestHoldEndsWhileConfirming(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	for n := range 6 {
		g := s.Family(n)
		d := s.Departure(1, leaves.AddDays(n))
		token, err := s.Start(ctx(), d, 1)
		must(t, err)
		must(t, s.Fill(token, g, 1))
		s.Clock.Move(booking.HoldFor - time.Millisecond)
		errs := together(
			func() error { _, err := s.Confirm(token, g, 1); return err },
			func() error { s.Clock.Move(time.Millisecond); _, err := s.ExpireHolds(ctx()); return err },
			func() error { _, err := s.Start(ctx(), d, 1); return err },
		)
		if errs[0] != nil && !errors.Is(errs[0], booking.ErrHoldExpired) {
			t.Error(errs[0])
		}
		if errs[1] != nil {
			t.Error(errs[1])
		}
		if errs[0] == nil && errs[2] == nil {
			t.Fatal("sold twice")
		}
	}
	s.Sound()
}
