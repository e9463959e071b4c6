package hooks_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/stripegw"
	"joetz/shop/hooks"
	"joetz/shop/web/webtest"
)

// ear hears with the real check of signatures and remembers, or fails.
type ear struct {
	gateway *stripegw.Gateway
	heard   []string
	broken  error
}

func (e *ear) Hear(_ context.Context, body []byte, signature string) error {
	event, err := e.gateway.Event(body, signature)
	if err == nil {
		err = e.broken
	}
	if err == nil {
		e.heard = append(e.heard, event.ID)
	}
	return err
}

var at = time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC)

func TestStripe(t *testing.T) {
	t.Parallel()
	const event = `{"id":"evt_1","object":"event","type":"payout.paid","created":1,"data":{"object":{"id":"po_1"}}}`
	sign := func(body string) string {
		mac := hmac.New(sha256.New, []byte("whsec_1"))
		fmt.Fprintf(mac, "%d.%s", at.Unix(), body)
		return fmt.Sprintf("t=%d,v1=%x", at.Unix(), mac.Sum(nil))
	}
	for _, c := range []struct {
		name, body, signature, encoding string
		broken                          error
		status                          int
		heard                           bool
	}{
		{"signed", event, sign(event), "", nil, 200, true},
		{"signed and packed: the signature is over what came", webtest.Zipped(t, event), sign(webtest.Zipped(t, event)), "gzip", nil, 400, false},
		{"one byte changed", strings.Replace(event, "po_1", "po_2", 1), sign(event), "", nil, 400, false},
		{"not signed", event, "", "", nil, 400, false},
		{"empty", "", sign(""), "", nil, 400, false},
		{"too long", strings.Repeat(" ", 1<<20) + event, sign(strings.Repeat(" ", 1<<20) + event), "", nil, 413, false},
		{"the database is away", event, sign(event), "", errors.New("connection refused"), 500, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := &ear{broken: c.broken, gateway: stripegw.New(stripegw.Config{
				Key: "sk_test_1", WebhookSecrets: []string{"whsec_1"}, Now: func() time.Time { return at },
			})}
			app := fiber.New(fiber.Config{Immutable: true})
			app.Post("/hooks/stripe", (&hooks.Handlers{Online: e, Log: slog.New(slog.DiscardHandler)}).Stripe)
			r := httptest.NewRequest(http.MethodPost, "/hooks/stripe", strings.NewReader(c.body))
			r.Header.Set("Stripe-Signature", c.signature)
			if c.encoding != "" {
				r.Header.Set("Content-Encoding", c.encoding)
			}
			res, err := app.Test(r, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != c.status || (len(e.heard) == 1) != c.heard {
				t.Errorf("status %d, heard %v", res.StatusCode, e.heard)
			}
		})
	}
}
