package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/migrations/pg"
	pages "joetz/templates/errors"
	"joetz/terms/fault"
)

// answer is how a kind of error is answered: the status, and the words where the fault has none of its own for a page.
type answer struct {
	status      int
	title, text string // message keys
}

// answers is the one table from kinds to answers.
var answers = map[fault.Kind]answer{
	fault.Internal:    {http.StatusInternalServerError, "error.internal.title", "error.internal.text"},
	fault.NotFound:    {http.StatusNotFound, "error.not_found.title", "error.not_found.text"},
	fault.Invalid:     {http.StatusUnprocessableEntity, "error.invalid.title", "error.invalid.text"},
	fault.Conflict:    {http.StatusConflict, "error.conflict.title", "error.conflict.text"},
	fault.Denied:      {http.StatusForbidden, "error.denied.title", "error.denied.text"},
	fault.Expired:     {http.StatusGone, "error.expired.title", "error.expired.text"},
	fault.Unavailable: {http.StatusServiceUnavailable, "error.unavailable.title", "error.unavailable.text"},
	fault.TooMany:     {http.StatusTooManyRequests, "error.too_many.title", "error.too_many.text"},
}

var (
	// ErrNotFound is the answer for what does not exist, or not for this reader.
	ErrNotFound = fault.New(fault.NotFound, "error.not_found.text")

	errTooLarge    = fault.New(fault.Invalid, "error.too_large")
	errNotOpened   = fault.New(fault.NotFound, "error.not_opened")
	errUnreadable  = fault.New(fault.Invalid, "error.invalid.text")
	errUnavailable = fault.New(fault.Unavailable, "error.unavailable.text")
)

// faultOf makes a Fault of any error; nil for what is ours to mend.
func faultOf(err error) *fault.Fault {
	if f := fault.Of(err); f != nil {
		return f
	}
	var fe *fiber.Error // Fiber's own: unknown address, method, size
	if errors.As(err, &fe) {
		switch {
		case fe.Code == http.StatusNotFound:
			return ErrNotFound.With(err)
		case fe.Code == http.StatusMethodNotAllowed: // most often the address of a form, opened from the history
			return errNotOpened.With(err)
		case fe.Code == http.StatusRequestEntityTooLarge:
			return errTooLarge.With(err)
		case fe.Code >= 400 && fe.Code < 500, fe.Code == http.StatusBadGateway: // the second: the line broke before the request was whole
			return errUnreadable.With(err)
		}
	}
	if errors.Is(err, context.DeadlineExceeded) || pg.Away(err) {
		return errUnavailable.With(err)
	}
	return nil
}

// answerError turns an error into its page, and remembers it for the log.
func (s *server) answerError(c *fiber.Ctx, r *request, err error) {
	r.failure = err
	var fe *fiber.Error
	if errors.As(err, &fe) {
		r.failure = fmt.Errorf("fiber: status %d", fe.Code) // its own text has the address in it
	}
	kind, text, args := fault.Internal, "", []any(nil)
	if f := faultOf(err); f != nil {
		kind, text, args = f.Kind, f.Key, f.Args
	}
	a := answers[kind]
	if kind == fault.Internal {
		text, args = a.text, nil
	}
	c.Status(statusOf(a, err))
	if a.status == http.StatusServiceUnavailable {
		retryAfter(c, 30*time.Second)
	}
	if kind == fault.TooMany {
		retryAfter(c, fault.Of(err).Wait)
	}
	p := Page(c)
	p.Title, p.Private = p.T(a.title), true
	if kind == fault.Conflict && c.Method() == fiber.MethodGet { // nothing was sent that something else overtook: the text says why not
		p.Title = p.T("error.refused.title")
	}
	again := ""
	if a.status >= http.StatusInternalServerError && c.Method() == fiber.MethodGet {
		again = LocalPath(c.OriginalURL(), "")
	}
	if broken := Render(c, pages.Page(p, p.T(text, args...), again)); broken != nil {
		r.failure = errors.Join(err, broken)
		c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
		c.Response().SetBodyString(p.Title)
	}
}

// retryAfter tells programs in whole seconds what the page tells people; nothing when that is not known.
func retryAfter(c *fiber.Ctx, wait time.Duration) {
	if wait > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
}

// statusOf keeps Fiber's own status where it is more exact than the kind's: 405, 413, 431.
func statusOf(a answer, err error) int {
	var fe *fiber.Error
	if errors.As(err, &fe) && fe.Code >= 400 && fe.Code < 500 {
		return fe.Code
	}
	return a.status
}
