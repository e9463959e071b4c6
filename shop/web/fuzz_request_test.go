package web_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/layout"
	"joetz/terms/fault"
)

// Whatever a browser, a proxy or somebody's own program writes into the headers, a page comes or the way to sign in, and that way
// stays in the shop. What is told about the reader is one of ours: a language, a network.
func FuzzHeaders(f *testing.F) {
	for _, seed := range [][4]string{
		{"sid=parent; lang=en; flash=x.y", "nl-BE,nl;q=0.8", "10.0.0.1, 192.0.2.7", "http://" + webtest.Host + "/page?a=b"},
		{"sid=" + strings.Repeat("a", 200), "*;q=2", "unknown, ::1%eth0", "//evil.example"},
		{"flash=eyJ0IjoiZ29vZCJ9.AAAA; flash=.", strings.Repeat("nl,", 90), "[::1]:80,300.1.1.1", "http://" + webtest.Host + "//evil.example"},
		{"sid=\"; lang=xx; =; ;;", "und-x-" + strings.Repeat("a", 60), ",,,", "http://[::1"},
		{"sid=broken", "en-u-rg-bezzzz", "2001:db8::1", "javascript:alert(1)"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	app, _ := newApp(f, func(cfg *web.Config) {
		cfg.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	})
	page := func(c *fiber.Ctx) error {
		if lang := web.Language(c); lang != "nl" && lang != "en" {
			return fault.New(fault.Internal, "language "+lang)
		}
		if network := web.ClientNetwork(c); len(network) > 50 {
			return fault.New(fault.Internal, "network "+network)
		}
		web.SetFlash(c, layout.Good, "error.request", c.Get("Referer"))
		return web.Render(c, layout.Base(web.Page(c)))
	}
	app.Get("/page", web.Require(account.Parent), page)
	app.Post("/page", web.Require(account.Parent), page)
	f.Fuzz(func(t *testing.T, cookie, language, forwarded, referer string) {
		for _, text := range []string{cookie, language, forwarded, referer} {
			if strings.ContainsAny(text, "\r\n\x00") || len(text) > 1500 { // no header carries them, or more
				return
			}
		}
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r := httptest.NewRequest(method, "/page?verder="+url.QueryEscape(referer), nil)
			r.Header = http.Header{"Cookie": {cookie}, "Accept-Language": {language}, "X-Forwarded-For": {forwarded}, "Referer": {referer}}
			answer, err := app.Test(r, -1)
			if err != nil {
				return // what Fiber itself takes for no request
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
			to, err := url.Parse(answer.Header.Get("Location"))
			switch {
			case answer.StatusCode == http.StatusServiceUnavailable && strings.Contains(cookie, "broken"): // its session cannot be looked up
			case answer.StatusCode >= 500 || err != nil || to.Host != "" || strings.HasPrefix(to.Path, "//"):
				t.Errorf("%s with %q %q %q %q: %d to %q", method, cookie, language, forwarded, referer, answer.StatusCode, answer.Header.Get("Location"))
			case to.Path != "" && to.Query().Get("verder") != "" && web.LocalPath(to.Query().Get("verder"), "") == "":
				t.Errorf("signing in leads on to %q", to.Query().Get("verder"))
			}
		}
	})
}

// An upload in whatever form ends in a T or a fault of kind Invalid; a file is no longer than what came, and its name is text.
func FuzzMultipart(f *testing.F) {
	part := func(header, body string) string {
		return "--x\r\nContent-Disposition: form-data; " + header + "\r\n\r\n" + body + "\r\n"
	}
	for _, body := range []string{
		part(`name="email"`, "an@example.be") + part(`name="proof"; filename="a.pdf"`, "%PDF-1.4") + "--x--\r\n",
		part(`name="proof"; filename=""`, "") + "--x--\r\n", part(`name="proof"; filename="../../etc/passwd"`, "a") + part(`name="proof"; filename="b"`, "b") + "--x--\r\n",
		part(`name="proof"; filename*=UTF-8''%ff%00`, "a") + "--x--\r\n", part(`name="fee"; filename="a"`, "12"), "--x--", "", "--x\r\n\r\n\r\n--x--",
		strings.Repeat(part(`name="a"`, "b"), 300) + "--x--\r\n", part("name=\"email\"\r\nContent-Transfer-Encoding: base64", "YQ==") + "--x--\r\n",
		part("name=\"email\"\r\nContent-Transfer-Encoding: quoted-printable", "=00=ff") + "--x--\r\n",
	} {
		f.Add([]byte(body))
	}
	app, _ := newApp(f, nil)
	var in order
	var files map[string]web.File
	var errForm, errFiles error
	app.Post("/form", func(c *fiber.Ctx) error {
		in, errForm = web.Form[order](c)
		files, errFiles = web.Files(c)
		return nil
	})
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 100_000 {
			return
		}
		r := httptest.NewRequest(http.MethodPost, "/form", bytes.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		webtest.New(t, app).Do(r).WantStatus(200)
		for _, err := range []error{errForm, errFiles} {
			if fo := fault.Of(err); err != nil && (fo == nil || fo.Kind != fault.Invalid) {
				t.Errorf("error %v", err)
			}
		}
		for _, file := range append([]web.File{in.Proof}, values(files)...) {
			if len(file.Bytes) > len(body) || len([]rune(file.Name)) > 200 || !utf8.ValidString(file.Name) || strings.ContainsAny(file.Name, "\x00\r\n/\\") {
				t.Errorf("a file %q of %d bytes out of %d", file.Name, len(file.Bytes), len(body))
			}
		}
		if strings.ContainsRune(in.Email, 0) || strings.ContainsRune(in.Secret, 0) {
			t.Errorf("%q %q", in.Email, in.Secret)
		}
	})
}

func values(files map[string]web.File) (all []web.File) {
	for _, f := range files {
		all = append(all, f)
	}
	return all
}
