package web

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

const (
	// plainLimit is the most bytes of a body without uploads: ten times the longest form, and more than any event of Stripe's.
	plainLimit = 1 << 20
	// mostFields is more than any form of ours has. A body of 11 MB with a field in every other byte would cost a hundred times
	// that in memory.
	mostFields = 5000
	// headerTime is for the first bytes of a request, so that who sends one of them a minute holds no connection for long.
	headerTime = 15 * time.Second
	// uploadTime is for a whole request with a label's photo, over a slow line.
	uploadTime = time.Minute
)

// guardBodies gives each request the bytes and the time that its kind of body needs, before any of it is read.
func (s *server) guardBodies(app *fiber.App) {
	app.Server().HeaderReceived = func(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
		if isUpload(string(h.ContentType())) {
			return fasthttp.RequestConfig{MaxRequestBodySize: s.BodyLimit, ReadTimeout: uploadTime}
		}
		return fasthttp.RequestConfig{MaxRequestBodySize: min(plainLimit, s.BodyLimit), ReadTimeout: headerTime}
	}
}

func isUpload(contentType string) bool {
	return strings.HasPrefix(strings.ToLower(contentType), fiber.MIMEMultipartForm)
}

// checkAddress refuses an address whose text the database could not store or compare, as Form does with what was typed: no page of
// ours links to one.
func checkAddress(c *fiber.Ctx) error {
	bad := func(b []byte) bool { return !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 }
	if bad(c.Request().URI().Path()) {
		return ErrNotFound
	}
	if raw := c.Request().URI().QueryString(); bytes.IndexByte(raw, '%') < 0 && !bad(raw) {
		return nil
	}
	for name, value := range c.Context().QueryArgs().All() {
		if bad(name) || bad(value) {
			return errUnreadable
		}
	}
	return nil
}

// checkBody refuses what is small on the line and large in memory: a packed body, which no browser sends and which Fiber and
// fasthttp would unpack without end, and a form of nothing but field names.
func checkBody(c *fiber.Ctx) error {
	if packed := strings.ToLower(c.Get(fiber.HeaderContentEncoding)); packed != "" && packed != "identity" {
		return fiber.ErrUnsupportedMediaType
	}
	body := c.Request().Body()
	if !isUpload(c.Get(fiber.HeaderContentType)) && bytes.Count(body, []byte("&")) >= mostFields {
		return errUnreadable
	}
	return nil
}
