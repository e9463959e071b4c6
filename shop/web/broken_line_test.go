package web_test

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"joetz/shop/web"
)

// Somebody whose line breaks in the middle of a request, or who only knocks, is no mistake of the shop: nobody is woken for it.
func TestLineThatBreaks(t *testing.T) {
	t.Parallel()
	for name, begun := range map[string]string{
		"nothing":     "",
		"half a head": "GET / HTTP/1.1\r\nHost: shop.test\r\n",
		"half a body": "POST /form HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=b",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			observed := make(chan int, 1)
			app, _ := newApp(t, func(c *web.Config) {
				c.Observe = func(_, _ string, status int, _ time.Duration) { observed <- status }
			})
			app.Post("/form", ok)
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			go func() { _ = app.Listener(listener) }()
			t.Cleanup(func() { _ = app.Shutdown() })
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, begun); err != nil {
				t.Fatal(err)
			}
			if err := conn.(*net.TCPConn).SetLinger(0); err != nil { // closing is a reset
				t.Fatal(err)
			}
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
			if status := <-observed; status >= http.StatusInternalServerError {
				t.Errorf("counted with status %d", status)
			}
		})
	}
}
