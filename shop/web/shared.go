package web

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// mostShared is how many pages are kept at once. Who asks for ever other addresses empties the copies and gains nothing:
// each page is then made again.
const mostShared = 500

// copied are the headers that a page's handler may set; the others belong to the request.
var copied = [...]string{fiber.HeaderContentType, fiber.HeaderContentEncoding, fiber.HeaderVary, fiber.HeaderCacheControl, fiber.HeaderETag}

// sharedPage is the copy of a page for one address, language and encoding. Its lock is held while it is made, so that of a
// crowd that asks at once one makes it and the others wait for that one.
type sharedPage struct {
	mu      sync.Mutex
	at      time.Time // when it was made; zero when there is no copy
	headers [len(copied)]string
	body    []byte
}

// sharedPages are the copies of one handler.
type sharedPages struct {
	mu  sync.Mutex
	all map[string]*sharedPage
}

// Shared lets visitors of whom nothing is known share a page for that long: on the morning of the sale thousands ask for
// the same few. Who sends any cookie but that of the language gets a page of their own, and a page that sets a cookie,
// fails, or depended on who asks is kept for nobody. Zero keeps nothing.
func Shared(fresh time.Duration, next fiber.Handler) fiber.Handler {
	if fresh <= 0 {
		return next
	}
	pages := &sharedPages{all: map[string]*sharedPage{}}
	return func(c *fiber.Ctx) error {
		r := current(c)
		if c.Method() != fiber.MethodGet || !r.stranger(c) {
			return next(c)
		}
		p := pages.of(r.lang + bearing(c) + string(c.Request().URI().RequestURI()))
		p.mu.Lock()
		defer p.mu.Unlock()
		if age := r.Now().Sub(p.at); !p.at.IsZero() && 0 <= age && age < fresh {
			p.send(c)
			return nil
		}
		p.at = time.Time{}
		made := r.Now()
		if err := next(c); err != nil {
			return err
		}
		if c.Response().StatusCode() == http.StatusOK && !r.personal && len(c.Response().Header.Peek(fiber.HeaderSetCookie)) == 0 {
			p.keep(c, made)
		}
		return nil
	}
}

// stranger reports whether the request carries nothing by which its answer could differ from another's in that language.
func (r *request) stranger(c *fiber.Ctx) bool {
	cookies := c.Request().Header.Peek(fiber.HeaderCookie)
	if len(cookies) == 0 {
		return true
	}
	name, _, _ := bytes.Cut(cookies, []byte("="))
	return string(name) == r.cookieName(languageCookie) && !bytes.ContainsAny(cookies, ";")
}

// bearing is which of the encodings the browser bears.
func bearing(c *fiber.Ctx) string {
	if strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		return "z"
	}
	return "-"
}

func (s *sharedPages) of(key string) *sharedPage {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.all[key]
	if p == nil {
		if len(s.all) >= mostShared {
			clear(s.all)
		}
		p = &sharedPage{}
		s.all[key] = p
	}
	return p
}

func (p *sharedPage) keep(c *fiber.Ctx, made time.Time) {
	for i, name := range copied {
		p.headers[i] = string(c.Response().Header.Peek(name))
	}
	p.body, p.at = bytes.Clone(c.Response().Body()), made
}

func (p *sharedPage) send(c *fiber.Ctx) {
	for i, name := range copied {
		if p.headers[i] != "" {
			c.Set(name, p.headers[i])
		}
	}
	c.Response().SetBodyRaw(p.body) // never written to again: keep makes a new one
}
