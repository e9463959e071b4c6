package booking_test

import (
	"errors"
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

// Baskets that are opened together get each their own places, as long as there are any for all that one wants.
func TestBasketsAreOpenedTogether(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	few, many := s.Departure(3, civil.Must(2027, 7, 19)), s.Departure(9, civil.Must(2027, 8, 2))
	got, err := s.StartTogether(ctx(), booking.Wanted{Departure: many, Children: 4}, booking.Wanted{Departure: few, Children: 2},
		booking.Wanted{Departure: many, Children: 5}, booking.Wanted{Departure: few, Children: 2}, booking.Wanted{Departure: many, Children: 1})
	must(t, err)
	for i, want := range []bool{true, true, true, false, false} {
		if (got[i] != "") != want {
			t.Errorf("basket %d is open: %v", i, !want)
		}
	}
	for i, children := range []int{4, 2, 5} {
		c, err := s.Open(ctx(), got[i])
		must(t, err)
		if held := s.Count(`SELECT count(*) FROM place WHERE checkout_id = $1`, c.ID); held != children || len(c.Children) != children {
			t.Errorf("basket %d has %d places and %d lines, want %d", i, held, len(c.Children), children)
		}
	}
	if n := s.Count(`SELECT count(DISTINCT xmin::text) FROM checkout`); n != 1 {
		t.Errorf("%d transactions", n)
	}
}

// The last place is in somebody's open transaction: who comes with others is not told that it is gone, and gets it when that
// one gives it up. The others do not wait.
func TestNobodyIsRefusedForAnOpenTransaction(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	last, other := s.Departure(1, civil.Must(2027, 7, 19)), s.Departure(5, civil.Must(2027, 8, 2))
	held, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		err := pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
			_, err := tx.Exec(`UPDATE place SET held_until = NULL WHERE departure_id = $1`, last)
			close(held)
			<-release
			return errors.Join(err, errGivenUp)
		})
		if !errors.Is(err, errGivenUp) {
			t.Error(err)
		}
	})
	<-held
	var told atomic.Bool
	all.Go(func() {
		if _, err := s.Start(ctx(), last, 1); err != nil {
			t.Errorf("the place was given up: %v", err)
		}
		told.Store(true)
	})
	for !told.Load() && s.Count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
		time.Sleep(time.Millisecond) // until it waits in the database
	}
	for range 2 {
		if _, err := s.Start(ctx(), other, 1); err != nil {
			t.Error(err)
		}
	}
	close(release)
	all.Wait()
}

var errGivenUp = errors.New("given up")

// Families with one to three children want more places than there are, on two departures, at once: each place is held once,
// and who was refused wanted more than what is left.
func TestACrowdHoldsWhatThereIs(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	departures := []id.Departure{s.Departure(17, civil.Must(2027, 7, 19)), s.Departure(11, civil.Must(2027, 8, 2))}
	refused := map[id.Departure]int{departures[0]: booking.MostChildren, departures[1]: booking.MostChildren} // the fewest
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range 40 {
		all.Go(func() {
			d, children := departures[n%2], 1+n%3
			_, err := s.Start(ctx(), d, children)
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, booking.ErrInBaskets) {
				refused[d] = min(refused[d], children)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for d, fewest := range refused {
		lines := s.Count(`SELECT count(*) FROM checkout_child WHERE departure_id = $1`, d)
		held, _ := s.places(d)
		if c := s.capacity(d); held != lines || held > c.Capacity || c.Capacity-held >= fewest {
			t.Errorf("%d of %d places are held for %d children, and somebody who wanted %d was refused", held, c.Capacity, lines, fewest)
		}
	}
}

// choosers are families that have each a basket of one place there.
func (s *shop) choosers(d id.Departure, n int) (families []account.Guardian, tokens []string) {
	s.T.Helper()
	for i := range n {
		g := s.Family(100 + i)
		token, err := s.Start(ctx(), d, 1)
		must(s.T, err)
		must(s.T, s.Identify(ctx(), token, g.ID))
		families, tokens = append(families, g), append(tokens, token)
	}
	return families, tokens
}

func born(year int) *account.ChildInput {
	return &account.ChildInput{FirstName: "Lou", LastName: "Peeters", BornOn: civil.Must(year, 5, 1)}
}

// Of those who choose a child at the same moment each has an outcome of their own, and so has each who answers about it.
func TestChildrenAreChosenTogether(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(20, civil.Must(2027, 7, 19))
	g, tokens := s.choosers(d, 7)
	other := s.Family(9)
	_, err := s.Accounts.AddChild(ctx(), g[3].ID, *born(2016))
	must(t, err)
	theirs, err := s.Accounts.ChildrenOf(ctx(), g[3].ID)
	must(t, err)
	barred := s.kid(other, "Lou", civil.Must(2016, 6, 6))
	must(t, s.BarChild(ctx(), s.Clerk(), barred, "gedrag", s.Date().AddDays(300)))
	like, err := s.Accounts.ChildrenOf(ctx(), other.ID)
	must(t, err)

	got := s.ChooseTogether(ctx(),
		booking.Chosen{Token: tokens[0], Family: g[0].ID, Fresh: born(2016)},
		booking.Chosen{Token: tokens[1], Family: g[1].ID, Fresh: born(1990)},
		booking.Chosen{Token: tokens[2], Family: g[2].ID, Fresh: &account.ChildInput{FirstName: like[0].FirstName, LastName: like[0].LastName, BornOn: like[0].BornOn}},
		booking.Chosen{Token: tokens[3], Family: g[3].ID, Child: theirs[0].ID},
		booking.Chosen{Token: tokens[4], Family: g[4].ID, Child: theirs[0].ID}, // another family's
		booking.Chosen{Token: tokens[5], Family: g[0].ID, Fresh: born(2016)},   // in another family's basket
		booking.Chosen{Token: tokens[6], Family: g[6].ID, Fresh: born(2015)})
	for i, want := range []string{"", "booking.wrong_age", "booking.contact_first", "", "booking.not_your_child", "booking.no_checkout", ""} {
		key := ""
		if f := fault.Of(got[i]); f != nil {
			key = f.Key
			for _, k := range f.Fields {
				key = k
			}
		}
		if key != want || (got[i] != nil) != (want != "") {
			t.Errorf("family %d: %v, want %q", i, got[i], want)
		}
	}
	if n := s.Count(`SELECT count(*) FROM checkout_child WHERE participant_id IS NOT NULL`); n != 3 {
		t.Errorf("%d children have a place, want 3", n)
	}
	if n := s.Count(`SELECT count(*) FROM guardianship WHERE guardian_id = ANY (ARRAY[$1::bigint, $2])`, g[1].ID, g[2].ID); n != 0 {
		t.Errorf("%d children of refused families were kept", n)
	}
	if n := s.Count(`SELECT count(DISTINCT xmin::text) FROM guardianship WHERE guardian_id = ANY (ARRAY[$1::bigint, $2])`, g[0].ID, g[6].ID); n != 1 {
		t.Errorf("%d transactions", n)
	}

	answers := booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no"}
	care, unclear := answers, answers
	care.Care, care.CareText = &yes, "Rustig uitleggen."
	unclear.PhotoConsent = ""
	got = s.AnswerTogether(ctx(),
		booking.Answered{Token: tokens[0], Family: g[0].ID, In: answers}, booking.Answered{Token: tokens[3], Family: g[3].ID, In: unclear},
		booking.Answered{Token: tokens[4], Family: g[4].ID, In: answers}, booking.Answered{Token: tokens[6], Family: g[6].ID, In: care})
	for i, want := range []bool{true, false, false, true} {
		if (got[i] == nil) != want {
			t.Errorf("answer %d: %v", i, got[i])
		}
	}
	if n := s.Count(`SELECT count(*) FROM fiche f JOIN fiche_key k ON k.fiche_id = f.id JOIN fiche_section s ON s.fiche_id = f.id`); n != 2 {
		t.Errorf("%d fiches, want those of the two who answered", n)
	}
	for i, want := range map[int]string{0: "", 6: care.CareText} {
		c, err := s.Open(ctx(), tokens[i])
		must(t, err)
		if text, err := s.CareText(ctx(), c, c.Children[0]); err != nil || text != want {
			t.Errorf("the answer of family %d opens as %q: %v", i, text, err)
		}
	}
	if n := s.Count(`SELECT count(*) FROM care_review`); n != 1 {
		t.Errorf("%d reviews, want that of the one who needs care", n)
	}
}

// One unit of a limit is left, and four want it in one transaction: one has it, and the one to whom the limit is nothing goes on.
func TestTheLastUnitGoesToOneOfMany(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(20, civil.Must(2027, 7, 19))
	must(t, s.SetLimits(ctx(), office, d, "", []catalogue.Limit{{BirthYearFrom: 2016, BirthYearTo: 2016, Places: 1}}, "leeftijd"))
	g, tokens := s.choosers(d, 5)
	all := make([]booking.Chosen, len(g))
	for i := range all {
		all[i] = booking.Chosen{Token: tokens[i], Family: g[i].ID, Fresh: born(2016)}
	}
	all[2].Fresh = born(2015)
	chosen := 0
	for i, err := range s.ChooseTogether(ctx(), all...) {
		switch {
		case err == nil:
			chosen++
		case i == 2 || !errors.As(err, new(booking.ErrLimitFull)):
			t.Errorf("family %d: %v", i, err)
		}
	}
	if chosen != 2 {
		t.Errorf("%d families have a child on a place, want the one of 2015 and one of 2016", chosen)
	}
}
