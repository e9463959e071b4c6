package stripefake

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// Config is what a stand-in needs to know.
type Config struct {
	DB  *sqlx.DB
	Now func() time.Time
	Log *slog.Logger
	// Key is what callers must send; a live key is refused.
	Key string
	// WebhookURL is where events go; empty until SetWebhookURL. WebhookSecret signs them.
	WebhookURL    string
	WebhookSecret string
	// PagesURL is where browsers find the pay page, without a slash at the end; empty is the address that the API was called
	// at. The shop may serve Pages itself, so that a demo needs one port only.
	PagesURL string
}

// Fake is the stand-in.
type Fake struct {
	db       *sqlx.DB
	now      func() time.Time
	log      *slog.Logger
	key      string
	secret   string
	pagesURL string
	client   *http.Client
	wake     chan struct{} // a webhook may be waiting

	mu         sync.Mutex
	webhookURL string
	mode       Mode
	troubles   []*Trouble
	pruned     time.Time
}

// ErrLiveKey is returned for a key that moves real money.
var ErrLiveKey = errors.New("stripefake: refuses a live key")

// New makes the stand-in's schema where it is not there yet. It does not listen: Handler and Start do.
func New(ctx context.Context, c Config) (*Fake, error) {
	if strings.Contains(c.Key, "_live_") {
		return nil, ErrLiveKey
	}
	if err := makeSchema(ctx, c.DB); err != nil {
		return nil, err
	}
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Fake{
		db: c.DB, now: c.Now, log: log, key: c.Key, secret: c.WebhookSecret, pagesURL: strings.TrimSuffix(c.PagesURL, "/"),
		webhookURL: c.WebhookURL, client: &http.Client{Timeout: 10 * time.Second}, wake: make(chan struct{}, 1),
	}, nil
}

// SetWebhookURL says where events go from now on.
func (f *Fake) SetWebhookURL(url string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.webhookURL = url
}

// Listen opens the loopback address ("127.0.0.1:0" picks a port). Other addresses are refused: the stand-in has no
// secrets to keep.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("stripefake: address: %w", err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("stripefake: %s is not a loopback address", host)
	}
	return net.Listen("tcp", addr) //nolint:noctx // a loopback port is taken or refused at once
}

// Serve answers on l, sends webhooks and lets time pass, until ctx ends.
func (f *Fake) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{Handler: f.Handler(), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = srv.Shutdown(last) // what does not end in five seconds is cut off
	})
	defer stop()
	done := make(chan struct{})
	go func() { defer close(done); f.run(ctx) }()
	err := srv.Serve(l)
	<-done
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// run sends webhooks when there are any and looks once a second what time has changed.
func (f *Fake) run(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
		case <-tick.C:
			if err := f.Tick(ctx); err != nil && ctx.Err() == nil {
				f.log.Warn("stripe stand-in", "error", err)
			}
		}
		if _, err := f.Deliver(ctx); err != nil && ctx.Err() == nil {
			f.log.Warn("stripe stand-in", "error", err)
		}
	}
}

// newID is a name that nobody guesses: whoever knows a session's name may pay on it.
func newID(prefix string) string {
	var b [15]byte
	_, _ = rand.Read(b[:]) // crypto/rand never fails
	return prefix + "_" + strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}
