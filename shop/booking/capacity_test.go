package booking_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

var office = account.Identity{StaffID: 1}

func (s *shop) capacity(d id.Departure) catalogue.Departure {
	s.T.Helper()
	found, err := s.Catalogue.ByID(ctx(), d)
	must(s.T, err)
	return found[d]
}

// child puts a child born that year on the only place of a new basket, with that gender.
func (s *shop) child(d id.Departure, g account.Guardian, year int, gender string) (token string, err error) {
	token, err = s.Start(ctx(), d, 1)
	if err != nil {
		return "", err
	}
	must(s.T, s.Identify(ctx(), token, g.ID))
	if err := s.ChooseNewChild(ctx(), token, g.ID, 1, account.ChildInput{FirstName: "Kind", LastName: g.LastName, BornOn: civil.Must(year, 5, 1)}); err != nil {
		return token, err
	}
	return token, s.Choose(ctx(), token, g.ID, 1, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no", Gender: gender})
}

func TestPlacesAreAddedAndRemoved(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(3, civil.Must(2027, 7, 19))
	s.Book(d, s.Family(1), 1)
	_, err := s.Start(ctx(), d, 1)
	must(t, err)
	n, err := s.AddPlaces(ctx(), office, d, 4, "grotere bus")
	must(t, err)
	if c := s.capacity(d); n != 7 || c.Capacity != 7 || c.Free != 5 || c.Held != 1 {
		t.Fatalf("7 places, one sold and one held: %d, %+v", n, c)
	}
	var f *fault.Fault
	if _, err := s.RemovePlaces(ctx(), office, d, 6, "kleiner huis"); !errors.As(err, &f) || f.Fields["places"] != "booking.too_few_free" || f.Args[0] != 5 {
		t.Fatalf("only 5 can go: %v", err)
	}
	n, err = s.RemovePlaces(ctx(), office, d, 5, "kleiner huis")
	must(t, err)
	if c := s.capacity(d); n != 2 || c.Capacity != 2 || c.Free != 0 || c.Held != 1 {
		t.Fatalf("what is sold and held stays: %d, %+v", n, c)
	}
	if _, err := s.AddPlaces(ctx(), office, d, 1, " "); !errors.Is(err, booking.ErrNoReason) {
		t.Fatalf("without a reason: %v", err)
	}
	if _, err := s.AddPlaces(ctx(), office, d, 499, "tikfout"); !errors.Is(err, booking.ErrPlaceCount) {
		t.Fatalf("501 places: %v", err)
	}
	events, err := s.CapacityEvents(ctx(), d)
	must(t, err)
	if len(events) != 2 || events[0].Kind != "removed" || events[1].Reason != "grotere bus" || events[1].Actor != "staff:1" {
		t.Fatalf("history: %+v", events)
	}
	s.Sound()
}

// TestCapacityIsLoweredWhileBuyersHold: places go away while twenty families take theirs. Nobody loses a held place, and
// what is left adds up.
func TestCapacityIsLoweredWhileBuyersHold(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(20, civil.Must(2027, 7, 19))
	var tokens sync.Map
	var removed atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			token, err := s.Start(ctx(), d, 1)
			switch {
			case err == nil:
				tokens.Store(i, token)
			case !errors.Is(err, booking.ErrSoldOut) && !errors.Is(err, booking.ErrInBaskets):
				t.Error(err)
			}
		})
		if i%4 == 0 {
			wg.Go(func() {
				_, err := s.RemovePlaces(ctx(), office, d, 2, "kleiner huis")
				if err == nil {
					removed.Add(2)
				} else if f := fault.Of(err); f == nil || f.Kind != fault.Invalid {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	held := 0
	tokens.Range(func(any, any) bool { held++; return true })
	if c := s.capacity(d); c.Capacity != 20-int(removed.Load()) || c.Held != held || c.Held+c.Free != c.Capacity {
		t.Fatalf("%d held, %d removed of 20: %+v", held, removed.Load(), c)
	}
	i := 0
	tokens.Range(func(_, token any) bool { // every held place can still be bought
		g := s.Family(i)
		i++
		must(t, s.Fill(token.(string), g, 1))
		_, err := s.Confirm(token.(string), g, 1)
		must(t, err)
		return true
	})
	s.Sound()
}

// TestPlacesAreSetOnceHoweverOftenItIsPressed: the office sets 20 to 25 and presses twice, a colleague does the same, and another one takes
// places away on a page of before: there are 25, not more than the house has beds.
func TestPlacesAreSetOnceHoweverOftenItIsPressed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(20, civil.Must(2027, 7, 19))
	set := func(was, want int, reason string) func() error {
		return func() error { return s.SetPlaces(ctx(), office, d, was, want, reason) }
	}
	errs := together(set(20, 25, "groter huis"), set(20, 25, "groter huis"), set(20, 25, "groter huis"))
	for _, err := range errs {
		if err != nil && !errors.Is(err, catalogue.ErrChanged) {
			t.Error(err)
		}
	}
	if c := s.capacity(d); won(errs) != 1 || c.Capacity != 25 {
		t.Fatalf("%d did it: %+v", won(errs), c)
	}
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"a page of before": {set(20, 10, "kleiner")(), catalogue.ErrChanged}, "no reason": {set(25, 10, " ")(), booking.ErrNoReason}, "too many": {set(25, 501, "x")(), booking.ErrPlaceCount},
		"fewer than none": {set(25, -1, "x")(), booking.ErrPlaceCount}, "nothing changes": {set(25, 25, "")(), nil}, "some go": {set(25, 21, "kleiner huis")(), nil},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if c := s.capacity(d); c.Capacity != 21 {
		t.Errorf("%+v", c)
	}
	s.Sound()
}

// TestLimitsOfTwoColleagues: both saw a departure without limits and set others at the same moment. The last one does not silently undo
// what the first one set: who was late hears it, and what was set stands.
func TestLimitsOfTwoColleagues(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(20, civil.Must(2027, 7, 19))
	set := func(was string, l catalogue.Limit) func() error {
		return func() error { return s.SetLimits(ctx(), office, d, was, []catalogue.Limit{l}, "kamers") }
	}
	girls, boys := catalogue.Limit{Gender: "f", Places: 4}, catalogue.Limit{Gender: "m", Places: 6}
	errs := together(set("", girls), set("", boys))
	for _, err := range errs {
		if err != nil && !errors.Is(err, catalogue.ErrChanged) {
			t.Error(err)
		}
	}
	stands := catalogue.LimitsText(s.capacity(d).Limits)
	if won(errs) != 1 || stands != catalogue.LimitsText([]catalogue.Limit{girls}) && stands != catalogue.LimitsText([]catalogue.Limit{boys}) {
		t.Fatalf("%d set limits: %q", won(errs), stands)
	}
	must(t, set(stands, catalogue.Limit{Gender: "f", Places: 5})())
	if err := set(stands, girls)(); !errors.Is(err, catalogue.ErrChanged) {
		t.Errorf("a page of before: %v", err)
	}
	if now := s.capacity(d).Limits; len(now) != 1 || now[0].Places != 5 {
		t.Errorf("%+v", now)
	}
	s.Sound()
}

// TestLastUnitOfALimit: two places for girls, three for 2016, and twelve families who all want one. No limit is passed, at
// the answer or at the booking, whatever the order.
func TestLastUnitOfALimit(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(30, civil.Must(2027, 7, 19))
	must(t, s.SetLimits(ctx(), office, d, "", []catalogue.Limit{{Gender: "f", Places: 2}, {BirthYearFrom: 2016, BirthYearTo: 2016, Places: 3}}, "slaapzalen"))
	families := make([]account.Guardian, 12)
	for i := range families {
		families[i] = s.Family(i)
	}
	var girls, born atomic.Int32
	var wg sync.WaitGroup
	for i, g := range families {
		wg.Go(func() {
			year, gender := 2015+i%2, []string{"f", "m"}[i/2%2]
			token, err := s.child(d, g, year, gender)
			var full booking.ErrLimitFull
			if errors.As(err, &full) {
				return
			}
			if err == nil {
				_, err = s.Confirm(token, g, 1)
			}
			if err != nil {
				t.Errorf("family %d: a unit was taken with the answer: %v", i, err)
				return
			}
			if gender == "f" {
				girls.Add(1)
			}
			if year == 2016 {
				born.Add(1)
			}
		})
	}
	wg.Wait()
	limits := s.capacity(d).Limits
	if len(limits) != 2 || limits[0].Used > 2 || limits[1].Used > 3 { // a basket that was refused one answer may still hold another unit
		t.Fatalf("passed: %+v", limits)
	}
	sold := func(what string) int {
		return s.Count(`SELECT count(*) FROM booking b JOIN participant p ON p.id = b.participant_id WHERE ` + what)
	}
	if g, b := sold(`gender = 'f'`), sold(`born_on >= '2016-01-01'`); g != int(girls.Load()) || b != int(born.Load()) || g < 1 || b < 1 {
		t.Fatalf("%d girls and %d born in 2016 are booked, confirmed were %d and %d", g, b, girls.Load(), born.Load())
	}
	s.Sound()
}

func TestLimitSaysWhichIsFull(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(5, civil.Must(2027, 7, 19))
	must(t, s.SetLimits(ctx(), office, d, "", []catalogue.Limit{{Gender: "f", BirthYearFrom: 2015, BirthYearTo: 2015, Places: 1}}, "kamers"))
	token, err := s.child(d, s.Family(1), 2015, "f")
	must(t, err)
	_, err = s.child(d, s.Family(2), 2015, "f")
	f := fault.Of(err)
	if f == nil || f.Key != "catalogue.full.girls_born" || fmt.Sprint(f.Args[0]) != "2015" || f.Fields["gender"] == "" {
		t.Fatalf("the second girl of 2015: %v %+v", err, f)
	}
	if _, err := s.child(d, s.Family(3), 2015, ""); fault.Of(err) == nil || fault.Of(err).Fields["gender"] != "account.choose_gender" {
		t.Fatalf("no answer where one is needed: %v", err)
	}
	if err := s.SetLimits(ctx(), office, d, catalogue.LimitsText(s.capacity(d).Limits), []catalogue.Limit{{Gender: "f", BirthYearFrom: 2015, BirthYearTo: 2015, Places: 0}}, "x"); fault.Of(err) == nil || fault.Of(err).Key != "booking.limit_below_used" {
		t.Fatalf("below what is held: %v", err)
	}
	// The unit is held as long as the basket, and no longer; who comes back late is checked again.
	s.Clock.Move(booking.HoldFor + time.Minute)
	_, err = s.child(d, s.Family(4), 2015, "f")
	must(t, err)
	if err := s.Retake(ctx(), token); !errors.Is(err, booking.ErrSoldOut) {
		t.Fatalf("retaken without a unit: %v", err)
	}
	s.Sound()
}

// TestDatabaseRefusesOneBookingTooMany: code that forgets the limits can not pass them.
func TestDatabaseRefusesOneBookingTooMany(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, other := s.Departure(5, civil.Must(2027, 7, 19)), s.Departure(5, civil.Must(2027, 8, 2))
	s.Book(d, s.Family(1), 1)
	must(t, s.SetLimits(ctx(), office, d, "", []catalogue.Limit{{BirthYearFrom: 2016, BirthYearTo: 2016, Places: 1}}, "leeftijd"))
	placed := s.Book(other, s.Family(2), 1)
	err := pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`UPDATE booking SET departure_id = $1 WHERE order_id = $2`, d, placed.Order)
		return err
	})
	if pg.Constraint(err) != "departure_limit_full" {
		t.Fatalf("a second child born in 2016: %v", err)
	}
}

// TestRetakeNeverLengthensAHold: whoever asks again and again keeps a place from others no longer than anybody.
func TestRetakeNeverLengthensAHold(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, civil.Must(2027, 7, 19))
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	s.Clock.Move(booking.HoldFor - time.Minute)
	must(t, s.Retake(ctx(), token))
	s.Clock.Move(2 * time.Minute)
	if _, err := s.Open(ctx(), token); !errors.Is(err, booking.ErrHoldExpired) {
		t.Fatalf("the hold runs on: %v", err)
	}
}
