package booking_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/extra"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// confirmation is a filled basket, confirmed as it was shown.
func (s *shop) confirmation(d id.Departure, g account.Guardian, children int) booking.Confirm {
	s.T.Helper()
	token, err := s.Start(ctx(), d, children)
	must(s.T, err)
	must(s.T, s.Fill(token, g, children))
	return s.asShown(token, g)
}

func (s *shop) asShown(token string, g account.Guardian) booking.Confirm {
	s.T.Helper()
	sum, err := s.Summary(ctx(), token, g.ID, 1)
	must(s.T, err)
	return booking.Confirm{Token: token, Family: g, In: booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: s.Terms.Hash(), QuotedTotal: sum.Total}}
}

// Baskets that are placed in one transaction have each an outcome of their own: who is refused stops nobody, and gets no place.
func TestEachOfManyHasAnOutcomeOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, other := s.Departure(30, civil.Must(2027, 7, 19)), s.Departure(5, civil.Must(2027, 8, 2))
	late := s.confirmation(other, s.Family(1), 1)
	s.Clock.Move(booking.HoldFor) // its hold runs out
	placed := s.confirmation(d, s.Family(2), 1)
	_, err := s.Place(ctx(), placed.Token, placed.Family, placed.In)
	must(t, err)
	one, three := s.confirmation(d, s.Family(3), 1), s.confirmation(other, s.Family(4), 3)
	dearer := s.confirmation(d, s.Family(5), 1)
	dearer.In.QuotedTotal--
	stranger := s.confirmation(d, s.Family(6), 1)
	stranger.Family = one.Family
	empty, err := s.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.Identify(ctx(), empty, one.Family.ID))
	unanswered := booking.Confirm{Token: empty, Family: one.Family, In: one.In}

	got := s.PlaceTogether(ctx(), late, one, dearer, placed, stranger, unanswered, three)
	for i, want := range []error{booking.ErrHoldExpired, nil, booking.ErrOutdated, nil, booking.ErrNoCheckout, booking.ErrIncomplete, nil} {
		if !errors.Is(got[i].Err, want) || (want == nil) != (got[i].Order != 0) {
			t.Errorf("basket %d: %+v, want %v", i, got[i], want)
		}
	}
	for _, n := range []int{1, 3, 6} {
		o, err := s.OrderByID(ctx(), got[n].Order)
		must(t, err)
		if want := map[int]int{1: 1, 3: 1, 6: 3}[n]; len(o.Bookings) != want || o.Reference != got[n].Reference || got[n].Asked == 0 {
			t.Errorf("basket %d became %+v, asked %v", n, o, got[n].Asked)
		}
		if jobs := s.Count(`SELECT count(*) FROM job WHERE kind = 'booking.placed' AND args->>'order' = $1`, fmt.Sprint(o.ID)); jobs != 1 {
			t.Errorf("basket %d: %d mails", n, jobs)
		}
	}
	if n := s.Count(`SELECT count(DISTINCT xmin::text) FROM booking_order WHERE id = ANY (ARRAY[$1::bigint, $2])`, got[1].Order, got[6].Order); n != 1 {
		t.Errorf("%d transactions", n)
	}
	s.Sound()
}

// When the database itself refuses one of them, the others are placed all the same.
func TestOneThatTheDatabaseRefusesStopsNobody(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Discount(discount.Discount{Kind: discount.Code, Code: "TWEE", Amount: 1000, MaxUses: 2})
	d := s.Departure(30, civil.Must(2027, 7, 19))
	var all []booking.Confirm
	for n := range 3 { // the third has a code that is used up once the others have it
		g := s.Family(n)
		token, err := s.Start(ctx(), d, 1)
		must(t, err)
		must(t, s.Fill(token, g, 1))
		must(t, s.Choose(ctx(), token, g.ID, 1, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no"}))
		must(t, s.SetCode(ctx(), token, g.ID, "twee"))
		all = append(all, s.asShown(token, g))
	}
	twin := s.Family(9)
	first := s.confirmation(d, twin, 1) // the same child, in two baskets
	second := s.confirmation(d, twin, 1)
	got := s.PlaceTogether(ctx(), append(all, first, second)...)
	for i, want := range []error{nil, nil, booking.ErrOutdated, nil, booking.ErrTwice} {
		if i == 2 && errors.Is(got[i].Err, discount.ErrUsedUp) {
			continue
		}
		if !errors.Is(got[i].Err, want) || (want == nil) != (got[i].Order != 0) {
			t.Errorf("basket %d: %+v, want %v", i, got[i], want)
		}
	}
	if sold, bookings := s.Count(`SELECT count(*) FROM place WHERE booking_id IS NOT NULL`), s.Count(`SELECT count(*) FROM booking`); sold != 3 || bookings != 3 {
		t.Errorf("%d places are sold for %d bookings", sold, bookings)
	}
	s.Sound()
}

// A crowd, some of whom press twice: each basket becomes one order.
func TestACrowdConfirmsAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(40, civil.Must(2027, 7, 19))
	all := make([]booking.Confirm, 12)
	for i := range all {
		all[i] = s.confirmation(d, s.Family(i), 1+i%2)
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	orders := map[string]map[id.Order]bool{}
	for range 2 {
		for _, c := range all {
			wait.Go(func() {
				placed, err := s.Place(ctx(), c.Token, c.Family, c.In)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if orders[c.Token] == nil {
					orders[c.Token] = map[id.Order]bool{}
				}
				orders[c.Token][placed.Order] = true
			})
		}
	}
	wait.Wait()
	for token, own := range orders {
		if len(own) != 1 || own[id.Order(0)] {
			t.Errorf("basket %s became %v", token, own)
		}
	}
	if n := s.Count(`SELECT count(*) FROM booking_order`); n != len(all) {
		t.Errorf("%d orders of %d baskets", n, len(all))
	}
	s.Clock.Move(time.Minute)
	s.Sound()
}

// Baskets with the same extras in another order lock them in one order: of two crowds, neither holds what the other waits for.
func TestExtrasOfManyAreLockedInOneOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(30, civil.Must(2027, 7, 19))
	first, second := s.extra(d, 9, nil), s.extra(d, 9, nil)
	var all []booking.Confirm
	for n, key := range []int64{second, first} {
		g := s.Family(n)
		token := s.basket(d, g)
		must(t, s.take(token, g, extra.Pick{Extra: key}))
		all = append(all, s.asShown(token, g))
	}
	held, release := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() { // another crowd has the first one
		err := pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
			_, err := tx.Exec(`SELECT 1 FROM extra WHERE id = $1 FOR UPDATE`, first)
			close(held)
			<-release
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	wait.Go(func() {
		for i, got := range s.PlaceTogether(ctx(), all...) {
			if got.Err != nil {
				t.Errorf("basket %d: %v", i, got.Err)
			}
		}
	})
	for s.Count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
		time.Sleep(time.Millisecond) // until they wait in the database
	}
	if _, err := s.DB.Exec(`SELECT 1 FROM extra WHERE id = $1 FOR UPDATE NOWAIT`, second); err != nil {
		t.Errorf("who waits for the first extra has the second: %v", err)
	}
	close(release)
	wait.Wait()
	s.Sound()
}
