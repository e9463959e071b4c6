package demo_test

import (
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/demo"
	"joetz/shop/mail"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// desk is the demo's pages with an outbox behind them.
func desk(t *testing.T) (*fiber.App, func(mail.Message) string) {
	t.Helper()
	db := pgtest.New(t)
	at := time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	outbox := &mail.Outbox{From: mail.Address{Name: "JOETZ vzw", Email: "info@joetz.be"}, Now: now}
	app, err := web.New(web.Config{PublicURL: "http://" + webtest.Host, Key: make([]byte, 32), Now: now, Sessions: nobody{},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ"}})
	if err != nil {
		t.Fatal(err)
	}
	h := &demo.Handlers{DB: db, Outbox: outbox, Documents: paper{}}
	app.Get("/demo/mail", h.ShowMails)
	app.Get("/demo/mail/:mail", h.ShowMail)
	app.Get("/demo/mail/:mail/html", h.ShowHTML)
	app.Get("/demo/mail/:mail/bijlage/:file", h.ShowFile)
	app.Get("/demo/mail/:mail/tekst", h.ShowText)
	return app, func(m mail.Message) string {
		t.Helper()
		var key id.Mail
		if err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) (err error) {
			key, err = outbox.EnqueueTx(t.Context(), tx, m)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return "/demo/mail/" + strconv.FormatInt(int64(key), 10)
	}
}

func message() mail.Message {
	return mail.Message{Kind: "booking_confirmed", Lang: "nl", To: mail.Address{Name: "Inès", Email: "ines@example.be"},
		Subject: "Je boeking <is> bevestigd", Text: "Dag Inès & co", HTML: `<!doctype html><html><head></head><body><script>alert(1)</script><img src="cid:qr"></body></html>`,
		Attachments: []mail.Attachment{{Name: "qr.png", Type: "image/png", ContentID: "qr", Content: []byte("PNG")},
			{Name: "été.txt", Type: "text/plain", Content: []byte("hallo")}}}
}

// What a mail brings along runs nothing and reaches nothing, in the frame and when its address is opened by itself.
func TestFrameIsLocked(t *testing.T) {
	t.Parallel()
	app, post := desk(t)
	path := post(message())
	body := webtest.New(t, app).Get(path + "/html").WantStatus(http.StatusOK)
	csp := body.Header.Get("Content-Security-Policy")
	if !strings.Contains(body.Body, `<base target="_top">`) {
		t.Error("links would open inside the frame, where our pages refuse to be")
	}
	for _, want := range []string{"default-src 'none'", "sandbox ", "frame-ancestors 'self'", "form-action 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy %q lacks %q", csp, want)
		}
	}
	for _, wrong := range []string{"script-src", "allow-scripts", "allow-same-origin", "img-src 'self'"} {
		if strings.Contains(csp, wrong) {
			t.Errorf("policy %q has %q", csp, wrong)
		}
	}
	if !strings.Contains(body.Body, `src="data:image/png;base64,UE5H"`) || strings.Contains(body.Body, "cid:") {
		t.Errorf("the picture is not in the mail: %s", body.Body)
	}
}
