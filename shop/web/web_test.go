package web_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp/fasthttputil"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/layout"
	"joetz/terms/fault"
)

// people signs in whoever the token names.
type people map[string]account.Identity

func (p people) Identify(_ context.Context, token string) (account.Identity, error) {
	if token == "broken" {
		return account.Identity{}, errors.New("database away")
	}
	return p[token], nil
}

var everyone = people{
	"parent":   {GuardianID: 1, Name: "An", Roles: []account.Role{account.Parent}},
	"office":   {StaffID: 1, Name: "Bo", Roles: []account.Role{account.Office}},
	"animator": {StaffID: 2, Name: "Cis", Roles: []account.Role{account.Animator}},
	"pending":  {StaffID: 1, Name: "Bo", Pending: true, Roles: []account.Role{account.Office}},
}

func newApp(t testing.TB, change func(*web.Config)) (*fiber.App, *bytes.Buffer) {
	t.Helper()
	log := new(bytes.Buffer)
	cfg := web.Config{
		PublicURL: "http://" + webtest.Host, PaymentOrigins: []string{"https://checkout.stripe.com"},
		Key: []byte("0123456789abcdef0123456789abcdef"), Organiser: layout.Organiser{Name: "Test vzw", Brand: "Test"},
		Now: func() time.Time { return time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC) },
		Log: slog.New(slog.NewTextHandler(log, nil)), Sessions: everyone,
	}
	if change != nil {
		change(&cfg)
	}
	app, err := web.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return app, log
}

func TestErrorsBecomePages(t *testing.T) {
	t.Parallel()
	secret := errors.New("dial tcp 10.0.0.7: password=hunter2")
	for name, c := range map[string]struct {
		err    error
		status int
		text   string
	}{
		"internal":    {secret, 500, "ligt niet aan jou"},
		"not found":   {fault.New(fault.NotFound, "error.not_found.text").With(secret), 404, "bestaat niet"},
		"conflict":    {fault.New(fault.Conflict, "error.conflict.text"), 409, "veranderd"},
		"denied":      {fault.New(fault.Denied, "error.denied.text"), 403, "mag dit niet"},
		"expired":     {fault.New(fault.Expired, "error.expired.text"), 410, "voorbij"},
		"too many":    {fault.New(fault.TooMany, "error.too_many.text").WithArgs(7).After(6*time.Minute + 30*time.Second), 429, "over 7 min"},
		"unavailable": {fault.New(fault.Unavailable, "error.unavailable.text"), 503, "niet bereikbaar"},
		"deadline":    {context.DeadlineExceeded, 503, "niet bereikbaar"},
		"fiber":       {fiber.ErrMethodNotAllowed, 405, "hoort bij een formulier"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app, log := newApp(t, nil)
			app.Get("/x/:id", func(*fiber.Ctx) error { return c.err })
			page := webtest.New(t, app).Get("/x/7?email=an@example.be").WantStatus(c.status).WantText("main", c.text)
			page.WantText("main", page.Header.Get("X-Request-Id"))
			if got, want := page.Header.Get("Retry-After"), map[int]string{429: "390", 503: "30"}[c.status]; got != want {
				t.Errorf("Retry-After %q, want %q", got, want)
			}
			if again := strings.Contains(page.Body, `href="/x/7?email=an@example.be"`); again != (c.status >= 500) {
				t.Errorf("a link to try once more: %v", again)
			}
			if strings.Contains(page.Body, "hunter2") {
				t.Error("the cause is on the page")
			}
			line := log.String()
			if strings.Count(line, "\n") != 1 || !strings.Contains(line, page.Header.Get("X-Request-Id")) {
				t.Errorf("want one log line with the request id, got %s", line)
			}
			if !strings.Contains(line, "/x/:id") || strings.Contains(line, "an@example.be") || strings.Contains(line, "/x/7") {
				t.Errorf("want the route's pattern and no query in the log, got %s", line)
			}
		})
	}
}

func TestPanicEndsOneRequest(t *testing.T) {
	t.Parallel()
	app, log := newApp(t, nil)
	app.Get("/x", func(*fiber.Ctx) error { panic("boom") })
	webtest.New(t, app).Get("/x").WantStatus(500).WantText("h1", "mis bij ons")
	if !strings.Contains(log.String(), "boom") || !strings.Contains(log.String(), "web_test.go") {
		t.Errorf("want the panic and its stack in the log, got %s", log)
	}
}

func TestUnknownAddress(t *testing.T) {
	t.Parallel()
	app, log := newApp(t, nil)
	webtest.New(t, app).Get("/geheim/an@example.be").WantStatus(404).WantText("h1", "bestaat niet")
	if strings.Contains(log.String(), "an@example.be") || !strings.Contains(log.String(), "route=none") {
		t.Errorf("log: %s", log)
	}
}

// What Fiber refuses before any route has no pattern, and its method may be any word: neither the log nor the figures repeat them,
// or a stranger fills the memory with figures of addresses that nobody has.
func TestUnknownMethod(t *testing.T) {
	t.Parallel()
	var counted []string
	app, log := newApp(t, func(cfg *web.Config) {
		cfg.Observe = func(method, route string, status int, _ time.Duration) {
			counted = append(counted, fmt.Sprint(method, " ", route, " ", status))
		}
	})
	webtest.New(t, app).Do(httptest.NewRequest("GEHEIM", "/geheim/an@example.be", nil)).WantStatus(405)
	if strings.Contains(strings.ToLower(log.String()), "geheim") || !strings.Contains(log.String(), "method=other route=none") {
		t.Errorf("log: %s", log)
	}
	if got := strings.Join(counted, ", "); got != "other none 405" {
		t.Errorf("counted: %s", got)
	}
}

func TestRequestIDIsOurs(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, nil)
	b := webtest.New(t, app)
	b.Header.Set("X-Request-Id", "forged\nline")
	if id := b.Get("/").Header.Get("X-Request-Id"); id == "" || strings.Contains(id, "forged") {
		t.Errorf("request id %q", id)
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		public string
		hsts   bool
	}{{"http://localhost:8080", false}, {"https://boeken.example", true}} {
		app, _ := newApp(t, func(cfg *web.Config) { cfg.PublicURL = c.public })
		app.Get("/x", func(c *fiber.Ctx) error { return c.SendString("x") })
		for _, path := range []string{"/x", "/nowhere"} {
			h := webtest.New(t, app).Get(path).Header
			for name, want := range map[string]string{
				"Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' https://checkout.stripe.com",
				"X-Content-Type-Options":  "nosniff",
				"Referrer-Policy":         "same-origin",
				"Cache-Control":           "private, no-cache",
			} {
				if got := h.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", path, name, got, want)
				}
			}
			if got := h.Get("Strict-Transport-Security") != ""; got != c.hsts {
				t.Errorf("%s: HSTS %v, want %v", c.public, got, c.hsts)
			}
		}
	}
}

func TestCrossSiteFormsAreRefused(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, func(cfg *web.Config) { cfg.PublicURL = "https://boeken.example" })
	app.All("/x", func(c *fiber.Ctx) error { return c.SendStatus(http.StatusNoContent) })
	for _, c := range []struct {
		method, site, origin string
		status               int
	}{
		{"POST", "same-origin", "", 204},
		{"POST", "none", "", 204},
		{"POST", "cross-site", "", 403},
		{"POST", "same-site", "", 403},
		{"POST", "", "http://" + webtest.Host, 204},
		{"POST", "", "https://boeken.example", 204}, // a proxy changed the Host
		{"POST", "", "https://evil.example", 403},
		{"POST", "", "null", 403},
		{"DELETE", "cross-site", "", 403},
		{"GET", "cross-site", "", 204},
		{"POST", "", "", 204}, // no browser: Stripe
	} {
		r := httptest.NewRequest(c.method, "http://"+webtest.Host+"/x", nil)
		for name, v := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin} {
			if v != "" {
				r.Header.Set(name, v)
			}
		}
		if got := webtest.New(t, app).Do(r).Status; got != c.status {
			t.Errorf("%s site=%q origin=%q: status %d, want %d", c.method, c.site, c.origin, got, c.status)
		}
	}
}

// Every role against every group: only its own is open, the others do not exist, visitors go and sign in.
func TestRequire(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, nil)
	app.Get("/mijn", web.Require(account.Parent), ok)
	app.Get("/kantoor", web.Require(account.Office), ok)
	app.Get("/animator", web.Require(account.Animator, account.Lead), ok)
	for _, c := range []struct {
		token, path string
		status      int
		location    string
	}{
		{"parent", "/mijn", 200, ""}, {"parent", "/kantoor", 404, ""}, {"parent", "/animator", 404, ""},
		{"office", "/mijn", 404, ""}, {"office", "/kantoor", 200, ""}, {"office", "/animator", 404, ""},
		{"animator", "/mijn", 404, ""}, {"animator", "/kantoor", 404, ""}, {"animator", "/animator", 200, ""},
		{"", "/mijn?a=1&b=2", 303, "/aanmelden?verder=%2Fmijn%3Fa%3D1%26b%3D2"},
		{"", "/kantoor", 303, "/medewerkers/aanmelden?verder=%2Fkantoor"},
		{"pending", "/kantoor", 303, "/medewerkers/aanmelden?verder=%2Fkantoor"},
		{"unknown", "/kantoor", 303, "/medewerkers/aanmelden?verder=%2Fkantoor"},
		{"broken", "/kantoor", 503, ""},
	} {
		b := webtest.New(t, app)
		if c.token != "" {
			b.SetCookie("sid", c.token)
		}
		p := b.Get(c.path)
		if p.Status != c.status || p.Location != c.location {
			t.Errorf("%q on %s: %d %s, want %d %s", c.token, c.path, p.Status, p.Location, c.status, c.location)
		}
		if known := c.token != "" && c.token != "unknown" && c.token != "broken"; known && p.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%q on %s: Cache-Control %q", c.token, c.path, p.Header.Get("Cache-Control"))
		}
	}
}

// A form that comes after the session ended leads back to the page it stood on, not to an address that only takes forms.
func TestLateFormLeadsBack(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, nil)
	app.Post("/kantoor/boeking/7/annuleer", web.Require(account.Office), ok)
	for referer, want := range map[string]string{
		"http://" + webtest.Host + "/kantoor/boeking/7": "/medewerkers/aanmelden?verder=%2Fkantoor%2Fboeking%2F7",
		"https://evil.example/kantoor":                  "/medewerkers/aanmelden",
		"":                                              "/medewerkers/aanmelden",
	} {
		b := webtest.New(t, app)
		b.Header.Set("Referer", referer)
		if p := b.Post("/kantoor/boeking/7/annuleer", nil); p.Status != 303 || p.Location != want {
			t.Errorf("referer %q: %d %s, want %s", referer, p.Status, p.Location, want)
		}
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"/", "/mijn", "/vakanties?soort=vlucht&vrij=1", "/boeken/3#betalen", "/a%20b"} {
		if got := web.LocalPath(good, "/no"); got != good {
			t.Errorf("%q: got %q", good, got)
		}
	}
	for _, bad := range []string{
		"", "mijn", "//evil.example", "///evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)",
		"/\t/evil.example", "/ /evil", "/a\nSet-Cookie: x", "/x//y", "/%2Fevil.example", "\\\\evil", "/%zz", strings.Repeat("/a", 300),
	} {
		if got := web.LocalPath(bad, "/no"); got != "/no" {
			t.Errorf("%q was let through as %q", bad, got)
		}
	}
}

func TestClientIP(t *testing.T) {
	t.Parallel()
	proxy := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")} // app.Test comes from 0.0.0.0
	for name, c := range map[string]struct {
		trusted []netip.Prefix
		forward string
		want    string
	}{
		"no proxy configured":   {nil, "1.2.3.4", "0.0.0.0"},
		"behind a proxy":        {proxy, "1.2.3.4", "1.2.3.4"},
		"two proxies":           {proxy, "1.2.3.4, 10.0.0.9", "1.2.3.4"},
		"made up by the client": {proxy, "6.6.6.6, 1.2.3.4", "1.2.3.4"},
		"nonsense":              {proxy, "x, 1.2.3.4", "1.2.3.4"},
		"only nonsense":         {proxy, "x", "0.0.0.0"},
		"mapped":                {proxy, "::ffff:1.2.3.4", "1.2.3.4"},
		"six":                   {proxy, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6 2001:db8:1:2::/64"},
	} {
		app, _ := newApp(t, func(cfg *web.Config) { cfg.TrustedProxies = c.trusted })
		app.Get("/x", func(c *fiber.Ctx) error { return c.SendString(web.ClientIP(c).String() + " " + web.ClientNetwork(c)) })
		b := webtest.New(t, app)
		b.From = c.forward
		want := c.want
		if !strings.Contains(want, " ") {
			want += " " + want
		}
		if got := b.Get("/x").Body; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, nil)
	app.Get("/x", func(c *fiber.Ctx) error { return c.SendString(web.Language(c)) })
	for accept, want := range map[string]string{
		"": "nl", "nl-BE,nl;q=0.9,en;q=0.8": "nl", "en-GB,en;q=0.9": "en", "fr-BE,en;q=0.5": "en", "ja": "nl", ";;;": "nl",
	} {
		b := webtest.New(t, app)
		if accept != "" {
			b.Header.Set("Accept-Language", accept)
		}
		if got := b.Get("/x").Body; got != want {
			t.Errorf("Accept-Language %q: %q, want %q", accept, got, want)
		}
	}
	b := webtest.New(t, app)
	if p := b.Get("/x?a=1&lang=en"); p.Status != 303 || p.Location != "/x?a=1" {
		t.Errorf("choosing a language: %d %s", p.Status, p.Location)
	}
	if got := b.Get("/x").Body; got != "en" {
		t.Errorf("the choice was not kept: %q", got)
	}
	if p := b.Get("/x?lang=xx"); p.Body != "en" {
		t.Errorf("an unknown language changed something: %q", p.Body)
	}
}

func TestFlashIsShownOnce(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, nil)
	app.Get("/page", func(c *fiber.Ctx) error { return web.Render(c, layout.Base(web.Page(c))) })
	app.Post("/do", func(c *fiber.Ctx) error {
		web.SetFlashLink(c, layout.Good, c.Query("to", "/page?a=1&b=2"), "error.home", "error.request", "<b>12</b>")
		return web.SeeOther(c, "/page")
	})
	b := webtest.New(t, app)
	b.Post("/do", nil).WantStatus(303)
	_, signature, _ := strings.Cut(b.Cookie("flash"), ".")
	b.Get("/page").WantText(".notice", "<b>12</b>").WantNone(".notice b").Want(`.notice a[href="/page?a=1&b=2"]`)
	b.Get("/page").WantNone(".notice")
	b.SetCookie("flash", base64.RawURLEncoding.EncodeToString([]byte(`{"t":"good","k":"error.request","a":["call 0900"]}`))+"."+signature)
	b.Get("/page").WantNone(".notice")
	b.Post("/do?to=https://evil.example", nil).WantStatus(303)
	b.Get("/page").Want(`.notice a[href="/"]`)
}

func TestCookiesAreLocked(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, func(cfg *web.Config) { cfg.PublicURL = "https://boeken.example" })
	app.Post("/in", func(c *fiber.Ctx) error { web.StartSession(c, "parent", time.Hour); return nil })
	app.Get("/who", func(c *fiber.Ctx) error { return c.SendString(web.Who(c).Name) })
	b := webtest.New(t, app)
	set := b.Post("/in", url.Values{}).Header.Get("Set-Cookie")
	for _, want := range []string{"__Host-sid=parent", "path=/", "HttpOnly", "secure", "SameSite=Lax", "max-age=3600"} {
		if !strings.Contains(set, want) {
			t.Errorf("Set-Cookie %q lacks %q", set, want)
		}
	}
	if got := b.Get("/who").Body; got != "An" {
		t.Errorf("signed in as %q", got)
	}
	plain := webtest.New(t, app)
	plain.SetCookie("sid", "parent") // set by another host of the domain, or over http
	if got := plain.Get("/who").Body; got != "" {
		t.Errorf("a cookie without the prefix signed in %q", got)
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, nil)
	b := webtest.New(t, app)
	b.SetCookie("sid", "parent")
	css := b.Get("/").Attr(`link[rel=stylesheet]`, "href")
	b.Header.Set("Accept-Encoding", "br")
	p := b.Get(css).WantStatus(200)
	if p.Header.Get("Content-Encoding") != "br" || !strings.Contains(p.Header.Get("Cache-Control"), "immutable") ||
		p.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("headers %v", p.Header)
	}
	b.Get("/assets/x/none.css").WantStatus(404)
}

func ok(c *fiber.Ctx) error { return c.SendString("ok") }

func TestPagesAreSqueezed(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, nil)
	app.Get("/page", func(c *fiber.Ctx) error { return web.Render(c, layout.Base(web.Page(c))) })
	b := webtest.New(t, app)
	whole := b.Get("/page")
	b.Header.Set("Accept-Encoding", "gzip, deflate, br")
	for range 3 { // the writer is used again
		p := b.Get("/page")
		r, err := gzip.NewReader(strings.NewReader(p.Body))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || p.Header.Get("Content-Encoding") != "gzip" || p.Header.Get("Vary") != "Accept-Encoding" {
			t.Fatalf("%v, headers %v", err, p.Header)
		}
		if string(text) != strings.ReplaceAll(whole.Body, whole.Header.Get("X-Request-Id"), p.Header.Get("X-Request-Id")) {
			t.Error("another page came out than went in")
		}
	}
	if whole.Header.Get("Content-Encoding") != "" {
		t.Error("compressed for who did not ask")
	}
}

// What Fiber refuses before any route still gets our page, headers and log line.
func TestTooLargeABody(t *testing.T) {
	t.Parallel()
	app, log := newApp(t, func(cfg *web.Config) { cfg.BodyLimit = 1000 })
	app.Post("/x", func(c *fiber.Ctx) error { return c.SendString("ok") })
	listener := fasthttputil.NewInmemoryListener()
	go func() { _ = app.Listener(listener) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	conn, err := listener.Dial()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5000\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(body), "te groot") {
		t.Errorf("%d %v: %s", answer.StatusCode, err, body)
	}
	if answer.Header.Get("Content-Security-Policy") == "" || !strings.Contains(log.String(), answer.Header.Get("X-Request-Id")) {
		t.Errorf("headers %v, log %s", answer.Header, log)
	}
}
