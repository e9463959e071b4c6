package web

import (
	"bytes"
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// guardMethods lets a word that is no method of HTTP get the page and the headers of every other refusal. Fiber by itself answers
// it with a bare line, before any of ours is asked.
func (s *server) guardMethods(app *fiber.App) {
	inner := app.Server().Handler
	app.Server().Handler = func(ctx *fasthttp.RequestCtx) {
		if slices.Contains(fiber.DefaultMethods, string(ctx.Method())) {
			inner(ctx)
			return
		}
		c := app.AcquireCtx(ctx)
		defer app.ReleaseCtx(c)
		c.Set(fiber.HeaderAllow, "GET, HEAD, POST")
		_ = s.stray(c, fiber.ErrMethodNotAllowed) // it answers, and returns nil
	}
}

// checkFraming refuses a request that says its length in two ways, and ends its connection: a proxy before us that believes the
// other one takes what follows for somebody else's request. What else is unclear about a length, fasthttp refuses itself.
func checkFraming(c *fiber.Ctx) error {
	length, chunks := false, false
	for line := range bytes.SplitSeq(c.Request().Header.RawHeaders(), []byte("\n")) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		name = bytes.TrimSpace(name)
		length = length || bytes.EqualFold(name, []byte(fiber.HeaderContentLength))
		chunks = chunks || bytes.EqualFold(name, []byte(fiber.HeaderTransferEncoding))
	}
	if length && chunks {
		c.Context().SetConnectionClose()
		return fiber.ErrBadRequest
	}
	return nil
}
