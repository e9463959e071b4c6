package booking_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/extra"
	"joetz/shop/memberprice"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

func names(all []booking.Granted) string {
	var out []string
	for _, g := range all {
		out = append(out, fmt.Sprint(g.NameNL, " ", g.Off))
	}
	return strings.Join(out, ", ")
}

// moved rebooks as it is shown, and holds what is charged against it.
func (s *shop) moved(g account.Guardian, b booking.Booking, to id.Departure) (booking.RebookPreview, booking.Booking) {
	s.T.Helper()
	in := booking.Rebook{Booking: b.ID, Departure: to}
	p, err := s.PreviewRebook(ctx(), parentOf(g), in)
	must(s.T, err)
	fresh, err := s.Rebook(ctx(), parentOf(g), asParent(g), in, p.Confirms())
	must(s.T, err)
	next, err := s.BookingByID(ctx(), fresh)
	must(s.T, err)
	old := s.Again(b.ID)
	if next.Statement.Charged != p.Total() || next.Price != p.Price || next.Discount != p.Along.Off() || next.Extras != p.Along.ExtrasThere() || old.Statement.Charged != p.Leaves() {
		s.T.Errorf("shown %v and %v, charged %v and %v; %+v", p.Total(), p.Leaves(), next.Statement.Charged, old.Statement.Charged, next)
	}
	if next.Statement.Paid+old.Statement.Paid+p.Refund != b.Statement.Paid {
		s.T.Errorf("paid %v: %v there, %v here, %v back", b.Statement.Paid, next.Statement.Paid, old.Statement.Paid, p.Refund)
	}
	s.Sound()
	return p, next
}

// Discounts along with a rebooking, by today's rules: prices are 335.00 / 215.00 / 108.00 on both holidays, the discounts are
// 5 % for a sibling, 20.00 for who books 200 days before, a code, and 30.00 on the first holiday only.
func TestDiscountsGoAlong(t *testing.T) {
	t.Parallel()
	here, there := civil.Must(2027, 7, 19), civil.Must(2027, 8, 2)
	for n, c := range []struct {
		name    string
		claims  []catalogue.Category
		moves   int
		on      civil.Date // zero: the day of the booking
		code    string
		offers  []discount.Discount
		stopped bool // the code's discount, before the rebooking
		was     money.Cents
		price   money.Cents
		gets    string
		lost    string
	}{
		{name: "a sibling stays one", claims: []catalogue.Category{"base", "base"}, moves: 1, was: 31825, price: 31825,
			offers: []discount.Discount{{Kind: "sibling", Percent: 500}}, gets: "sibling 16.75"},
		{name: "the first child is none, though it is moved later", claims: []catalogue.Category{"base", "base"}, moves: 0, was: 33500, price: 33500,
			offers: []discount.Discount{{Kind: "sibling", Percent: 500}}},
		{name: "early booking counts from today", claims: []catalogue.Category{"base"}, on: civil.Must(2027, 4, 1), was: 31500, price: 33500,
			offers: []discount.Discount{{Kind: "early", Amount: 2000, DaysBefore: 200}}, lost: "early 20.00"},
		{name: "early enough", claims: []catalogue.Category{"base"}, was: 31500, price: 31500,
			offers: []discount.Discount{{Kind: "early", Amount: 2000, DaysBefore: 200}}, gets: "early 20.00"},
		{name: "a code that may be used once", claims: []catalogue.Category{"base"}, code: "EEN", was: 32500, price: 32500,
			offers: []discount.Discount{{Kind: "code", Code: "EEN", Amount: 1000, MaxUses: 1}}, gets: "code 10.00"},
		{name: "a code that was stopped", claims: []catalogue.Category{"base"}, code: "EEN", stopped: true, was: 32500, price: 33500,
			offers: []discount.Discount{{Kind: "code", Code: "EEN", Amount: 1000}}, lost: "code 10.00"},
		{name: "only for the first holiday", claims: []catalogue.Category{"base"}, code: "HIER", was: 30500, price: 31500,
			offers: []discount.Discount{{Kind: "code", Code: "HIER", Amount: 3000, Holiday: "T2027-07-19", Alone: true}, {Kind: "early", Amount: 2000}}, gets: "early 20.00", lost: "code 30.00"},
		{name: "members", claims: []catalogue.Category{"solidaris"}, was: 19500, price: 19500,
			offers: []discount.Discount{{Kind: "early", Amount: 2000, Members: true}, {Kind: "early", Amount: 5000}}, gets: "early 20.00"},
		{name: "VT has none", claims: []catalogue.Category{"vt"}, was: 10800, price: 10800,
			offers: []discount.Discount{{Kind: "early", Amount: 2000, Members: true}}},
		{name: "the base price with a discount of the other holiday is less than VT", claims: []catalogue.Category{"vt"}, was: 10800, price: 3500,
			offers: []discount.Discount{{Kind: "early", Amount: 30000, Holiday: "T2027-08-02"}}, gets: "early 300.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			var last int64
			for _, d := range c.offers {
				last = s.Discount(d)
			}
			g := s.Family(n)
			each := make([]booking.Choices, len(c.claims))
			for i, claim := range c.claims {
				each[i].Category = claim
			}
			b := s.Order(s.Departure(3, here), g, c.code, each...)[c.moves]
			if b.Price != c.was {
				t.Fatalf("%s: booked at %v", c.name, b.Price)
			}
			if c.stopped {
				must(t, s.Discounts.Stop(ctx(), s.Clerk().StaffID, last))
			}
			s.Pay(b.Order, money.Cents(5000*len(c.claims)))
			to := s.Departure(3, there)
			if !c.on.IsZero() {
				s.Clock.MoveTo(c.on)
			}
			p, next := s.moved(g, s.Again(b.ID), to)
			if p.Price != c.price || names(p.Along.Discounts) != c.gets || names(p.Along.Lost) != c.lost {
				t.Errorf("%s: %v with %q, without %q", c.name, p.Price, names(p.Along.Discounts), names(p.Along.Lost))
			}
			wantProof := memberprice.Awaited
			if p.Category == catalogue.Base {
				wantProof = memberprice.NotNeeded
			}
			if next.Evidence != wantProof || p.Outcome.PriceDifference != c.price-c.was {
				t.Errorf("%s: proof %s, difference %v", c.name, next.Evidence, p.Outcome.PriceDifference)
			}
		})
	}
}

// Extras along with a rebooking: what the other holiday has too goes along at its price there; the others are named, each with
// what comes off or stays by its own rule; what was given before goes along.
func TestExtrasGoAlong(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	here, there, g := s.Departure(3, civil.Must(2027, 7, 19)), s.Departure(3, civil.Must(2027, 8, 2)), s.Family(1)
	make := func(d id.Departure, name string, price money.Cents, stock, refund int, asPrice bool, choices ...string) int64 {
		e := extra.Extra{Departure: d, NameNL: name, Price: price, AsPrice: asPrice, Choices: choices}
		if stock > 0 {
			e.Stock = &stock
		}
		if refund > 0 {
			e.RefundDays = &refund
		}
		key, err := s.Extras.Make(ctx(), s.Clerk().StaffID, e)
		must(t, err)
		return key
	}
	picks := []extra.Pick{
		{Extra: make(here, "T-shirt", 1500, 0, 0, false, "S", "M"), Choice: "M"},
		{Extra: make(here, "Fiets", 4000, 0, 0, false)},
		{Extra: make(here, "Lunch", 1000, 0, 30, false)},
		{Extra: make(here, "Nacht", 2500, 0, 0, false)},
		{Extra: make(here, "Surfles", 5000, 0, 0, true)},
	}
	shirt := make(there, "T-shirt", 1800, 0, 0, false, "M", "L")
	bike := make(there, " fiets", 3000, 1, 0, false)
	b := s.Order(here, g, "", booking.Choices{Category: catalogue.Base, Extras: picks})[0]
	s.Clock.Move(1e9)
	s.Pay(b.Order, 33500+14000)
	s.Clock.Move(1e9)
	if _, err := s.GiveGoodwill(ctx(), s.Clerk(), b.ID, s.Again(b.ID).Statement.Charged, 3000, "misverstand"); err != nil {
		t.Fatal(err)
	}
	b = s.Again(b.ID)
	in := booking.Rebook{Booking: b.ID, Departure: there}
	p, err := s.PreviewRebook(ctx(), parentOf(g), in)
	must(t, err)
	along, dropped := "", ""
	for _, c := range p.Along.Extras {
		along += fmt.Sprint(c.Is.Extra == shirt || c.Is.Extra == bike, " ", c.Is.Name("nl"), " ", c.Was.Price, " ", c.Is.Price, "; ")
	}
	for _, x := range p.Along.Dropped {
		dropped += fmt.Sprint(x.NameNL, " ", x.Kept, "; ")
	}
	// The night is never paid back, the lunch still is, the surf lesson follows the price: the rebooking has its own fee.
	if along != "true T-shirt (M) 15.00 18.00; true  fiets 40.00 30.00; " || dropped != "Lunch 0.00; Nacht 25.00; Surfles 0.00; " {
		t.Errorf("%s / %s", along, dropped)
	}
	if p.Along.Kept != 2500 || p.Along.Goodwill != 3000 || p.Total() != 33500+4800-3000 || p.Leaves() != 5000 || p.Refund != 44500-5000-35300 {
		t.Errorf("kept %v, goodwill %v, total %v, leaves %v, refund %v", p.Along.Kept, p.Along.Goodwill, p.Total(), p.Leaves(), p.Refund)
	}
	// Somebody takes the last bicycle meanwhile: what was shown is not so any more.
	other := s.Family(2)
	taken := s.Order(there, other, "", booking.Choices{Category: catalogue.Base, Extras: []extra.Pick{{Extra: bike}}})[0]
	if _, err := s.Rebook(ctx(), parentOf(g), asParent(g), in, p.Confirms()); !errors.Is(err, booking.ErrOutdated) {
		t.Fatalf("a bicycle that is gone: %v", err)
	}
	if c := p.Along.Extras; c[0].Limited || !c[1].Limited || c[1].Left != 1 {
		t.Errorf("one bicycle was left: %+v", c)
	}
	gone, err := s.PreviewRebook(ctx(), parentOf(g), in)
	must(t, err)
	for _, x := range gone.Along.Dropped {
		if x.SoldOut != (x.NameNL == "Fiets") {
			t.Errorf("sold out is the bicycle: %+v", x)
		}
	}
	s.Sound()
	must(t, s.RemoveExtra(ctx(), s.Clerk(), taken.ID, bike, 0, "toch niet"))
	p, next := s.moved(g, b, there)
	has, err := s.Extras.OfBookings(ctx(), s.DB, b.ID, next.ID)
	must(t, err)
	if len(has[b.ID]) != 0 || len(has[next.ID]) != 2 || p.Along.Kept != 2500 {
		t.Errorf("extras now: %v", has)
	}
	// What came along counts towards what one person may give.
	if waits, err := s.GiveGoodwill(ctx(), s.Clerk(), next.ID, s.Again(next.ID).Statement.Charged, 7001, "nog iets"); err != nil || !waits {
		t.Errorf("30.00 and 70.01 by one person: %v %v", waits, err)
	}
	// When we end it all of it goes back: the fee and the night as well.
	end, err := s.PreviewCancel(ctx(), booking.Cancel{Booking: next.ID, By: terms.ByOrganiser, Note: "storm"})
	must(t, err)
	if end.Back() != s.Again(next.ID).Statement.Paid+5000 {
		t.Errorf("%v goes back", end.Back())
	}
	_, err = s.Cancel(ctx(), s.Clerk(), booking.Cancel{Booking: next.ID, By: terms.ByOrganiser, Note: "storm"}, end.Confirms())
	must(t, err)
	s.Sound()
}

// Who takes an end back takes the discount back as well: not when another family used it up meanwhile.
func TestUndoNeedsTheDiscount(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Discount(discount.Discount{Kind: "code", Code: "EEN", Amount: 1000, MaxUses: 1})
	d, who := s.Departure(3, civil.Must(2027, 7, 19)), s.Clerk()
	base := booking.Choices{Category: catalogue.Base}
	b := s.Order(d, s.Family(1), "EEN", base)[0]
	end := func(b booking.Booking) {
		t.Helper()
		s.Clock.Move(1e9)
		in := booking.Cancel{Booking: b.ID, By: terms.ByCustomer}
		p, err := s.PreviewCancel(ctx(), in)
		must(t, err)
		_, err = s.Cancel(ctx(), who, in, p.Confirms())
		must(t, err)
	}
	end(b)
	other := s.Order(d, s.Family(2), "EEN", base)[0]
	if err := s.undo(who, b.ID, "toch"); !errors.Is(err, booking.ErrDiscountGone) {
		t.Errorf("one code twice: %v", err)
	}
	end(other)
	must(t, s.undo(who, b.ID, "toch"))
	if now := s.Again(b.ID); now.Discount != 1000 || now.Statement.Charged != 32500 {
		t.Errorf("%+v", now)
	}
	s.Sound()
}
