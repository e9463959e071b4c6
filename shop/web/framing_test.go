package web_test

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/valyala/fasthttp/fasthttputil"
)

// What a proxy could read otherwise than we do is refused, whatever stands behind it is not taken for a request of its own, and a
// refusal has the headers of every page.
func TestRequestsThatCanBeReadInTwoWays(t *testing.T) {
	t.Parallel()
	const host, second = "Host: shop.test\r\n", "GET /second HTTP/1.1\r\nHost: shop.test\r\n\r\n"
	for _, c := range []struct {
		name, request string
		status        int
		goesOn        bool // what follows on the connection is a request
	}{
		{"a form", "POST /form HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\na=b", http.StatusOK, true},
		{"in chunks", "POST /form HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n", http.StatusOK, true},
		{"in chunks and with a length", "POST /form HTTP/1.1\r\n" + host + "Content-Length: 13\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n", http.StatusBadRequest, false},
		{"the same in small letters", "POST /form HTTP/1.1\r\n" + host + "transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n3\r\na=b\r\n0\r\n\r\n", http.StatusBadRequest, false},
		{"in chunks of nothing and with a length", "POST /form HTTP/1.1\r\n" + host + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", http.StatusBadRequest, false},
		{"two lengths", "POST /form HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 40\r\n\r\na=b", http.StatusBadRequest, false},
		{"a blank before the colon", "POST /form HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding : chunked\r\n\r\na=b", http.StatusBadRequest, false},
		{"an encoding that nobody knows", "POST /form HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n", http.StatusBadRequest, false},
		{"a length with a sign", "POST /form HTTP/1.1\r\n" + host + "Content-Length: +3\r\n\r\na=b", http.StatusBadRequest, false},
		{"two hosts", "GET /form HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n", http.StatusBadRequest, false},
		{"no method", "FOO /form HTTP/1.1\r\n" + host + "\r\n", http.StatusMethodNotAllowed, true},
		{"a method of others", "PROPFIND /form HTTP/1.1\r\n" + host + "\r\n", http.StatusMethodNotAllowed, true},
		{"a method of HTTP that no page has", "TRACE /form HTTP/1.1\r\n" + host + "\r\n", http.StatusMethodNotAllowed, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			app, _ := newApp(t, nil)
			app.Post("/form", ok)
			app.Get("/second", ok)
			listener := fasthttputil.NewInmemoryListener()
			go func() { _ = app.Listener(listener) }()
			t.Cleanup(func() { _ = app.Shutdown() })
			conn, err := listener.Dial()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, c.request+second); err != nil {
				t.Fatal(err)
			}
			read := bufio.NewReader(conn)
			answer, err := http.ReadResponse(read, nil)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			if err := errors.Join(err, answer.Body.Close()); err != nil {
				t.Fatal(err)
			}
			if answer.StatusCode != c.status {
				t.Errorf("status %d", answer.StatusCode)
			}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Cache-Control", "X-Request-Id"} {
				if answer.Header.Get(name) == "" {
					t.Errorf("no %s", name)
				}
			}
			if c.status != http.StatusOK && !strings.Contains(string(body), "<html") {
				t.Errorf("no page: %.80q", body)
			}
			second, err := http.ReadResponse(read, nil)
			if (err == nil) != c.goesOn {
				t.Errorf("a second answer: %v", err)
			}
			if err == nil {
				_ = second.Body.Close() // it was not read
			}
		})
	}
}
