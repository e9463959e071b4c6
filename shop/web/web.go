package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"

	"joetz/shop/account"
	"joetz/templates/assets"
	"joetz/templates/layout"
)

// Sessions finds out who makes a request from the token in its cookie. An unknown or ended session is the zero Identity.
type Sessions interface {
	Identify(ctx context.Context, token string) (account.Identity, error)
}

// Config is what the toolkit has to be told.
type Config struct {
	PublicURL      string         // where the shop is reached, "https://boeken.joetz.be"; https turns on Secure cookies and HSTS
	PaymentOrigins []string       // where a payment form may lead, "https://checkout.stripe.com"
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed; empty: nobody's
	Key            []byte         // 32 random bytes, the same in every process; signs what a cookie carries
	Test           bool           // payments are not real; every page says so
	Organiser      layout.Organiser
	Timeout        time.Duration // of one request; 20 seconds when zero
	BodyLimit      int           // bytes of one request; room for one upload of 10 MB when zero

	Now func() time.Time
	Log *slog.Logger
	// Observe, when set, hears of every request that was answered: its route's pattern, never its address.
	Observe  func(method, route string, status int, took time.Duration)
	Sessions Sessions
	// Leaving, when set, tells that the process takes its leave: each answer is then the last one on its connection, so that a load
	// balancer has none left here on which it could send a request at the moment of closing.
	Leaving func() bool
}

// server is Config made ready; one per app, never changed.
type server struct {
	Config
	secure bool
	fixed  []header
	origin *http.CrossOriginProtection
	flash  *signer // of flash messages
}

// New is the Fiber app with everything around the handlers in place: ids, log, errors, headers, assets, origin check,
// language, session. Routes are added to it.
func New(cfg Config) (*fiber.App, error) {
	s, err := newServer(cfg)
	if err != nil {
		return nil, err
	}
	app := fiber.New(fiber.Config{
		AppName:                      "shop",
		Immutable:                    true, // else Fiber rewrites the strings that a handler kept
		DisableStartupMessage:        true,
		DisablePreParseMultipartForm: true, // Form parses it, within its limits
		EnableTrustedProxyCheck:      true, // with no proxies given: Fiber itself believes no X-Forwarded header
		BodyLimit:                    s.BodyLimit,
		ReadTimeout:                  headerTime, // guardBodies gives an upload more
		WriteTimeout:                 time.Minute,
		IdleTimeout:                  75 * time.Second,
		ReadBufferSize:               8 << 10,
		ErrorHandler:                 s.stray,
	})
	s.guardBodies(app)
	s.guardMethods(app)
	app.Use(s.edge)
	app.Get(assets.Prefix+"*", asset)
	// Pages shrink to a fifth, which an old phone on a slow line notices more than the shop does. What already has an
	// encoding is left alone.
	app.Use(compress.New(compress.Config{Level: compress.LevelBestSpeed}))
	app.Use(s.prepare)
	return app, nil
}

func newServer(cfg Config) (*server, error) {
	if cfg.Timeout == 0 {
		cfg.Timeout = 20 * time.Second
	}
	if cfg.BodyLimit == 0 {
		cfg.BodyLimit = 11 << 20
	}
	s := &server{Config: cfg, flash: newSigner(subkey(cfg.Key, "flash")), origin: http.NewCrossOriginProtection()}
	if cfg.PublicURL != "" {
		u, err := url.Parse(cfg.PublicURL)
		if err != nil {
			return nil, err
		}
		s.secure = u.Scheme == "https"
		// A proxy may hand over another Host than the browser's; our own address is trusted whatever it says.
		if err := s.origin.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, err
		}
	}
	s.fixed = fixedHeaders(cfg.PaymentOrigins, s.secure)
	return s, nil
}
