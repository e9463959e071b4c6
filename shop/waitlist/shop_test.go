package waitlist_test

import (
	"context"
	"encoding/json"
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/catalogue"
	"joetz/shop/waitlist"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// shop is a shop with a list, in which it is 1 March 2027.
type shop struct {
	*bookingtest.Shop
	*waitlist.Service
}

func ctx() context.Context { return context.Background() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var (
	office = account.Identity{StaffID: 1}
	no     = false
	leaves = civil.Must(2027, 7, 19)
)

func newShop(t testing.TB) *shop {
	t.Helper()
	base := bookingtest.NewWriting(t)
	base.Clock.MoveTo(civil.Must(2027, 3, 1))
	s := &shop{base, &waitlist.Service{
		DB: base.DB, Now: base.Clock.Now, Settings: waitlist.DefaultSettings, Bookings: base.Service, Accounts: base.Accounts, Catalogue: base.Catalogue, Outbox: base.Outbox,
	}}
	base.Freed, base.Released, base.Placed = s.FreedTx, s.ReleasedTx, s.PlacedTx
	return s
}

// family is a guardian and its children.
type family struct {
	account.Guardian
	children []id.Participant
}

func (s *shop) family(n int, years ...int) family {
	s.T.Helper()
	var f family
	f.Guardian, f.children = bookingtest.Family(s.T, s.Accounts, n, years...)
	return f
}

// confirm answers what is open for every child of a basket and places the order.
func (s *shop) confirm(token string, f family) (booking.Placed, error) {
	sum, err := s.answer(token, f)
	if err != nil {
		return booking.Placed{}, err
	}
	return s.place(token, f, sum)
}

func (s *shop) answer(token string, f family) (booking.Summary, error) {
	b := s.Bookings
	basket, err := b.Open(ctx(), token)
	if err != nil {
		return booking.Summary{}, err
	}
	if basket.Guardian != f.ID {
		if err := b.Identify(ctx(), token, f.ID); err != nil {
			return booking.Summary{}, err
		}
	}
	for i, c := range basket.Children {
		if c.Participant == 0 {
			if err := b.ChooseChild(ctx(), token, f.ID, c.Position, f.children[i]); err != nil {
				return booking.Summary{}, err
			}
		}
		if err := b.Choose(ctx(), token, f.ID, c.Position, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no", Gender: "f", BoardingPlace: c.BoardingPlace}); err != nil {
			return booking.Summary{}, err
		}
	}
	return b.Summary(ctx(), token, f.ID, 1)
}

func (s *shop) place(token string, f family, sum booking.Summary) (booking.Placed, error) {
	in := booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: s.Bookings.Terms.Hash(), QuotedTotal: sum.Total}
	return s.Bookings.Place(ctx(), token, f.Guardian, in)
}

func (s *shop) book(d id.Departure, f family) booking.Order {
	s.T.Helper()
	token, err := s.Bookings.Start(ctx(), d, len(f.children))
	must(s.T, err)
	placed, err := s.confirm(token, f)
	must(s.T, err)
	o, err := s.Bookings.OrderByID(ctx(), placed.Order)
	must(s.T, err)
	return o
}

func (s *shop) cancel(b booking.Booking) error {
	in := booking.Cancel{Booking: b.ID, By: terms.ByCustomer}
	p, err := s.Bookings.PreviewCancel(ctx(), in)
	if err != nil {
		return err
	}
	_, err = s.Bookings.Cancel(ctx(), account.Identity{}, in, p.Confirms())
	return err
}

func (s *shop) join(d id.Departure, f family, atLeast int) id.WaitlistEntry {
	s.T.Helper()
	in := waitlist.JoinInput{Departure: d, AtLeast: atLeast}
	for _, c := range f.children {
		in.Children = append(in.Children, waitlist.JoinChild{Participant: c})
	}
	entry, err := s.Join(ctx(), f.ID, in)
	must(s.T, err)
	return entry
}

func (s *shop) entry(e id.WaitlistEntry) waitlist.Entry {
	s.T.Helper()
	got, err := s.EntryByID(ctx(), e)
	must(s.T, err)
	return got
}

func (s *shop) offer(d id.Departure) int {
	s.T.Helper()
	n, err := s.Offer(ctx(), d)
	must(s.T, err)
	return n
}

// letters runs the letters that were enqueued, twice, as a queue may.
func (s *shop) letters() {
	s.T.Helper()
	var args []string
	must(s.T, s.DB.Select(&args, `SELECT args::text FROM job WHERE kind = 'waitlist.letter' ORDER BY id`))
	for range 2 {
		for _, text := range args {
			var a waitlist.LetterArgs
			must(s.T, json.Unmarshal([]byte(text), &a))
			must(s.T, s.Write(ctx(), a))
		}
	}
}

// sound holds what must be true at any moment: every open offer holds its places, and all places of d add up.
func (s *shop) sound(d id.Departure) {
	s.T.Helper()
	s.Sound()
	if n := s.Count(`SELECT count(*) FROM waitlist_offer o WHERE status = 'open' AND deadline > $1
		AND places <> (SELECT count(*) FROM place p WHERE p.checkout_id = o.checkout_id AND p.held_until = o.deadline)`, s.Clock.Now()); n != 0 {
		s.T.Errorf("%d offers are not places held", n)
	}
	if n := s.Count(`SELECT count(*) FROM waitlist_entry e WHERE (status = 'offered') <> EXISTS (SELECT 1 FROM waitlist_offer o WHERE o.entry_id = e.id AND o.status = 'open')`); n != 0 {
		s.T.Errorf("%d entries and their offers tell different stories", n)
	}
	found, err := s.Catalogue.ByID(ctx(), d)
	must(s.T, err)
	sold := s.Count(`SELECT count(*) FROM booking WHERE departure_id = $1 AND status <> 'cancelled'`, d)
	if c := found[d]; c.Capacity != sold+c.Held+c.Free+c.Listed {
		s.T.Errorf("%d sold and %+v do not add up", sold, c)
	}
}
