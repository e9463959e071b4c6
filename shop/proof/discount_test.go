package proof_test

import (
	"testing"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// A proof that fails moves the price to the base price with the discounts that it gives a right to, those of the day of the
// booking; a good one that is late brings the promised price back. VT never has a discount.
func TestDiscountsAnewWithTheProof(t *testing.T) {
	t.Parallel()
	for n, c := range []struct {
		name   string
		claim  catalogue.Category
		code   string
		offers []discount.Discount
		was    money.Cents
		base   money.Cents
		gets   money.Cents // that discounts take off the base price
	}{
		{"VT, and a sibling by the base price", catalogue.VT, "", []discount.Discount{{Kind: "sibling", Percent: 500, Members: true}}, 10800, 31825, 1675},
		{"Solidaris, with more off the base price", catalogue.Solidaris, "", []discount.Discount{{Kind: "sibling", Percent: 500, Members: true}, {Kind: "early", Amount: 2000}}, 20425, 29825, 3675},
		{"a code that stands alone", catalogue.Solidaris, "ALLEEN", []discount.Discount{{Kind: "sibling", Percent: 500, Members: true}, {Kind: "code", Code: "ALLEEN", Amount: 9000, Alone: true, MaxUses: 2}}, 20425, 24500, 9000},
		{"none", catalogue.VT, "", nil, 10800, 33500, 0},
	} {
		s := newShop(t)
		var keys []int64
		for _, d := range c.offers {
			keys = append(keys, s.Discount(d))
		}
		g := s.Family(n)
		leaves := civil.Must(2027, 7, 19)
		b := s.Order(s.Departure(3, leaves), g, c.code, booking.Choices{Category: catalogue.Base}, booking.Choices{Category: c.claim})[1]
		if b.Price != c.was {
			t.Fatalf("%s: booked at %v", c.name, b.Price)
		}
		s.Clock.Move(1e9)
		for _, key := range keys { // stopped since: who booked keeps what ran then
			must(t, s.Discounts.Stop(ctx(), s.Clerk().StaffID, key))
		}
		s.Pay(b.Order, 10000)
		until := s.Count(`SELECT until - date '2026-12-01' FROM proof WHERE booking_id = $1`, b.ID)
		s.Clock.MoveTo(civil.Must(2026, 12, 1).AddDays(until + 1))
		_, err := s.proofs.Deadlines(ctx())
		must(t, err)
		if n := s.Count(`SELECT (args->>'to')::int FROM job WHERE kind = 'booking.proof_letter' AND args->>'what' = 'late'`); n != int(c.base) {
			t.Errorf("%s: told %d", c.name, n)
		}
		pc, err := s.proofs.ByID(ctx(), b.ID)
		must(t, err)
		change, err := s.proofs.BasePriceChange(ctx(), pc)
		must(t, err)
		if change.To != c.base || change.From != c.was {
			t.Errorf("%s: %v to %v", c.name, change.From, change.To)
		}
		must(t, s.proofs.AskBasePrice(ctx(), s.Clerk(), b.ID, change.Change()))
		if now := s.Again(b.ID); now.Price != c.base || now.Discount != c.gets || now.Statement.Charged != c.base || now.Category != catalogue.Base {
			t.Errorf("%s: %v less %v, charged %v", c.name, now.Price, now.Discount, now.Statement.Charged)
		}
		var off money.Cents
		must(t, s.DB.Get(&off, `SELECT coalesce(sum(amount_cents), 0) FROM discount_use WHERE booking_id = $1`, b.ID))
		if off != c.gets {
			t.Errorf("%s: uses of %v", c.name, off)
		}
		s.Sound()
		s.Clock.Move(1e9)
		s.Pay(b.Order, 50000)
		pc, err = s.proofs.ByID(ctx(), b.ID)
		must(t, err)
		back, err := s.proofs.AcceptChange(ctx(), pc)
		must(t, err)
		if back.To != c.was || back.Category != c.claim {
			t.Errorf("%s: comes back at %v (%s)", c.name, back.To, back.Category)
		}
		must(t, s.proofs.Accept(ctx(), s.Clerk(), b.ID, s.seen(b.ID), back.Change()))
		if now := s.Again(b.ID); now.Price != c.was || now.Discount != b.Discount || now.Statement.Charged != c.was || now.Category != c.claim {
			t.Errorf("%s: late, %v less %v, charged %v", c.name, now.Price, now.Discount, now.Statement.Charged)
		}
		s.Sound()
	}
}
