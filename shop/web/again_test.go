package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
)

// A form that comes after the session ended comes back with all that was typed, in no cache, and is sent once its reader has
// signed in; nothing secret comes back, and what is no form goes to sign in as before.
func TestLateFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, nil)
	var got url.Values
	keep := func(c *fiber.Ctx) (err error) {
		got, err = web.Values(c)
		return err
	}
	app.Post("/mijn/fiche", web.Require(account.Parent), keep)
	b := webtest.New(t, app)
	typed := url.Values{"rij": {"1", "2"}, "wat": {"é <b>\"'&\nregel"}, "nog": {"x"}}
	p := b.Post("/mijn/fiche?terug=1", typed).WantStatus(http.StatusForbidden).WantText("h1", "niet meer aangemeld")
	if p.Header.Get("Cache-Control") != "no-store" || got != nil {
		t.Fatalf("Cache-Control %q; the handler got %v", p.Header.Get("Cache-Control"), got)
	}
	if p.Attr("main form", "action") != "/mijn/fiche?terug=1" || p.Attr("main li a", "target") != "_blank" || p.Attr("main li a", "href") != "/aanmelden" {
		t.Errorf("the page: %s", p.Body)
	}
	b.SetCookie("sid", "parent") // signed in in another window
	b.Submit(p, "main form", nil).WantStatus(http.StatusOK)
	for name, want := range typed {
		if strings.Join(got[name], "|") != strings.Join(want, "|") {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}

	b = webtest.New(t, app)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("foto", "a.png")
	if err == nil {
		_, err = part.Write([]byte("png"))
	}
	if err != nil || w.WriteField("wat", "getypt") != nil || w.Close() != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/mijn/fiche", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	b.Do(r).WantStatus(http.StatusForbidden).WantText("main", "Kies dat daarna opnieuw").Want(`input[type=hidden][name="wat"][value="getypt"]`)

	if p := b.Post("/mijn/fiche", url.Values{"password": {"geheim"}, "wat": {"x"}}); p.Status != http.StatusSeeOther || strings.Contains(p.Body, "geheim") {
		t.Errorf("with a password: %d %s", p.Status, p.Body)
	}
	r = httptest.NewRequest(http.MethodPost, "/mijn/fiche", strings.NewReader(`{"wat":"x"}`))
	r.Header.Set("Content-Type", "application/json")
	b.Do(r).WantStatus(http.StatusSeeOther)
}
