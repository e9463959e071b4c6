package reconcile_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"joetz/payments/bank/bankfake"
	"joetz/payments/ledger"
	"joetz/payments/reconcile"
	"joetz/terms/money"
)

// Only the payer's whole name with exactly what is asked is certain, and only where nothing else is suggested.
func TestWhatIsCertain(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	s.order("An Peeters", "Lotte", 7500)
	s.order("Jan Maes", "Noor", 10000)
	s.order("Jan Maes", "Fien", 4000) // of another family of that name
	parts := s.order("Tom Vermeulen", "Mats", 33500)
	s.inParts(parts, 5000, 28500)
	for name, c := range map[string]struct {
		transfer bankfake.Transfer
		want     bool
	}{
		"name and amount":             {bankfake.Transfer{Amount: 7500, Name: "PEETERS AN"}, true},
		"name and what is asked now":  {bankfake.Transfer{Amount: 5000, Name: "VERMEULEN TOM"}, true},
		"a cent more":                 {bankfake.Transfer{Amount: 7501, Name: "PEETERS AN"}, false},
		"the amount and half a name":  {bankfake.Transfer{Amount: 7500, Name: "PEETERS", Text: "kamp Lotte"}, false},
		"two of that name":            {bankfake.Transfer{Amount: 10000, Name: "MAES JAN"}, false},
		"nobody that we know of":      {bankfake.Transfer{Amount: 7500, Name: "OMA"}, false},
		"money that leaves the shop":  {bankfake.Transfer{Amount: -7500, Name: "PEETERS AN"}, false},
		"name in the text, not payer": {bankfake.Transfer{Amount: 7500, Name: "OMA", Text: "voor An Peeters"}, false},
	} {
		s.bring(c.transfer)
		m, err := s.svc.MovementByID(ctx, s.last())
		must(t, err)
		could, err := s.svc.CandidatesOf(ctx, []reconcile.Movement{m})
		must(t, err)
		if _, ok := could[m.ID].Certain(); ok != c.want {
			t.Errorf("%s: certain %t; suggested is %v", name, ok, s.suggestions())
		}
	}
}

// Two bookkeepers take the same in the same moment, and two transfers that could each pay an order: it is paid once.
func TestCertainIsTakenOnce(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	o, other := s.order("An Peeters", "Lotte", 7500), s.order("Jan Maes", "Noor", 7500)
	s.bring(bankfake.Transfer{Amount: 7500, Name: "PEETERS AN"})
	first := s.last()
	s.bring(bankfake.Transfer{Amount: 7500, Name: "PEETERS AN", Text: "nog eens"})
	second := s.last()
	for name, wrong := range map[string]reconcile.Shown{
		"another amount": {Movement: first, Order: o.ID, Amount: 7400}, "another order": {Movement: first, Order: other.ID, Amount: 7500},
	} {
		if err := s.svc.MatchCertain(ctx, wrong, s.staff); !errors.Is(err, reconcile.ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.svc.MatchCertain(ctx, reconcile.Shown{Order: o.ID, Amount: 7500}, s.staff); !errors.Is(err, reconcile.ErrNoMovement) {
		t.Errorf("no movement: %v", err)
	}
	var group sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		shown := reconcile.Shown{Movement: first, Order: o.ID, Amount: 7500}
		if i%2 == 1 {
			shown.Movement = second
		}
		group.Go(func() { errs[i] = s.svc.MatchCertain(ctx, shown, s.staff) })
	}
	group.Wait()
	taken := 0
	for _, err := range errs {
		if err == nil {
			taken++
		} else if !errors.Is(err, reconcile.ErrChanged) {
			t.Error(err)
		}
	}
	if waits := s.balanceOf(ledger.Suspense); taken != 1 || s.open(o) != 0 || s.open(other) != 7500 || waits != -money.Cents(7500) {
		t.Errorf("%d taken, %v and %v open, %v on suspense", taken, s.open(o), s.open(other), waits)
	}
	s.check()
}
