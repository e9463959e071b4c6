package payments_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/audit"
	"joetz/payments/ledger"
	"joetz/payments/paymentstest"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// inTx is a use case in a transaction of its own.
type inTx func(ctx context.Context, tx *sqlx.Tx) error

// atOnce queues use cases up for an order that somebody holds, lets them all go together, and collects what they answer.
func (s *shop) atOnce(all ...inTx) []error {
	s.t.Helper()
	s.svc.Enqueue = func(context.Context, *sqlx.Tx, payments.JobArgs) error { return nil } // the list of jobs is for one at a time
	errs := make([]error, len(all))
	ready := make(chan struct{})
	var wg sync.WaitGroup
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, s.order); err != nil {
			return err
		}
		for i, f := range all {
			wg.Go(func() {
				<-ready
				errs[i] = pg.InTx(ctx, s.db, func(tx *sqlx.Tx) error { return f(ctx, tx) })
			})
		}
		close(ready)
		for waiting := 0; waiting == 0; { // the first of them stands in the queue; nothing below depends on how many do
			if err := s.db.Get(&waiting, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`); err != nil {
				return err
			}
		}
		return nil
	})
	wg.Wait()
	return errs
}

func (s *shop) money(method, source string, amount money.Cents) inTx {
	return func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := s.svc.ReceiveTx(ctx, tx, payments.Receipt{Order: s.order, Method: method, Amount: amount, ReceivedOn: civil.Of(clock),
			SourceSystem: map[string]string{"stripe": "stripe", "transfer": "bank"}[method], SourceID: fmt.Sprint(s.order, ":", source)})
		return err
	}
}

func (s *shop) ending(b id.Booking, fee money.Cents) inTx {
	return func(ctx context.Context, tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, s.order); err != nil {
			return err
		}
		_, err := paymentstest.CloseTx(ctx, tx, s.svc, payments.Closing{Order: s.order, Booking: b, Payer: an, Description: "x", Fee: fee, Actor: "system"})
		return err
	}
}

func (s *shop) returning(seen money.Cents) inTx {
	return func(ctx context.Context, tx *sqlx.Tx) error {
		return s.svc.ReturnOverpaidTx(ctx, tx, s.order, seen, "x", 0, "system")
	}
}

// sound holds books and rows against each other where refunds failed or money was withdrawn, which check leaves out.
func (s *shop) sound() {
	s.t.Helper()
	balances, err := ledger.TrialBalance(s.t.Context(), s.db)
	must(s.t, err)
	var total money.Cents
	for _, b := range balances {
		total += b.Amount
	}
	found, err := audit.Run(s.t.Context(), s.db, clock, audit.Bank, audit.Stripe)
	must(s.t, err)
	if total != 0 || len(found) != 0 || s.credit() < 0 {
		s.t.Fatalf("the ledger adds up to %v, credit %v, %v", total, s.credit(), found)
	}
}

// done counts who succeeded; whoever did not was told one of allowed.
func done(t *testing.T, errs []error, allowed ...error) (n int) {
	t.Helper()
	for _, err := range errs {
		switch {
		case err == nil:
			n++
		case !slices.ContainsFunc(allowed, func(a error) bool { return errors.Is(err, a) }):
			t.Error(err)
		}
	}
	return n
}

// Two webhooks, the page that the parent comes back to, a bank file, a cancellation, a correction, a new plan and two people of
// accounting, all on one order at once: each money counts once, and the books agree with every row.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for range 4 {
		s := newShop(t, db, 3)
		var thanked atomic.Int32
		s.svc.Recorded = func(_ context.Context, _ *sqlx.Tx, receipts []payments.Receipt) error {
			thanked.Add(int32(len(receipts)))
			return nil
		}
		s.open(33500, 2500, 5000, 2)
		s.receive(15000, "deposits")
		balance := func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := s.svc.InvoiceBalanceTx(ctx, tx, s.order, an, nil, nil)
			return err
		}
		plan := func(ctx context.Context, tx *sqlx.Tx) error {
			if err := payments.LockOrderTx(ctx, tx, s.order); err != nil {
				return err
			}
			_, err := s.svc.AgreeTx(ctx, tx, payments.Agreement{Order: s.order, Payer: an, Plan: []payments.Planned{{On: civil.Must(2027, 3, 1), Amount: 93000}}, Reason: "x"})
			return err
		}
		less := func(ctx context.Context, tx *sqlx.Tx) error {
			if err := payments.LockOrderTx(ctx, tx, s.order); err != nil {
				return err
			}
			_, err := s.svc.ReviseTx(ctx, tx, payments.Revision{Order: s.order, Booking: s.bookings[2], Payer: an, Description: "x",
				Add: []payments.Line{{Kind: "goodwill", Amount: -1001}}, Reason: "x", Actor: "system"})
			return err
		}
		done(t, s.atOnce(
			s.money("transfer", "file", 60000), s.money("transfer", "file", 60000),
			s.money("transfer", "again", 40000), s.money("transfer", "other", 33333),
			s.ending(s.bookings[0], 5000), balance, less, plan, balance, s.ending(s.bookings[1], 16750), s.returning(33333), s.returning(33333),
		), payments.ErrPlanSum, payments.ErrCreditChanged)
		s.checkAll()
		if got := s.sum(fmt.Sprintf(`SELECT count(*) FROM payment WHERE order_id = %d`, s.order)); got != 4 || thanked.Load() != 4 {
			t.Fatalf("%d payments, %d told", got, thanked.Load())
		}
	}
}

// A booking ends while its money comes in: whoever is first, the fee is paid once and all the rest is on its way back or the order's.
func TestCancelledWhileMoneyComesIn(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for n := range 6 {
		s := newShop(t, db, 1)
		s.open(33500, 0, 5000, 1)
		amount := money.Cents(5000 + 28500*(n%2))
		done(t, s.atOnce(s.ending(s.bookings[0], 16750), s.money("transfer", "card", amount), s.money("transfer", "card", amount)))
		s.checkAll()
		fee := s.paid(s.bookings[0])
		refunded := s.sum(fmt.Sprintf(`SELECT coalesce(sum(amount_cents), 0) FROM refund WHERE order_id = %d`, s.order))
		if fee != min(amount, 16750) || fee+refunded+s.credit() != amount {
			t.Fatalf("paid %v: fee %v, on its way back %v, credit %v", amount, fee, refunded, s.credit())
		}
	}
}

// Two people of accounting send the same money back, each in a way of their own: it goes back once.
func TestRefundedByTwo(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for range 4 {
		s := newShop(t, db, 1)
		s.open(33500, 0, 5000, 1)
		s.receive(33500, "all")
		refund := s.close(s.bookings[0], 5000, 0).Refunds[0]
		s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
			return s.svc.RefundStepTx(ctx, tx, payments.RefundStep{Refund: refund, State: "failed", SourceID: "AC04"})
		})
		again := func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := s.svc.RetryRefundTx(ctx, tx, refund, "staff:1")
			return err
		}
		errs := s.atOnce(again, s.returning(28500), again, s.returning(28500))
		if won := done(t, errs, payments.ErrRefundTooHigh, payments.ErrRetried, payments.ErrCreditChanged); won != 1 || s.credit() != 0 {
			t.Fatalf("sent back %d times, credit %v: %v", won, s.credit(), errs)
		}
		s.sound()
	}
}

// A refund that came back is promised anew and the button is pressed twice, by two, and again a day later: the family's other credit of
// that size is not this refund's.
func TestARefundThatCameBackIsRepeatedOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.receive(33500, "all")
	refund := s.close(s.bookings[0], 25000, 0).Refunds[0]
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		return s.svc.RefundStepTx(ctx, tx, payments.RefundStep{Refund: refund, State: "failed", SourceID: "AC04"})
	})
	s.receive(8500, "other")
	again := func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := s.svc.RetryRefundTx(ctx, tx, refund, "staff:1")
		return err
	}
	if won := done(t, s.atOnce(again, again, again), payments.ErrRetried); won != 1 || s.credit() != 8500 {
		t.Fatalf("promised anew %d times, credit %v", won, s.credit())
	}
	// What is promised anew may come back as well, and is then repeated itself.
	next := id.Refund(s.sum(fmt.Sprintf(`SELECT id FROM refund WHERE again_of = %d`, refund)))
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		return s.svc.RefundStepTx(ctx, tx, payments.RefundStep{Refund: next, State: "failed", SourceID: "AC04"})
	})
	if won := done(t, s.atOnce(again), payments.ErrRetried); won != 0 {
		t.Error("the first one was repeated again")
	}
	refund = next
	if won := done(t, s.atOnce(again)); won != 1 || s.credit() != 8500 {
		t.Errorf("the second one: %d times, credit %v", won, s.credit())
	}
	s.sound()
}

// Money that was placed on the wrong order is taken off it while the booking that it paid is cancelled: it goes one way, not both.
func TestWithdrawnWhileRefunded(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for range 4 {
		s := newShop(t, db, 1)
		s.open(33500, 0, 5000, 1)
		payment := s.receive(33500, "wrong").Payment
		off := func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := s.svc.WithdrawTx(ctx, tx, payments.Withdrawal{Payment: payment, Amount: 33500, To: ledger.Suspense, Reason: "x"})
			return err
		}
		errs := s.atOnce(s.ending(s.bookings[0], 5000), off, off)
		if errs[0] != nil || done(t, errs[1:], payments.ErrWithdrawTooHigh) > 1 {
			t.Fatal(errs)
		}
		s.sound()
		back := s.sum(fmt.Sprintf(`SELECT coalesce((SELECT sum(amount_cents) FROM refund WHERE order_id = %d), 0) + coalesce((SELECT sum(amount_cents) FROM payment_withdrawal WHERE order_id = %d), 0)`, s.order, s.order))
		if back > 33500 || back < 28500 {
			t.Fatalf("%v of 335.00 left: %v", back, errs)
		}
	}
}

// The same news of a refund from two sides at once: it is booked once.
func TestNewsOfARefundTwice(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.receive(33500, "all")
	refund := s.close(s.bookings[0], 5000, 0).Refunds[0]
	news := func(state string) inTx {
		return func(ctx context.Context, tx *sqlx.Tx) error {
			return s.svc.RefundStepTx(ctx, tx, payments.RefundStep{Refund: refund, State: state, SourceID: "m"})
		}
	}
	done(t, s.atOnce(news("done"), news("done"), news("sent"), news("done")))
	if bank := s.sum(`SELECT coalesce(sum(amount_cents), 0) FROM posting WHERE account = '550'`); bank != 5000 {
		t.Errorf("the bank holds %v", bank)
	}
	done(t, s.atOnce(news("failed"), news("failed")))
	if got := s.credit(); got != 28500 {
		t.Errorf("credit %v", got)
	}
}
