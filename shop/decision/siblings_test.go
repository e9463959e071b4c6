package decision_test

import (
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/decision"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// bookSiblings books children in one order and pays that much more than it costs.
func (s *shop) bookSiblings(d id.Departure, g account.Guardian, names ...string) (o booking.Order) {
	s.T.Helper()
	b := s.Bookings
	token, err := b.Start(ctx, d, len(names))
	must(s.T, err)
	must(s.T, b.Identify(ctx, token, g.ID))
	for n, name := range names {
		must(s.T, b.ChooseNewChild(ctx, token, g.ID, n+1, account.ChildInput{FirstName: name, LastName: g.LastName, BornOn: civil.Must(2016, 5, 1+n)}))
		must(s.T, b.Choose(ctx, token, g.ID, n+1, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "group"}))
	}
	sum, err := b.Summary(ctx, token, g.ID, 1)
	must(s.T, err)
	placed, err := b.Place(ctx, token, g, booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: b.Terms.Hash(), QuotedTotal: sum.Total})
	must(s.T, err)
	s.Pay(placed.Order, sum.Total+1000) // ten euros too much
	o, err = b.OrderByID(ctx, placed.Order)
	must(s.T, err)
	return o
}

// Calling a departure off is one event for a family: children of one order share one credit note and one mail, also when their
// time to choose passed. A child that had left before is on neither. All that was paid goes back.
func TestSiblingsShareTheCreditNoteOfACallOff(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	off, other := s.Holiday("OFF", "domestic", 33500, 9, leaves), s.Holiday("OTHER", "domestic", 33500, 2, leaves.AddDays(14))
	ask, quiet := s.Holiday("ASK", "domestic", 33500, 9, leaves.AddDays(28)), s.family()
	two := s.bookSiblings(off, s.family(), "Lou", "Noa")
	three := s.bookSiblings(off, s.family(), "Ada", "Bo", "Cas")
	silent := s.bookSiblings(ask, quiet, "Fee", "Gus")
	ended := three.Bookings[0].ID
	p, err := s.Bookings.PreviewCancel(ctx, booking.Cancel{Booking: ended, By: terms.ByCustomer})
	must(t, err)
	_, err = s.Bookings.Cancel(ctx, s.office, booking.Cancel{Booking: ended, By: terms.ByCustomer}, p.Confirms())
	must(t, err)

	start := func(in decision.CallOff) int64 {
		t.Helper()
		shown, err := s.PreviewCallOff(ctx, in)
		must(t, err)
		key, err := s.StartCallOff(ctx, s.office, in, shown.Confirms())
		must(t, err)
		for _, err := range together(func() error { return s.Carry(ctx, decision.CarryArgs{Decision: key}) }, func() error { return s.Carry(ctx, decision.CarryArgs{Decision: key}) }) {
			must(t, err)
		}
		return key
	}
	start(decision.CallOff{Departure: off, Reason: "Storm"})
	start(decision.CallOff{Departure: ask, Reason: "Storm", Others: []id.Departure{other}, Until: s.Clock.Now().AddDate(0, 0, 5)})
	s.Clock.MoveTo(s.Date().AddDays(6))
	must(t, s.Sweep(ctx))
	_, err = s.Bookings.ExpireHolds(ctx)
	must(t, err)

	for _, c := range []struct {
		name                  string
		order                 booking.Order
		notes, onLast, mailed int
	}{{"two", two, 1, 2, 1}, {"three, of whom one had left", three, 2, 2, 1}, {"two who did not answer", silent, 1, 2, 1}} {
		if n := s.Count(`SELECT count(*) FROM invoice WHERE order_id = $1 AND kind = 'credit'`, c.order.ID); n != c.notes {
			t.Errorf("%s: %d credit notes, want %d", c.name, n, c.notes)
		}
		if n := s.Count(`SELECT count(DISTINCT booking_id) FROM invoice_line WHERE invoice_id = (SELECT max(id) FROM invoice WHERE order_id = $1 AND kind = 'credit')`, c.order.ID); n != c.onLast {
			t.Errorf("%s: %d children on the last one, want %d", c.name, n, c.onLast)
		}
		if n := s.Count(`SELECT count(*) FROM job WHERE kind = 'decision.letter' AND args->>'what' = 'refunded' AND (args->>'item')::bigint IN (SELECT id FROM decision_item WHERE order_id = $1)`, c.order.ID); n != c.mailed {
			t.Errorf("%s: %d letters, want %d", c.name, n, c.mailed)
		}
	}
	fee := p.Outcome.Fee
	if back := s.refunds(two.ID); back != s.paid(two.ID) {
		t.Errorf("%v of %v goes back", back, s.paid(two.ID))
	}
	if back := s.refunds(three.ID); back != s.paid(three.ID)-fee {
		t.Errorf("%v of %v goes back, a fee of %v stays", back, s.paid(three.ID), fee)
	}
	s.Sound()
}

// Merging is one event for a family too: one credit note, one invoice of what the other holiday asks first, and each child's own money
// goes along; a letter for each child, since each may leave. A family with another order is on its own papers.
func TestSiblingsShareThePapersOfAMerge(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	from, to := s.Holiday("FROM", "domestic", 33500, 9, leaves), s.Holiday("TO", "domestic", 29900, 9, leaves.AddDays(7))
	two := s.bookSiblings(from, s.family(), "Lou", "Noa")
	three := s.bookSiblings(from, s.family(), "Ada", "Bo", "Cas")
	in := decision.MergeInto{From: from, To: to, Reason: "Te weinig kinderen", LeaveBy: civil.Must(2026, 12, 20)}
	shown, err := s.PreviewMerge(ctx, in)
	must(t, err)
	key, err := s.StartMerge(ctx, s.office, in, shown.Confirms())
	must(t, err)
	for _, err := range together(func() error { return s.Carry(ctx, decision.CarryArgs{Decision: key}) }, func() error { return s.Carry(ctx, decision.CarryArgs{Decision: key}) }) {
		must(t, err)
	}
	for _, o := range []booking.Order{two, three} {
		children := len(o.Bookings)
		for what, want := range map[string]int{
			`SELECT count(*) FROM invoice WHERE order_id = $1 AND kind = 'credit'`:                                                                                                  1,
			`SELECT count(DISTINCT l.booking_id) FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id WHERE i.order_id = $1 AND i.kind = 'credit'`:                             children,
			`SELECT count(*) FROM invoice WHERE order_id = $1 AND kind = 'deposit'`:                                                                                                 2,
			`SELECT count(*) FROM job WHERE kind = 'decision.letter' AND args->>'what' = 'moved' AND (args->>'item')::bigint IN (SELECT id FROM decision_item WHERE order_id = $1)`: children,
			`SELECT count(*) FROM decision_item WHERE order_id = $1 AND state = 'done' AND outcome = 'moved' AND amount_cents = 3600`:                                               children,
		} {
			if n := s.Count(what, o.ID); n != want {
				t.Errorf("%d children: %d, want %d: %s", children, n, want, what)
			}
		}
		if back, want := s.refunds(o.ID), money.Cents(3600*children); back != want {
			t.Errorf("%v goes back of what is cheaper, want %v", back, want)
		}
	}
	s.Sound()
}
