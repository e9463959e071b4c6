package waitlist_test

import (
	"errors"
	"testing"
	"time"

	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/waitlist"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// TestSiblingsFromTheListToTheirPlaces: joined when full, passed over with one place, offered with two, confirmed.
func TestSiblingsFromTheListToTheirPlaces(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(2, leaves)
	pair, single := s.family(1, 2015, 2016), s.family(2, 2017)
	in := waitlist.JoinInput{Departure: d, AtLeast: 2, Children: []waitlist.JoinChild{{Participant: pair.children[0]}, {Participant: pair.children[1]}}}
	if _, err := s.Join(ctx(), pair.ID, in); !errors.Is(err, waitlist.ErrStillFree) {
		t.Fatalf("two places are free: %v", err)
	}
	order := s.book(d, s.family(3, 2015, 2016))
	first, second := s.join(d, pair, 2), s.join(d, single, 1)
	if a, b := s.entry(first), s.entry(second); a.Position != 1 || b.Position != 2 {
		t.Fatalf("positions %d and %d", a.Position, b.Position)
	}
	if _, err := s.Join(ctx(), pair.ID, in); !errors.Is(err, waitlist.ErrOnList) && fault.Of(err) == nil {
		t.Fatalf("joined twice: %v", err)
	}
	must(t, s.cancel(order.Bookings[0]))
	if _, err := s.Bookings.Start(ctx(), d, 1); !errors.Is(err, booking.ErrListFirst) {
		t.Fatalf("a freed place is for the list: %v", err)
	}
	if n := s.offer(d); n != 1 || s.entry(second).Status != waitlist.Offered || s.entry(first).Position != 1 {
		t.Fatalf("one place goes to who needs one, and the pair stays first: %d, %+v", n, s.entry(first))
	}
	must(t, s.Decline(ctx(), single.ID, second))
	must(t, s.cancel(order.Bookings[1]))
	if n := s.offer(d); n != 1 || s.entry(first).Status != waitlist.Offered || s.entry(first).Offer.Places != 2 {
		t.Fatalf("both places go to the pair: %d, %+v", n, s.entry(first).Offer)
	}
	s.sound(d)
	if _, err := s.Accept(ctx(), single.ID, first); !errors.Is(err, waitlist.ErrNoEntry) {
		t.Fatalf("another family takes the offer: %v", err)
	}
	token, err := s.Accept(ctx(), pair.ID, first)
	must(t, err)
	if err := s.Bookings.ChooseChild(ctx(), token, pair.ID, 1, s.family(1, 2015, 2016, 2017).children[2]); fault.Of(err) == nil || fault.Of(err).Key != "booking.offered_child" {
		t.Fatalf("the places are for those children: %v", err)
	}
	if err := s.Bookings.Leave(ctx(), token); !errors.Is(err, booking.ErrOffered) {
		t.Fatalf("an offer is not declined in passing: %v", err)
	}
	if err := s.Bookings.AddHoliday(ctx(), token, d, 1); !errors.Is(err, booking.ErrOffered) && !errors.Is(err, booking.ErrSoldOut) {
		t.Fatalf("a place for all kept as long as an offer: %v", err)
	}
	_, err = s.confirm(token, pair)
	must(t, err)
	if s.entry(first).Status != waitlist.Taken {
		t.Fatalf("after the order: %s", s.entry(first).Status)
	}
	s.sound(d)
	s.letters()
	if n := s.Count(`SELECT count(*) FROM mail WHERE kind = 'waitlist_taken'`); n != 1 {
		t.Fatalf("%d letters that it was taken, each job ran twice", n)
	}
}

func TestOfferRunsOutAndGoesOn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	order := s.book(d, s.family(1, 2015))
	a, b := s.family(2, 2015), s.family(3, 2015)
	first, second := s.join(d, a, 1), s.join(d, b, 1)
	must(t, s.cancel(order.Bookings[0]))
	must(t, s.Sweep(ctx())) // no job needs to hear of it: the sweep finds it
	offer := s.entry(first).Offer
	if offer == nil || s.entry(second).Position != 1 {
		t.Fatalf("the first has an offer and the second is next: %+v", s.entry(second))
	}
	s.Clock.Move(offer.Deadline.Sub(s.Clock.Now()) - 5*time.Hour)
	must(t, s.Sweep(ctx()))
	must(t, s.Sweep(ctx()))
	if n := s.Count(`SELECT count(*) FROM job WHERE kind = 'waitlist.letter' AND args->>'what' = 'reminder'`); n != 1 {
		t.Fatalf("%d reminders", n)
	}
	token, err := s.Accept(ctx(), a.ID, first)
	must(t, err)
	s.Clock.Move(5 * time.Hour)
	if _, err := s.confirm(token, a); !errors.Is(err, booking.ErrHoldExpired) {
		t.Fatalf("confirmed after the deadline: %v", err)
	}
	if _, err := s.Bookings.Start(ctx(), d, 1); !errors.Is(err, booking.ErrListFirst) {
		t.Fatalf("an expired offer is for the next on the list, even before the job: %v", err)
	}
	if n, err := s.Bookings.ExpireHolds(ctx()); n != 1 || err != nil {
		t.Fatalf("%d baskets expired, %v", n, err)
	}
	if n := s.offer(d); n != 1 || s.entry(first).Status != waitlist.Expired || s.entry(second).Status != waitlist.Offered {
		t.Fatalf("passed on: %d, %s, %s", n, s.entry(first).Status, s.entry(second).Status)
	}
	if err := s.Bookings.Retake(ctx(), token); !errors.Is(err, booking.ErrSoldOut) {
		t.Fatalf("an offer is not taken again: %v", err)
	}
	must(t, s.Leave(ctx(), b.ID, second))
	if n := s.offer(d); n != 0 || s.entry(second).Status != waitlist.Left {
		t.Fatalf("nobody waits any more: %d, %s", n, s.entry(second).Status)
	}
	if _, err := s.Bookings.Start(ctx(), d, 1); err != nil {
		t.Fatalf("after the list the place is for all: %v", err)
	}
	s.sound(d)
}

// TestListRemembersTheLimit: a girl's unit is what is missing, not a place. The public may take the places that no girl can
// have, and the list is offered the moment a girl cancels.
func TestListRemembersTheLimit(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(5, leaves, "Hasselt", "Gent")
	must(t, s.Bookings.SetLimits(ctx(), office, d, "", []catalogue.Limit{{Gender: "f", Places: 1}}, "kamers"))
	girl := s.family(1, 2015)
	hasselt := func() id.BoardingPlace {
		found, err := s.Catalogue.ByID(ctx(), d)
		must(t, err)
		return found[d].BoardingPlaces[0].ID
	}()
	token, err := s.Bookings.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.Bookings.Identify(ctx(), token, girl.ID))
	must(t, s.Bookings.ChooseChild(ctx(), token, girl.ID, 1, girl.children[0]))
	must(t, s.Bookings.Choose(ctx(), token, girl.ID, 1, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no", Gender: "f", BoardingPlace: hasselt}))
	sum, err := s.Bookings.Summary(ctx(), token, girl.ID, 1)
	must(t, err)
	placed, err := s.Bookings.Place(ctx(), token, girl.Guardian, booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: s.Bookings.Terms.Hash(), QuotedTotal: sum.Total})
	must(t, err)
	other := s.family(2, 2016)
	ask := waitlist.JoinInput{Departure: d, AtLeast: 1, Children: []waitlist.JoinChild{{Participant: other.children[0], Gender: "m"}}}
	if _, err := s.Join(ctx(), other.ID, ask); !errors.Is(err, waitlist.ErrStillFree) {
		t.Fatalf("there are places for boys: %v", err)
	}
	ask.Children[0].Gender = "f"
	entry, err := s.Join(ctx(), other.ID, ask)
	must(t, err)
	if n := s.offer(d); n != 0 {
		t.Fatalf("no girl fits: %d offers", n)
	}
	boy, err := s.Bookings.Start(ctx(), d, 1)
	must(t, err) // the public is not kept from places that nobody on the list can have
	must(t, s.Bookings.Leave(ctx(), boy))
	o, err := s.Bookings.OrderByID(ctx(), placed.Order)
	must(t, err)
	must(t, s.cancel(o.Bookings[0]))
	if _, err := s.Bookings.Start(ctx(), d, 1); !errors.Is(err, booking.ErrListFirst) {
		t.Fatalf("now a girl fits, and she comes first: %v", err)
	}
	if n := s.offer(d); n != 1 || s.entry(entry).Status != waitlist.Offered {
		t.Fatalf("%d offers", n)
	}
	if l := s.limits(d)[0]; l.Used != 1 {
		t.Fatalf("the offer holds the unit: %+v", l)
	}
	s.sound(d)
}

func (s *shop) limits(d id.Departure) []catalogue.Limit {
	found, err := s.Catalogue.ByID(ctx(), d)
	must(s.T, err)
	return found[d].Limits
}

func TestOfficeGivesReasons(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	order := s.book(d, s.family(1, 2015))
	first, second := s.join(d, s.family(2, 2015), 1), s.join(d, s.family(3, 2015), 1)
	if err := s.Prioritise(ctx(), office, second, 1, " "); !errors.Is(err, waitlist.ErrNoReason) {
		t.Fatalf("priority without a reason: %v", err)
	}
	must(t, s.Prioritise(ctx(), office, second, 1, "broer gaat al mee"))
	if a, b := s.entry(first), s.entry(second); a.Position != 2 || b.Position != 1 {
		t.Fatalf("positions %d and %d", a.Position, b.Position)
	}
	if err := s.OfferNow(ctx(), office, first, "schrijnend"); !errors.Is(err, waitlist.ErrNoPlaces) {
		t.Fatalf("an offer of nothing: %v", err)
	}
	must(t, s.cancel(order.Bookings[0]))
	must(t, s.OfferNow(ctx(), office, first, "schrijnend"))
	if s.entry(first).Status != waitlist.Offered {
		t.Fatal("not offered")
	}
	must(t, s.Remove(ctx(), office, first, "telefonisch afgezegd"))
	if n := s.offer(d); n != 1 || s.entry(second).Status != waitlist.Offered || s.entry(first).Status != waitlist.Closed {
		t.Fatalf("%d offers, %s", n, s.entry(first).Status)
	}
	events, err := s.History(ctx(), d)
	must(t, err)
	reasons := 0
	for _, e := range events {
		if e.Actor == office.Actor() {
			reasons++
		}
	}
	if reasons != 3 {
		t.Fatalf("%d lines of the office: %+v", reasons, events)
	}
	s.sound(d)
}

func TestListClosesWithTheDeparture(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	s.book(d, s.family(1, 2015))
	entry := s.join(d, s.family(2, 2015), 1)
	s.Clock.Set(leaves.AddDays(-1).Start().Add(22 * time.Hour)) // who is offered a place now could not answer
	events := s.Count(`SELECT count(*) FROM waitlist_event`)
	if err := s.OfferNow(ctx(), office, entry, "schrijnend"); !errors.Is(err, waitlist.ErrTooLate) {
		t.Fatalf("an offer that is over: %v", err)
	}
	if n := s.Count(`SELECT count(*) FROM waitlist_event`); n != events || s.entry(entry).Status != waitlist.Waiting {
		t.Fatalf("the office was refused, and yet %d lines, %s", n-events, s.entry(entry).Status)
	}
	s.Clock.Set(leaves.Start().Add(9 * time.Hour))
	must(t, s.Sweep(ctx()))
	must(t, s.Sweep(ctx()))
	if e := s.entry(entry); e.Status != waitlist.Closed {
		t.Fatalf("the bus has left: %s", e.Status)
	}
	s.letters()
	if n := s.Count(`SELECT count(*) FROM mail WHERE kind = 'waitlist_closed'`); n != 1 {
		t.Fatalf("%d letters", n)
	}
}

func TestSomebodyElsesEntryIsNotFound(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	s.book(d, s.family(1, 2015))
	entry := s.join(d, s.family(2, 2015), 1)
	stranger := s.family(3, 2015)
	for name, err := range map[string]error{
		"read": func() error { _, err := s.EntryOf(ctx(), stranger.ID, entry); return err }(), "leave": s.Leave(ctx(), stranger.ID, entry),
		"decline": s.Decline(ctx(), stranger.ID, entry), "accept": func() error { _, err := s.Accept(ctx(), stranger.ID, entry); return err }(),
	} {
		if !errors.Is(err, waitlist.ErrNoEntry) {
			t.Errorf("%s: %v", name, err)
		}
	}
	in := waitlist.JoinInput{Departure: d, AtLeast: 1, Children: []waitlist.JoinChild{{Participant: s.family(2, 2015).children[0]}}}
	if _, err := s.Join(ctx(), stranger.ID, in); !errors.Is(err, booking.ErrNotYourChild) {
		t.Errorf("another family's child: %v", err)
	}
}

// A barred child does not join a list. One that was barred while it waited gets no offer, not even by hand, until the bar ends; a
// brother who may come gets his, and so do those who come after. One that was barred after its offer is told when it accepts.
func TestABarredChildAndTheList(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(2, leaves)
	order, pair, late := s.book(d, s.family(1, 2015, 2016)), s.family(2, 2015, 2016), s.family(3, 2015)
	until := leaves.AddDays(30)
	s.DB.MustExec(`INSERT INTO staff (email, name, password_hash, created_at) VALUES ('bo@example.be', 'Bo', 'x', now())`)
	must(t, s.Bookings.BarChild(ctx(), office, late.children[0], "Vocht twee keer", until))
	in := waitlist.JoinInput{Departure: d, AtLeast: 1, Children: []waitlist.JoinChild{{Participant: late.children[0]}}}
	if _, err := s.Join(ctx(), late.ID, in); fault.Of(err) == nil || fault.Of(err).Fields["children"] != "booking.contact_first" {
		t.Fatalf("joined: %v", err)
	}
	if n := s.Count(`SELECT count(*) FROM bar_try WHERE participant_id = $1`, late.children[0]); n != 1 {
		t.Errorf("%d tries on the worklist", n)
	}
	entry, next := s.join(d, pair, 2), s.join(d, s.family(4, 2015), 1)
	for _, child := range pair.children {
		must(t, s.Bookings.BarChild(ctx(), office, child, "Vocht twee keer", until))
	}
	c, err := s.Bookings.BarCaseOf(ctx(), pair.children[0])
	must(t, err)
	if len(c.Waits) != 1 || c.Waits[0].Departure != d {
		t.Errorf("the office does not see that the child waits: %+v", c.Waits)
	}
	for _, b := range order.Bookings {
		must(t, s.cancel(b))
	}
	if err := s.OfferNow(ctx(), office, entry, "mag voor"); fault.Of(err) == nil || fault.Of(err).Key != "booking.barred" {
		t.Errorf("offered by hand: %v", err)
	}
	if n := s.offer(d); n != 1 || s.entry(entry).Status != waitlist.Waiting || s.entry(next).Status != waitlist.Offered {
		t.Fatalf("%d offers: the family whose children are barred %s, the next %s", n, s.entry(entry).Status, s.entry(next).Status)
	}
	if found, err := s.Waiting(ctx(), 10); err != nil || found.Total != 1 {
		t.Errorf("the worklist asks for %d things, only the offer runs: %v", found.Total, err)
	}
	s.barred(d, entry, true, true)
	must(t, s.Bookings.EndBar(ctx(), office, pair.children[1]))
	if n := s.offer(d); n != 1 { // both or none, they said: the brother alone, since the other cannot
		t.Fatalf("%d offers for the brother", n)
	}
	s.barred(d, entry, true, false)
	if o := s.entry(entry).Offer; o.Places != 1 || len(o.For) != 1 || o.For[0] != "Kind2" {
		t.Errorf("offered %+v", o)
	}
	must(t, s.Bookings.BarChild(ctx(), office, pair.children[1], "Vocht ook", until))
	if _, err := s.Accept(ctx(), pair.ID, entry); fault.Of(err) == nil || fault.Of(err).Key != "booking.contact_first" {
		t.Fatalf("accepted: %v", err)
	}
	must(t, s.Bookings.EndBar(ctx(), office, pair.children[1]))
	token, err := s.Accept(ctx(), pair.ID, entry)
	must(t, err)
	_, err = s.confirm(token, pair)
	must(t, err)
	s.sound(d)
}

// barred holds what the office reads about the children of an entry.
func (s *shop) barred(d id.Departure, entry id.WaitlistEntry, want ...bool) {
	s.T.Helper()
	all, err := s.OnDeparture(ctx(), d)
	must(s.T, err)
	for _, e := range all {
		for i, c := range e.Children {
			if e.ID == entry && c.Barred != want[i] {
				s.T.Errorf("the list says barred %t of child %d", c.Barred, i+1)
			}
		}
	}
}

// One that was barred after its offer was made, of two: the basket lets the other come.
func TestABarAfterTheOffer(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(2, leaves)
	order, pair := s.book(d, s.family(1, 2015, 2016)), s.family(2, 2015, 2016)
	s.DB.MustExec(`INSERT INTO staff (email, name, password_hash, created_at) VALUES ('bo@example.be', 'Bo', 'x', now())`)
	entry := s.join(d, pair, 2)
	for _, b := range order.Bookings {
		must(t, s.cancel(b))
	}
	s.offer(d)
	must(t, s.Bookings.BarChild(ctx(), office, pair.children[0], "Vocht twee keer", leaves))
	token, err := s.Accept(ctx(), pair.ID, entry) // the brother may
	must(t, err)
	if _, err := s.confirm(token, pair); fault.Of(err) == nil || fault.Of(err).Key != "booking.contact_first" {
		t.Fatalf("placed with the barred child: %v", err)
	}
	must(t, s.Bookings.RemoveLine(ctx(), token, 1))
	_, err = s.confirm(token, pair)
	must(t, err)
	s.sound(d)
}
