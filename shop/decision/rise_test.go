package decision_test

import (
	"errors"
	"testing"

	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/catalogue"
	"joetz/shop/decision"
	"joetz/shop/family"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

func (s *shop) raise(in decision.Raise) int64 {
	s.T.Helper()
	p, err := s.PreviewRaise(ctx, in)
	must(s.T, err)
	key, err := s.StartRaise(ctx, s.office, in, p.Confirms())
	must(s.T, err)
	carry := func() error { return s.Carry(ctx, decision.CarryArgs{Decision: key}) }
	for _, err := range append(together(carry, carry), carry()) { // two processes, and once more
		must(s.T, err)
	}
	s.Sound()
	return key
}

func (s *shop) itemOf(key int64, b id.Booking) (i decision.Item) {
	s.T.Helper()
	rows, err := s.Rows(ctx, key)
	must(s.T, err)
	for _, r := range rows {
		if r.Item.Booking == b {
			return r.Item
		}
	}
	s.T.Fatalf("booking %d is not in decision %d", b, key)
	return i
}

// A price rises in two steps (terms/edges.md M6): 300.00 + 18.00 leaves nobody free to go, + 15.90 later is 11.3 % together and
// does, for a package and for a holiday that is none; 8.003 % does for the package only. One family leaves in time with
// everything back, the other is too late.
func TestRiseInTwoSteps(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	pack, camp := s.Holiday("PACK", "foreign_coach", 30000, 9, leaves), s.Holiday("CAMP", "domestic", 30000, 9, leaves)
	g, h := s.family(), s.family()
	a, b := s.Lou(pack, g, catalogue.Base, true, 30000+2500), s.Lou(camp, h, catalogue.Base, false, bookingtest.Asked)
	s.Clock.MoveTo(civil.Must(2027, 3, 1))
	both := []id.Departure{camp, pack}
	first := s.raise(decision.Raise{Departures: both, Cause: "fuel", Reason: "Diesel", Amount: 1800})
	for _, x := range []booking.Booking{a, b} {
		if i := s.itemOf(first, x.ID); i.Outcome != decision.Raised || i.Amount != 1800 || !i.ExitUntil.IsZero() {
			t.Fatalf("the first step: %+v", i)
		}
		if st := s.Again(x.ID).Statement; st.Charged != x.Statement.Charged+1800 {
			t.Fatalf("costs %v", st.Charged)
		}
	}
	if err := s.Leave(ctx, parentOf(g), s.itemOf(first, a.ID).ID, 34300); !errors.Is(err, decision.ErrOver) {
		t.Fatalf("left below the threshold: %v", err)
	}
	s.Clock.MoveTo(civil.Must(2027, 5, 3))
	second := s.raise(decision.Raise{Departures: both, Cause: "fuel", Reason: "Diesel", Amount: 1590})
	i, j := s.itemOf(second, a.ID), s.itemOf(second, b.ID)
	until := civil.Must(2027, 5, 17)
	if i.ExitUntil != until || j.ExitUntil != until {
		t.Fatalf("33.90 of 300.00: %v and %v", i.ExitUntil, j.ExitUntil)
	}
	v, err := s.ForFamily(ctx, g.ID, i.ID)
	must(t, err)
	if v.Back != 32500 || !v.MayLeave || len(v.Why) == 0 || len(v.Rises) != 2 {
		t.Fatalf("%+v", v)
	}
	if _, err := s.ForFamily(ctx, h.ID, i.ID); !errors.Is(err, decision.ErrNoDecision) {
		t.Fatalf("another family: %v", err)
	}
	if err := s.Leave(ctx, parentOf(g), i.ID, 30000); !errors.Is(err, booking.ErrOutdated) {
		t.Fatalf("not what was shown: %v", err)
	}
	s.Clock.MoveTo(until) // the last day
	leave := func() error { return s.Leave(ctx, parentOf(g), i.ID, 32500) }
	if errs := together(leave, leave); (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("one click counts: %v", errs)
	}
	if left := s.Again(a.ID); left.CancelledBy != "price_rise" || s.refunds(a.Order) != 32500 {
		t.Fatalf("%s, %v goes back", left.CancelledBy, s.refunds(a.Order))
	}
	s.Clock.MoveTo(until.AddDays(1))
	if err := s.Leave(ctx, parentOf(h), j.ID, 5000); !errors.Is(err, decision.ErrOver) {
		t.Fatalf("a day late: %v", err)
	}
	s.Sound()

	// Item 48: a flat rise is much for a cheap price. Within 20 days a package gets no dearer; another holiday may.
	vt := s.Lou(pack, s.family(), catalogue.VT, false, bookingtest.Asked)
	third := decision.Raise{Departures: []id.Departure{pack}, Cause: "taxes", Reason: "Taks", Amount: 2401}
	p, err := s.PreviewRaise(ctx, third)
	must(t, err)
	if l := p.Lines[0]; l.Booking.ID != vt.ID || !l.Rise.Exit {
		t.Fatalf("24.01 of 100.00: %+v", l.Rise)
	}
	s.Clock.MoveTo(leaves.AddDays(-19))
	if _, err := s.StartRaise(ctx, s.office, third, p.Confirms()); !errors.Is(err, decision.ErrAllVoid) {
		t.Fatalf("19 days before: %v", err)
	}
	mixed := decision.Raise{Departures: both, Cause: "taxes", Reason: "Taks", Percent: 2000}
	key := s.raise(mixed)
	if i := s.itemOf(key, vt.ID); i.Outcome != decision.Void || i.Amount != 0 {
		t.Fatalf("a void rise was asked: %+v", i)
	}
	if i := s.itemOf(key, b.ID); i.Outcome != decision.Raised || i.Amount != 600 {
		t.Fatalf("2 %% of 300.00: %+v", i)
	}
}

// The office presses twice, two colleagues decide the same at once, and one of them sends the same page again a day later: the price
// rises once. Who looks anew and sees the first rise may decide a second one.
func TestAPriceRisesOnceHoweverOftenItIsPressed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	camp := s.Holiday("CAMP", "domestic", 30000, 9, civil.Must(2027, 7, 19))
	b := s.Lou(camp, s.family(), catalogue.Base, false, bookingtest.Asked)
	s.Clock.MoveTo(civil.Must(2027, 3, 1))
	in := decision.Raise{Departures: []id.Departure{camp}, Cause: "fuel", Reason: "Diesel", Amount: 1000}
	p, err := s.PreviewRaise(ctx, in)
	must(t, err)
	press := func() error { _, err := s.StartRaise(ctx, s.office, in, p.Confirms()); return err }
	won := 0
	for _, err := range together(press, press, press) {
		if err == nil {
			won++
		} else if !errors.Is(err, booking.ErrOutdated) {
			t.Error(err)
		}
	}
	carry := func() {
		t.Helper()
		var keys []int64
		must(t, s.DB.Select(&keys, `SELECT id FROM decision ORDER BY id`))
		for _, key := range keys {
			must(t, s.Carry(ctx, decision.CarryArgs{Decision: key}))
		}
	}
	carry()
	s.Clock.MoveTo(civil.Must(2027, 3, 2))
	if err := press(); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("the same page a day later: %v", err)
	}
	carry()
	if got := s.Again(b.ID).Statement.Charged; won != 1 || got != 31000 {
		t.Fatalf("%d decisions, and it costs %v", won, got)
	}
	s.raise(in)
	if got := s.Again(b.ID).Statement.Charged; got != 32000 {
		t.Errorf("a second rise: %v", got)
	}
	s.Sound()
}

// Children go to another departure while somebody buys its places: the places are kept for all of them first, so nobody falls
// between; nobody pays more; one family leaves for free; and a merge that does not fit is refused whole.
func TestMergeAgainstSale(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	from, to, small := s.Holiday("FROM", "domestic", 33500, 9, leaves), s.Holiday("TO", "domestic", 29900, 8, leaves.AddDays(7)), s.Holiday("SMALL", "domestic", 60000, 2, leaves.AddDays(7))
	type fam struct {
		g id.Guardian
		b booking.Booking
	}
	var all []fam
	for n := range 4 {
		g := s.family()
		all = append(all, fam{g.ID, s.Lou(from, g, []catalogue.Category{catalogue.Base, catalogue.VT}[n%2], n == 0, []money.Cents{33500 + 2500, bookingtest.Asked}[n%2])})
	}
	in := decision.MergeInto{From: from, To: small, Reason: "Te weinig kinderen", LeaveBy: civil.Must(2026, 12, 20)}
	p, err := s.PreviewMerge(ctx, in)
	must(t, err)
	if _, err := s.StartMerge(ctx, s.office, in, p.Confirms()); !errors.Is(err, decision.ErrTooFew) {
		t.Fatalf("four children on two places: %v", err)
	}
	if p.Lines[0].Move.Price != 33500 {
		t.Fatalf("dearer: %v", p.Lines[0].Move.Price)
	}
	in.To = to
	if p, err = s.PreviewMerge(ctx, in); err != nil || p.Lines[0].Move.Price != 29900 {
		t.Fatalf("%v %v", p.Lines[0].Move.Price, err)
	}
	var key int64
	buy := func() error { _, err := s.Bookings.Start(ctx, to, 2); return err }
	errs := together(func() (err error) { key, err = s.StartMerge(ctx, s.office, in, p.Confirms()); return err }, buy, buy, buy)
	sold := 0
	for _, err := range errs[1:] {
		if err == nil {
			sold += 2
		}
	}
	if errs[0] != nil && sold <= 4 || errs[0] == nil && sold > 4 {
		t.Fatalf("merge %v, %d places sold of 8", errs[0], sold)
	}
	if errs[0] != nil {
		t.Skip("the buyers were first: nothing was moved")
	}
	carry := func() error { return s.Carry(ctx, decision.CarryArgs{Decision: key}) }
	for _, err := range together(carry, carry) {
		must(t, err)
	}
	for _, f := range all {
		i := s.itemOf(key, f.b.ID)
		if i.Outcome != decision.Moved {
			t.Fatalf("%+v", i)
		}
		now := s.Again(i.Fresh)
		if now.Departure != to || now.Statement.Charged > f.b.Statement.Charged || now.Statement.Paid+i.Amount != f.b.Statement.Paid {
			t.Errorf("was %v, costs %v; paid %v, now %v and %v back", f.b.Statement.Charged, now.Statement.Charged, f.b.Statement.Paid, now.Statement.Paid, i.Amount)
		}
	}
	s.Sound()
	i := s.itemOf(key, all[1].b.ID)
	v, err := s.ForFamily(ctx, all[1].g, i.ID)
	must(t, err)
	must(t, s.Leave(ctx, parentOfID(all[1].g), i.ID, v.Back))
	if back := s.refunds(all[1].b.Order); back != s.paid(all[1].b.Order) {
		t.Errorf("paid %v, %v back", s.paid(all[1].b.Order), back)
	}
	s.Sound()
}

// A part of a departure is merged: the button is pressed twice, by two at once, a colleague looks while the job has not run, and the same
// page comes again a day later. Each child goes once, and one place each is kept for it.
func TestAPartIsMergedOnceHoweverOftenItIsPressed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	from, to := s.Holiday("FROM", "domestic", 33500, 9, leaves), s.Holiday("TO", "domestic", 33500, 9, leaves.AddDays(7))
	a, b := s.Lou(from, s.family(), catalogue.Base, false, bookingtest.Asked), s.Lou(from, s.family(), catalogue.Base, false, bookingtest.Asked)
	stays := s.Lou(from, s.family(), catalogue.Base, false, bookingtest.Asked)
	in := decision.MergeInto{From: from, To: to, Bookings: []id.Booking{a.ID, b.ID}, Reason: "Te weinig kinderen", LeaveBy: civil.Must(2026, 12, 20)}
	p, err := s.PreviewMerge(ctx, in)
	must(t, err)
	press := func() error { _, err := s.StartMerge(ctx, s.office, in, p.Confirms()); return err }
	won := 0
	for _, err := range together(press, press, press) {
		if err == nil {
			won++
		} else if !errors.Is(err, booking.ErrOutdated) {
			t.Error(err)
		}
	}
	free := func() int {
		found, err := s.Catalogue.ByID(ctx, to)
		must(t, err)
		return found[to].Free
	}
	if won != 1 || free() != 7 {
		t.Fatalf("%d merges, %d of 9 places are free", won, free())
	}
	for name, whole := range map[string][]id.Booking{"some": in.Bookings, "all": nil} { // a page of after the decision, before its job
		in := in
		in.Bookings = whole
		later, err := s.PreviewMerge(ctx, in)
		must(t, err)
		if !errors.Is(later.Lines[0].Problem, decision.ErrMoving) {
			t.Errorf("%s: %v", name, later.Lines[0].Problem)
		}
		if _, err := s.StartMerge(ctx, s.office, in, later.Confirms()); !errors.Is(err, decision.ErrMoving) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var keys []int64
	must(t, s.DB.Select(&keys, `SELECT id FROM decision`))
	for _, key := range keys {
		must(t, s.Carry(ctx, decision.CarryArgs{Decision: key}))
	}
	if err := press(); !errors.Is(err, booking.ErrOutdated) && !errors.Is(err, decision.ErrNothing) {
		t.Errorf("the same page when it is done: %v", err)
	}
	if on, err := s.Bookings.ActiveOn(ctx, s.DB, to); err != nil || len(on) != 2 || free() != 7 || s.Again(stays.ID).Departure != from {
		t.Errorf("%d children went, %d places are free: %v", len(on), free(), err)
	}
	s.Sound()
}

// While a family may leave for free, the way that costs money is closed to it and to the office that acts for it, and its page
// of things to do leads to the free way. A rise that leaves nobody free to go changes neither.
func TestNobodyPaysForLeavingForFree(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Bookings.FreeUntil = s.FreeUntil
	camp, other := s.Holiday("CAMP", "domestic", 30000, 9, civil.Must(2027, 7, 19)), s.Holiday("OTHER", "domestic", 31000, 9, civil.Must(2027, 8, 9))
	g := s.family()
	b := s.Lou(camp, g, catalogue.Base, false, bookingtest.Asked)
	elsewhere := booking.Rebook{Booking: b.ID, Departure: other}
	rebooking := func() booking.RebookPreview {
		t.Helper()
		p, err := s.Bookings.PreviewRebook(ctx, parentOf(g), elsewhere)
		must(t, err)
		return p
	}
	ends := booking.Cancel{Booking: b.ID, By: terms.ByCustomer}
	todos := func() (all []family.Todo) {
		t.Helper()
		orders, err := s.Bookings.FamilyOrders(ctx, g.ID)
		must(t, err)
		all, err = s.Todos(ctx, family.View{Guardian: g, Orders: orders, Today: civil.Of(s.Clock.Now()), Now: s.Clock.Now()})
		must(t, err)
		return all
	}
	s.raise(decision.Raise{Departures: []id.Departure{camp}, Cause: "fuel", Reason: "Diesel", Amount: 1800})
	if _, err := s.Bookings.PreviewCancelOwn(ctx, parentOf(g), ends); err != nil || len(todos()) != 0 {
		t.Fatalf("below the threshold: %v, %v", err, todos())
	}
	paid := rebooking()
	if paid.Outcome.Fee != 2500 {
		t.Fatalf("rebooking below the threshold: %v", paid.Outcome.Fee)
	}
	item := s.itemOf(s.raise(decision.Raise{Departures: []id.Departure{camp}, Cause: "fuel", Reason: "Diesel", Amount: 1590}), b.ID)
	for who, err := range map[string]error{
		"the family": func() error { _, err := s.Bookings.PreviewCancelOwn(ctx, parentOf(g), ends); return err }(),
		"the office": func() error { _, err := s.Bookings.PreviewCancel(ctx, ends); return err }(),
	} {
		if !errors.Is(err, booking.ErrFree) {
			t.Errorf("%s would pay: %v", who, err)
		}
	}
	if all := todos(); len(all) != 1 || all[0].Path != decision.Path(item.ID) || all[0].Due != item.ExitUntil {
		t.Fatalf("to do: %+v", all)
	}
	// Going elsewhere is leaving and booking anew, so it costs nothing either.
	free := rebooking()
	if free.Outcome.Fee != 0 || free.Price != 31000 || free.Because[0].Key != "rebook.exit" {
		t.Fatalf("rebooking: %v, %v for %v", free.Price, free.Outcome.Fee, free.Because)
	}
	s.Clock.MoveTo(item.ExitUntil.AddDays(1))
	if _, err := s.Bookings.PreviewCancelOwn(ctx, parentOf(g), ends); err != nil || len(todos()) != 0 {
		t.Fatalf("when the time is over: %v, %v", err, todos())
	}
	if late := rebooking(); late.Outcome.Fee != 2500 {
		t.Errorf("rebooking when the time is over: %v", late.Outcome.Fee)
	}
	if _, err := s.Bookings.Rebook(ctx, parentOf(g), asParent(g), elsewhere, free.Confirms()); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("free of charge when the time is over: %v", err)
	}
	s.Clock.MoveTo(item.ExitUntil)
	_, err := s.Bookings.Rebook(ctx, parentOf(g), asParent(g), elsewhere, free.Confirms())
	must(t, err)
	if st := s.Again(b.ID).Statement; st.Charged != 0 {
		t.Errorf("the old booking still costs %v", st.Charged)
	}
	s.Sound()
}
