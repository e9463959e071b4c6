package reconcile_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/bank/bankfake"
	"joetz/payments/ledger"
	"joetz/payments/reconcile"
	"joetz/terms/id"
)

// atOnce runs all while somebody holds the order, lets them go when each waits for it or for another of them, and collects what they answer.
func (s *shop) atOnce(order id.Order, fs ...func() error) []error {
	s.t.Helper()
	errs := make([]error, len(fs))
	var wg sync.WaitGroup
	ctx := s.t.Context()
	must(s.t, pg.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, order); err != nil {
			return err
		}
		for i, f := range fs {
			wg.Go(func() { errs[i] = f() })
		}
		for waiting := 0; waiting < len(fs); {
			if err := s.db.Get(&waiting, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`); err != nil {
				return err
			}
		}
		return nil
	}))
	wg.Wait()
	return errs
}

// refunded is an order of which 50.00 is on its way back.
func (s *shop) refunded() (order, id.Refund) {
	s.t.Helper()
	o := s.order("Sofie Claes", "Lotte", 7500)
	s.bring(bankfake.Transfer{Amount: 7500, Reference: o.OGM})
	return o, s.cancel(o, 2500)
}

// Two people say of two movements that they were one refund, as it leaves and as it comes back: one of the movements was something else,
// and stays on suspense.
func TestTwoMovementsAreNotOneRefund(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	o, refund := s.refunded()
	for _, m := range []bankfake.Transfer{{Amount: -5000, Name: "CLAES"}, {Amount: 5000, Return: "AC04"}} {
		var fs []func() error
		for range 2 {
			s.bring(m)
			movement := s.last()
			fs = append(fs, func() error { return s.svc.MatchRefund(ctx, movement, refund, s.staff) })
		}
		errs := s.atOnce(o.ID, fs...)
		s.check()
		won, lost := errs[0], errs[1]
		if won != nil {
			won, lost = lost, won
		}
		if won != nil || !errors.Is(lost, reconcile.ErrOtherRefund) {
			t.Fatalf("%v: %v", m.Amount, errs)
		}
		if got := s.balanceOf(ledger.Suspense); got != -m.Amount && got != 0 {
			t.Errorf("suspense holds %v", got)
		}
	}
}

// A person matches a movement with a refund while the bank's file names that refund for another one: the file's is on suspense then, or
// the person hears that the refund is done.
func TestAFileBringsARefundThatSomebodyMatches(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	o, refund := s.refunded()
	s.bring(bankfake.Transfer{Amount: -5000, Name: "CLAES"})
	movement, file := s.last(), coda(t, s.statement(bankfake.Transfer{Amount: -5000, EndToEndID: payments.RefundEndToEnd(refund)}))
	errs := s.atOnce(o.ID,
		func() error { return s.svc.MatchRefund(ctx, movement, refund, s.staff) },
		func() error { _, err := s.upload(file); return err })
	s.check()
	if errs[0] != nil && !errors.Is(errs[0], reconcile.ErrOtherRefund) || errs[1] != nil {
		t.Fatal(errs)
	}
	if got := s.balanceOf(ledger.Suspense); got != 5000 || s.balanceOf(ledger.RefundTransit) != 0 {
		t.Errorf("499 %v, 5803 %v", got, s.balanceOf(ledger.RefundTransit))
	}
}
