package decision_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/catalogue"
	"joetz/shop/decision"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// A departure is called off with forty families who paid nothing, the deposit, everything or too much, in each price category,
// some insured, one after a rebooking that cost a fee. The job is killed in the middle, two processes go on, families choose at
// the same time, and the others let the deadline pass. Afterwards nobody has less than they paid.
func TestCallOffWithFortyFamilies(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	off, cheap, dear := s.Holiday("OFF", "domestic", 33500, 60, leaves), s.Holiday("CHEAP", "domestic", 20000, 4, leaves.AddDays(7)), s.Holiday("DEAR", "foreign_coach", 59500, 3, leaves.AddDays(7))
	before := s.Holiday("BEFORE", "domestic", 33500, 2, leaves)
	type fam struct {
		account.Guardian
		b    booking.Booking
		paid money.Cents
	}
	var all []fam
	for n := range 40 {
		g := s.family()
		c := []catalogue.Category{catalogue.Base, catalogue.Solidaris, catalogue.VT}[n%3]
		pays := []money.Cents{0, -1, 33500 + 2500, 40000}[n%4]
		b := s.Lou(off, g, c, n%5 == 0, pays)
		all = append(all, fam{g, b, s.paid(b.Order)})
	}
	rebooked := s.family() // 25.00 for a rebooking goes back as well
	old := s.Lou(before, rebooked, catalogue.Base, false, 33500)
	fresh, err := s.Bookings.Rebook(ctx, parentOf(rebooked), asParent(rebooked), booking.Rebook{Booking: old.ID, Departure: off}, booking.RebookConfirmed{Fee: 2500, Total: 33500, DueSoon: 0})
	must(t, err)
	all = append(all, fam{rebooked, s.Again(fresh), 33500})
	s.Sound()

	in := decision.CallOff{Departure: off, Reason: "Te weinig begeleiders", Others: []id.Departure{cheap, dear}, Until: s.Clock.Now().AddDate(0, 0, 10)}
	p, err := s.PreviewCallOff(ctx, in)
	must(t, err)
	if len(p.Lines) != 41 {
		t.Fatalf("%d families", len(p.Lines))
	}
	offered, refused := 0, 0
	for _, l := range p.Lines {
		offered += len(l.Others)
		for _, o := range l.Refused {
			if refused++; o.Why != nil {
				t.Errorf("%s cannot choose %s: %v", l.Booking.FirstName, o.To.Title, o.Why)
			}
		}
	}
	if offered != 7 || refused != 2*41-7 {
		t.Fatalf("%d offers, there are 7 places; %d are told that others get them", offered, refused)
	}
	if _, err := s.StartCallOff(ctx, s.office, in, decision.Confirmed{Bookings: 40}); !errors.Is(err, booking.ErrOutdated) {
		t.Fatalf("not what was shown: %v", err)
	}
	since := p.Confirms()
	since.Before++
	if _, err := s.StartCallOff(ctx, s.office, in, since); !errors.Is(err, booking.ErrOutdated) {
		t.Fatalf("as many decisions about it as were shown: %v", err)
	}
	if n := s.Count(`SELECT count(*) FROM departure WHERE status = 'cancelled'`); n != 0 {
		t.Fatal("called off without being confirmed")
	}
	key, err := s.StartCallOff(ctx, s.office, in, p.Confirms())
	must(t, err)
	if _, err := s.Bookings.Start(ctx, off, 1); err == nil {
		t.Fatal("a departure that was called off is on sale")
	}

	killed, kill := context.WithCancel(ctx) // the first process dies in the middle of the fifth refund
	refunds := 0
	s.Bookings.Freed = func(context.Context, *sqlx.Tx, []id.Departure) error {
		if refunds++; refunds == 5 {
			kill()
		}
		return nil
	}
	if err := s.Carry(killed, decision.CarryArgs{Decision: key}); !errors.Is(err, context.Canceled) {
		t.Fatalf("the job was not killed in the middle: %v", err)
	}
	s.Bookings.Freed = nil
	if n := s.Count(`SELECT count(*) FROM decision_item WHERE outcome = $1`, decision.Refunded); n != 4 {
		t.Fatalf("%d families were refunded before it was killed in the fifth", n)
	}
	if n := s.Count(`SELECT count(*) FROM decision_item WHERE state = 'failed'`); n != 0 {
		t.Fatalf("%d families count as failed because the program stopped", n)
	}
	carry := func() error { return s.Carry(ctx, decision.CarryArgs{Decision: key}) }
	for _, err := range together(carry, carry, carry) {
		must(t, err)
	}
	d, err := s.ByID(ctx, key)
	must(t, err)
	if d.Counts.Waiting != 0 || d.Counts.Failed != 0 || d.Counts.Asked == 0 {
		t.Fatalf("%+v", d.Counts)
	}
	if n := s.Count(`SELECT count(*) FROM place WHERE departure_id = ANY (ARRAY[$1, $2]::bigint[]) AND checkout_id IS NOT NULL AND held_until > $3`, cheap, dear, s.Clock.Now()); n != 7 {
		t.Fatalf("%d places are held", n)
	}
	if _, err := s.Bookings.Start(ctx, dear, 1); err == nil {
		t.Fatal("a place that a family was offered is sold")
	}
	s.Sound()

	chosen := 0
	for _, f := range all {
		links, err := s.Links(ctx, f.b.ID)
		must(t, err)
		l := links[f.b.ID]
		if _, err := s.ForFamily(ctx, s.family().ID, l.Item); l.Item != 0 && !errors.Is(err, decision.ErrNoDecision) {
			t.Fatalf("another family reads it: %v", err)
		}
		if !l.Choose {
			continue
		}
		v, err := s.ForFamily(ctx, f.ID, l.Item)
		must(t, err)
		switch chosen++; chosen {
		case 1, 2: // twice at once: one of them does it
			c := v.Choices[len(v.Choices)-1]
			if c.Move.Outcome.Fee != 0 {
				t.Fatalf("a fee of %v", c.Move.Outcome.Fee)
			}
			wrong := c.Move.Confirms()
			wrong.Total++
			if _, err := s.Choose(ctx, parentOf(f.Guardian), asParent(f.Guardian), l.Item, c.Offer, wrong); !errors.Is(err, booking.ErrOutdated) {
				t.Fatalf("not what was shown: %v", err)
			}
			choose := func() error {
				_, err := s.Choose(ctx, parentOf(f.Guardian), asParent(f.Guardian), l.Item, c.Offer, c.Move.Confirms())
				return err
			}
			errs := together(choose, choose, carry)
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("one click counts: %v", errs)
			}
		case 3:
			must(t, s.TakeBack(ctx, parentOf(f.Guardian), l.Item, v.Back))
			if err := s.TakeBack(ctx, parentOf(f.Guardian), l.Item, v.Back); !errors.Is(err, decision.ErrAnswered) {
				t.Fatalf("twice: %v", err)
			}
		}
	}
	s.Sound()
	s.Clock.Set(in.Until)
	for _, err := range together(func() error { return s.Sweep(ctx) }, func() error { return s.Sweep(ctx) }) {
		must(t, err)
	}
	_, err = s.Bookings.ExpireHolds(ctx)
	must(t, err)
	if d, err = s.ByID(ctx, key); err != nil || d.Counts.Done != 41 {
		t.Fatalf("%+v %v", d.Counts, err)
	}
	moved := 0
	for _, f := range all {
		b := s.Again(f.b.ID)
		if b.Active() {
			t.Errorf("booking %d goes on", b.ID)
		}
		back := s.refunds(b.Order)
		if b.RebookedTo == 0 {
			if back != f.paid {
				t.Errorf("booking %d: paid %v, %v goes back", b.ID, f.paid, back)
			}
			continue
		}
		moved++
		now := s.Again(b.RebookedTo)
		if !now.Active() || now.Statement.Paid+back != f.paid || now.Statement.Charged != now.Price+now.Premium {
			t.Errorf("paid %v: %v for the new one, %v back, costs %v", f.paid, now.Statement.Paid, back, now.Statement.Charged)
		}
	}
	if moved != 2 {
		t.Errorf("%d families chose another holiday", moved)
	}
	if n := s.Count(`SELECT count(*) FROM place WHERE checkout_id IS NOT NULL`); n != 0 {
		t.Errorf("%d places are still held", n)
	}
	s.Sound()
}

func (s *shop) paid(o id.Order) (sum money.Cents) {
	s.T.Helper()
	must(s.T, s.DB.Get(&sum, `SELECT coalesce(sum(amount_cents), 0) FROM payment WHERE order_id = $1`, o))
	return sum
}

func (s *shop) refunds(o id.Order) (sum money.Cents) {
	s.T.Helper()
	must(s.T, s.DB.Get(&sum, `SELECT coalesce(sum(amount_cents), 0) FROM refund WHERE order_id = $1`, o))
	return sum
}

// Somebody confirms a basket while the departure is called off: either the order is refused, or its family is one of those who
// are told. Nobody is forgotten on a departure that does not take place.
func TestCallOffAgainstSale(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for n := range 6 {
		d := s.Holiday("S"+string(rune('A'+n)), "domestic", 33500, 9, civil.Must(2027, 7, 19))
		s.Lou(d, s.family(), catalogue.Base, false, bookingtest.Asked)
		g := s.family()
		in := decision.CallOff{Departure: d, Reason: "Storm"}
		var key int64
		together(func() error {
			for {
				p, err := s.PreviewCallOff(ctx, in)
				if err != nil {
					return err
				}
				if key, err = s.StartCallOff(ctx, s.office, in, p.Confirms()); !errors.Is(err, booking.ErrOutdated) {
					return err
				}
			}
		}, func() error {
			b := s.Bookings
			token, err := b.Start(ctx, d, 1)
			if err != nil {
				return err
			}
			_ = b.Identify(ctx, token, g.ID)
			_ = b.ChooseNewChild(ctx, token, g.ID, 1, account.ChildInput{FirstName: "Lou", LastName: "L", BornOn: civil.Must(2016, 5, 1)})
			_ = b.Choose(ctx, token, g.ID, 1, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no"})
			sum, err := b.Summary(ctx, token, g.ID, 1)
			if err != nil {
				return err
			}
			_, err = b.Place(ctx, token, g, booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: b.Terms.Hash(), QuotedTotal: sum.Total})
			return err
		})
		if n := s.Count(`SELECT count(*) FROM booking b WHERE departure_id = $1 AND NOT EXISTS (SELECT 1 FROM decision_item i WHERE i.booking_id = b.id)`, d); n != 0 || key == 0 {
			t.Fatalf("%d families were not told, decision %d", n, key)
		}
		must(t, s.Carry(ctx, decision.CarryArgs{Decision: key}))
	}
	if n := s.Count(`SELECT count(*) FROM booking WHERE status <> 'cancelled'`); n != 0 {
		t.Errorf("%d bookings go on", n)
	}
	s.Sound()
}
