package decision_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"joetz/medical"
	"joetz/shop/account"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/decision"
	"joetz/terms/id"
)

// shop is a shop whose office decides about departures.
type shop struct {
	*bookingtest.Shop
	*decision.Service
	office account.Identity
	people atomic.Int64
}

var ctx = context.Background()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newShop(t testing.TB) *shop {
	t.Helper()
	base := bookingtest.NewShop(t)
	return &shop{
		Shop: base, office: base.Colleague("An"),
		Service: &decision.Service{DB: base.DB, Now: base.Clock.Now, Bookings: base.Service, Catalogue: base.Catalogue, Log: slog.New(slog.DiscardHandler)},
	}
}

// family makes the next one.
func (s *shop) family() account.Guardian {
	s.T.Helper()
	return s.Family(int(s.people.Add(1)))
}

var no = false

func parentOf(g account.Guardian) account.Identity { return account.Identity{GuardianID: g.ID} }

func asParent(g account.Guardian) medical.Reader {
	return medical.Reader{Guardian: g.ID, Role: medical.Guardian, Purpose: "rebook"}
}

// together runs all at once and collects what they answer.
func together(fs ...func() error) []error {
	errs := make([]error, len(fs))
	var wg sync.WaitGroup
	for i, f := range fs {
		wg.Go(func() { errs[i] = f() })
	}
	wg.Wait()
	return errs
}

func parentOfID(g id.Guardian) account.Identity { return account.Identity{GuardianID: g} }
