package contract_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"joetz/payments/stripegw/stripefake/contract"
)

// The sample events fit the schema: so it is readable, and strictness forbids nothing that Stripe sends.
func TestSampleEvents(t *testing.T) {
	t.Parallel()
	s := contract.Load(t)
	text, err := os.ReadFile("testdata/synthetic-events.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	if len(lines) != 16 {
		t.Fatalf("%d events", len(lines))
	}
	for _, line := range lines {
		var e struct {
			ID   string `json:"id"`
			Data struct {
				Object json.RawMessage `json:"object"`
			} `json:"data"`
		}
		var o struct {
			Object string `json:"object"`
		}
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(e.Data.Object, &o); err != nil {
			t.Fatal(err)
		}
		if err := s.Object("event", line); err != nil {
			t.Errorf("%s: %v", e.ID, err)
		}
		if err := s.Object(o.Object, e.Data.Object); err != nil {
			t.Errorf("%s: %v", e.ID, err)
		}
	}
}

func TestStrict(t *testing.T) {
	t.Parallel()
	s := contract.Load(t)
	for name, object := range map[string]string{
		"field that Stripe has not":  `{"id":"re_1","object":"refund","amount":1,"currency":"eur","created":1,"colour":"blue"}`,
		"text for a number":          `{"id":"re_1","object":"refund","amount":"1","currency":"eur","created":1}`,
		"required field left out":    `{"id":"re_1","object":"refund","currency":"eur","created":1}`,
		"null where null is not":     `{"id":null,"object":"refund","amount":1,"currency":"eur","created":1}`,
		"value that is not in a set": `{"id":"re_1","object":"refunds","amount":1,"currency":"eur","created":1}`,
	} {
		if s.Object("refund", []byte(object)) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if err := s.Object("refund", []byte(`{"id":"re_1","object":"refund","amount":1,"currency":"eur","created":1,"charge":null}`)); err != nil {
		t.Errorf("a refund is refused: %v", err)
	}
}

// witness is a test that may fail without failing this one.
type witness struct {
	testing.TB
	failed bool
}

func (w *witness) Helper()               {}
func (w *witness) Errorf(string, ...any) { w.failed = true }

func TestHandlerSeesBothSides(t *testing.T) {
	t.Parallel()
	s := contract.Load(t)
	const refund = `{"id":"re_1","object":"refund","amount":1,"currency":"eur","created":1}`
	for _, c := range []struct {
		name, body, answer string
		status             int
		fails              bool
	}{
		{"sound", "payment_intent=pi_1&amount=1&metadata[refund]=7", refund, 200, false},
		{"unknown parameter", "payment_intent=pi_1&colour=blue", refund, 200, true},
		{"number that is none", "amount=one", refund, 200, true},
		{"unknown field", "amount=1", strings.Replace(refund, "}", `,"colour":1}`, 1), 200, true},
		{"sound error", "amount=1", `{"error":{"type":"api_error","message":"no"}}`, 500, false},
		{"error of no type", "amount=1", `{"error":{"type":"oops","message":"no"}}`, 500, true},
	} {
		w := &witness{TB: t}
		h := s.Handler(w, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Request-Id", "req_1")
			rw.WriteHeader(c.status)
			_, _ = rw.Write([]byte(c.answer))
		}))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/v1/refunds", strings.NewReader(c.body)))
		if w.failed != c.fails {
			t.Errorf("%s: fails = %v", c.name, w.failed)
		}
	}
}
