package web

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/terms/fault"
)

// request is what the toolkit remembers while one request lasts.
type request struct {
	*server
	id        string
	lang      string
	token     string           // of the session cookie
	who       account.Identity // valid when looked
	whoErr    error            // the database did not say who this is
	looked    bool
	personal  bool         // the answer depends on who asks
	typed     url.Values   // the form as it came in
	fields    []string     // its fields, in the order of the page
	throttled *fault.Fault // the form came too often: set by Problems
	failure   error        // for the log
}

type requestKey struct{}

// current is the request's memory.
func current(c *fiber.Ctx) *request {
	r, ok := c.Locals(requestKey{}).(*request)
	if !ok {
		panic("web: the handler is not behind web.New")
	}
	return r
}

// newID is short enough to read over the phone: 10 letters and digits of 32, none that look alike.
func newID() string { return rand.Text()[:10] }

// RequestID names this request in the log and on error pages.
func RequestID(c *fiber.Ctx) string { return current(c).id }

// Site is where the shop is reached, "https://boeken.joetz.be", for the few files that may hold no address without it; where
// nobody said so, as the request has it.
func Site(c *fiber.Ctx) string {
	if site := current(c).PublicURL; site != "" {
		return strings.TrimSuffix(site, "/")
	}
	current(c).personal = true // who asks chose it: in nobody else's copy, and in no cache
	return c.BaseURL()
}

// Who is the signed-in person; the zero Identity for a visitor. It asks the database once per request, when first needed.
func Who(c *fiber.Ctx) account.Identity {
	r := current(c)
	if !r.looked {
		r.looked = true
		if r.token != "" {
			r.personal = true
			r.who, r.whoErr = r.Sessions.Identify(c.UserContext(), r.token)
		}
	}
	return r.who
}

// prepare stands before every route but the assets: origin check, language, cookie.
func (s *server) prepare(c *fiber.Ctx) error {
	r := current(c)
	if err := cmp.Or(checkFraming(c), s.checkOrigin(c), checkBody(c), checkAddress(c)); err != nil {
		return err
	}
	r.token = c.Cookies(s.cookieName(sessionCookie))
	if len(r.token) > 100 {
		r.token = "" // not one of ours
	}
	r.lang = chooseLanguage(c, s)
	if chosen, ok := languageAsked(c); ok {
		return s.keepLanguage(c, chosen)
	}
	return c.Next()
}

// errCrossSite is the answer to a form that another site sent in our reader's name.
var errCrossSite = fault.New(fault.Denied, "error.cross_site")

// checkOrigin refuses what another site makes the reader's browser send. SameSite=Lax on the cookies is the second lock.
func (s *server) checkOrigin(c *fiber.Ctx) error {
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return nil
	}
	if site := c.Get("Sec-Fetch-Site"); site == "same-origin" || site == "none" {
		return nil // so says CrossOriginProtection too, for which a request would have to be made
	}
	probe := http.Request{Method: c.Method(), Host: string(c.Request().Host()), Header: http.Header{}}
	for _, name := range [...]string{"Sec-Fetch-Site", "Origin"} {
		if v := c.Get(name); v != "" {
			probe.Header.Set(name, v)
		}
	}
	if err := s.origin.Check(&probe); err != nil {
		return errCrossSite.With(err)
	}
	return nil
}
