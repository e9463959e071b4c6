package proof_test

import (
	"testing"

	"joetz/medical"
	"joetz/shop/booking"
	"joetz/shop/memberprice"
	"joetz/shop/proof"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// A child at the base price for lack of a proof goes elsewhere, and its proof comes late there. By the terms: 335.00 and a
// premium of 25.00 for the base price, 25.00 for the rebooking, 108.00 with a good proof.
func TestLateProofAfterRebooking(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	who := s.Clerk()
	leaves := civil.Must(2027, 7, 19)
	g, order, b := s.claimed(leaves)
	s.Pay(order, 5000)
	s.Clock.MoveTo(civil.Must(2027, 5, 14)) // the proof was to come by the 13th
	_, err := s.proofs.Deadlines(ctx())
	must(t, err)
	must(t, s.proofs.AskBasePrice(ctx(), who, b, 22700))
	rebook := func(from id.Booking, to id.Departure) id.Booking {
		t.Helper()
		in := booking.Rebook{Booking: from, Departure: to}
		p, err := s.PreviewRebook(ctx(), who, in)
		must(t, err)
		if p.Outcome.Fee != 2500 || p.Total() != 36000 || p.Category != "base" {
			t.Fatalf("a fee of %v, then %v (%s)", p.Outcome.Fee, p.Total(), p.Category)
		}
		fresh, err := s.Rebook(ctx(), who, medical.Reader{Guardian: g.ID, Role: medical.Guardian}, in, p.Confirms())
		must(t, err)
		s.Sound()
		return fresh
	}
	second := rebook(b, s.Departure(3, leaves.AddDays(7)))
	third := rebook(second, s.Departure(3, leaves.AddDays(14))) // and once more
	if state, charged := s.state(third); state != memberprice.Late || charged != 36000 {
		t.Fatalf("elsewhere: %s at %v", state, charged)
	}
	if n, err := s.proofs.Deadlines(ctx()); n != 0 || err != nil {
		t.Errorf("told again of a deadline that passed: %d %v", n, err)
	}
	if lines, err := s.proofs.ToPrice(ctx()); len(lines) != 0 || err != nil {
		t.Errorf("its price was decided: %+v %v", lines, err)
	}
	s.Pay(order, 36000+2*2500-5000)
	s.Sound()
	must(t, s.proofs.HandIn(ctx(), g.ID, third, proof.HandIn{Files: [][]byte{picture(t, 20)}}))
	c, err := s.proofs.ByID(ctx(), third)
	must(t, err)
	if change, err := s.proofs.AcceptChange(ctx(), c); err != nil || change.To != 10800 || change.Change() != 10800-33500 {
		t.Fatalf("%+v %v", change, err)
	}
	must(t, s.proofs.Accept(ctx(), who, third, s.seen(third), 10800-33500))
	if state, charged := s.state(third); state != memberprice.Accepted || charged != 10800+2500 {
		t.Errorf("accepted: %s at %v", state, charged)
	}
	for _, old := range []id.Booking{b, second} {
		if _, charged := s.state(old); charged != 2500 {
			t.Errorf("the rebooking of %d costs %v", old, charged)
		}
	}
	if back := s.Count(`SELECT coalesce(sum(amount_cents), 0) FROM refund`); back != 33500-10800 {
		t.Errorf("%d goes back", back)
	}
	s.Sound()
}

// Where the other holiday has no member's price, no proof is asked: the base price is what everybody pays.
func TestNoProofWhereThereIsNoMembersPrice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	who := s.Clerk()
	leaves := civil.Must(2027, 7, 19)
	g, order, b := s.claimed(leaves)
	s.Pay(order, 5000)
	s.Clock.MoveTo(civil.Must(2027, 5, 14))
	_, err := s.proofs.Deadlines(ctx())
	must(t, err)
	must(t, s.proofs.AskBasePrice(ctx(), who, b, 22700))
	in := booking.Rebook{Booking: b, Departure: s.Holiday("OV", "domestic", 33500, 3, leaves.AddDays(7))}
	_, err = s.DB.Exec(`INSERT INTO price_list (departure_id, version, base_cents, valid_from) VALUES ($1, 2, 33500, $2)`, in.Departure, s.Clock.Now())
	must(t, err)
	p, err := s.PreviewRebook(ctx(), who, in)
	must(t, err)
	fresh, err := s.Rebook(ctx(), who, medical.Reader{Guardian: g.ID, Role: medical.Guardian}, in, p.Confirms())
	must(t, err)
	if state, charged := s.state(fresh); state != memberprice.NotNeeded || charged != 36000 {
		t.Errorf("%s at %v", state, charged)
	}
	if n := s.Count(`SELECT count(*) FROM proof WHERE booking_id = $1`, fresh); n != 0 {
		t.Errorf("%d claims", n)
	}
	s.Sound()
}
