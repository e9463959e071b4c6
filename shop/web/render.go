package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/templates/layout"
	"joetz/terms/civil"
)

// Now is the moment by the shop's clock.
func Now(c *fiber.Ctx) time.Time { return current(c).Now() }

// Page is what every page struct embeds, filled for this request.
func Page(c *fiber.Ctx) layout.Page {
	r := current(c)
	now := r.Now()
	p := layout.Page{
		Lang: r.lang, Path: c.OriginalURL(), RequestID: r.id, Today: civil.Of(now), Now: now,
		Test: r.Test, Organiser: r.Organiser, Flash: takeFlash(c, r),
	}
	if who := Who(c); who.Known() {
		p.User = user(who, c.Path())
	}
	return p
}

// user is who is signed in, as the group whose pages are at that address.
func user(who account.Identity, path string) *layout.User {
	role := who.At(path)
	u := &layout.User{Name: who.Name, Role: layout.Role(role)}
	for _, other := range who.Elsewhere(role) {
		u.Other = append(u.Other, layout.NavItem{Href: other.Start, Key: "layout.role." + string(other.Role)})
	}
	return u
}

// buffers are reused between pages; a page of 60 kB would otherwise be garbage each time.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a page. It is rendered whole before the first byte leaves, so that a failure half-way still becomes an
// error page.
func Render(c *fiber.Ctx, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	// A page that is all there is worth showing, even when the request's time is just over: that is what it may say.
	if err := page.Render(context.WithoutCancel(c.UserContext()), b); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	c.Vary(fiber.HeaderAcceptEncoding)
	if b.Len() >= worthSqueezing && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		return squeeze(c, b.Bytes())
	}
	c.Response().SetBody(b.Bytes()) // copies
	return nil
}

const worthSqueezing = 1400 // bytes: less fits in one packet anyway

// squeezers are costly to make and cheap to use again.
var squeezers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is a valid constant
	return w
}}

// squeeze sends the page compressed: a list of holidays is a fifth of its size, which a slow line feels. Pages hold no
// token that a guess could be compressed against (BREACH): other sites' forms are refused by their origin.
func squeeze(c *fiber.Ctx, page []byte) error {
	w := squeezers.Get().(*gzip.Writer)
	defer squeezers.Put(w)
	c.Response().ResetBody()
	w.Reset(c.Response().BodyWriter())
	if _, err := w.Write(page); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	return w.Close()
}

// RenderAgain writes a page whose form came back with problems: status 422, or 429 with when to try again where Problems
// read that it was sent too often.
func RenderAgain(c *fiber.Ctx, page templ.Component) error {
	c.Status(http.StatusUnprocessableEntity)
	if f := current(c).throttled; f != nil {
		c.Status(http.StatusTooManyRequests)
		retryAfter(c, f.Wait)
	}
	return Render(c, page)
}
