package online_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/payments/online"
	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
)

// The process dies after Stripe made the page, before it was written down. Whoever comes next finds that page.
func TestCrashAfterCall(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"the parent tries again", "the sweeper", "the parent had the page open and paid", "another question"} {
		t.Run(next, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", LoseAnswer: true})
			_, err := b.Start(t.Context(), b.ask(false))
			b.mustFail(err, stripegw.ErrUnavailable)
			all, err := b.AttemptsOf(t.Context(), b.order)
			b.must(err)
			if len(all) != 1 || all[0].Status != online.Created {
				t.Fatalf("attempts %+v", all)
			}
			a := all[0].Attempt
			want := paidDeposit
			switch next {
			case "the parent tries again":
				if st := b.start(b.ask(false)); st.Attempt != a {
					t.Error("another attempt")
				}
				b.pay(a, stripefake.Card)
			case "the sweeper":
				b.pass(time.Minute)
				b.must(b.Sweep(t.Context()))
				if got := b.status(a); got != online.Open {
					t.Errorf("status %s", got)
				}
				b.pay(a, stripefake.Card)
			case "the parent had the page open and paid":
				b.pay(a, stripefake.Card)
				b.work()
				if st := b.status(a); st != online.Done {
					t.Errorf("status %s", st)
				}
				b.pass(time.Minute)
				b.must(b.Sweep(t.Context()))
			case "another question":
				st := b.start(b.ask(true))
				if err := b.fake.Pay(t.Context(), b.page(a), stripefake.Card, 0); err == nil {
					t.Error("the lost page takes money")
				}
				b.pay(st.Attempt, stripefake.Card)
				want = paidAll
			}
			b.holds(want)
		})
	}
}

// The process dies before Stripe heard anything.
func TestCrashBeforeCall(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", Status: http.StatusServiceUnavailable})
	_, err := b.Start(t.Context(), b.ask(false))
	b.mustFail(err, stripegw.ErrUnavailable)
	st := b.start(b.ask(false))
	b.pay(st.Attempt, stripefake.Card)
	b.holds(paidDeposit)
}

// Stripe fails by itself: the answer stays with the key, so the next try needs another.
func TestStripeFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", Status: http.StatusInternalServerError})
	_, err := b.Start(t.Context(), b.ask(false))
	b.mustFail(err, stripegw.ErrUnavailable)
	st := b.start(b.ask(false))
	b.pay(st.Attempt, stripefake.Card)
	b.holds(paidDeposit)
}

// Nobody came back for hours: the page is too late to be made, and the attempt ends without money.
func TestOrphanTooOld(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", Status: http.StatusServiceUnavailable})
	_, err := b.Start(t.Context(), b.ask(false))
	b.mustFail(err, stripegw.ErrUnavailable)
	b.pass(3 * time.Hour)
	b.must(b.Sweep(t.Context()))
	all, err := b.AttemptsOf(t.Context(), b.order)
	b.must(err)
	if len(all) != 1 || all[0].Status != online.Failed {
		t.Errorf("attempts %+v", all)
	}
	b.start(b.ask(false))
	b.holds(nothing)
}

// The process dies in the transaction that records the money: nothing of it stays, and the next try does all of it.
func TestCrashWhileRecording(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	dead, thank := 2, b.Payments.Recorded
	b.Payments.Recorded = func(ctx context.Context, tx *sqlx.Tx, receipts []payments.Receipt) error {
		if dead--; dead >= 0 {
			return errors.New("power cut")
		}
		return thank(ctx, tx, receipts)
	}
	st := b.start(b.ask(false))
	b.pay(st.Attempt, stripefake.Card)
	_, err := b.fake.Deliver(t.Context())
	b.must(err)
	var events []string
	b.must(b.DB.Select(&events, `SELECT id FROM stripe_event WHERE type IN ('charge.succeeded', 'checkout.session.completed') ORDER BY type`))
	for _, e := range events {
		if err := b.Work(t.Context(), e); err == nil {
			t.Error("no power cut")
		}
	}
	if got := b.status(st.Attempt); got != online.Open {
		t.Errorf("half done: %s", got)
	}
	b.holds(paidDeposit)
	if b.thanks != 1 {
		t.Errorf("thanked %d times", b.thanks)
	}
}
