package online_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"joetz/payments/ledger"
	"joetz/payments/online"
	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
)

// lostAttempt is an attempt that Stripe never heard of, so that a page with its reference can be made by somebody else.
func (b *bench) lostAttempt() uuid.UUID {
	b.t.Helper()
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", Status: http.StatusServiceUnavailable})
	_, err := b.Start(b.t.Context(), b.ask(false))
	b.mustFail(err, stripegw.ErrUnavailable)
	all, err := b.AttemptsOf(b.t.Context(), b.order)
	b.must(err)
	return all[0].Attempt
}

// elsewhere makes a pay page outside the shop, on the same account.
func (b *bench) elsewhere(reference string, amount int) stripegw.Session {
	b.t.Helper()
	s, err := b.Gateway.CreateSession(b.t.Context(), "elsewhere", stripegw.SessionInput{
		Reference: reference, Lines: []stripegw.Line{{Name: "?", Amount: cents(amount)}}, Description: "elders gemaakt",
		SuccessURL: "https://elsewhere.test/", CancelURL: "https://elsewhere.test/", ExpiresAt: b.now().Add(time.Hour),
	})
	b.must(err)
	return s
}

// A page that carries our reference and another amount: the money is held, nobody can pay again, accounting places it.
func TestWrongAmountIsHeld(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.lostAttempt()
	s := b.elsewhere(a.String(), 1_00)
	b.must(b.fake.Pay(t.Context(), s.ID, stripefake.Card, 0))
	held := books{findings: []string{"amount"}, suspense: -1_00}
	b.holds(held)
	if got := b.status(a); got != online.Held {
		t.Errorf("status %s", got)
	}
	if b.thanks != 0 {
		t.Error("thanked for the wrong amount")
	}
	_, err := b.Start(t.Context(), b.ask(true))
	b.mustFail(err, online.ErrBeingPaid)

	open, err := b.OpenFindings(t.Context())
	b.must(err)
	f := open[0]
	if f.Order != b.order || f.Attempt != a || f.Amount != 1_00 || f.Detail != "page amount 1.00 instead of 75.00; amount received 1.00 instead of 75.00" {
		t.Errorf("finding %+v", f)
	}
	place := online.PlaceInput{Finding: f.ID, Order: b.order, By: b.staff, Note: "met de ouder gebeld"}
	b.must(b.Place(t.Context(), place))
	b.mustFail(b.Place(t.Context(), place), online.ErrSettled)
	b.holds(books{paid: 1_00, payments: 1, allocated: 1_00})
	b.start(b.rest())
}

// Money on the same account that the shop has nothing to do with.
func TestForeignCharge(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.elsewhere("kampvuur", 20_00)
	b.must(b.fake.Pay(t.Context(), s.ID, stripefake.Bancontact, 0))
	b.work()
	open, err := b.OpenFindings(t.Context())
	b.must(err)
	if len(open) != 0 {
		t.Errorf("found before the balance was read: %+v", open)
	}
	b.holds(books{findings: []string{"foreign_charge"}, suspense: -20_00})
	open, err = b.OpenFindings(t.Context())
	b.must(err)
	b.must(b.Place(t.Context(), online.PlaceInput{Finding: open[0].ID, Order: b.order, By: b.staff}))
	b.holds(books{paid: 20_00, payments: 1, allocated: 20_00})
}

// A stranger's page with the reference of an attempt that has a page of its own changes nothing.
func TestBorrowedReference(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st := b.start(b.ask(false))
	s := b.elsewhere(st.Attempt.String(), 75_00)
	b.must(b.fake.Pay(t.Context(), s.ID, stripefake.Card, 0))
	b.holds(books{findings: []string{"foreign_charge"}, suspense: -75_00})
	if got := b.status(st.Attempt); got != online.Open {
		t.Errorf("status %s", got)
	}
	b.pay(st.Attempt, stripefake.Card)
	b.holds(books{paid: 75_00, payments: 1, allocated: 75_00, findings: []string{"foreign_charge"}, suspense: -75_00})
}

// Somebody refunds by hand in Stripe's dashboard.
func TestForeignRefund(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(false)).Attempt, stripefake.Card)
	b.work()
	_, err := b.Gateway.Refund(t.Context(), "by hand", b.paymentIntent(), 10_00, "")
	b.must(err)
	b.holds(books{paid: 75_00, payments: 1, allocated: 75_00, findings: []string{"foreign_refund"}, suspense: 10_00})
}

// ... and writes the number of one of our refunds on it, which was for another payment.
func TestRefundWithBorrowedReference(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(false)).Attempt, stripefake.Card)
	b.work()
	first := b.paymentIntent()
	b.pass(time.Hour)
	b.pay(b.start(b.rest()).Attempt, stripefake.Card)
	b.work()
	refund := b.cancel(75_00)[0] // 425.00 of the second payment
	b.DB.MustExec(`DELETE FROM test_job`)
	_, err := b.Gateway.Refund(t.Context(), "by hand", first, 75_00, fmt.Sprint(refund))
	b.must(err)
	b.holds(books{paid: 500_00, payments: 2, allocated: 75_00, refunded: 425_00, findings: []string{"foreign_refund"}, suspense: 75_00})
	b.wantSteps(refund)
}

// Stripe's own costs, a payout, its arrival, and its way back.
func TestPayout(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(true)).Attempt, stripefake.Bancontact)
	b.work()
	b.pass(time.Minute)
	b.must(b.fake.ChargeFee(t.Context(), 3_00, "usage"))
	b.pass(72 * time.Hour)
	b.fake.Behave(stripefake.Mode{Copies: 2, Reverse: true})
	id, err := b.fake.PayOut(t.Context())
	b.must(err)
	b.holds(paidAll)
	if got := b.balances(); got[ledger.StripeBalance] != 0 || got[ledger.PayoutTransit] != 496_61 || got[ledger.PaymentCosts] != 3_39 {
		t.Errorf("balances %v", got)
	}
	b.pass(48 * time.Hour)
	b.must(b.fake.Tick(t.Context()))
	b.holds(paidAll)
	all, err := b.Payouts(t.Context(), day(2027, 3, 1), day(2027, 3, 31))
	b.must(err)
	if len(all) != 1 || all[0].ID != id || all[0].Amount != 496_61 || all[0].Status != "paid" || !all[0].Reconciled || all[0].Parts != 2 ||
		all[0].Gross != 497_00 || all[0].Fees != 39 || all[0].ArrivesOn != day(2027, 3, 6) {
		t.Errorf("payouts %+v", all)
	}
	parts, err := b.MovementsOf(t.Context(), id)
	b.must(err)
	if len(parts) != 2 || parts[0].Net+parts[1].Net != 496_61 || parts[0].Order != b.order || parts[0].Against != "400" {
		t.Errorf("parts %+v", parts)
	}
	b.must(b.fake.FailPayout(t.Context(), id))
	failed := paidAll
	failed.findings = []string{"payout_failed"}
	b.holds(failed)
	if got := b.balances(); got[ledger.StripeBalance] != 496_61 || got[ledger.PayoutTransit] != 0 {
		t.Errorf("balances %v", got)
	}
}
