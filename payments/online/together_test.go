package online_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/payments/audit"
	"joetz/payments/ledger"
	"joetz/payments/online"
	"joetz/payments/paymentstest"
	"joetz/payments/stripegw/stripefake"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// second is another order of the family, with all that it owes.
func (b *bench) second(amount money.Cents) (o paymentstest.Order, whole id.Instalment) {
	b.t.Helper()
	o = paymentstest.NewOrder(b.t, b.DB, b.Payments, "Jan Peeters", "Emma", amount)
	b.must(b.DB.Get(&whole, `SELECT id FROM instalment WHERE order_id = $1`, o.ID))
	return o, whole
}

// both wants to pay the deposit of the first order and all of the second.
func (b *bench) both(o paymentstest.Order, whole id.Instalment, amount money.Cents) online.StartInput {
	in := b.ask(false)
	in.Instalments = append(in.Instalments, whole)
	in.Lines = append(in.Lines, online.Line{Name: "Alles Emma", Amount: amount})
	in.Shares = []online.Share{{Order: b.order, Amount: 75_00}, {Order: o.ID, Amount: amount}}
	return in
}

func (b *bench) paidOn(order id.Order) (paid, allocated money.Cents) {
	b.t.Helper()
	b.must(b.DB.QueryRow(`SELECT coalesce((SELECT sum(amount_cents) FROM payment WHERE order_id = $1), 0),
		coalesce((SELECT sum(amount_cents) FROM allocation WHERE order_id = $1), 0)`, order).Scan(&paid, &allocated))
	return paid, allocated
}

// What a family owes over two orders is one payment at Stripe, and lands on each order to the cent.
func TestPaidTogether(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o, whole := b.second(210_33)
	in := b.both(o, whole, 210_33)
	first, again := b.start(in), b.start(in)
	if first != again {
		t.Error("two tabs got two pages")
	}
	b.pay(first.Attempt, stripefake.Card)
	b.holds(paidDeposit)
	if paid, used := b.paidOn(o.ID); paid != 210_33 || used != 210_33 {
		t.Errorf("second order: paid %v, used %v", paid, used)
	}
	state, err := b.Status(t.Context(), first.Attempt)
	b.must(err)
	if state.Status != online.Done || !slices.Equal(state.Orders, []id.Order{b.order, o.ID}) || state.Amount != 285_33 {
		t.Errorf("%+v", state)
	}
	if b.thanks != 2 {
		t.Errorf("thanked %d times", b.thanks)
	}
}

// Shares that do not fit what is owed make no page.
func TestSharesThatDoNotFit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o, whole := b.second(100_00)
	for name, change := range map[string]func(*online.StartInput){
		"one owes less":        func(in *online.StartInput) { in.Shares[0].Amount, in.Shares[1].Amount = 74_00, 101_00 },
		"not the sum":          func(in *online.StartInput) { in.Shares[1].Amount = 99_99 },
		"twice the same":       func(in *online.StartInput) { in.Shares[1].Order = b.order },
		"without its own":      func(in *online.StartInput) { in.Order = o.ID + 1 },
		"an order of no part":  func(in *online.StartInput) { in.Shares[1].Order = o.ID + 1 },
		"nothing for the rest": func(in *online.StartInput) { in.Shares = in.Shares[:1] },
	} {
		in := b.both(o, whole, 100_00)
		change(&in)
		if _, err := b.Start(t.Context(), in); !errors.Is(err, online.ErrOtherAmount) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A page over two orders makes way for one about either of them, and closes when a transfer pays one.
func TestTogetherMakesWay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o, whole := b.second(100_00)
	both := b.start(b.both(o, whole, 100_00))
	alone := b.start(b.ask(false))
	if got := b.status(both.Attempt); got != online.Expired {
		t.Errorf("the page of both is %s", got)
	}
	b.must(b.ExpireOrder(t.Context(), b.order))
	if got := b.status(alone.Attempt); got != online.Expired {
		t.Errorf("the page of one is %s", got)
	}
	both = b.start(b.both(o, whole, 100_00))
	b.must(b.ExpireOrder(t.Context(), o.ID))
	if got := b.status(both.Attempt); got != online.Expired {
		t.Errorf("the second order's news left the page %s", got)
	}
	b.holds(nothing)
}

// Money for a place that was cancelled while its parent paid is that order's credit and goes back; the other order keeps its part.
func TestTogetherAfterCancelling(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o, whole := b.second(100_00)
	st := b.start(b.both(o, whole, 100_00))
	b.pay(st.Attempt, stripefake.Bancontact)
	b.cancel(0)
	b.holds(books{paid: 75_00, payments: 1})
	if paid, used := b.paidOn(o.ID); paid != 100_00 || used != 100_00 {
		t.Errorf("second order: paid %v, used %v", paid, used)
	}
	credit, err := b.Payments.CreditOf(t.Context(), b.DB, b.order)
	b.must(err)
	if credit != 75_00 {
		t.Errorf("credit %v", credit)
	}
}

// A refund of either order goes back on the one payment, no more than its own part of it.
func TestRefundOfTogether(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o, whole := b.second(100_00)
	st := b.start(b.both(o, whole, 100_00))
	b.pay(st.Attempt, stripefake.Card)
	b.holds(paidDeposit)
	refunds := b.cancel(0)
	b.work()
	for _, r := range refunds {
		b.wantSteps(r, "sent", "done")
	}
	b.holds(books{paid: 75_00, payments: 1, refunded: 75_00})
	b.settledTransit()
	got := b.balances()
	if got[ledger.Suspense] != 0 {
		t.Errorf("suspense %v", got[ledger.Suspense])
	}
	found, err := audit.Run(t.Context(), b.DB, b.now(), audit.Bank)
	b.must(err)
	if len(found) > 0 {
		t.Error(fmt.Sprint(found))
	}
}

// A plan is agreed while the family stands at the pay page: the part that it pays is void by then. The money is the order's all
// the same and pays what the plan asks first.
func TestPaidAfterAPlan(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var left civil.Date
	paying := b.start(b.ask(false))
	agree := func(parts ...payments.Planned) {
		t.Helper()
		b.tx(func(tx *sqlx.Tx) error {
			if err := payments.LockOrderTx(t.Context(), tx, b.order); err != nil {
				return err
			}
			_, err := b.Payments.AgreeTx(t.Context(), tx, payments.Agreement{Order: b.order, Payer: b.payer(), Plan: parts, Reason: "afbetaling"})
			return err
		})
	}
	agree(payments.Planned{On: civil.Must(2037, 6, 1), Amount: 100_00}, payments.Planned{On: civil.Must(2037, 6, 20), Amount: 400_00})
	b.pay(paying.Attempt, stripefake.Bancontact)
	b.holds(paidDeposit)
	if got := b.status(paying.Attempt); got != online.Done {
		t.Errorf("status %s", got)
	}
	b.must(b.DB.Get(&left, `
		SELECT min(i.due_on) FROM instalment i WHERE i.order_id = $1 AND i.void_at IS NULL
			AND i.amount_cents > coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0)`, b.order))
	if left != civil.Must(2037, 6, 1) { // 25.00 of its 100.00
		t.Errorf("the first part of the plan is not what was paid: next is %v", left)
	}
}
