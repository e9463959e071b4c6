package program

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"slices"
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
		sorry(w, r)
	}
}

// sorryStyle is the look of that one page, whose shop cannot serve its styles yet; the policy lets only this text through.
const sorryStyle = `:root{color-scheme:light dark;--paper:#fbf5e8;--ink:#1a2b27;--pine:#0f4a40;--on-pine:#fffaf0}` +
	`@media(prefers-color-scheme:dark){:root{--paper:#101c19;--ink:#ece8dc;--pine:#86c5a9;--on-pine:#08271f}}` +
	`body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);font:106.25%/1.55 system-ui,sans-serif}` +
	`main{max-width:34rem;padding:1.5rem;text-align:center}h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem}` +
	`a{display:inline-block;margin-top:1rem;padding:.7rem 1.4rem;border-radius:.625rem;background:var(--pine);color:var(--on-pine);font-weight:600;text-decoration:none}` +
	`a:focus-visible{outline:3px solid currentColor;outline-offset:3px}`

var sorryPolicy = func() string {
	sum := sha256.Sum256([]byte(sorryStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

// sorry asks for a moment's patience. Its link reads the same address again.
func sorry(w http.ResponseWriter, r *http.Request) {
	lang := "nl"
	if strings.HasPrefix(r.Header.Get("Accept-Language"), "en") {
		lang = "en"
	}
	for _, name := range [...]string{"lang", "__Host-lang"} { // as shop/web keeps it
		if c, err := r.Cookie(name); err == nil {
			if i := slices.Index(messages.Languages, c.Value); i >= 0 {
				lang = messages.Languages[i]
			}
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", sorryPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Retry-After", "60")
	w.WriteHeader(http.StatusServiceUnavailable)
	title := messages.T(lang, "error.unavailable.title")
	_, _ = w.Write([]byte(`<!DOCTYPE html><html lang="` + lang + `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>` +
		title + `</title><style>` + sorryStyle + `</style></head><body><main><h1>` + title + `</h1><p>` + messages.T(lang, "error.unavailable.text") + `</p><p><a href="">` +
		messages.T(lang, "error.retry") + `</a></p></main></body></html>`))
}
