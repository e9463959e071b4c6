package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/templates/messages"
)

// edge is the outermost part: it gives the request its id and its time, lets the others work, answers what went wrong,
// writes the log.
func (s *server) edge(c *fiber.Ctx) error {
	r := s.begin(c)
	// fasthttp does not tell when the browser goes away, so the limit is what frees the database.
	ctx, cancel := context.WithTimeout(c.UserContext(), s.Timeout)
	defer cancel()
	c.SetUserContext(ctx)
	err := guarded(c)
	if err == nil && r.whoErr != nil && c.Response().StatusCode() >= http.StatusMultipleChoices && c.Response().StatusCode() < http.StatusBadRequest {
		// Sent on as somebody who is not signed in, which nobody knows. A page that was merely read may say "sign in".
		c.Response().Header.DelAllCookies()
		err = errUnavailable.With(r.whoErr)
	}
	if err != nil {
		s.answerError(c, r, err)
	}
	s.keepPrivate(c, r)
	s.log(c, r)
	return nil
}

// stray answers what Fiber refused before any route: a body that is too large, a request that is none.
func (s *server) stray(c *fiber.Ctx, err error) error {
	r := s.begin(c)
	r.lang = chooseLanguage(c, s)
	s.answerError(c, r, err)
	s.keepPrivate(c, r)
	s.log(c, r)
	return nil
}

func (s *server) begin(c *fiber.Ctx) *request {
	r := &request{server: s, id: newID(), lang: messages.Languages[0]}
	c.Locals(requestKey{}, r)
	c.Set("X-Request-Id", r.id) // a given one is not believed: it would end up in our log
	if s.Leaving != nil && s.Leaving() {
		c.Context().SetConnectionClose()
	}
	s.setHeaders(c)
	return r
}

// panicked is a panic on its way to the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// guarded runs the rest and turns a panic into an error, so that one bad request ends alone.
func guarded(c *fiber.Ctx) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{v, debug.Stack()}
		}
	}()
	return c.Next()
}

// log writes the one line of this request. It has the route's pattern instead of the address: addresses hold ids and
// what people searched for.
func (s *server) log(c *fiber.Ctx, r *request) {
	var took time.Duration // none of what was refused before it was read
	if began := c.Context().Time(); !began.IsZero() {
		took = time.Since(began) // by the real clock: s.Now may be moved
	}
	status := c.Response().StatusCode()
	if s.Observe != nil {
		s.Observe(method(c), pattern(c), status, took)
	}
	level := slog.LevelInfo
	attrs := append(make([]slog.Attr, 0, 8),
		slog.String("id", r.id),
		slog.String("method", method(c)),
		slog.String("route", pattern(c)),
		slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000),
	)
	if r.looked && r.who.Known() {
		attrs = append(attrs, slog.String("role", string(r.who.Main())))
	}
	if r.failure != nil {
		attrs = append(attrs, slog.String("error", r.failure.Error()))
		var p *panicked
		if errors.As(r.failure, &p) {
			attrs = append(attrs, slog.String("stack", string(p.stack)))
		}
	}
	if status >= 500 {
		level = slog.LevelError
	}
	s.Log.LogAttrs(c.UserContext(), level, "request", attrs...)
}

// pattern is the route that answered; where none did, Fiber is left at the last middleware, or makes up a route without handlers
// from the address, of what it refused before it looked for one.
func pattern(c *fiber.Ctx) string {
	route := c.Route()
	if len(route.Handlers) == 0 || route.Path == "/" && c.Path() != "/" {
		return "none"
	}
	return route.Path
}

// method is the request's, or "other": the word is the caller's, who may send another one each time.
func method(c *fiber.Ctx) string {
	if m := c.Method(); slices.Contains(fiber.DefaultMethods, m) {
		return m
	}
	return "other"
}
