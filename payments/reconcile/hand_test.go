package reconcile_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"joetz/payments"
	"joetz/payments/bank/bankfake"
	"joetz/payments/ledger"
	"joetz/payments/paymentstest"
	"joetz/payments/reconcile"
	"joetz/terms/id"
	"joetz/terms/money"
)

// last is the newest movement.
func (s *shop) last() (m id.BankMovement) {
	s.t.Helper()
	must(s.t, s.db.Get(&m, `SELECT max(id) FROM bank_movement`))
	return m
}

func (s *shop) lastMatch() (m id.BankMatch) {
	s.t.Helper()
	must(s.t, s.db.Get(&m, `SELECT max(id) FROM movement_match`))
	return m
}

// left is what a movement has on suspense.
func (s *shop) left(m id.BankMovement) money.Cents {
	s.t.Helper()
	read, err := s.svc.MovementByID(context.Background(), m)
	must(s.t, err)
	return read.Left
}

// The same form sent twice, or by two people, gives a part of the money once: what is left is not what they saw.
func TestAPartIsGivenOnceHoweverOftenItIsPressed(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	o := s.order("An Peeters", "Lotte", 7500)
	s.bring(bankfake.Transfer{Amount: 10000, Text: "kamp"})
	m := s.last()
	for name, press := range map[string]func(seen money.Cents) error{
		"order": func(seen money.Cents) error {
			return s.svc.Match(ctx, m, seen, []reconcile.Part{{Order: o.ID, Amount: 2500}}, s.staff)
		},
		"account": func(seen money.Cents) error { return s.svc.Place(ctx, m, seen, ledger.Differences, 2500, "x", s.staff) },
	} {
		before := s.left(m)
		var errs [2]error
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { errs[i] = press(before) })
		}
		wg.Wait()
		if !errors.Is(errors.Join(errs[:]...), reconcile.ErrChanged) || errs[0] != nil && errs[1] != nil || s.left(m) != before-2500 {
			t.Errorf("%s: %v, %v left of %v", name, errs, s.left(m), before)
		}
		s.check()
	}
	must(t, s.svc.Match(ctx, m, s.left(m), []reconcile.Part{{Order: o.ID, Amount: 5000}}, s.staff)) // who looked again goes on
	s.check()
}

func TestOneTransferForSeveralChildren(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	a, b := s.order("An Peeters", "Lotte", 7500), s.order("An Peeters", "Tuur", 5000)
	s.bring(bankfake.Transfer{Amount: 13000, Text: "kampen Lotte en Tuur"})
	m := s.last()
	if err := s.svc.Match(ctx, m, s.left(m), []reconcile.Part{{Order: a.ID, Amount: 7500}, {Order: b.ID, Amount: 5501}}, s.staff); !errors.Is(err, reconcile.ErrTooMuch) {
		t.Errorf("a cent too much: %v", err)
	}
	must(t, s.svc.Match(ctx, m, s.left(m), []reconcile.Part{{Order: a.ID, Amount: 7500}, {Order: b.ID, Amount: 5000}}, s.staff))
	s.check()
	if s.open(a) != 0 || s.open(b) != 0 || s.balanceOf(ledger.Suspense) != -500 {
		t.Errorf("%v and %v open, %v on suspense", s.open(a), s.open(b), s.balanceOf(ledger.Suspense))
	}
	must(t, s.svc.Place(ctx, m, s.left(m), ledger.Differences, 500, "te veel, te klein om terug te storten", s.staff))
	s.check()
	if s.balanceOf(ledger.Suspense) != 0 || s.balanceOf(ledger.Differences) != -500 {
		t.Errorf("%v on suspense, %v on 757", s.balanceOf(ledger.Suspense), s.balanceOf(ledger.Differences))
	}
}

func TestUndoPutsMoneyBackOnSuspense(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	a, b := s.order("An Peeters", "Lotte", 7500), s.order("Jan Maes", "Noor", 7500)
	s.bring(bankfake.Transfer{Amount: 7500, Reference: a.OGM})
	wrong := s.lastMatch()
	if err := s.svc.Undo(ctx, wrong, "", s.staff); !errors.Is(err, reconcile.ErrReason) {
		t.Errorf("without a reason: %v", err)
	}
	must(t, s.svc.Undo(ctx, wrong, "was voor Noor", s.staff))
	s.check()
	if s.open(a) != 7500 || s.balanceOf(ledger.Suspense) != -7500 {
		t.Errorf("%v open, %v on suspense", s.open(a), s.balanceOf(ledger.Suspense))
	}
	if err := s.svc.Undo(ctx, wrong, "nog eens", s.staff); !errors.Is(err, reconcile.ErrNoMatch) {
		t.Errorf("undone twice: %v", err)
	}
	must(t, s.svc.Match(ctx, s.last(), s.left(s.last()), []reconcile.Part{{Order: b.ID, Amount: 7500}}, s.staff))
	s.check()
	if s.open(b) != 0 {
		t.Errorf("%v open", s.open(b))
	}
	must(t, s.svc.Undo(ctx, s.lastMatch(), "toch niet", s.staff))
	must(t, s.svc.Match(ctx, s.last(), s.left(s.last()), []reconcile.Part{{Order: b.ID, Amount: 7500}}, s.staff)) // the same again is new money to no order
	s.check()
}

func TestPlaceOnAnAccountAndBack(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	s.bring(bankfake.Transfer{Amount: -18000, Name: "VERZEKERAAR NV", Text: "premies"})
	m := s.last()
	for name, c := range map[string]struct {
		account ledger.Account
		amount  money.Cents
		reason  string
		want    error
	}{
		"no reason":         {ledger.Insurer, -18000, "", reconcile.ErrReason},
		"no such account":   {"999", -18000, "x", reconcile.ErrNoAccount},
		"suspense itself":   {ledger.Suspense, -18000, "x", reconcile.ErrNoAccount},
		"too much":          {ledger.Insurer, -18001, "x", reconcile.ErrTooMuch},
		"the other way":     {ledger.Insurer, 18000, "x", reconcile.ErrTooMuch},
		"nothing":           {ledger.Insurer, 0, "x", reconcile.ErrTooMuch},
		"a payment for out": {"", 0, "", reconcile.ErrReason},
	} {
		if err := s.svc.Place(ctx, m, s.left(m), c.account, c.amount, c.reason, s.staff); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := s.svc.Match(ctx, m, s.left(m), []reconcile.Part{{Order: 1, Amount: 1}}, s.staff); !errors.Is(err, reconcile.ErrOutgoing) {
		t.Errorf("outgoing money as a payment: %v", err)
	}
	if err := s.svc.Match(ctx, m+1, 0, nil, s.staff); !errors.Is(err, reconcile.ErrNoMovement) {
		t.Errorf("no such movement: %v", err)
	}
	must(t, s.svc.Place(ctx, m, s.left(m), ledger.Insurer, -18000, "afrekening februari", s.staff))
	s.check()
	if s.balanceOf(ledger.Insurer) != 18000 || s.balanceOf(ledger.Suspense) != 0 {
		t.Errorf("4891 %v, 499 %v", s.balanceOf(ledger.Insurer), s.balanceOf(ledger.Suspense))
	}
	must(t, s.svc.Undo(ctx, s.lastMatch(), "verkeerde rekening", s.staff))
	s.check()
	if s.balanceOf(ledger.Insurer) != 0 || s.balanceOf(ledger.Suspense) != 18000 {
		t.Errorf("4891 %v, 499 %v", s.balanceOf(ledger.Insurer), s.balanceOf(ledger.Suspense))
	}
	if err := s.svc.Undo(ctx, s.lastMatch(), "toch wel", s.staff); !errors.Is(err, reconcile.ErrNoMatch) {
		t.Errorf("an undo was undone: %v", err)
	}
	s.check()
}

// The payer's bank takes a payment back: the order owes it again, and nothing stays on suspense.
func TestTakeBack(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	o := s.order("An Peeters", "Lotte", 7500)
	s.bring(bankfake.Transfer{Amount: 7500, Reference: o.OGM}, bankfake.Transfer{Amount: -7500, Text: "terugroeping", Name: "An Peeters"})
	var payment id.Payment
	must(t, s.db.Get(&payment, `SELECT id FROM payment`))
	must(t, s.svc.TakeBack(ctx, s.last(), payment, "teruggeroepen door de bank", s.staff))
	s.check()
	if s.open(o) != 7500 || s.balanceOf(ledger.Suspense) != 0 || s.balanceOf(ledger.Bank) != 0 {
		t.Errorf("%v open, 499 %v, 550 %v", s.open(o), s.balanceOf(ledger.Suspense), s.balanceOf(ledger.Bank))
	}
	if err := s.svc.Undo(ctx, s.lastMatch(), "x", s.staff); !errors.Is(err, reconcile.ErrFinal) {
		t.Errorf("undoing what the bank did: %v", err)
	}
}

// A refund of ours leaves, and comes back because the account was closed: the family has credit again.
func TestRefundLeavesAndReturns(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.order("Sofie Claes", "Lotte", 7500)
	s.bring(bankfake.Transfer{Amount: 7500, Reference: o.OGM})
	refund := s.cancel(o, 2500)
	if s.balanceOf(ledger.RefundTransit) != -5000 {
		t.Fatalf("5803 %v", s.balanceOf(ledger.RefundTransit))
	}
	e2e := payments.RefundEndToEnd(refund)
	out := bankfake.Transfer{Amount: -5000, Text: "terugbetaling", EndToEndID: e2e}
	back := bankfake.Transfer{Amount: 5000, Text: "terugbetaling " + o.OGM, EndToEndID: e2e, Return: "AC04"}
	short := back
	short.Amount = 4999
	result, err := s.upload(coda(t, s.statement(out, out, short, back, back)))
	must(t, err)
	if result.Statements[0].Matched != 2 || result.Statements[0].Suspended != 3 {
		t.Errorf("%+v", result)
	}
	want := []string{"structured " + o.Reference + " 75.00", "end_to_end refund -50.00", "- -50.00", "- 49.99", "end_to_end refund 50.00", "- 50.00"}
	if d := cmp.Diff(want, s.matches()); d != "" {
		t.Error(d)
	}
	s.check()
	credit, err := s.pay.CreditOf(t.Context(), s.db, o.ID)
	if err != nil || credit != 5000 || s.balanceOf(ledger.RefundTransit) != 0 {
		t.Errorf("credit %v, 5803 %v, %v", credit, s.balanceOf(ledger.RefundTransit), err)
	}
}

// The bank did not repeat the end-to-end id: a person says which refund it was, as it leaves and as it comes back.
func TestRefundByHand(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	o := s.order("Sofie Claes", "Lotte", 7500)
	s.bring(bankfake.Transfer{Amount: 7500, Reference: o.OGM})
	refund := s.cancel(o, 2500)
	s.bring(bankfake.Transfer{Amount: -5000, Name: "CLAES SOFIE"})
	left := s.last()
	m, err := s.svc.MovementByID(ctx, left)
	must(t, err)
	could, err := s.svc.CandidatesOf(ctx, []reconcile.Movement{m})
	if must(t, err); len(could[left].Refunds) != 1 || could[left].Refunds[0].ID != refund || len(could[left].Payments) != 0 {
		t.Errorf("%+v", could)
	}
	must(t, s.svc.MatchRefund(ctx, left, refund, s.staff))
	s.check()
	if s.balanceOf(ledger.Suspense) != 0 || s.balanceOf(ledger.RefundTransit) != 0 || s.balanceOf(ledger.Bank) != 2500 {
		t.Errorf("499 %v, 5803 %v, 550 %v", s.balanceOf(ledger.Suspense), s.balanceOf(ledger.RefundTransit), s.balanceOf(ledger.Bank))
	}
	s.bring(bankfake.Transfer{Amount: -5000, Name: "CLAES SOFIE"})
	if err := s.svc.MatchRefund(ctx, s.last(), refund, s.staff); !errors.Is(err, reconcile.ErrOtherRefund) {
		t.Errorf("a refund that left twice: %v", err)
	}
	s.bring(bankfake.Transfer{Amount: 4999, Return: "AC04"})
	if err := s.svc.MatchRefund(ctx, s.last(), refund, s.staff); !errors.Is(err, reconcile.ErrOtherRefund) {
		t.Errorf("another amount: %v", err)
	}
	s.bring(bankfake.Transfer{Amount: 5000, Return: "AC04"})
	must(t, s.svc.MatchRefund(ctx, s.last(), refund, s.staff))
	s.check()
	credit, err := s.pay.CreditOf(ctx, s.db, o.ID)
	if must(t, err); credit != 5000 || s.balanceOf(ledger.RefundTransit) != 0 {
		t.Errorf("credit %v, 5803 %v", credit, s.balanceOf(ledger.RefundTransit))
	}
	if err := s.svc.Undo(ctx, s.lastMatch(), "x", s.staff); !errors.Is(err, reconcile.ErrFinal) {
		t.Errorf("undoing what the bank did: %v", err)
	}
}

// cancel ends the order's booking for a fee; the rest goes back by bank.
func (s *shop) cancel(o order, fee money.Cents) (refund id.Refund) {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, o.ID); err != nil {
			return err
		}
		closed, err := paymentstest.CloseTx(ctx, tx, s.pay, payments.Closing{Order: o.ID, Booking: o.Booking, Payer: payments.Payer{Name: "S", Country: "BE", Lang: "nl"},
			Description: "annulatie", Fee: fee, Reason: "ziek", Actor: "system"})
		if err == nil {
			refund = closed.Refunds[0]
		}
		return err
	})
	return refund
}

// Two people place the same money at the same time: it is placed once.
func TestTwoPeopleMatchTheSame(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	a, b := s.order("An Peeters", "Lotte", 7500), s.order("Jan Maes", "Noor", 7500)
	s.bring(bankfake.Transfer{Amount: 7500, Text: "kamp"})
	var done atomic.Int32
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			o := []order{a, b}[i%2]
			switch err := s.svc.Match(ctx, s.last(), s.left(s.last()), []reconcile.Part{{Order: o.ID, Amount: 7500}}, s.staff); {
			case err == nil:
				done.Add(1)
			case !errors.Is(err, reconcile.ErrOutgoing): // nothing is left on suspense
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.check()
	if done.Load() != 1 {
		t.Errorf("placed %d times", done.Load())
	}
}

// Whatever the bank brings and people do, in whatever order, the books explain every cent.
func TestNothingIsLostWhateverHappens(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	orders := []order{s.order("An Peeters", "Lotte", 7500), s.order("Jan Maes", "Noor", 12345), s.order("Eva Willems", "Tuur", 1)}
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 6).Draw(r, "steps") {
			o := rapid.SampledFrom(orders).Draw(r, "order")
			amount := money.Cents(rapid.Int64Range(-9000, 9000).Draw(r, "amount"))
			switch rapid.IntRange(0, 3).Draw(r, "what") {
			case 0:
				tr := bankfake.Transfer{Amount: amount, Name: "X"}
				if rapid.Bool().Draw(r, "named") {
					tr.Reference = o.OGM
				}
				s.bring(tr, bankfake.Transfer{Amount: 1})
			case 1:
				m := s.any(`bank_movement`)
				_ = s.svc.Match(ctx, m, s.left(m), []reconcile.Part{{Order: o.ID, Amount: amount}}, s.staff)
			case 2:
				m := s.any(`bank_movement`)
				_ = s.svc.Place(ctx, m, s.left(m), ledger.Differences, amount, "x", s.staff)
			case 3:
				_ = s.svc.Undo(ctx, id.BankMatch(s.any(`movement_match`)), "x", s.staff)
			}
			s.check()
		}
	})
}

// any is some row of a table, 0 when it is empty.
func (s *shop) any(table string) (row id.BankMovement) {
	s.t.Helper()
	must(s.t, s.db.Get(&row, `SELECT coalesce((SELECT id FROM `+table+` ORDER BY md5(id::text || now()::text) LIMIT 1), 0)`))
	return row
}
