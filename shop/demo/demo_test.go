package demo_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/account"
	"joetz/shop/demo"
	"joetz/shop/mail"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	letters "joetz/templates/mail"
	"joetz/terms/id"

	"github.com/jmoiron/sqlx"
)

type nobody struct{}

func (nobody) Identify(context.Context, string) (account.Identity, error) {
	return account.Identity{}, nil
}

// paper stands in for payments/invoice, which needs a whole booking.
type paper struct{}

func (paper) Render(_ context.Context, invoice id.Invoice) ([]byte, string, error) {
	return []byte("%PDF-"), fmt.Sprintf("factuur-%d.pdf", invoice), nil
}

func TestMailsCanBeRead(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	now := func() time.Time { return time.Date(2027, 6, 1, 7, 0, 0, 0, time.UTC) }
	outbox := &mail.Outbox{From: mail.Address{Name: "JOETZ vzw", Email: "info@joetz.be"}, Head: letters.Letterhead{Name: "JOETZ vzw"}, Now: now}
	app, err := web.New(web.Config{Key: make([]byte, 32), Now: now, Log: slog.New(slog.DiscardHandler), Sessions: nobody{}})
	if err != nil {
		t.Fatal(err)
	}
	h := &demo.Handlers{DB: db, Outbox: outbox, Documents: paper{}}
	app.Get("/demo/mail", h.ShowMails)
	app.Get("/demo/mail/:mail", h.ShowMail)
	app.Get("/demo/mail/:mail/html", h.ShowHTML)
	app.Get("/demo/mail/:mail/tekst", h.ShowText)
	app.Get("/demo/mail/:mail/bijlage/:file", h.ShowFile)
	visitor := webtest.New(t, app)
	visitor.Get("/demo/mail").WantStatus(200).Want(".empty")

	var key id.Mail
	err = pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		m, err := outbox.SignInCode(t.Context(), mail.Address{Name: "Anna", Email: "anna@example.be"}, "nl",
			letters.SignInCode{Code: "123 456", Until: now().Add(10 * time.Minute)})
		if err != nil {
			return err
		}
		m.Attachments = append(m.Attachments, mail.Attachment{Name: "kaart.html", Type: "text/html", Content: []byte("<script>alert(1)</script>")})
		key, err = outbox.EnqueueTx(t.Context(), tx, m)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	visitor.Get("/demo/mail").WantStatus(200).Want(fmt.Sprintf(`a[href="/demo/mail/%d"]`, key))
	letter := visitor.Get(fmt.Sprintf("/demo/mail/%d", key)).WantStatus(200).Want("iframe").Want("h1")
	if !strings.Contains(letter.Body, "Anna &lt;anna@example.be&gt;") {
		t.Error("the page does not say who it is for")
	}
	html := visitor.Get(fmt.Sprintf("/demo/mail/%d/html", key)).WantStatus(200)
	if !strings.Contains(html.Body, "123 456") || !strings.Contains(html.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the mail is not shown, or not in a sandbox: %s", html.Header.Get("Content-Security-Policy"))
	}
	if text := visitor.Get(fmt.Sprintf("/demo/mail/%d/tekst", key)).WantStatus(200); !strings.Contains(text.Body, "123 456") {
		t.Error("the text has no code")
	}
	file := visitor.Get(fmt.Sprintf("/demo/mail/%d/bijlage/0", key)).WantStatus(200)
	if got := file.Header.Get("Content-Type"); got != "application/octet-stream" {
		t.Errorf("an attached page would be opened as %s", got)
	}
	for _, wrong := range []string{"/demo/mail/0", "/demo/mail/x", fmt.Sprintf("/demo/mail/%d/bijlage/1", key), fmt.Sprintf("/demo/mail/%d/bijlage/-1", key)} {
		visitor.Get(wrong).WantStatus(404)
	}
}
