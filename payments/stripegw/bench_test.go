package stripegw_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"joetz/migrations/pg/pgtest"
	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
	"joetz/payments/stripegw/stripefake/contract"
)

// bench is a gateway that talks to a stand-in of its own, every exchange checked against Stripe's schema, and a listener
// for its webhooks.
type bench struct {
	*stripegw.Gateway
	fake *stripefake.Fake
	url  string

	mu     sync.Mutex
	clock  time.Time
	refuse int // so many webhooks are answered with 500
	got    []stripegw.Event
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock = b.clock.Add(d)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{clock: time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC)}
	hooks := httptest.NewServer(http.HandlerFunc(b.listen))
	t.Cleanup(hooks.Close)
	fake, err := stripefake.New(t.Context(), stripefake.Config{
		DB: pgtest.New(t), Now: b.now, Key: "sk_test_bench", WebhookURL: hooks.URL, WebhookSecret: "whsec_bench",
	})
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(contract.Load(t).Handler(t, fake.Handler()))
	t.Cleanup(api.Close)
	b.fake, b.url = fake, api.URL
	b.Gateway = b.gateway(t, "sk_test_bench")
	return b
}

func (b *bench) gateway(t *testing.T, key string) *stripegw.Gateway {
	t.Helper()
	return stripegw.New(stripegw.Config{
		Key: key, URL: b.url, WebhookSecrets: []string{"whsec_bench"}, Retries: -1, Now: b.now, Timeout: 30 * time.Second,
	})
}

func (b *bench) listen(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	e, err := b.Event(body, r.Header.Get("Stripe-Signature"))
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse > 0 {
		b.refuse--
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	b.got = append(b.got, e)
}

// heard delivers what is due and returns the types of the events that arrived since the last call.
func (b *bench) heard(t *testing.T) []string {
	t.Helper()
	if _, err := b.fake.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var types []string
	for _, e := range b.got {
		types = append(types, e.Type)
	}
	b.got = nil
	return types
}

func input(reference string, expires time.Time) stripegw.SessionInput {
	return stripegw.SessionInput{
		Reference: reference, Order: "1000001", Description: "Bestelling 1000001",
		Lines: []stripegw.Line{{Name: "Voorschot Sneeuwpret - Lotte", Amount: 75_00}, {Name: "Voorschot Sneeuwpret - Jef", Amount: 31_25}},
		Email: "jan@example.be", Lang: "nl",
		SuccessURL: "https://shop.test/betaling/" + reference, CancelURL: "https://shop.test/betaling/" + reference + "?terug=1",
		ExpiresAt: expires,
	}
}

func (b *bench) open(t *testing.T, reference string) stripegw.Session {
	t.Helper()
	s, err := b.CreateSession(t.Context(), "cs:"+reference, input(reference, b.now().Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
