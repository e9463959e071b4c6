package stripefake_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
)

// shop hears webhooks and checks them with stripe-go's own code.
type shop struct {
	*stripegw.Gateway
	db   *sqlx.DB
	fake *stripefake.Fake
	api  *httptest.Server

	mu    sync.Mutex
	clock time.Time
	down  bool
	heard []string
}

func (s *shop) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

func (s *shop) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{db: pgtest.New(t), clock: time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC)}
	hooks := httptest.NewServer(http.HandlerFunc(s.listen))
	t.Cleanup(hooks.Close)
	s.start(t, hooks.URL)
	return s
}

// start makes a stand-in, as a process that starts (again) does.
func (s *shop) start(t *testing.T, hooks string) {
	t.Helper()
	fake, err := stripefake.New(t.Context(), stripefake.Config{DB: s.db, Now: s.now, Key: "sk_test_1", WebhookURL: hooks, WebhookSecret: "whsec_1"})
	if err != nil {
		t.Fatal(err)
	}
	s.api = httptest.NewServer(fake.Handler())
	t.Cleanup(s.api.Close)
	s.fake = fake
	s.Gateway = stripegw.New(stripegw.Config{Key: "sk_test_1", URL: s.api.URL, WebhookSecrets: []string{"whsec_1"}, Retries: -1, Now: s.now})
}

func (s *shop) listen(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	e, err := s.Event(body, r.Header.Get("Stripe-Signature"))
	s.set(func() {
		switch {
		case s.down:
			w.WriteHeader(http.StatusBadGateway)
		case err != nil:
			w.WriteHeader(http.StatusForbidden)
		default:
			s.heard = append(s.heard, e.Type)
		}
	})
}

func (s *shop) deliver(t *testing.T) []string {
	t.Helper()
	if _, err := s.fake.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	var heard []string
	s.set(func() { heard, s.heard = s.heard, nil })
	return heard
}

func (s *shop) page(t *testing.T) stripegw.Session {
	t.Helper()
	p, err := s.CreateSession(t.Context(), "", stripegw.SessionInput{
		Reference: "a1", Order: "1", Description: "Bestelling 1000001", Lines: []stripegw.Line{{Name: "Voorschot <Lotte>", Amount: 75_00}},
		SuccessURL: "https://shop.test/betaling/a1?s={CHECKOUT_SESSION_ID}", CancelURL: "https://shop.test/betaling/a1?terug=1",
		ExpiresAt: s.now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *shop) pay(t *testing.T, late time.Duration) {
	t.Helper()
	if err := s.fake.Pay(t.Context(), s.page(t).ID, stripefake.Bancontact, late); err != nil {
		t.Fatal(err)
	}
}

var inOrder = []string{"payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}

func TestModes(t *testing.T) {
	t.Parallel()
	reversed := slices.Clone(inOrder)
	slices.Reverse(reversed)
	var twice []string
	for _, e := range inOrder {
		twice = append(twice, e, e)
	}
	for _, c := range []struct {
		name  string
		mode  stripefake.Mode
		wait  time.Duration
		heard []string
	}{
		{"good weather", stripefake.Mode{}, 0, inOrder},
		{"twice", stripefake.Mode{Copies: 2}, 0, twice},
		{"reversed", stripefake.Mode{Reverse: true}, 0, reversed},
		{"not yet", stripefake.Mode{Delay: time.Hour}, 59 * time.Minute, nil},
		{"late", stripefake.Mode{Delay: time.Hour}, time.Hour, inOrder},
		{"lost", stripefake.Mode{Drop: true}, 24 * time.Hour, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.fake.Behave(c.mode)
			s.pay(t, 0)
			s.set(func() { s.clock = s.clock.Add(c.wait) })
			if d := cmp.Diff(c.heard, s.deliver(t)); d != "" {
				t.Error(d)
			}
			events, err := s.Undelivered(t.Context(), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			var missed []string
			for _, e := range events {
				missed = append(missed, e.Type)
			}
			want := reversed // newest first
			if c.heard != nil {
				want = nil
			}
			if d := cmp.Diff(want, missed); d != "" {
				t.Errorf("undelivered: %s", d)
			}
		})
	}
}

// A shop that is down hears everything once it is back, also from a stand-in that was started anew.
func TestRetryUntilAnswered(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.set(func() { s.down = true })
	s.pay(t, 0)
	if heard := s.deliver(t); heard != nil {
		t.Fatalf("heard %v", heard)
	}
	s.set(func() { s.down = false })
	if heard := s.deliver(t); heard != nil {
		t.Fatalf("tried again at once: %v", heard)
	}
	hooks := httptest.NewServer(http.HandlerFunc(s.listen))
	t.Cleanup(hooks.Close)
	s.start(t, hooks.URL)
	s.set(func() { s.clock = s.clock.Add(5 * time.Second) })
	if d := cmp.Diff(inOrder, s.deliver(t)); d != "" {
		t.Error(d)
	}
	s.set(func() { s.clock = s.clock.Add(72 * time.Hour) })
	if heard := s.deliver(t); heard != nil {
		t.Errorf("answered, and sent again: %v", heard)
	}
}

func TestGivesUpAfterThreeDays(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.set(func() { s.down = true })
	s.pay(t, 0)
	for range 12 {
		s.deliver(t)
		s.set(func() { s.clock = s.clock.Add(24 * time.Hour) })
	}
	s.set(func() { s.down = false })
	if heard := s.deliver(t); heard != nil {
		t.Errorf("still trying: %v", heard)
	}
}

// What a restart must not forget: open pages, paid money, answers under a key.
func TestRestart(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	page := s.page(t)
	s.start(t, "")
	if err := s.fake.Pay(t.Context(), page.ID, stripefake.Card, 0); err != nil {
		t.Fatal(err)
	}
	s.start(t, "")
	got, err := s.Session(t.Context(), page.ID)
	if err != nil || !got.Paid {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTimePasses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	left, thinks, refuses := s.page(t), s.page(t), s.page(t)
	for page, yes := range map[string]bool{thinks.ID: true, refuses.ID: false} {
		if err := s.fake.PayLater(t.Context(), page, stripefake.Bancontact, 10*time.Minute, yes); err != nil {
			t.Fatal(err)
		}
	}
	status := func(id string) string {
		p, err := s.Session(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		out := string(p.Status)
		if p.Paid {
			out += " paid"
		}
		if p.Payment != nil {
			out += " " + string(p.Payment.Status)
		}
		return out
	}
	for _, step := range []struct {
		after                 time.Duration
		left, thinks, refuses string
	}{
		{0, "open", "complete processing", "complete processing"},
		{10 * time.Minute, "open", "complete paid succeeded", "complete requires_payment_method"},
		{time.Hour, "expired", "complete paid succeeded", "complete requires_payment_method"},
	} {
		s.set(func() { s.clock = time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC).Add(step.after) })
		if err := s.fake.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := []string{status(left.ID), status(thinks.ID), status(refuses.ID)}
		if d := cmp.Diff([]string{step.left, step.thinks, step.refuses}, got); d != "" {
			t.Errorf("after %v: %s", step.after, d)
		}
	}
	s.deliver(t)
	// What was paid leaves for the bank three days later, once, and money is back at zero.
	s.set(func() { s.clock = s.clock.AddDate(0, 0, 3) })
	for range 2 {
		if err := s.fake.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff([]string{"payout.created"}, s.deliver(t)); d != "" {
		t.Error(d)
	}
	if b, err := s.fake.Balance(t.Context()); err != nil || b != 0 {
		t.Errorf("balance %d, %v", b, err)
	}
	// And a month later the page that nobody paid on is forgotten, the paid one is not.
	s.set(func() { s.clock = s.clock.AddDate(0, 0, 31) })
	if err := s.fake.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Session(t.Context(), left.ID); err == nil {
		t.Error("the abandoned page is still there")
	}
	if got := status(thinks.ID); got != "complete paid succeeded" {
		t.Errorf("the paid page is %s", got)
	}
}

func TestLiveKeyIsRefused(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"sk_live_1", "rk_live_1"} {
		if _, err := stripefake.New(t.Context(), stripefake.Config{Key: key}); err == nil {
			t.Errorf("%s accepted", key)
		}
	}
}

func TestOnlyLoopback(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.168.1.1:0", "localhost:0"} {
		if l, err := stripefake.Listen(addr); err == nil {
			_ = l.Close()
			t.Errorf("listens on %s", addr)
		}
	}
	l, err := stripefake.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
}
