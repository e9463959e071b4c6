package stripegw_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
	"joetz/terms/money"
)

func TestPaidSession(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method stripefake.Method
		fee    money.Cents
	}{
		{stripefake.Bancontact, 39},
		{stripefake.Card, 184}, // 1.5 % of 106.25 and 0.25: the sample payout's second payment
	} {
		t.Run(string(c.method), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			s := b.open(t, "a1")
			want := stripegw.Session{
				ID: s.ID, URL: b.url + "/c/pay/" + s.ID, Reference: "a1", Status: stripegw.SessionOpen, Amount: 106_25,
				Currency: "eur", ExpiresAt: b.now().Add(time.Hour).Local(),
			}
			if d := cmp.Diff(want, s, cmpopts.EquateApproxTime(0)); d != "" {
				t.Fatal(d)
			}
			b.pass(time.Minute)
			must(t, b.fake.Pay(t.Context(), s.ID, c.method, 0))
			paid, err := b.Session(t.Context(), s.ID)
			must(t, err)
			if paid.Status != stripegw.SessionComplete || !paid.Paid || paid.URL != "" || paid.Payment == nil {
				t.Fatalf("paid session: %+v", paid)
			}
			p := *paid.Payment
			wantPayment := stripegw.Payment{
				ID: p.ID, Status: stripegw.PaymentSucceeded, Amount: 106_25, Received: 106_25, Currency: "eur",
				Metadata: map[string]string{"attempt": "a1", "order": "1000001"},
				Charge: &stripegw.Charge{
					ID: p.Charge.ID, At: b.now(), Amount: 106_25, Method: string(c.method), Payer: "Test Betaler",
					Movement: &stripegw.Movement{
						ID: p.Charge.Movement.ID, Category: stripegw.CategoryCharge, Source: p.Charge.ID,
						Description: "Bestelling 1000001", Amount: 106_25, Fee: c.fee, Net: 106_25 - c.fee, Currency: "eur",
						At: b.now(), AvailableOn: b.now().AddDate(0, 0, 3),
					},
				},
			}
			if d := cmp.Diff(wantPayment, p); d != "" {
				t.Error(d)
			}
			found, err := b.SessionOfPayment(t.Context(), p.ID)
			must(t, err)
			if d := cmp.Diff(paid, found); d != "" {
				t.Errorf("session found by payment differs:\n%s", d)
			}
			owner, err := b.PaymentOfCharge(t.Context(), p.Charge.ID)
			must(t, err)
			if owner != p.ID {
				t.Errorf("payment of charge %q, want %q", owner, p.ID)
			}
			heard := b.heard(t)
			if d := cmp.Diff([]string{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}, heard); d != "" {
				t.Error(d)
			}
		})
	}
}

// The same key and input is the same page, however often and however many at once; other input is refused.
func TestIdempotency(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	in := input("a1", b.now().Add(time.Hour))
	first := b.open(t, "a1")
	b.pass(23 * time.Hour) // the page has long expired: the answer is the old one all the same
	again, err := b.CreateSession(t.Context(), "cs:a1", in)
	must(t, err)
	if d := cmp.Diff(first, again); d != "" {
		t.Errorf("repeated: %s", d)
	}
	in.Lines[0].Amount++
	_, err = b.CreateSession(t.Context(), "cs:a1", in)
	if !errors.Is(err, stripegw.ErrRefused) || stripegw.Retryable(err) {
		t.Errorf("other amount under the same key: %v", err)
	}
}

func TestSameKeyAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	hold := make(chan struct{})
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", Times: 8, Wait: hold})
	ids := make([]string, 8)
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			s, err := b.CreateSession(t.Context(), "cs:a1", input("a1", b.now().Add(time.Hour)))
			ids[i], errs[i] = s.ID, err
		})
	}
	close(hold)
	all.Wait()
	made := ""
	for i, id := range ids {
		switch {
		case errs[i] != nil && !stripegw.Retryable(errs[i]): // 409: somebody else is at it
			t.Errorf("call %d: %v", i, errs[i])
		case id != "" && made != "" && id != made:
			t.Errorf("two pages: %s and %s", made, id)
		case id != "":
			made = id
		}
	}
	if made == "" {
		t.Error("nobody got a page")
	}
}

// A broken connection after the work was done: asking again gives what was made.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", LoseAnswer: true})
	_, err := b.CreateSession(t.Context(), "cs:a1", input("a1", b.now().Add(time.Hour)))
	if !stripegw.Retryable(err) {
		t.Fatalf("lost answer: %v, want retryable", err)
	}
	s := b.open(t, "a1")
	must(t, b.fake.Pay(t.Context(), s.ID, stripefake.Card, 0))
	if movements, err := b.MovementsSince(t.Context(), time.Time{}); err != nil || len(movements) != 1 {
		t.Errorf("movements %v, %v; want one", movements, err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.open(t, "a1")
	for _, c := range []struct {
		name   string
		status int // answered by the stand-in instead of working
		call   func() error
		want   error
		retry  bool
	}{
		{"no such session", 0, func() error { _, err := b.Session(t.Context(), "cs_test_none"); return err }, stripegw.ErrNotFound, false},
		{"payment without page", 0, func() error { _, err := b.SessionOfPayment(t.Context(), "pi_none"); return err }, stripegw.ErrNotFound, false},
		{"wrong key", 0, func() error { _, err := b.gateway(t, "sk_test_wrong").Session(t.Context(), s.ID); return err }, stripegw.ErrUnavailable, true},
		{"expires too soon", 0, func() error {
			_, err := b.CreateSession(t.Context(), "cs:a2", input("a2", b.now().Add(29*time.Minute)))
			return err
		}, stripegw.ErrRefused, false},
		{"refund without payment", 0, func() error { _, err := b.Refund(t.Context(), "re:1", "pi_none", 1, "1"); return err }, stripegw.ErrNotFound, false},
		{"busy", 429, func() error { _, err := b.Session(t.Context(), s.ID); return err }, stripegw.ErrUnavailable, true},
		{"down", 503, func() error { _, err := b.Session(t.Context(), s.ID); return err }, stripegw.ErrUnavailable, true},
		{"failed", 500, func() error { _, err := b.Session(t.Context(), s.ID); return err }, stripegw.ErrUnavailable, true},
	} {
		if c.status != 0 {
			b.fake.Disturb(stripefake.Trouble{Status: c.status})
		}
		err := c.call()
		if !errors.Is(err, c.want) || stripegw.Retryable(err) != c.retry {
			t.Errorf("%s: %v, retryable %v; want %v, %v", c.name, err, stripegw.Retryable(err), c.want, c.retry)
		}
	}
}

// A rush: Stripe turns calls away and they are made again, with the same body and key.
func TestTooManyCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	g := stripegw.New(stripegw.Config{Key: "sk_test_bench", URL: b.url, Retries: 2, AtOnce: 2, Pause: time.Millisecond, Now: b.now})
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", Status: 429, Times: 2})
	s, err := g.CreateSession(t.Context(), "cs:a1", input("a1", b.now().Add(time.Hour)))
	must(t, err)
	if s.Amount != 106_25 {
		t.Errorf("session %+v", s)
	}
	b.fake.Disturb(stripefake.Trouble{Status: 429, Times: 3})
	if _, err := g.Session(t.Context(), s.ID); !stripegw.Retryable(err) {
		t.Errorf("turned away three times: %v", err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := g.Session(t.Context(), s.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// A failure of Stripe's own stays with the key.
func TestKept(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	in := input("a1", b.now().Add(time.Hour))
	b.fake.Disturb(stripefake.Trouble{Method: http.MethodPost, Path: "/v1/checkout/sessions", Status: 500})
	for range 2 {
		if _, err := b.CreateSession(t.Context(), "cs:a1", in); !stripegw.Kept(err) || !stripegw.Retryable(err) {
			t.Errorf("%v: kept %v", err, stripegw.Kept(err))
		}
	}
	_, err := b.CreateSession(t.Context(), "cs:a2", in)
	must(t, err)
	b.fake.Disturb(stripefake.Trouble{Status: 503})
	if _, err := b.CreateSession(t.Context(), "cs:a3", in); stripegw.Kept(err) {
		t.Errorf("%v is said to be kept", err)
	}
}

func TestNothingListens(t *testing.T) {
	t.Parallel()
	g := stripegw.New(stripegw.Config{Key: "sk_test_secret", URL: "http://127.0.0.1:1", Retries: -1, Now: time.Now})
	_, err := g.Session(t.Context(), "cs_1")
	if !stripegw.Retryable(err) {
		t.Errorf("%v, want retryable", err)
	}
	if strings.Contains(err.Error(), "sk_test_secret") {
		t.Errorf("the key is in the error: %v", err)
	}
}

func TestLive(t *testing.T) {
	t.Parallel()
	for key, live := range map[string]bool{"sk_test_1": false, "rk_test_1": false, "sk_live_1": true, "rk_live_1": true} {
		if got := stripegw.New(stripegw.Config{Key: key, Now: time.Now}).Live(); got != live {
			t.Errorf("%s: live %v", key, got)
		}
	}
}

func TestExpire(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.open(t, "a1")
	closed, err := b.ExpireSession(t.Context(), s.ID)
	must(t, err)
	if closed.Status != stripegw.SessionExpired || closed.URL != "" {
		t.Errorf("expired session: %+v", closed)
	}
	if err := b.fake.Pay(t.Context(), s.ID, stripefake.Card, 0); err == nil {
		t.Error("paid on a closed page")
	}
	paid := b.open(t, "a2")
	must(t, b.fake.Pay(t.Context(), paid.ID, stripefake.Card, 0))
	if _, err := b.ExpireSession(t.Context(), paid.ID); !errors.Is(err, stripegw.ErrRefused) {
		t.Errorf("expire a paid page: %v", err)
	}
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.open(t, "a1")
	must(t, b.fake.Pay(t.Context(), s.ID, stripefake.Card, 0))
	s, err := b.Session(t.Context(), s.ID)
	must(t, err)
	pi := s.Payment.ID
	b.heard(t)

	r, err := b.Refund(t.Context(), "re:7", pi, 100_00, "7")
	must(t, err)
	want := stripegw.Refund{ID: r.ID, Reference: "7", PaymentIntent: pi, Amount: 100_00, Currency: "eur",
		Status: stripegw.RefundSucceeded, Movement: r.Movement, At: b.now()}
	if d := cmp.Diff(want, r); d != "" {
		t.Error(d)
	}
	again, err := b.Refund(t.Context(), "re:7", pi, 100_00, "7")
	must(t, err)
	if again.ID != r.ID {
		t.Errorf("pressed twice: two refunds %s and %s", r.ID, again.ID)
	}
	if _, err := b.Refund(t.Context(), "re:8", pi, 6_26, "8"); !errors.Is(err, stripegw.ErrRefused) {
		t.Errorf("a cent too much: %v", err)
	}
	_, err = b.Refund(t.Context(), "re:9", pi, 6_25, "9")
	must(t, err)
	_, err = b.Refund(t.Context(), "re:10", pi, 1, "10")
	if !errors.Is(err, stripegw.ErrRefused) || stripegw.Code(err) != "charge_already_refunded" {
		t.Errorf("nothing left: %v, code %q", err, stripegw.Code(err))
	}
	must(t, b.fake.FailRefund(t.Context(), r.ID))
	failed, err := b.RefundByID(t.Context(), r.ID)
	must(t, err)
	if failed.Status != stripegw.RefundFailed || failed.FailureMovement == "" || failed.Reason == "" {
		t.Errorf("failed refund: %+v", failed)
	}
	all, err := b.RefundsOf(t.Context(), pi)
	must(t, err)
	if len(all) != 2 || all[1].ID != r.ID {
		t.Errorf("refunds of payment: %+v", all)
	}
	wantHeard := []string{"refund.created", "charge.refunded", "refund.created", "charge.refunded", "charge.refund.updated", "refund.updated"}
	if d := cmp.Diff(wantHeard, b.heard(t)); d != "" {
		t.Error(d)
	}
}

func TestDisputes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.open(t, "a1")
	must(t, b.fake.Pay(t.Context(), s.ID, stripefake.Card, 0))
	s, err := b.Session(t.Context(), s.ID)
	must(t, err)
	b.heard(t)
	id, err := b.fake.OpenDispute(t.Context(), s.Payment.ID)
	must(t, err)
	d, err := b.Dispute(t.Context(), id)
	must(t, err)
	want := stripegw.Dispute{ID: id, Charge: s.Payment.Charge.ID, PaymentIntent: s.Payment.ID, Amount: 106_25, Currency: "eur",
		Status: "needs_response", Reason: "product_not_received", AnswerBy: b.now().AddDate(0, 0, 7), At: b.now()}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if _, err := b.Refund(t.Context(), "re:1", s.Payment.ID, 1_00, "1"); !errors.Is(err, stripegw.ErrRefused) {
		t.Errorf("refund of a disputed payment: %v", err)
	}
	must(t, b.fake.CloseDispute(t.Context(), id, true))
	d, err = b.Dispute(t.Context(), id)
	must(t, err)
	if d.Status != "won" {
		t.Errorf("status %s", d.Status)
	}
	wantHeard := []string{"charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.closed", "charge.dispute.funds_reinstated"}
	if diff := cmp.Diff(wantHeard, b.heard(t)); diff != "" {
		t.Error(diff)
	}
	balance, err := b.fake.Balance(t.Context())
	must(t, err)
	if want := int64(106_25 - 1_84 - 20_00); balance != want {
		t.Errorf("balance %d, want %d", balance, want)
	}
}

// More movements than fit one page, a payout that is their sum, its arrival, and its way back.
func TestPayout(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var net money.Cents
	for range 3 {
		s := b.open(t, time.Now().String()) // any reference
		must(t, b.fake.Pay(t.Context(), s.ID, stripefake.Bancontact, 0))
		net += 106_25 - 39
	}
	for range 101 {
		must(t, b.fake.ChargeFee(t.Context(), 1, "cent"))
		net--
	}
	b.pass(72 * time.Hour)
	b.heard(t)
	id, err := b.fake.PayOut(t.Context())
	must(t, err)
	p, err := b.Payout(t.Context(), id)
	must(t, err)
	if p.Amount != net || p.Status != "in_transit" || p.Reconciled || p.ArrivesOn.String() != "2027-03-06" {
		t.Errorf("payout %+v, want %v", p, net)
	}
	movements, err := b.MovementsOfPayout(t.Context(), id)
	must(t, err)
	var sum money.Cents
	for _, m := range movements {
		sum += m.Net
	}
	if len(movements) != 104 || sum != net {
		t.Errorf("%d movements of %v, want 104 of %v", len(movements), sum, net)
	}
	b.pass(48 * time.Hour)
	must(t, b.fake.Tick(t.Context()))
	if p, err = b.Payout(t.Context(), id); err != nil || p.Status != "paid" || !p.Reconciled {
		t.Errorf("arrived: %+v, %v", p, err)
	}
	must(t, b.fake.FailPayout(t.Context(), id))
	if p, err = b.Payout(t.Context(), id); err != nil || p.Status != "failed" || p.Failure != "account_closed" {
		t.Errorf("came back: %+v, %v", p, err)
	}
	if d := cmp.Diff([]string{"payout.created", "payout.paid", "payout.reconciliation_completed", "payout.failed"}, b.heard(t)); d != "" {
		t.Error(d)
	}
	balance, err := b.fake.Balance(t.Context())
	must(t, err)
	if money.Cents(balance) != net {
		t.Errorf("balance %d, want all back: %v", balance, net)
	}
}
