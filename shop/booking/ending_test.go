package booking_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// undo takes an end back with the amounts that its page shows.
func (s *shop) undo(who account.Identity, b id.Booking, note string) error {
	p, err := s.PreviewUndo(ctx(), b)
	if err != nil {
		return err
	}
	return s.Undo(ctx(), who, b, note, p.Confirms())
}

// letter is the newest mail about an order.
func (s *shop) letter(order id.Order) (text string) {
	s.T.Helper()
	must(s.T, s.DB.Get(&text, `SELECT subject || E'\n' || body_text FROM mail WHERE order_id = $1 ORDER BY id DESC LIMIT 1`, order))
	return text
}

// Each way in which the office ends one booking: the reason that it rests on, the money of the terms, the kind letter, the
// place that goes to the waiting list, and the line in the history.
func TestOfficeEndings(t *testing.T) {
	t.Parallel()
	s := writing(t)
	office, leaves := s.Colleague("Kantoor"), civil.Must(2027, 7, 19)
	var freed []id.Departure
	s.Freed = func(_ context.Context, _ *sqlx.Tx, all []id.Departure) error {
		freed = append(freed, all...)
		return nil
	}
	for n, c := range []struct {
		by       terms.By
		on       civil.Date
		paid     money.Cents // beside the deposit of 50.00
		costs    money.Cents
		too      civil.Date // a day on which it is refused
		wrong    error
		fee      money.Cents
		back     money.Cents
		open     money.Cents
		letter   string
		unspoken string // that the letter must not say
	}{
		{by: terms.ByExclusion, on: leaves.AddDays(3), paid: 28500, costs: 8000, too: leaves.AddDays(-1), wrong: booking.ErrNotAway,
			fee: 33500, open: 8000, letter: "gaat Lou niet verder mee", unspoken: "Het spijt ons: we moeten"},
		{by: terms.ByExclusion, on: leaves, paid: 10000, fee: 15000, letter: "Al betaald, wordt niet terugbetaald:"}, // item 126: what was paid is kept, the rest is not asked
		{by: terms.ByUntruthful, on: leaves.AddDays(-20), paid: 28500, back: 33500, letter: "kloppen niet", unspoken: "zorg nodig"},
		{by: terms.ByOrganiser, on: leaves.AddDays(-20), paid: 28500, back: 33500, letter: "alles terug wat je betaalde"},
		{by: terms.ByPriceRise, on: leaves.AddDays(-100), back: 5000, letter: "te veel gestegen"},
	} {
		s.Clock.MoveTo(civil.Must(2026, 12, 1))
		g := s.Family(n)
		d := s.Holiday("E"+string(rune('A'+n)), "domestic", 33500, 1, leaves)
		b := s.lou(d, g, false)
		if c.paid > 0 {
			s.Clock.Move(1e9)
			s.Pay(b.Order, c.paid)
		}
		in := booking.Cancel{Booking: b.ID, By: c.by, Costs: c.costs, Note: "Op dag drie, na twee gesprekken."}
		if c.wrong != nil {
			s.Clock.MoveTo(c.too)
			if _, err := s.PreviewCancel(ctx(), in); !errors.Is(err, c.wrong) {
				t.Errorf("%v on %v: %v", c.by, c.too, err)
			}
		}
		s.Clock.MoveTo(c.on)
		silent := in
		silent.Note = "  "
		if _, err := s.Cancel(ctx(), office, silent, booking.Confirmed{}); !errors.Is(err, booking.ErrEndReason) {
			t.Errorf("%v without a reason: %v", c.by, err)
		}
		p, err := s.PreviewCancel(ctx(), in)
		must(t, err)
		if o := p.Outcome; o.Fee != c.fee || o.Refund != c.back || o.Outstanding != c.open || len(p.Because) == 0 {
			t.Errorf("%v: %+v", c.by, o)
		}
		wrong := p.Confirms()
		wrong.Refund++
		if _, err := s.Cancel(ctx(), office, in, wrong); !errors.Is(err, booking.ErrOutdated) {
			t.Errorf("%v with an amount that nobody was shown: %v", c.by, err)
		}
		freed = nil
		_, err = s.Cancel(ctx(), office, in, p.Confirms())
		must(t, err)
		if !slices.Contains(freed, d) {
			t.Errorf("%v: the waiting list does not hear of the place", c.by)
		}
		must(t, s.WriteCancelled(ctx(), s.cancelledArgs(b.ID)))
		text := s.letter(b.Order)
		if !strings.Contains(text, c.letter) || c.unspoken != "" && strings.Contains(text, c.unspoken) || strings.Contains(text, "twee gesprekken") {
			t.Errorf("%v: %s", c.by, text)
		}
		if n := s.Count(`SELECT count(*) FROM booking_event WHERE booking_id = $1 AND kind = 'cancelled' AND detail->>'note' = $2 AND actor = $3`, b.ID, in.Note, office.Actor()); n != 1 {
			t.Errorf("%v: %d lines of history", c.by, n)
		}
		end := s.end(b.Order, b.ID)
		care := c.by == terms.ByUntruthful
		if end.On != c.on || end.By != c.by.String() || end.Family || end.Care != care || !slices.Equal(end.Because, p.Told("nl")) {
			t.Errorf("%v: the family reads %+v, the office confirmed because of %+v", c.by, end, p.Told("nl"))
		}
		s.Sound()
	}
}

// end is what a family reads of how a booking ended.
func (s *shop) end(order id.Order, b id.Booking) booking.Ended {
	s.T.Helper()
	o, err := s.OrderByID(ctx(), order)
	must(s.T, err)
	ends, err := s.EndsOf(ctx(), o, "nl")
	must(s.T, err)
	return ends[b]
}

// cancelledArgs is the job that the end of a booking left.
func (s *shop) cancelledArgs(b id.Booking) (a booking.CancelledArgs) {
	s.T.Helper()
	must(s.T, s.DB.QueryRow(`SELECT (args->>'fee')::bigint, (args->>'premium')::bigint, (args->>'costs')::bigint, (args->>'refund')::bigint, (args->>'open')::bigint, (args->>'paid')::bigint, args->>'by'
		FROM job WHERE kind = 'booking.cancelled' AND (args->>'booking')::bigint = $1 ORDER BY id DESC LIMIT 1`, b).Scan(&a.Fee, &a.Premium, &a.Costs, &a.Refund, &a.Open, &a.Paid, &a.By))
	a.Booking = b
	return a
}

// Nobody loses a place for non-payment before the free reminder and its days are over; then a person may, and the terms give
// back what was paid. Care is refused on its own page only.
func TestNonpaymentNeedsItsDays(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	o, err := s.OrderByID(ctx(), order)
	must(t, err)
	b, office := o.Bookings[0], s.Colleague("Kantoor")
	in := booking.Cancel{Booking: b.ID, By: terms.ByNonpayment}
	remindOn := s.Terms.LatePayment(due).RemindOn
	refused := func(day civil.Date) {
		t.Helper()
		s.Clock.MoveTo(day)
		if _, err := s.Cancel(ctx(), office, in, booking.Confirmed{}); !errors.Is(err, booking.ErrNotReleased) {
			t.Errorf("on %v: %v", day, err)
		}
	}
	refused(due)
	refused(remindOn.AddDays(60)) // never reminded
	s.remind(remindOn.AddDays(61), 1)
	refused(remindOn.AddDays(61 + 14))
	s.Clock.MoveTo(remindOn.AddDays(61 + 15))
	p, err := s.PreviewCancel(ctx(), in)
	must(t, err)
	_, err = s.Cancel(ctx(), office, in, p.Confirms())
	must(t, err)
	must(t, s.WriteCancelled(ctx(), s.cancelledArgs(b.ID)))
	if text := s.letter(order); !strings.Contains(text, "ook niet na onze herinnering") {
		t.Error(text)
	}
	s.Sound()

	g := s.Family(2)
	care := s.lou(s.Departure(1, civil.Must(2027, 8, 2)), g, false)
	if _, err := s.Cancel(ctx(), office, booking.Cancel{Booking: care.ID, By: terms.ByCareRefused, Note: "x"}, booking.Confirmed{Refund: 5000}); !errors.Is(err, booking.ErrCareDecides) {
		t.Errorf("care refused without its decision: %v", err)
	}
}

// When the organiser ends a rebooked booking the fees of its rebookings go back as well, on the old bookings: shown, confirmed,
// and charged again when that end is taken back. Goodwill on such a fee goes the same way.
func TestUndoChargesRebookingFeesAgain(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{true, false} { // paid, or only as far as the deposit goes
		s := newShop(t)
		office, leaves, g := s.Colleague("Kantoor"), civil.Must(2027, 7, 19), s.Family(1)
		b := s.lou(s.Holiday("NA", "domestic", 33500, 1, leaves), g, false)
		if all {
			s.Clock.Move(1e9)
			s.Pay(b.Order, 33500-b.Statement.Paid)
		}
		s.Clock.MoveTo(leaves.AddDays(-90))
		at := b.ID
		for n, code := range []string{"NB", "NC"} {
			in := booking.Rebook{Booking: at, Departure: s.Holiday(code, "domestic", 33500, 1, leaves.AddDays(7*(n+1)))}
			p, err := s.PreviewRebook(ctx(), parentOf(g), in)
			must(t, err)
			at, err = s.Rebook(ctx(), parentOf(g), asParent(g), in, p.Confirms())
			must(t, err)
		}
		if _, err := s.GiveGoodwill(ctx(), office, b.ID, s.Again(b.ID).Statement.Charged, 1000, "misverstand"); err != nil {
			t.Fatal(err)
		}
		before := map[id.Booking]money.Cents{}
		chain := []id.Booking{b.ID, s.Again(b.ID).RebookedTo, at}
		for _, one := range chain {
			got, err := s.BookingByID(ctx(), one)
			must(t, err)
			before[one] = got.Statement.Charged
		}
		s.Sound()
		s.Clock.Move(1e9)
		end := booking.Cancel{Booking: at, By: terms.ByOrganiser, Note: "te weinig begeleiders"}
		p, err := s.PreviewCancel(ctx(), end)
		must(t, err)
		if p.Fees != 4000 { // 25.00 twice, less 10.00
			t.Fatalf("the fees that go back: %v", p.Fees)
		}
		unseen := p.Confirms()
		unseen.Fees = 0
		if _, err := s.Cancel(ctx(), office, end, unseen); !errors.Is(err, booking.ErrOutdated) {
			t.Fatalf("fees that nobody was shown: %v", err)
		}
		notes := s.Count(`SELECT count(*) FROM invoice WHERE kind = 'credit'`)
		_, err = s.Cancel(ctx(), office, end, p.Confirms())
		must(t, err)
		s.Sound()
		if n := s.Count(`SELECT count(*) FROM invoice WHERE kind = 'credit'`) - notes; n != 1 {
			t.Errorf("%d credit notes for one event and one payer", n)
		}
		for _, one := range chain {
			if got, _ := s.BookingByID(ctx(), one); got.Statement.Charged != 0 {
				t.Errorf("booking %d still costs %v", one, got.Statement.Charged)
			}
		}
		u, err := s.PreviewUndo(ctx(), at)
		must(t, err)
		if u.Fees != 4000 || u.Charged != before[at]+4000 || u.Called == 0 {
			t.Errorf("%+v", u)
		}
		if err := s.Undo(ctx(), office, at, "verkeerd kind", booking.UndoConfirmed{}); !errors.Is(err, booking.ErrOutdated) {
			t.Errorf("not what was shown: %v", err)
		}
		must(t, s.undo(office, at, "verkeerd kind"))
		for _, one := range chain {
			if got, _ := s.BookingByID(ctx(), one); got.Statement.Charged != before[one] {
				t.Errorf("booking %d costs %v again, not %v", one, got.Statement.Charged, before[one])
			}
		}
		s.Sound()
	}
}

// A gesture is told to the family, with what it changes; the office's reason is not.
func TestGoodwillIsToldToTheFamily(t *testing.T) {
	t.Parallel()
	s := writing(t)
	none := money.Cents(0)
	an, bo, g := s.Colleague("An"), s.Colleague("Bo"), s.Family(1)
	b := s.lou(s.Holiday("GW", "domestic", 33500, 1, civil.Must(2027, 7, 19)), g, false)
	told := func(refund, open money.Cents) string {
		t.Helper()
		all, err := s.GoodwillOf(ctx(), b.ID)
		must(t, err)
		if n := s.Count(`SELECT count(*) FROM job WHERE kind = 'booking.goodwill' AND (args->>'goodwill')::bigint = $1 AND (args->>'refund')::bigint = $2 AND (args->>'open')::bigint = $3`, all[0].ID, refund, open); n != 1 {
			t.Errorf("%d letters with %v back and %v open", n, refund, open)
		}
		must(t, s.WriteGoodwill(ctx(), booking.GoodwillArgs{Goodwill: all[0].ID, Refund: refund, Open: open}))
		return s.letter(b.Order)
	}
	if waits, err := s.GiveGoodwill(ctx(), an, b.ID, s.Again(b.ID).Statement.Charged, 3500, "dossier 12"); err != nil || waits {
		t.Fatalf("%v %v", waits, err)
	}
	if text := told(0, 25000); !strings.Contains(text, "minder voor GW") || !strings.Contains(text, " te betalen. Op je pagina") || strings.Contains(text, "dossier 12") {
		t.Error(text)
	}
	s.Clock.Move(1e9)
	s.Pay(b.Order, 25000)
	s.GoodwillLimit = &none // always a second person
	if waits, err := s.GiveGoodwill(ctx(), an, b.ID, s.Again(b.ID).Statement.Charged, 1000, "dossier 12"); err != nil || !waits {
		t.Fatalf("alone with a limit of nothing: %v %v", waits, err)
	}
	if n := s.Count(`SELECT count(*) FROM job WHERE kind = 'booking.goodwill'`); n != 1 {
		t.Errorf("a family hears of what is not given yet: %d", n)
	}
	all, err := s.GoodwillOf(ctx(), b.ID)
	must(t, err)
	if _, err := s.DecideGoodwill(ctx(), bo, all[0].ID, true); err != nil {
		t.Fatal(err)
	}
	if text := told(1000, 0); !strings.Contains(text, "We storten dat terug") {
		t.Error(text)
	}
	s.Sound()
}
