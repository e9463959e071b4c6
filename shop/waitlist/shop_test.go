package waitlist_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/catalogue"
	"joetz/shop/mail"
	"joetz/shop/waitlist"
	letters "joetz/templates/mail"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// shop is a shop with a list, a clock that the test moves, and no background work but what the test calls.
type shop struct {
	*waitlist.Service
	t     testing.TB
	clock *bookingtest.Clock
}

func (s *shop) now() time.Time       { return s.clock.Now() }
func (s *shop) move(d time.Duration) { s.clock.Move(d) }
func ctx() context.Context           { return context.Background() }
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
	s := &shop{t: t}
	b, clock := bookingtest.New(t, civil.Must(2027, 3, 1))
	s.clock = clock
	s.Service = &waitlist.Service{
		DB: b.DB, Now: s.now, Settings: waitlist.DefaultSettings, Bookings: b, Accounts: b.Accounts, Catalogue: b.Catalogue,
		Outbox: &mail.Outbox{From: mail.Address{Name: "JOETZ", Email: "info@joetz.be"}, Now: s.now, Head: letters.Letterhead{Brand: "JOETZ", Name: "JOETZ vzw", Email: "info@joetz.be", Site: "https://boeken.example.be"}},
	}
	b.Freed, b.Released, b.Placed = s.FreedTx, s.ReleasedTx, s.PlacedTx
	return s
}

func (s *shop) departure(places int, boarding ...string) id.Departure {
	s.t.Helper()
	var stops []catalogue.BoardingPlace
	for _, name := range boarding {
		stops = append(stops, catalogue.BoardingPlace{Name: name, MinParticipants: 8})
	}
	member := money.Cents(21500)
	var d id.Departure
	must(s.t, pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) (err error) {
		d, err = s.Catalogue.AddTx(ctx(), tx, catalogue.NewHoliday{
			Code: "T1", Slug: "t1", Title: "Test", Description: "x", Trip: "domestic", LegalRegime: "none", Country: "BE", Destination: "x", Accommodation: "x",
			Transport: "x", BirthYearFrom: 2015, BirthYearTo: 2018, StartsOn: leaves, EndsOn: leaves.AddDays(6), OnSaleAt: s.now().Add(-time.Hour),
			Base: 33500, Solidaris: &member, Capacity: places, BoardingPlaces: stops,
		})
		return err
	}))
	return d
}

// family is a guardian and its children.
type family struct {
	account.Guardian
	children []id.Participant
}

func (s *shop) family(n int, years ...int) family {
	s.t.Helper()
	var f family
	f.Guardian, f.children = bookingtest.Family(s.t, s.Accounts, n, years...)
	return f
}

// confirm answers what is open for every child of a basket and places the order.
func (s *shop) confirm(token string, f family) (booking.Placed, error) {
	b := s.Bookings
	basket, err := b.Open(ctx(), token)
	if err != nil {
		return booking.Placed{}, err
	}
	if basket.Guardian != f.ID {
		if err := b.Identify(ctx(), token, f.ID); err != nil {
			return booking.Placed{}, err
		}
	}
	for i, c := range basket.Children {
		if c.Participant == 0 {
			if err := b.ChooseChild(ctx(), token, f.ID, c.Position, f.children[i]); err != nil {
				return booking.Placed{}, err
			}
		}
		if err := b.Choose(ctx(), token, f.ID, c.Position, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no", Gender: "f", BoardingPlace: c.BoardingPlace}); err != nil {
			return booking.Placed{}, err
		}
	}
	sum, err := b.Summary(ctx(), token, f.ID, 1)
	if err != nil {
		return booking.Placed{}, err
	}
	return b.Place(ctx(), token, f.Guardian, booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: b.Terms.Hash(), QuotedTotal: sum.Total})
}

func (s *shop) book(d id.Departure, f family) booking.Order {
	s.t.Helper()
	token, err := s.Bookings.Start(ctx(), d, len(f.children))
	must(s.t, err)
	placed, err := s.confirm(token, f)
	must(s.t, err)
	o, err := s.Bookings.OrderByID(ctx(), placed.Order)
	must(s.t, err)
	return o
}

func (s *shop) cancel(b booking.Booking) error {
	in := booking.Cancel{Booking: b.ID, By: terms.ByCustomer}
	p, err := s.Bookings.PreviewCancel(ctx(), in)
	if err != nil {
		return err
	}
	o := p.Outcome
	_, err = s.Bookings.Cancel(ctx(), account.Identity{}, in, booking.Confirmed{Fee: o.Fee, Premium: o.Premium, Refund: o.Refund, Outstanding: o.Outstanding})
	return err
}

func (s *shop) join(d id.Departure, f family, atLeast int) id.WaitlistEntry {
	s.t.Helper()
	in := waitlist.JoinInput{Departure: d, AtLeast: atLeast}
	for _, c := range f.children {
		in.Children = append(in.Children, waitlist.JoinChild{Participant: c})
	}
	entry, err := s.Join(ctx(), f.ID, in)
	must(s.t, err)
	return entry
}

func (s *shop) entry(e id.WaitlistEntry) waitlist.Entry {
	s.t.Helper()
	got, err := s.EntryByID(ctx(), e)
	must(s.t, err)
	return got
}

func (s *shop) offer(d id.Departure) int {
	s.t.Helper()
	n, err := s.Offer(ctx(), d)
	must(s.t, err)
	return n
}

func (s *shop) count(query string, args ...any) (n int) {
	s.t.Helper()
	must(s.t, s.DB.Get(&n, query, args...))
	return n
}

// letters runs the letters that were enqueued, twice, as a queue may.
func (s *shop) letters() {
	s.t.Helper()
	var args []string
	must(s.t, s.DB.Select(&args, `SELECT args::text FROM job WHERE kind = 'waitlist.letter' ORDER BY id`))
	for range 2 {
		for _, text := range args {
			var a waitlist.LetterArgs
			must(s.t, json.Unmarshal([]byte(text), &a))
			must(s.t, s.Write(ctx(), a))
		}
	}
}

// sound holds what must be true at any moment: places add up, nobody is sold twice, and every open offer holds its places.
func (s *shop) sound(d id.Departure) {
	s.t.Helper()
	if n := s.count(`SELECT count(*) FROM booking b WHERE b.status <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM place p WHERE p.booking_id = b.id AND p.departure_id = b.departure_id)`); n != 0 {
		s.t.Errorf("%d bookings have no place", n)
	}
	if n := s.count(`SELECT count(*) FROM place p WHERE p.booking_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.id = p.booking_id AND b.status <> 'cancelled')`); n != 0 {
		s.t.Errorf("%d places are sold to nobody", n)
	}
	if n := s.count(`SELECT count(*) FROM waitlist_offer o WHERE status = 'open' AND deadline > $1
		AND places <> (SELECT count(*) FROM place p WHERE p.checkout_id = o.checkout_id AND p.held_until = o.deadline)`, s.now()); n != 0 {
		s.t.Errorf("%d offers are not places held", n)
	}
	if n := s.count(`SELECT count(*) FROM waitlist_entry e WHERE (status = 'offered') <> EXISTS (SELECT 1 FROM waitlist_offer o WHERE o.entry_id = e.id AND o.status = 'open')`); n != 0 {
		s.t.Errorf("%d entries and their offers tell different stories", n)
	}
	found, err := s.Catalogue.ByID(ctx(), d)
	must(s.t, err)
	sold := s.count(`SELECT count(*) FROM booking WHERE departure_id = $1 AND status <> 'cancelled'`, d)
	if c := found[d]; c.Capacity != sold+c.Held+c.Free+c.Listed {
		s.t.Errorf("%d sold and %+v do not add up", sold, c)
	}
}
