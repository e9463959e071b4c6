package stripegw

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	stripe "github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"

	"joetz/terms/money"
)

// Currency is the only currency in which the shop sells.
const Currency = "eur"

// Config is what a Gateway needs to know.
type Config struct {
	// Key is Stripe's secret or restricted key.
	Key string
	// URL is where the API lives; empty is Stripe itself, otherwise the stand-in.
	URL string
	// WebhookSecrets sign what Stripe sends us: the current secret first, then the previous one while it is rotated out.
	WebhookSecrets []string
	// Timeout bounds one HTTP request; 0 is 20 seconds.
	Timeout time.Duration
	// Retries is how often one call is repeated after a failure that may pass; negative is never, 0 is twice.
	Retries int
	// AtOnce is how many calls are made at the same time; 0 is 16.
	AtOnce int
	// Pause is the first wait after Stripe said that it has too many calls; 0 is 300 ms.
	Pause time.Duration
	Log   *slog.Logger
	Now   func() time.Time
}

// Gateway makes the calls. It may be used by many goroutines.
type Gateway struct {
	api     *client.API
	live    bool
	secrets []string
	now     func() time.Time
}

// New returns a gateway. It makes no call.
func New(c Config) *Gateway {
	if c.Timeout == 0 {
		c.Timeout = 20 * time.Second
	}
	retries := int64(c.Retries)
	switch {
	case c.Retries < 0:
		retries = 0
	case c.Retries == 0:
		retries = 2
	}
	if c.AtOnce == 0 {
		c.AtOnce = 16
	}
	if c.Pause == 0 {
		c.Pause = 300 * time.Millisecond
	}
	transport := &patience{next: http.DefaultTransport, slots: make(chan struct{}, c.AtOnce), tries: int(retries) + 1, pause: c.Pause}
	backend := &stripe.BackendConfig{
		EnableTelemetry:   stripe.Bool(false),
		HTTPClient:        &http.Client{Timeout: c.Timeout, Transport: transport},
		LeveledLogger:     leveled{c.Log},
		MaxNetworkRetries: stripe.Int64(retries),
	}
	if c.URL != "" {
		backend.URL = stripe.String(c.URL)
	}
	b := stripe.GetBackendWithConfig(stripe.APIBackend, backend)
	return &Gateway{
		api:     client.New(c.Key, &stripe.Backends{API: b, Connect: b, Uploads: b}),
		live:    strings.HasPrefix(c.Key, "sk_live_") || strings.HasPrefix(c.Key, "rk_live_"),
		secrets: c.WebhookSecrets,
		now:     c.Now,
	}
}

// Live reports whether the key moves real money.
func (g *Gateway) Live() bool { return g.live }

// params are what every call has: the context, and for a POST the caller's idempotency key.
func params(ctx context.Context, key string) stripe.Params {
	p := stripe.Params{Context: ctx}
	if key != "" {
		p.SetIdempotencyKey(key)
	}
	return p
}

// page asks for the longest page; stripe-go fetches the following ones.
func page(ctx context.Context) stripe.ListParams {
	return stripe.ListParams{Context: ctx, Limit: stripe.Int64(100)}
}

// since is the filter for what was created at t or later; the zero time filters nothing.
func since(t time.Time) *stripe.RangeQueryParams {
	if t.IsZero() {
		return nil
	}
	return &stripe.RangeQueryParams{GreaterThanOrEqual: t.Unix()}
}

func cents(n int64) money.Cents { return money.Cents(n) }

func instant(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0)
}

// leveled passes stripe-go's messages to slog. Its debug messages contain whole answers, with names and addresses, and
// are dropped; its errors are returned to the caller as well, so here they are warnings.
type leveled struct{ log *slog.Logger }

func (l leveled) Debugf(string, ...any) {}
func (l leveled) Infof(string, ...any)  {}

func (l leveled) Warnf(format string, args ...any)  { l.warn(format, args) }
func (l leveled) Errorf(format string, args ...any) { l.warn(format, args) }

func (l leveled) warn(format string, args []any) {
	if l.log != nil {
		l.log.Warn("stripe", "message", fmt.Sprintf(format, args...))
	}
}

// Check asks Stripe for one balance transaction, for shop doctor: the key is good and Stripe answers.
func (g *Gateway) Check(ctx context.Context) error {
	p := &stripe.BalanceTransactionListParams{}
	p.Context, p.Limit, p.Single = ctx, stripe.Int64(1), true
	all := g.api.BalanceTransactions.List(p)
	all.Next()
	return all.Err()
}
