package online_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/payments/ledger"
	"joetz/payments/online"
	"joetz/payments/paymentstest"
	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
	"joetz/terms/id"
	"joetz/terms/money"
)

// cancel ends the booking with a fee; what was paid above it goes back. It returns the refunds.
func (b *bench) cancel(fee money.Cents) (refunds []id.Refund) {
	b.t.Helper()
	b.tx(func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(b.t.Context(), tx, b.order); err != nil {
			return err
		}
		closed, err := paymentstest.CloseTx(b.t.Context(), tx, b.Payments, payments.Closing{
			Order: b.order, Booking: b.booking, Payer: b.payer(), Description: "Annulering Lotte", Fee: fee, Reason: "test", Actor: "guardian:1",
		})
		refunds = closed.Refunds
		return err
	})
	return refunds
}

// steps are the states that a refund has gone through.
func (b *bench) steps(refund id.Refund) (states []string) {
	b.t.Helper()
	b.must(b.DB.Select(&states, `SELECT state FROM refund_step WHERE refund_id = $1 ORDER BY id`, refund))
	return states
}

func (b *bench) wantSteps(refund id.Refund, want ...string) {
	b.t.Helper()
	if d := cmp.Diff(want, b.steps(refund)); d != "" {
		b.t.Errorf("steps of refund %d: %s", refund, d)
	}
}

func (b *bench) atStripe(refund id.Refund) (name string) {
	b.t.Helper()
	b.must(b.DB.Get(&name, `SELECT source_id FROM refund_step WHERE refund_id = $1 AND state = 'sent'`, refund))
	return name
}

func (b *bench) settledTransit() {
	b.t.Helper()
	if got := b.balances()[ledger.RefundTransit]; got != 0 {
		b.t.Errorf("account 5803 holds %v: a refund is neither on its way nor there", got)
	}
}

func TestRefundByCard(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(true)).Attempt, stripefake.Card)
	b.work()
	refunds := b.cancel(75_00)
	b.holds(books{paid: 500_00, payments: 1, allocated: 75_00, refunded: 425_00})
	b.wantSteps(refunds[0], "sent", "done")
	b.settledTransit()
}

// Bancontact goes back by transfer: Stripe's balance is down at once, the family has it a minute later.
func TestRefundByBancontact(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(true)).Attempt, stripefake.Bancontact)
	b.work()
	refunds := b.cancel(75_00)
	b.holds(books{paid: 500_00, payments: 1, allocated: 75_00, refunded: 425_00})
	b.wantSteps(refunds[0], "sent")
	b.settledTransit()
	b.pass(time.Minute)
	b.must(b.fake.Tick(t.Context()))
	b.holds(books{paid: 500_00, payments: 1, allocated: 75_00, refunded: 425_00})
	b.wantSteps(refunds[0], "sent", "done")
	b.settledTransit()
}

// The family paid in two parts: what goes back takes the newest payment first.
func TestRefundOfTwoPayments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(false)).Attempt, stripefake.Card)
	b.work()
	b.pass(time.Hour)
	b.pay(b.start(b.rest()).Attempt, stripefake.Card)
	b.work()
	refunds := b.cancel(50_00)
	b.holds(books{paid: 500_00, payments: 2, allocated: 50_00, refunded: 450_00})
	for _, r := range refunds {
		b.wantSteps(r, "sent", "done")
	}
	var amounts []int
	b.must(b.DB.Select(&amounts, `SELECT amount_cents FROM refund ORDER BY id`))
	if d := cmp.Diff([]int{425_00, 25_00}, amounts); d != "" {
		t.Error(d)
	}
}

// The answer is lost, the job runs again, and again a week later when Stripe has forgotten the key: one refund.
func TestRefundOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(true)).Attempt, stripefake.Bancontact)
	b.work()
	refund := b.cancel(75_00)[0]
	b.DB.MustExec(`DELETE FROM test_job`)
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/refunds", LoseAnswer: true})
	if err := b.SendRefund(t.Context(), refund); err == nil {
		t.Fatal("the answer was not lost")
	}
	b.wantSteps(refund)
	b.must(b.SendRefund(t.Context(), refund))
	b.pass(7 * 24 * time.Hour)
	b.must(b.fake.Tick(t.Context())) // Stripe forgets keys
	b.must(b.SendRefund(t.Context(), refund))
	b.must(b.SendRefund(t.Context(), refund))
	b.holds(books{paid: 500_00, payments: 1, allocated: 75_00, refunded: 425_00})
	b.wantSteps(refund, "sent", "done")
	var n int
	b.must(b.DB.Get(&n, `SELECT count(*) FROM stripefake.object WHERE kind = 'refund'`))
	if n != 1 {
		t.Errorf("%d refunds at Stripe", n)
	}
}

// Stripe was away until the job gave up, and then the webhook was lost: it is finished all the same.
func TestRefundWithoutNews(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(true)).Attempt, stripefake.Bancontact)
	b.work()
	refund := b.cancel(75_00)[0]
	b.DB.MustExec(`DELETE FROM test_job`)
	b.fake.Behave(stripefake.Mode{Drop: true})
	b.pass(time.Hour + time.Second)
	b.holds(books{paid: 500_00, payments: 1, allocated: 75_00, refunded: 425_00})
	b.wantSteps(refund, "sent")
	b.pass(time.Minute)
	b.must(b.fake.Tick(t.Context()))
	b.DB.MustExec(`DELETE FROM stripefake.object WHERE kind = 'event'`)
	b.must(b.CatchUp(t.Context()))
	b.wantSteps(refund, "sent", "done")
	b.holds(books{paid: 500_00, payments: 1, allocated: 75_00, refunded: 425_00})
}

// The webhook of a refund is faster than the answer to the call.
func TestRefundWebhookFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(true)).Attempt, stripefake.Card)
	b.work()
	refund := b.cancel(75_00)[0]
	b.DB.MustExec(`DELETE FROM test_job`)
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/refunds", LoseAnswer: true})
	if err := b.SendRefund(t.Context(), refund); err == nil {
		t.Fatal("the answer was not lost")
	}
	b.work()
	b.wantSteps(refund, "sent", "done")
	b.must(b.SendRefund(t.Context(), refund))
	b.holds(books{paid: 500_00, payments: 1, allocated: 75_00, refunded: 425_00})
}

// A refund comes back, before or after it seemed done. The family has its credit again, and somebody is told.
func TestRefundComesBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		method stripefake.Method
		steps  []string
	}{
		{"while on its way", stripefake.Bancontact, []string{"sent", "failed"}},
		{"after it was done", stripefake.Card, []string{"sent", "done", "failed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.pay(b.start(b.ask(true)).Attempt, c.method)
			b.work()
			refund := b.cancel(75_00)[0]
			b.work()
			b.fake.Behave(stripefake.Mode{Copies: 2, Reverse: true})
			b.must(b.fake.FailRefund(t.Context(), b.atStripe(refund)))
			want := books{paid: 500_00, payments: 1, allocated: 75_00, findings: []string{"refund_failed"}}
			b.holds(want)
			b.wantSteps(refund, c.steps...)
			b.settledTransit()
			if got := b.balances()[ledger.Customers]; got != -425_00 {
				t.Errorf("the family's account holds %v, want its credit of 425.00", got)
			}
			open, err := b.OpenFindings(t.Context())
			b.must(err)
			b.mustFail(b.Place(t.Context(), online.PlaceInput{Finding: open[0].ID, Order: b.order, By: b.staff}), online.ErrSettled) // no money to place
			b.must(b.SettleFinding(t.Context(), open[0].ID, b.staff, "overgeschreven"))
			b.mustFail(b.SettleFinding(t.Context(), open[0].ID, b.staff, "nog eens"), online.ErrSettled)
			want.findings = nil
			b.holds(want)
		})
	}
}

// A worker that read the refund before it came back says afterwards that it was done: failed stays the last word.
func TestRefundOvertaken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(true)).Attempt, stripefake.Bancontact)
	b.work()
	refund := b.cancel(75_00)[0]
	b.work()
	old, err := b.Gateway.RefundByID(t.Context(), b.atStripe(refund))
	b.must(err)
	old.Status = stripegw.RefundSucceeded
	b.must(b.fake.FailRefund(t.Context(), old.ID))
	b.work()
	b.must(b.SettleSent(t.Context(), old))
	b.wantSteps(refund, "sent", "failed")
	b.holds(books{paid: 500_00, payments: 1, allocated: 75_00, findings: []string{"refund_failed"}})
}

// Stripe says no: the payment is disputed. The refund fails, and somebody is told to pay by transfer.
func TestRefundRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.pay(b.start(b.ask(true)).Attempt, stripefake.Card)
	b.work()
	_, err := b.fake.OpenDispute(t.Context(), b.paymentIntent())
	b.must(err)
	refund := b.cancel(75_00)[0]
	b.holds(books{paid: 500_00, payments: 1, allocated: 75_00, findings: []string{"dispute_opened", "refund_refused"}})
	b.wantSteps(refund, "failed")
	b.settledTransit()
}

func (b *bench) paymentIntent() (name string) {
	b.t.Helper()
	b.must(b.DB.Get(&name, `SELECT id FROM stripefake.object WHERE kind = 'payment_intent' ORDER BY seq DESC LIMIT 1`))
	return name
}

func TestDispute(t *testing.T) {
	t.Parallel()
	for _, won := range []bool{true, false} {
		b := newBench(t)
		b.pay(b.start(b.ask(true)).Attempt, stripefake.Card)
		b.work()
		dispute, err := b.fake.OpenDispute(t.Context(), b.paymentIntent())
		b.must(err)
		want := books{paid: 500_00, payments: 1, allocated: 500_00, findings: []string{"dispute_opened"}}
		b.holds(want)
		if got := b.balances()[ledger.Disputed]; got != 500_00 {
			t.Errorf("disputed %v", got)
		}
		b.must(b.fake.CloseDispute(t.Context(), dispute, won))
		left := money.Cents(0)
		want.findings = nil // there is nothing to answer any more
		if !won {
			left, want.findings = 500_00, []string{"dispute_lost"}
		}
		b.holds(want)
		if got := b.balances()[ledger.Disputed]; got != left {
			t.Errorf("won %v: disputed %v, want %v", won, got, left)
		}
		if got := b.balances()[ledger.PaymentCosts]; got != 7_75+20_00 {
			t.Errorf("costs %v", got)
		}
	}
}
