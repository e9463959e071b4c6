package program

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"joetz/templates/messages"
)

// answerMeanwhile answers on the shop's port while the database starts and is migrated, which may take half an hour: else a
// watchdog that gets no answer from /healthz would kill the shop in the middle, and a visitor would stare at an empty window.
// stop gives the port to the shop; who came by then is answered.
func answerMeanwhile(l net.Listener) (stop func()) {
	port, ok := l.(*net.TCPListener)
	if !ok {
		return func() {}
	}
	server := &http.Server{Handler: http.HandlerFunc(notYet), ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second}
	server.SetKeepAlivesEnabled(false) // the next request is the shop's
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(lent{port}) // ends when it is told to; a port that fails fails the shop that takes it over
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close() // who still sends after that is no loss
		}
		<-ended
		_ = port.SetDeadline(time.Time{}) // fails only when the port is closed, and serving says so
	}
}

// lent is a port of which only the waiting ends when its borrower closes it.
type lent struct{ *net.TCPListener }

// Close ends Accept.
func (l lent) Close() error { return l.SetDeadline(time.Unix(1, 0)) }

// Accept says that the port was given back in the words that net/http expects.
func (l lent) Accept() (net.Conn, error) {
	c, err := l.TCPListener.Accept()
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		err = net.ErrClosed
	}
	return c, err
}

func notYet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	switch r.URL.Path {
	case "/healthz":
		_, _ = w.Write([]byte("ok\n"))
	case "/readyz":
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte("starting\n"))
	default:
		lang := "nl"
		if strings.HasPrefix(r.Header.Get("Accept-Language"), "en") {
			lang = "en"
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Retry-After", "60")
		w.WriteHeader(http.StatusServiceUnavailable)
		title := messages.T(lang, "error.unavailable.title")
		_, _ = w.Write([]byte(`<!DOCTYPE html><html lang="` + lang + `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>` + title +
			`</title></head><body><main><h1>` + title + `</h1><p>` + messages.T(lang, "error.unavailable.text") + `</p></main></body></html>`))
	}
}
