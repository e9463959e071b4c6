package web_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp/fasthttputil"

	"joetz/shop/web"
	"joetz/shop/web/webtest"
)

// A body that is small on the line and large in memory, or larger than what its page takes, is refused before anything reads it.
func TestBodiesThatNoPageSends(t *testing.T) {
	t.Parallel()
	const form, upload = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
	part := func(bytes int) string {
		return "--x\r\nContent-Disposition: form-data; name=\"proof\"; filename=\"a.jpg\"\r\n\r\n" + strings.Repeat("a", bytes) + "\r\n--x--\r\n"
	}
	for _, c := range []struct {
		name, kind, encoding, body string
		status                     int
	}{
		{"a form", form, "", "email=an%40example.be", http.StatusOK},
		{"a form that says it is not packed", form, "identity", "email=an%40example.be", http.StatusOK},
		{"as many fields as a form may have", form, "", strings.Repeat("a&", 4999), http.StatusOK},
		{"a field in every other byte", form, "", strings.Repeat("a&", 5000), http.StatusUnprocessableEntity},
		{"an upload", upload, "", part(2 << 20), http.StatusOK},
		{"a packed upload", upload, "gzip", webtest.Zipped(t, part(5<<20)), http.StatusUnsupportedMediaType},
		{"packed by a name in capitals", upload, "GZIP", webtest.Zipped(t, part(5<<20)), http.StatusUnsupportedMediaType},
		{"a packed form", form, "br", "xxx", http.StatusUnsupportedMediaType},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			app, _ := newApp(t, nil)
			read := false
			app.Post("/form", func(c *fiber.Ctx) error {
				read = true
				_, err := web.Values(c)
				return err
			})
			r := httptest.NewRequest(http.MethodPost, "/form", strings.NewReader(c.body))
			r.Header.Set("Content-Type", c.kind)
			if c.encoding != "" {
				r.Header.Set("Content-Encoding", c.encoding)
			}
			webtest.New(t, app).Do(r).WantStatus(c.status)
			if read != (c.status == http.StatusOK) {
				t.Errorf("read: %v", read)
			}
		})
	}
}

// What is too large is refused by its length, before its bytes are waited for: only an upload may be as large as a photo.
func TestTooLongABodyIsNotRead(t *testing.T) {
	t.Parallel()
	observed := make(chan time.Duration, 3)
	app, _ := newApp(t, func(c *web.Config) { c.Observe = func(_, _ string, _ int, took time.Duration) { observed <- took } })
	app.Post("/form", ok)
	listener := fasthttputil.NewInmemoryListener()
	go func() { _ = app.Listener(listener) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	for _, c := range []struct {
		kind   string
		length int
	}{{"application/x-www-form-urlencoded", 1<<20 + 1}, {"application/json", 1<<20 + 1}, {"multipart/form-data; boundary=x", 11<<20 + 1}} {
		conn, err := listener.Dial()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "POST /form HTTP/1.1\r\nHost: shop.test\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", c.kind, c.length); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _ = answer.Body.Close(); answer.StatusCode != http.StatusRequestEntityTooLarge || answer.Header.Get("Cache-Control") == "" {
			t.Errorf("%s of %d bytes: status %d", c.kind, c.length, answer.StatusCode)
		}
		if took := <-observed; took > time.Hour { // as since the year 1
			t.Errorf("%s of %d bytes: said to have taken %v", c.kind, c.length, took)
		}
	}
}

// An address with text that no database stores goes to no handler.
func TestAddressesThatNoPageLinksTo(t *testing.T) {
	t.Parallel()
	app, _ := newApp(t, nil)
	app.Get("/list", ok)
	app.Get("/one/:name", ok)
	b := webtest.New(t, app)
	for path, status := range map[string]int{
		"/list?zoek=%C3%A9%20%25": http.StatusOK, "/list?zoek=100%": http.StatusOK, "/list?zoek=%0a": http.StatusOK, "/one/caf%C3%A9": http.StatusOK,
		"/list?zoek=%00": http.StatusUnprocessableEntity, "/list?zoek=a%ff": http.StatusUnprocessableEntity, "/list?%00=1": http.StatusUnprocessableEntity,
		"/list?a=1&zoek=%C3%28": http.StatusUnprocessableEntity, "/one/%00": http.StatusNotFound, "/one/a%ff": http.StatusNotFound,
	} {
		b.Get(path).WantStatus(status)
	}
}
