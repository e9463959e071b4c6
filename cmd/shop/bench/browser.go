package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

// browser is one visitor: cookies, and a connection that is kept open.
type browser struct {
	line    *line
	site    string
	cookies map[string]string
}

// patience is how long one request may take before it counts as an error.
const patience = 30 * time.Second

func newBrowser(l *line, site string, cookies map[string]string) *browser {
	return &browser{line: l, site: site, cookies: cookies}
}

// newClient connects the readers of pages that are the same for everybody to the shop.
func newClient(addr string, clients int) *fasthttp.HostClient {
	return &fasthttp.HostClient{Addr: addr, MaxConns: clients + 8, MaxIdleConnDuration: time.Minute, ReadTimeout: patience, WriteTimeout: patience}
}

// answer is what came back; body is the page only when it was asked for.
type answer struct {
	status   int
	location string
	cookies  []string // as set: name=value; attributes
	body     string
	bytes    int
	closes   bool // no other request on this connection
}

func (b *browser) get(path string) (answer, error) { return b.do(http.MethodGet, path, nil, true) }

func (b *browser) post(path string, form url.Values) (answer, error) {
	return b.do(http.MethodPost, path, form, false)
}

func (b *browser) do(method, path string, form url.Values, keep bool) (answer, error) {
	a, err := b.line.ask(b.request(method, path, form), keep)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", method, path, err)
	}
	for _, set := range a.cookies {
		pair, _, _ := strings.Cut(set, ";")
		name, value, _ := strings.Cut(pair, "=")
		if value == "" {
			delete(b.cookies, name)
			continue
		}
		b.cookies[name] = value
	}
	a.location = strings.TrimPrefix(a.location, b.site)
	return a, nil
}

// request is what a browser sends; the next one is written over it.
func (b *browser) request(method, path string, form url.Values) []byte {
	out := fmt.Appendf(b.line.out[:0], "%s %s HTTP/1.1\r\nHost: %s\r\nSec-Fetch-Site: same-origin\r\nOrigin: %s\r\n", method, path, b.line.addr, b.site)
	before := "Cookie: "
	for name, value := range b.cookies {
		out = append(append(append(append(out, before...), name...), '='), value...)
		before = "; "
	}
	if len(b.cookies) > 0 {
		out = append(out, "\r\n"...)
	}
	if form != nil {
		body := form.Encode()
		out = fmt.Appendf(out, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	} else {
		out = append(out, "\r\n"...)
	}
	b.line.out = out
	return out
}

var dialer = net.Dialer{Timeout: patience}

// line is a connection to the shop, for one request at a time. It knows as much of HTTP as the shop's answers need: a client for
// everything took a tenth of the processor time that an order was said to cost.
type line struct {
	addr string
	conn net.Conn // nil until asked, and after an error
	in   *bufio.Reader
	out  []byte
}

func newLine(addr string) *line { return &line{addr: addr} }

func (l *line) ask(request []byte, keep bool) (a answer, err error) {
	if l.conn == nil {
		if l.conn, err = dialer.DialContext(context.Background(), "tcp", l.addr); err != nil {
			return a, err
		}
		l.in = bufio.NewReader(l.conn)
	}
	defer func() {
		if err != nil || a.closes {
			_ = l.conn.Close() // the error, if any, is told already
			l.conn = nil
		}
	}()
	if err := l.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return a, err
	}
	if _, err := l.conn.Write(request); err != nil {
		return a, err
	}
	if a, err = readHead(l.in); err != nil {
		return a, err
	}
	if !keep {
		_, err = l.in.Discard(a.bytes)
		return a, err
	}
	body := make([]byte, a.bytes)
	_, err = io.ReadFull(l.in, body)
	a.body = string(body)
	return a, err
}

// readHead reads up to the body, whose length an answer of the shop says.
func readHead(in *bufio.Reader) (a answer, err error) {
	a.bytes = -1
	for {
		text, err := in.ReadSlice('\n')
		if err != nil {
			return a, err
		}
		text = bytes.TrimRight(text, "\r\n")
		if len(text) == 0 {
			break
		}
		if a.status == 0 {
			_, rest, _ := bytes.Cut(text, []byte(" "))
			code, _, _ := bytes.Cut(rest, []byte(" "))
			if a.status, err = strconv.Atoi(string(code)); err != nil {
				return a, fmt.Errorf("no answer in HTTP: %q", text)
			}
			continue
		}
		name, value, _ := bytes.Cut(text, []byte(": "))
		switch string(name) {
		case fasthttp.HeaderContentLength:
			if a.bytes, err = strconv.Atoi(string(value)); err != nil {
				return a, err
			}
		case fasthttp.HeaderLocation:
			a.location = string(value)
		case fasthttp.HeaderSetCookie:
			a.cookies = append(a.cookies, string(value))
		case fasthttp.HeaderConnection:
			a.closes = string(value) == "close"
		}
	}
	if a.bytes < 0 {
		return a, fmt.Errorf("status %d without a length", a.status)
	}
	return a, nil
}

// wants turns an answer that is not the expected redirect into an error that says what came instead.
func (a answer) wants(step, prefix string) error {
	if a.status == http.StatusSeeOther && strings.HasPrefix(a.location, prefix) {
		return nil
	}
	return fmt.Errorf("%s: status %d, to %q instead of %q", step, a.status, a.location, prefix)
}
