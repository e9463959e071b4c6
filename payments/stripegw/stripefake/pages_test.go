package stripefake_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
)

// browser presses buttons and does not follow where it is sent.
func browser() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func press(t *testing.T, address, act string) (location string) {
	t.Helper()
	res, err := browser().PostForm(address, url.Values{"act": {act}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s: %s", act, res.Status)
	}
	return res.Header.Get("Location")
}

func look(t *testing.T, address string) string {
	t.Helper()
	res, err := browser().Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", address, res.Status, err)
	}
	return string(text)
}

func TestPayPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		act, location string // {s} is the session
		status        stripegw.SessionStatus
		paid          bool
		says          string // the page afterwards
	}{
		{"bancontact", "https://shop.test/betaling/a1?s={s}", stripegw.SessionComplete, true, "Er is hier al betaald"},
		{"card", "https://shop.test/betaling/a1?s={s}", stripegw.SessionComplete, true, "Er is hier al betaald"},
		{"slow", "https://shop.test/betaling/a1?s={s}", stripegw.SessionComplete, true, "Er is hier al betaald"},
		{"thinking", "https://shop.test/betaling/a1?s={s}", stripegw.SessionComplete, false, "Er is hier al betaald"},
		{"fail", "{s}", stripegw.SessionOpen, false, "De betaling is niet gelukt"},
		{"cancel", "https://shop.test/betaling/a1?terug=1", stripegw.SessionOpen, false, "Betaal met Bancontact"},
		{"nonsense", "{s}", stripegw.SessionOpen, false, "Betaal met Bancontact"},
	} {
		t.Run(c.act, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			p := s.page(t)
			if p.URL != s.api.URL+"/c/pay/"+p.ID {
				t.Fatalf("page at %s", p.URL)
			}
			before := look(t, p.URL)
			for _, text := range []string{"TEST", "75,00", "Voorschot &lt;Lotte&gt;", "Bestelling 1000001", `lang="nl"`} {
				if !strings.Contains(before, text) {
					t.Errorf("the page does not say %q", text)
				}
			}
			if got := press(t, p.URL, c.act); got != strings.ReplaceAll(c.location, "{s}", p.ID) {
				t.Errorf("sent to %s", got)
			}
			now, err := s.Session(t.Context(), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			if now.Status != c.status || now.Paid != c.paid {
				t.Errorf("session %s, paid %v", now.Status, now.Paid)
			}
			if !strings.Contains(look(t, p.URL), c.says) {
				t.Errorf("the page does not say %q afterwards", c.says)
			}
		})
	}
}

// Two tabs, one pressed after the other: one payment.
func TestPayPageTwice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	p := s.page(t)
	press(t, p.URL, "bancontact")
	if got := press(t, p.URL, "card"); got != p.ID {
		t.Errorf("second press leads to %s, want back to the page", got)
	}
	if movements, err := s.MovementsSince(t.Context(), time.Time{}); err != nil || len(movements) != 1 {
		t.Errorf("%d movements, %v", len(movements), err)
	}
}

// The shop serves the page under a prefix of its own: everything in it still leads somewhere.
func TestPagesUnderPrefix(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	p := s.page(t)
	srv := httptest.NewServer(http.StripPrefix("/demo/stripe", s.fake.Pages()))
	t.Cleanup(srv.Close)
	at := srv.URL + "/demo/stripe/c/pay/" + p.ID
	base, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	look(t, at)
	for _, link := range []string{"../style.css", press(t, at, "fail"), "../desk"} {
		ref, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		look(t, base.ResolveReference(ref).String())
	}
}

func TestDesk(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.pay(t, 0)
	s.set(func() { s.clock = s.clock.AddDate(0, 0, 3) })
	desk := s.api.URL + "/c/desk"
	for _, step := range []struct{ act, says string }{
		{"payout", "onderweg"},
		{"dispute", "wacht op antwoord"},
		{"lose", "verloren"},
	} {
		id := ""
		switch events, err := s.Undelivered(t.Context(), time.Time{}); {
		case err != nil:
			t.Fatal(err)
		case step.act == "dispute":
			for _, e := range events {
				if e.Type == "charge.succeeded" {
					id = e.PaymentIntent
				}
			}
		default:
			id = events[0].Object
		}
		res, err := browser().PostForm(desk, url.Values{"act": {step.act}, "id": {id}})
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if text := look(t, desk); !strings.Contains(text, step.says) {
			t.Errorf("%s: the desk does not say %q", step.act, step.says)
		}
	}
}

// The whole stand-in as the shop starts it: it answers, sends webhooks by itself and stops when told.
func TestServe(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	l, err := stripefake.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	arrived := make(chan struct{}, 10)
	hooks := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived <- struct{}{} }))
	t.Cleanup(hooks.Close)
	s.fake.SetWebhookURL(hooks.URL)
	done := make(chan error)
	go func() { done <- s.fake.Serve(ctx, l) }()
	g := stripegw.New(stripegw.Config{Key: "sk_test_1", URL: "http://" + l.Addr().String(), Now: s.now})
	p := s.page(t)
	if _, err := g.Session(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	press(t, "http://"+l.Addr().String()+"/c/pay/"+p.ID, "bancontact")
	for range inOrder {
		<-arrived
	}
	cancel()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestUnknownPaths(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	got := map[string]int{}
	for _, path := range []string{"/c/pay/cs_test_none", "/v1/customers", "/nothing", "/v1/refunds/re_1"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.api.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer sk_test_1")
		res, err := browser().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		got[path] = res.StatusCode
	}
	want := map[string]int{"/c/pay/cs_test_none": 404, "/v1/customers": 404, "/nothing": 404, "/v1/refunds/re_1": 404}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
