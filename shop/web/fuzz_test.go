package web_test

import (
	"io"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/terms/fault"
)

// Whatever a link carries, the browser that follows it stays in the shop: read as a browser reads it, with backslashes
// as slashes and white space dropped.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/mijn", "//evil.example", "/\\evil.example", "/%2f/evil", "https://evil", "/a?b=//c", "/\t/evil", "/a#b"} {
		f.Add(seed)
	}
	base, err := url.Parse("https://shop.test/aanmelden")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, target string) {
		got := web.LocalPath(target, "")
		if got == "" {
			return
		}
		seen := strings.NewReplacer("\\", "/", "\t", "", "\n", "", "\r", "").Replace(strings.TrimSpace(got))
		to, err := base.Parse(seen)
		if err != nil || to.Host != base.Host || to.Scheme != base.Scheme || strings.HasPrefix(seen, "//") {
			t.Errorf("%q leads to %v (%v)", target, to, err)
		}
	})
}

// No body that anybody sends ends in anything but a T or a fault of kind Invalid, and no text in T could not be stored.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{
		"email=an%40example.be&agreed=yes", "children.0.first_name=Lou&children.1.born_on-day=31", "count=99999999999999999999",
		"fee=1.2.3&fee=4", "born_on=%00", "kind=a&kind=b&kind=c&kind=d", "children.999999999.first_name=x", "a=%zz&&==",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		app, _ := newApp(t, nil)
		var in order
		var err error
		app.Post("/form", func(c *fiber.Ctx) error { in, err = web.Form[order](c); return nil })
		r := formRequest(nil)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		webtest.New(t, app).Do(r).WantStatus(200)
		if fo := fault.Of(err); err != nil && (fo == nil || fo.Kind != fault.Invalid) {
			t.Errorf("error %v", err)
		}
		for _, text := range append([]string{in.Email, in.Phone, in.Secret, in.How}, in.Kinds...) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				t.Errorf("text %q", text)
			}
		}
	})
}
