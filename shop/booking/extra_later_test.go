package booking_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"joetz/shop/booking"
	"joetz/shop/extra"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// lines are the invoice lines of an order that is not credited, as "kind amount description".
func (s *shop) lines(order id.Order) map[string]money.Cents {
	s.T.Helper()
	var rows []struct {
		Text   string      `db:"description"`
		Amount money.Cents `db:"amount_cents"`
	}
	must(s.T, s.DB.Select(&rows, `SELECT l.description, sum(l.amount_cents) AS amount_cents FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
		WHERE i.order_id = $1 GROUP BY l.description`, order))
	all := map[string]money.Cents{}
	for _, r := range rows {
		all[r.Text] = r.Amount
	}
	return all
}

// A parent adds an extra after booking: an invoice of its own with a line of its own; and takes it off again until the rule's
// day, so that its invoice is credited and nothing else moves.
func TestAnExtraIsAddedLaterAndTakenOffAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.Departure(4, civil.Must(2027, 7, 19)), s.Family(1)
	days := 30
	first, shirt := s.extra(d, 9, nil), s.extra(d, 9, &days, "S", "M")
	token := s.basket(d, g)
	must(t, s.take(token, g, extra.Pick{Extra: first}))
	placed, err := s.Confirm(token, g, 1)
	must(t, err)
	o, err := s.OrderByID(ctx(), placed.Order)
	must(t, err)
	b, who := o.Bookings[0], parentOf(g)
	s.Pay(placed.Order, placed.Asked)

	if f := fault.Of(s.AddExtra(ctx(), who, b.ID, extra.Pick{Extra: shirt, Choice: "XL"}, 1500)); f == nil || f.Fields[extra.Field(shirt)] != "extra.choose" {
		t.Errorf("a size that is not there: %+v", f)
	}
	if err := s.AddExtra(ctx(), who, b.ID, extra.Pick{Extra: shirt, Choice: "M"}, 1400); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("another price than was shown: %v", err)
	}
	must(t, s.AddExtra(ctx(), who, b.ID, extra.Pick{Extra: shirt, Choice: "M"}, 1500))
	if err := s.AddExtra(ctx(), who, b.ID, extra.Pick{Extra: shirt, Choice: "M"}, 1500); !errors.Is(err, extra.ErrHas) {
		t.Errorf("twice: %v", err)
	}
	s.Sound()
	b = s.Again(b.ID)
	name := b.FirstName + " " + b.LastName + ": T-shirt"
	if got := s.lines(b.Order)[name+" (M)"]; got != 1500 || b.Extras != 3000 || b.Statement.Charged != 33500+3000 {
		t.Errorf("invoice line %v, extras %v, charged %v", got, b.Extras, b.Statement.Charged)
	}
	_, err = s.InvoiceBalances(ctx())
	must(t, err)
	s.Clock.MoveTo(civil.Must(2027, 5, 25))
	_, err = s.InvoiceBalances(ctx())
	must(t, err)
	if got := s.lines(b.Order)[name]; got != 1500 {
		t.Errorf("the first extra on the balance invoice: %v of %v", got, s.lines(b.Order))
	}
	s.Sound()

	if err := s.RemoveExtra(ctx(), parentOf(s.Family(2)), b.ID, shirt, 1500, ""); !errors.Is(err, booking.ErrNoBooking) {
		t.Errorf("another family: %v", err)
	}
	if err := s.RemoveExtra(ctx(), who, b.ID, first, 0, ""); !errors.Is(err, booking.ErrExtraKept) {
		t.Errorf("one that is never paid back: %v", err)
	}
	must(t, s.RemoveExtra(ctx(), who, b.ID, shirt, 1500, ""))
	s.Sound()
	b = s.Again(b.ID)
	if b.Extras != 1500 || b.Statement.Charged != 35000 || s.lines(b.Order)[name+" (M)"] != 0 {
		t.Errorf("taken off: extras %v, charged %v, lines %v", b.Extras, b.Statement.Charged, s.lines(b.Order))
	}
	for _, part := range b.Statement.Parts {
		if part.Kind == "supplement" {
			t.Errorf("its supplement is still asked: %+v", part)
		}
	}
	must(t, s.AddExtra(ctx(), who, b.ID, extra.Pick{Extra: shirt, Choice: "S"}, 1500))
	s.Clock.MoveTo(civil.Must(2027, 6, 20)) // 29 days before
	if err := s.RemoveExtra(ctx(), who, b.ID, shirt, 1500, ""); !errors.Is(err, booking.ErrExtraKept) {
		t.Errorf("after the rule's day: %v", err)
	}
	must(t, s.RemoveExtra(ctx(), s.Clerk(), b.ID, shirt, 0, "ziek"))
	s.Sound()
	if b = s.Again(b.ID); b.Statement.Charged != 36500 || b.Extras != 1500 {
		t.Errorf("the office frees it, the price stays: charged %v, extras %v", b.Statement.Charged, b.Extras)
	}
	// Ending it now: all of the price, and both extras by their names.
	p, err := s.PreviewCancel(ctx(), booking.Cancel{Booking: b.ID, By: terms.ByCustomer})
	must(t, err)
	if p.Outcome.Fee != 33500 || len(p.Kept) != 2 || p.Outcome.Outstanding != 36500-b.Statement.Paid {
		t.Errorf("%+v, kept %v", p.Outcome, p.Kept)
	}
	for _, line := range p.Told("nl") {
		if strings.HasPrefix(line.Text, "Bewezen") {
			t.Errorf("an extra is called a proven cost: %q", line.Text)
		}
	}
	_, err = s.Cancel(ctx(), s.Clerk(), booking.Cancel{Booking: b.ID, By: terms.ByCustomer}, booking.Confirmed{Fee: p.Outcome.Fee, Premium: p.Outcome.Premium, Refund: p.Outcome.Refund, Outstanding: p.Outcome.Outstanding})
	must(t, err)
	s.Sound()
	must(t, s.undo(s.Clerk(), b.ID, "vergissing"))
	s.Sound()
	has, err := s.Extras.OfBookings(ctx(), s.DB, b.ID)
	must(t, err)
	if b = s.Again(b.ID); len(has[b.ID]) != 1 || b.Statement.Charged != 36500 {
		t.Errorf("taken back: %v, charged %v", has[b.ID], b.Statement.Charged)
	}
}

// "As the price": half the extra stays where half the price does.
func TestAnExtraPaidBackAsThePriceIs(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.Departure(4, civil.Must(2027, 7, 19)), s.Family(1)
	key, err := s.Extras.Make(ctx(), s.Clerk().StaffID, extra.Extra{Departure: d, NameNL: "Surfles", Price: 4001, AsPrice: true})
	must(t, err)
	b := s.lou(d, g, false)
	must(t, s.AddExtra(ctx(), parentOf(g), b.ID, extra.Pick{Extra: key}, 4001))
	paid := s.Again(b.ID).Statement.Paid
	back := func() money.Cents {
		v, err := s.ExtrasFor(ctx(), parentOf(g), b.ID)
		must(t, err)
		return v.Has[0].Back
	}
	if got := back(); got != 4001 { // the deposit stays, and no more
		t.Errorf("long before: %v", got)
	}
	s.Clock.MoveTo(civil.Must(2027, 6, 4)) // 45 days before: half
	fee := func(price money.Cents) money.Cents { return (price + 1) / 2 }
	want := 4001 - (fee(33500+4001) - fee(33500))
	if got := back(); got < want-1 || got > want+1 || got == 0 {
		t.Errorf("at half: %v, not about %v", got, want)
	}
	p, err := s.PreviewCancel(ctx(), booking.Cancel{Booking: b.ID, By: terms.ByCustomer})
	must(t, err)
	if len(p.Kept) != 1 || p.Kept[0].Kept != 4001-back() || p.Outcome.Fee != 16750 || p.Outcome.Refund-p.Outcome.Outstanding != paid-16750-p.Kept[0].Kept {
		t.Errorf("%+v %+v", p.Outcome, p.Kept)
	}
	must(t, s.RemoveExtra(ctx(), parentOf(g), b.ID, key, back(), ""))
	s.Sound()
	after, err := s.PreviewCancel(ctx(), booking.Cancel{Booking: b.ID, By: terms.ByCustomer})
	must(t, err)
	if after.Outcome.Fee != 16750 || len(after.Kept) != 1 || after.Kept[0].Kept != p.Kept[0].Kept || after.Outcome.Refund-after.Outcome.Outstanding != paid-16750-p.Kept[0].Kept {
		t.Errorf("what stayed of it stays after an end: %+v %+v", after.Outcome, after.Kept)
	}
}

// Eight families want the last two at once, after booking.
func TestTheLastExtraAfterBooking(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(12, civil.Must(2027, 7, 19))
	shirt := s.extra(d, 2, nil)
	var all sync.WaitGroup
	var mu sync.Mutex
	took := 0
	for i := range 8 {
		g := s.Family(i)
		b := s.lou(d, g, false)
		all.Go(func() {
			err := s.AddExtra(ctx(), parentOf(g), b.ID, extra.Pick{Extra: shirt}, 1500)
			mu.Lock()
			defer mu.Unlock()
			if f := fault.Of(err); err == nil {
				took++
			} else if f == nil || f.Fields[extra.Field(shirt)] != "extra.gone" {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if took != 2 {
		t.Errorf("%d took one of two", took)
	}
	s.Sound()
}
