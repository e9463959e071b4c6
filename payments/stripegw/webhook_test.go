package stripegw_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-go/v76/webhook"

	"joetz/payments/stripegw"
)

// The vectors are signed at 1776240063.
func vectorTime() time.Time { return time.Unix(1776240063, 0) }

type vectors struct {
	Body    string `json:"body"`
	Vectors []struct {
		Case         string `json:"case"`
		Secret       string `json:"secret"`
		Header       string `json:"header"`
		BodyOverride string `json:"bodyOverride"`
		Valid        bool   `json:"valid"`
	} `json:"vectors"`
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile("testdata/webhook_signature_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func listener(now time.Time, secrets ...string) *stripegw.Gateway {
	return stripegw.New(stripegw.Config{Key: "sk_test_x", WebhookSecrets: secrets, Now: func() time.Time { return now }})
}

func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	if len(v.Vectors) != 6 {
		t.Fatalf("%d vectors, want 6", len(v.Vectors))
	}
	for _, c := range v.Vectors {
		t.Run(c.Case, func(t *testing.T) {
			t.Parallel()
			body := v.Body
			if c.BodyOverride != "" {
				body = c.BodyOverride
			}
			e, err := listener(vectorTime(), c.Secret).Event([]byte(body), c.Header)
			if (err == nil) != c.Valid {
				t.Fatalf("valid = %v, error %v", c.Valid, err)
			}
			if err != nil {
				if !errors.Is(err, stripegw.ErrSignature) {
					t.Errorf("error %v, want ErrSignature", err)
				}
				return
			}
			want := stripegw.Event{
				ID: "evt_syn01", Type: "checkout.session.completed", APIVersion: "2023-10-16", At: time.Unix(1776240061, 0),
				Object: "cs_test_syn1", PaymentIntent: "pi_syn1", Body: []byte(v.Body),
			}
			if d := cmp.Diff(want, e); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSecretRotation(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	header := v.Vectors[0].Header // signed with whsec_test_current
	for _, c := range []struct {
		name    string
		secrets []string
		valid   bool
	}{
		{"the new one is not in use yet", []string{"whsec_next", "whsec_test_current"}, true},
		{"the old one is still known", []string{"whsec_test_current", "whsec_old"}, true},
		{"gone", []string{"whsec_next"}, false},
		{"no secret accepts nothing", nil, false},
		{"an empty secret accepts nothing", []string{""}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := listener(vectorTime(), c.secrets...).Event([]byte(v.Body), header)
			if (err == nil) != c.valid {
				t.Fatalf("valid = %v, error %v", c.valid, err)
			}
		})
	}
}

func TestEmptySecretIsNoKey(t *testing.T) {
	t.Parallel()
	body := []byte(`{"id":"evt_1","type":"payout.paid"}`)
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: body, Secret: "", Timestamp: vectorTime()})
	if _, err := listener(vectorTime(), "").Event(body, signed.Header); err == nil {
		t.Fatal("a webhook signed with the empty key was accepted")
	}
}

func TestSignatureAge(t *testing.T) {
	t.Parallel()
	v := readVectors(t)
	for _, c := range []struct {
		age   time.Duration
		valid bool
	}{
		{-time.Hour, true}, // Stripe's clock may be ahead of ours
		{0, true},
		{stripegw.Tolerance, true},
		{stripegw.Tolerance + time.Second, false},
	} {
		_, err := listener(vectorTime().Add(c.age), "whsec_test_current").Event([]byte(v.Body), v.Vectors[0].Header)
		if (err == nil) != c.valid {
			t.Errorf("age %v: valid = %v, error %v", c.age, c.valid, err)
		}
	}
}

// What the event's version is does not matter: its data is never read, only its ids.
func TestOtherAPIVersionIsPassedOn(t *testing.T) {
	t.Parallel()
	body := []byte(`{"id":"evt_1","object":"event","api_version":"2026-08-26.dahlia","created":1776240063,"livemode":true,
		"type":"charge.succeeded","data":{"object":{"id":"ch_1","payment_intent":null}}}`)
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: body, Secret: "whsec_a", Timestamp: vectorTime()})
	e, err := listener(vectorTime(), "whsec_a").Event(body, signed.Header)
	if err != nil {
		t.Fatal(err)
	}
	want := stripegw.Event{ID: "evt_1", Type: "charge.succeeded", APIVersion: "2026-08-26.dahlia", Live: true,
		At: vectorTime(), Object: "ch_1", Body: body}
	if d := cmp.Diff(want, e); d != "" {
		t.Error(d)
	}
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"id":"evt_1","type":"x","data":{"object":{"payment_intent":"\""}}}`), "t=1776240063,v1=00")
	f.Add([]byte(`{"id":"evt_1","type":"x","data":{"object":{"payment_intent":{"id":"pi_1"}}}}`), "t=,t==,v1,")
	f.Add([]byte(`null`), "")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		g := listener(vectorTime(), "whsec_a")
		if _, err := g.Event(body, header); err == nil {
			t.Fatal("accepted without knowing the secret")
		}
		signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: body, Secret: "whsec_a", Timestamp: vectorTime()})
		e, err := g.Event(body, signed.Header)
		if err == nil && (e.ID == "" || e.Type == "") {
			t.Fatalf("an event without a name: %+v", e)
		}
	})
}
