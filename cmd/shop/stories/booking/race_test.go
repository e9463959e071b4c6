package booking

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/medical"
	"joetz/payments/online"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// atOnce runs all of them at the same moment and collects what they answer.
func atOnce(fs ...func() error) []error {
	errs, start := make([]error, len(fs)), make(chan struct{})
	var wait sync.WaitGroup
	for i, f := range fs {
		wait.Go(func() { <-start; errs[i] = f() })
	}
	close(start)
	wait.Wait()
	return errs
}

// unremembered lets the shop read places anew each time: what it remembers for a moment would keep the suitors of a race away.
func unremembered(p *program.Program) { p.Services.Catalogue.Fresh = 0 }

// fills leaves a departure without a free place.
func (f *aFamily) fills(d id.Departure) {
	f.t.Helper()
	free := shoptest.Number(f.t, f.p, `SELECT count(*) FROM place WHERE departure_id = $1 AND booking_id IS NULL AND (checkout_id IS NULL OR held_until <= $2)`, d, f.p.Now())
	if free > 0 {
		_, err := f.p.Services.Bookings.RemovePlaces(f.t.Context(), account.Identity{StaffID: 1}, d, int(free), "kleiner huis")
		f.must(err)
	}
}

// paysOnline goes to the pay page for all that an order asks and presses pay; the webhook and its job do the rest.
func (f *aFamily) paysOnline(o booking.Order) (press func() error) {
	f.t.Helper()
	in := online.StartInput{Order: o.ID, Reference: o.Reference, Description: o.Reference, Lang: "nl", SuccessURL: f.p.URL() + "/betaling/{attempt}", CancelURL: f.p.URL() + "/betaling/{attempt}"}
	var parts []struct {
		ID     id.Instalment `db:"id"`
		Amount money.Cents   `db:"amount_cents"`
	}
	f.must(f.p.DB.SelectContext(f.t.Context(), &parts, `SELECT id, amount_cents FROM instalment WHERE order_id = $1 AND void_at IS NULL ORDER BY due_on, id`, o.ID))
	for _, part := range parts {
		in.Instalments = append(in.Instalments, part.ID)
		in.Lines = append(in.Lines, online.Line{Name: "deel", Amount: part.Amount})
	}
	started, err := f.p.Services.Online.Start(f.t.Context(), in)
	f.must(err)
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return func() error {
		answer, err := browser.PostForm(started.URL, url.Values{"act": {"bancontact"}})
		if err == nil {
			err = answer.Body.Close()
		}
		return err
	}
}

// cancels does what the family confirms on the page, once more when the amounts changed under it.
func (f *aFamily) cancels(b booking.Booking) error {
	ctx, in := f.t.Context(), booking.Cancel{Booking: b.ID, By: terms.ByCustomer}
	for range 3 {
		p, err := f.p.Services.Bookings.PreviewCancel(ctx, in)
		if err != nil {
			return err
		}
		o := p.Outcome
		_, err = f.p.Services.Bookings.Cancel(ctx, account.Identity{GuardianID: f.g.ID}, in, booking.Confirmed{Fee: o.Fee, Premium: o.Premium, Refund: o.Refund, Outstanding: o.Outstanding})
		if !errors.Is(err, booking.ErrOutdated) {
			return err
		}
	}
	return booking.ErrOutdated
}

// tooLate reports whether an answer is one of the truths that somebody who is too late may read.
func tooLate(err error) bool {
	return errors.Is(err, booking.ErrSoldOut) || errors.Is(err, booking.ErrInBaskets) || errors.Is(err, booking.ErrListFirst)
}

// TestAPaymentArrivesWhileThePlaceGoes: a family pays 335 euro on line in the moment that its booking ends and others want its
// place. Whatever comes first: 50 euro is kept, 285 go back once and it is told, and the place is one family's at most.
func TestAPaymentArrivesWhileThePlaceGoes(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.StartMoving(t, time.Date(2027, 3, 1, 10, 0, 0, 0, civil.Brussels), unremembered)
	f := aNewFamily(t, p, "race@example.be", "Race")
	ctx, bookings := t.Context(), p.Services.Bookings
	for _, child := range []string{"Aa", "Bb", "Cc", "Dd", "Ee", "Ff"} {
		b := f.books("BI-27-06", child, 2016, 0)
		o, err := bookings.OrderByID(ctx, b.Order)
		f.must(err)
		press := f.paysOnline(o)
		f.fills(b.Departure)
		var tokens [2]string
		buy := func(n int) func() error {
			return func() (err error) { tokens[n], err = bookings.Start(ctx, b.Departure, 1); return err }
		}
		errs := atOnce(func() error { return f.cancels(b) }, press, buy(0), buy(1))
		if errs[0] != nil || errs[1] != nil {
			t.Fatalf("cancel %v, pay %v", errs[0], errs[1])
		}
		for _, err := range errs[2:] {
			if err != nil && !tooLate(err) {
				t.Errorf("a buyer reads %v", err)
			}
		}
		if errs[2] == nil && errs[3] == nil {
			t.Fatal("two buyers have the one place")
		}
		shoptest.WaitFor(t, "the money to be where it belongs", func(ctx context.Context) (bool, error) {
			var paid, back, told int64
			err := p.DB.QueryRowContext(ctx, `SELECT (SELECT coalesce(sum(amount_cents), 0) FROM payment WHERE order_id = $1), (SELECT coalesce(sum(amount_cents), 0) FROM refund WHERE order_id = $1),
				(SELECT count(*) FROM mail WHERE order_id = $1 AND kind IN ('booking_cancelled', 'payment_received') AND body_text LIKE '%285,00%')`, o.ID).Scan(&paid, &back, &told)
			return paid == 335_00 && back == 285_00 && told > 0, err
		})
		if n := shoptest.Number(t, p, `SELECT count(*) FROM place WHERE departure_id = $1 AND booking_id = $2`, b.Departure, b.ID); n != 0 {
			t.Error("the booking that ended still has a place")
		}
		if err := shoptest.Sound(t, p); err != nil {
			t.Error(err)
		}
		for n, token := range tokens {
			if errs[2+n] == nil {
				f.must(bookings.Leave(ctx, token))
			}
		}
		_, err = bookings.AddPlaces(ctx, account.Identity{StaffID: 1}, b.Departure, 1, "terug")
		f.must(err)
	}
}

// TestAHoldEndsWhileItIsConfirmed: in the last moments of a hold its family confirms, two processes end holds, and another
// family asks for the place. Who confirmed has the place and an order to pay; else the time was over, nothing is asked, and the
// place is free or the other family's.
func TestAHoldEndsWhileItIsConfirmed(t *testing.T) {
	t.Parallel()
	p, move := shoptest.StartMoving(t, time.Date(2027, 3, 1, 10, 0, 0, 0, civil.Brussels), unremembered)
	f := aNewFamily(t, p, "grens@example.be", "Grens")
	ctx, bookings := t.Context(), p.Services.Bookings
	for n, child := range []string{"Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg", "Hh"} {
		departure, place := f.basket("BI-27-06", child, 2016)
		f.fills(departure)
		var held time.Time
		f.must(p.DB.GetContext(ctx, &held, `SELECT max(held_until) FROM place WHERE departure_id = $1 AND checkout_id IS NOT NULL`, departure))
		move(held.Add(-time.Duration(n) * 4 * time.Millisecond)) // from too late to in time
		var placed booking.Placed
		var token string
		expire := func() error { _, err := bookings.ExpireHolds(ctx); return err }
		errs := atOnce(func() (err error) { placed, err = place(); return err }, func() (err error) { token, err = bookings.Start(ctx, departure, 1); return err }, expire, expire)
		switch {
		case errs[2] != nil || errs[3] != nil:
			t.Fatal(errs)
		case errs[0] == nil && errs[1] == nil:
			t.Fatal("one place, two families")
		case errs[0] != nil && !errors.Is(errs[0], booking.ErrHoldExpired):
			t.Errorf("who was too late reads %v", errs[0])
		case errs[1] != nil && !tooLate(errs[1]):
			t.Errorf("who asks reads %v", errs[1])
		}
		orders := shoptest.Number(t, p, `SELECT count(*) FROM booking b JOIN participant x ON x.id = b.participant_id JOIN place l ON l.booking_id = b.id WHERE x.first_name = $1 AND x.last_name = 'Grens'`, child)
		if want := map[bool]int64{true: 1}[errs[0] == nil]; orders != want {
			t.Errorf("%d bookings with a place, placing said %v", orders, errs[0])
		}
		if errs[0] == nil {
			o, err := bookings.OrderByID(ctx, placed.Order)
			f.must(err)
			if o.Bookings[0].Statement.Open() != 335_00 {
				t.Errorf("asked: %v", o.Bookings[0].Statement.Open())
			}
		}
		if errs[1] == nil {
			f.must(bookings.Leave(ctx, token))
		}
		if _, err := bookings.AddPlaces(ctx, account.Identity{StaffID: 1}, departure, 1, "terug"); err != nil {
			t.Fatal(err)
		}
		if err := shoptest.Sound(t, p); err != nil {
			t.Error(err)
		}
	}
}

// TestTheLastPlaceHasThreeSuitors: a place is freed while a family waits on the list, a child of another holiday wants to be
// rebooked to it, and the public keeps asking. It is never two families', and never the public's or the rebooked child's while
// the family that waits fits.
func TestTheLastPlaceHasThreeSuitors(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.StartMoving(t, time.Date(2027, 3, 1, 10, 0, 0, 0, civil.Brussels), unremembered)
	f, mover, waiter := aNewFamily(t, p, "gaat@example.be", "Gaat"), aNewFamily(t, p, "wisselt@example.be", "Wisselt"), aNewFamily(t, p, "wacht@example.be", "Wachter")
	ctx, bookings := t.Context(), p.Services.Bookings
	leaves := f.books("BI-27-06", "Weg", 2016, 0)
	elsewhere := mover.books("BI-27-05", "Bo", 2016, 0)
	f.fills(leaves.Departure)
	waiter.waits(leaves.Departure, "Wa")
	place := id.BoardingPlace(shoptest.Number(t, p, `SELECT min(id) FROM boarding_place WHERE departure_id = $1`, leaves.Departure))
	rebook := func() error {
		in := booking.Rebook{Booking: elsewhere.ID, Departure: leaves.Departure, BoardingPlace: place}
		who := account.Identity{GuardianID: mover.g.ID}
		v, err := bookings.PreviewRebook(ctx, who, in)
		if err != nil {
			return err
		}
		_, err = bookings.Rebook(ctx, who, medical.Reader{Guardian: mover.g.ID, Role: medical.Guardian, Purpose: "rebook", Request: "race"}, in,
			booking.RebookConfirmed{Fee: v.Outcome.Fee, Total: v.Total(), Refund: v.Refund, DueSoon: v.DueSoon})
		return err
	}
	buy := func() error { _, err := bookings.Start(ctx, leaves.Departure, 1); return err }
	again := func(g func() error) func() error {
		return func() (err error) {
			for range 8 {
				if err = g(); err == nil {
					return nil
				}
				if !tooLate(err) {
					return err
				}
			}
			return err
		}
	}
	offer := func() error { _, err := p.Services.Waitlist.Offer(ctx, leaves.Departure); return err }
	errs := atOnce(func() error { return f.cancels(leaves) }, again(rebook), again(buy), again(buy), offer, offer)
	if errs[0] != nil || errs[4] != nil || errs[5] != nil {
		t.Fatalf("cancel %v, offers %v %v", errs[0], errs[4], errs[5])
	}
	for i, err := range errs[1:4] {
		if err == nil || !tooLate(err) && fault.Of(err) == nil {
			t.Errorf("suitor %d got %v: the place is for who waits", i+1, err)
		}
	}
	shoptest.WaitFor(t, "the offer", func(ctx context.Context) (bool, error) {
		var n int
		err := p.DB.GetContext(ctx, &n, `SELECT count(*) FROM waitlist_offer o JOIN waitlist_entry e ON e.id = o.entry_id WHERE e.guardian_id = $1 AND o.status = 'open'`, waiter.g.ID)
		return n == 1, err
	})
	if b, err := bookings.BookingByID(ctx, elsewhere.ID); err != nil || b.Status != "placed" {
		t.Errorf("the child that lost has its own place no more: %+v %v", b.Status, err)
	}
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}
