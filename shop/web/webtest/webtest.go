// Package webtest visits the shop as a browser does, without a network: cookies, redirects, forms as they stand on the
// page, and checks by CSS selector.
//
// Owns: Browser and Page. Only tests import it.
// May import: fiber, x/net/html, cascadia.
// Always true: Submit sends what a person's browser would send for that form, so a field that is not on the page cannot
// be filled in.
package webtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Host is where the tests say that they reach the shop.
const Host = "shop.test"

const patience = 20 * time.Second // of one request; a slow machine is not a failure

// Browser is one visitor with cookies of their own.
type Browser struct {
	Header http.Header // sent with every request, "Accept-Language" for one
	From   string      // the visitor's address when behind a trusted proxy; "" for none

	t       testing.TB
	app     *fiber.App
	cookies map[string]string
}

// New is a visitor who has never been here.
func New(t testing.TB, app *fiber.App) *Browser {
	return &Browser{Header: http.Header{}, t: t, app: app, cookies: map[string]string{}}
}

// Get asks for one page and follows nothing.
func (b *Browser) Get(path string) *Page {
	b.t.Helper()
	return b.send(httptest.NewRequest(http.MethodGet, "http://"+Host+path, nil))
}

// Open asks for a page and follows where it leads, as a browser does.
func (b *Browser) Open(path string) *Page {
	b.t.Helper()
	return b.follow(b.Get(path))
}

// Post sends a form and follows nothing.
func (b *Browser) Post(path string, values url.Values) *Page {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://"+Host+path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://"+Host)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

// Do sends any request with the visitor's cookies and follows nothing.
func (b *Browser) Do(r *http.Request) *Page {
	b.t.Helper()
	return b.send(r)
}

// Submit fills in and sends the form that the selector finds, and follows the answer. Values replace what stands in the
// form; a value for a field that the form does not have fails the test. A button's name and value may be among them.
func (b *Browser) Submit(p *Page, selector string, values url.Values) *Page {
	b.t.Helper()
	form := p.form(selector)
	for name, v := range values {
		if !form.fields[name] {
			b.t.Fatalf("%s: form %q has no field %q", p.Path, selector, name)
		}
		form.values[name] = v
	}
	if form.method == http.MethodGet {
		return b.Open(form.action + "?" + form.values.Encode())
	}
	answer := b.Post(form.action, form.values)
	return b.follow(answer)
}

// Cookie is the value of a cookie that the shop set; "" when there is none.
func (b *Browser) Cookie(name string) string { return b.cookies[name] }

// SetCookie gives the visitor a cookie.
func (b *Browser) SetCookie(name, value string) { b.cookies[name] = value }

func (b *Browser) follow(p *Page) *Page {
	b.t.Helper()
	for range 10 {
		if p.Location == "" {
			return p
		}
		target, err := url.Parse(p.Location)
		if err != nil || target.Host != "" && target.Host != Host {
			return p // leads out of the shop
		}
		p = b.Get(target.RequestURI())
	}
	b.t.Fatalf("%s: goes on redirecting", p.Path)
	return nil
}

func (b *Browser) send(r *http.Request) *Page {
	b.t.Helper()
	r.Host, r.RequestURI = Host, r.URL.RequestURI() // the form in which a browser sends it; app.Test needs the Host line
	for name, values := range b.Header {
		if _, set := r.Header[name]; !set {
			r.Header[name] = values
		}
	}
	if b.From != "" {
		r.Header.Set("X-Forwarded-For", b.From)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer, err := b.app.Test(r, int(patience.Milliseconds()))
	if err != nil {
		b.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	for _, c := range answer.Cookies() {
		if c.MaxAge < 0 || c.Value == "" {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return newPage(b.t, r, answer, body)
}
