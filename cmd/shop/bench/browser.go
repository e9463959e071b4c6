package bench

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// browser is one visitor: cookies, and one connection that is kept open.
type browser struct {
	client  *fasthttp.HostClient
	site    string
	cookies map[string]string
}

// patience is how long one request may take before it counts as an error.
const patience = 30 * time.Second

func newBrowser(client *fasthttp.HostClient, site string, cookies map[string]string) *browser {
	return &browser{client: client, site: site, cookies: cookies}
}

// newClient connects every visitor of a measurement to the shop.
func newClient(addr string, clients int) *fasthttp.HostClient {
	return &fasthttp.HostClient{Addr: addr, MaxConns: clients + 8, MaxIdleConnDuration: time.Minute, ReadTimeout: patience, WriteTimeout: patience}
}

// answer is what came back; body is the page only when it was asked for.
type answer struct {
	status   int
	location string
	body     string
	bytes    int
}

func (b *browser) get(path string) (answer, error) { return b.do(fasthttp.MethodGet, path, nil, true) }

func (b *browser) post(path string, form url.Values) (answer, error) {
	return b.do(fasthttp.MethodPost, path, form, false)
}

func (b *browser) do(method, path string, form url.Values, keep bool) (answer, error) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.SetRequestURI(b.site + path)
	req.Header.SetMethod(method)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Origin", b.site)
	for name, value := range b.cookies {
		req.Header.SetCookie(name, value)
	}
	if form != nil {
		req.Header.SetContentType("application/x-www-form-urlencoded")
		req.SetBodyString(form.Encode())
	}
	if err := b.client.DoTimeout(req, res, patience); err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	for key, value := range res.Header.Cookies() {
		var c fasthttp.Cookie
		if err := c.ParseBytes(value); err == nil {
			if len(c.Value()) == 0 {
				delete(b.cookies, string(key))
				continue
			}
			b.cookies[string(key)] = string(c.Value())
		}
	}
	a := answer{status: res.StatusCode(), location: strings.TrimPrefix(string(res.Header.Peek("Location")), b.site), bytes: len(res.Body())}
	if keep {
		a.body = string(res.Body())
	}
	return a, nil
}

// wants turns an answer that is not the expected redirect into an error that says what came instead.
func (a answer) wants(step, prefix string) error {
	if a.status == fasthttp.StatusSeeOther && strings.HasPrefix(a.location, prefix) {
		return nil
	}
	return fmt.Errorf("%s: status %d, to %q instead of %q", step, a.status, a.location, prefix)
}
