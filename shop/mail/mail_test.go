package mail_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/mail"
	"joetz/shop/queue"
	"joetz/terms/id"
)

var day = time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC)

// post is an outbox with its sender and a clock that the test moves.
type post struct {
	db     *sqlx.DB
	outbox *mail.Outbox
	sender *mail.Sender
	runner *queue.Runner
	now    time.Time
}

func newPost(t *testing.T, smtpURL string, config *tls.Config) *post {
	t.Helper()
	p := &post{db: pgtest.New(t), now: day}
	clock := func() time.Time { return p.now }
	p.outbox = &mail.Outbox{From: mail.Address{Name: "JOETZ vzw", Email: "info@joetz.be"}, Now: clock}
	p.sender = &mail.Sender{DB: p.db, Now: clock, Documents: paper{}}
	p.runner = queue.New(queue.Config{DB: p.db, Now: clock, Log: slog.New(slog.DiscardHandler)})
	queue.Handle(p.runner, func(ctx context.Context, args mail.SendArgs) error { return p.sender.Send(ctx, args) })
	if smtpURL != "" {
		server, err := mail.ParseSMTP(smtpURL, config)
		if err != nil {
			t.Fatal(err)
		}
		p.sender.SMTP = server
	}
	return p
}

type paper struct{}

func (paper) Render(_ context.Context, invoice id.Invoice) ([]byte, string, error) {
	return []byte("%PDF"), "V-2027-00001.pdf", nil
}

func (p *post) enqueue(t *testing.T, m mail.Message) id.Mail {
	t.Helper()
	var key id.Mail
	if err := pg.InTx(t.Context(), p.db, func(tx *sqlx.Tx) (err error) {
		key, err = p.outbox.EnqueueTx(t.Context(), tx, m)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return key
}

// work runs what is due, which must be that many jobs, all of them well.
func (p *post) work(t *testing.T, want int) {
	t.Helper()
	if ran, err := p.runner.RunDue(t.Context()); err != nil || ran != want {
		t.Fatalf("ran %d jobs, want %d (%v)", ran, want, err)
	}
}

func (p *post) stored(t *testing.T, key id.Mail) mail.Mail {
	t.Helper()
	m, _, err := p.outbox.ByID(t.Context(), p.db, key)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func letter() mail.Message {
	return mail.Message{Kind: "booking_confirmed", Lang: "nl", To: mail.Address{Name: "Inès Van den Bölke", Email: "ines@example.be"},
		Subject: "Je boeking is bevestigd — Zomer € 215", Text: "Dag Inès,\n\nTot in Bredene!\n", HTML: "<p>Dag Inès</p>"}
}

func TestSentMessageArrivesWhole(t *testing.T) {
	t.Parallel()
	srv := startServer(t, "", nil)
	p := newPost(t, "smtp://"+srv.addr+"?starttls=never", nil)
	m := letter()
	m.Attachments = []mail.Attachment{
		{Name: "qr.png", Type: "image/png", ContentID: "qr", Content: []byte("PNG")},
		{Name: "voorwaarden.pdf", Type: "application/pdf", Content: []byte("%PDF-terms")},
	}
	key := p.enqueue(t, m)
	p.work(t, 1)
	took := srv.mails()
	if len(took) != 1 || took[0].from != "info@joetz.be" || took[0].to != "ines@example.be" {
		t.Fatalf("server took %+v", took)
	}
	msg, err := netmail.ReadMessage(strings.NewReader(took[0].raw))
	if err != nil {
		t.Fatal(err)
	}
	decode := new(mime.WordDecoder)
	for name, want := range map[string]string{"Subject": m.Subject, "Auto-Submitted": "auto-generated", "Content-Language": "nl",
		"Date": "Mon, 01 Feb 2027 10:00:00 +0100", "X-Mailer": "", "User-Agent": ""} {
		if got, err := decode.DecodeHeader(msg.Header.Get(name)); err != nil || got != want {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, want)
		}
	}
	if to, err := msg.Header.AddressList("To"); err != nil || to[0].Name != m.To.Name {
		t.Errorf("To: got %v (%v)", to, err)
	}
	parts := leaves(t, msg.Header.Get("Content-Type"), msg.Body)
	for mediaType, want := range map[string]string{"text/plain": strings.ReplaceAll(m.Text, "\n", "\r\n"), "text/html": m.HTML,
		"image/png": "PNG", "application/pdf": "%PDF-terms"} {
		if !strings.Contains(parts[mediaType], strings.TrimSpace(want)) {
			t.Errorf("%s: got %q, want %q", mediaType, parts[mediaType], want)
		}
	}
	if got := p.stored(t, key); got.SentAt.IsZero() || got.Attempts != 1 {
		t.Errorf("stored: sent %v, attempts %d", got.SentAt, got.Attempts)
	}
}

// leaves reads the parts that are not multipart, decoded, by media type.
func leaves(t *testing.T, contentType string, body io.Reader) map[string]string {
	t.Helper()
	found := map[string]string{}
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		mediaType, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(mediaType, "multipart/") {
			for k, v := range leaves(t, part.Header.Get("Content-Type"), part) {
				found[k] = v
			}
			continue
		}
		text, err := io.ReadAll(decoded(part))
		if err != nil {
			t.Fatal(err)
		}
		found[mediaType] = string(text)
	}
}

// The answers of a mail server, and what becomes of the message.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		answer      func(*server)
		again, dead bool
	}{
		{"mailbox full", func(s *server) { s.rcpt = &smtp.SMTPError{Code: 452, Message: "full"} }, true, false},
		{"no such mailbox", func(s *server) { s.rcpt = &smtp.SMTPError{Code: 550, Message: "unknown"} }, false, true},
		{"greylisted", func(s *server) { s.rcpt = &smtp.SMTPError{Code: 451, Message: "later"} }, true, false},
		{"taken for spam", func(s *server) { s.data = &smtp.SMTPError{Code: 554, Message: "spam"} }, false, true},
		{"disk full", func(s *server) { s.data = &smtp.SMTPError{Code: 452, Message: "disk"} }, true, false},
		{"connection breaks off", func(s *server) { s.drop = true }, true, false},
		{"our own address refused", func(s *server) { s.from = &smtp.SMTPError{Code: 550, Message: "not you"} }, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv := startServer(t, "", nil)
			p := newPost(t, "smtp://"+srv.addr+"?starttls=never", nil)
			key := p.enqueue(t, letter())
			srv.answer(c.answer)
			err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key})
			if (err != nil) != c.again {
				t.Errorf("asks for another attempt: %v, want %v", err, c.again)
			}
			if err != nil && strings.Contains(err.Error(), "ines@") {
				t.Errorf("the job's error names the person: %v", err)
			}
			got := p.stored(t, key)
			if !got.SentAt.IsZero() || got.DeadAt.IsZero() == c.dead || got.LastError == "" {
				t.Errorf("stored: sent %v, dead %v, error %q", got.SentAt, got.DeadAt, got.LastError)
			}
			srv.answer(func(s *server) { s.rcpt, s.data, s.from, s.drop = nil, nil, nil, false })
			if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err != nil {
				t.Fatal(err)
			}
			if sent := len(srv.mails()) == 1; sent == c.dead {
				t.Errorf("arrived once the server is well: %v", sent)
			}
		})
	}
}

// The server is down for a day. What is still of use arrives the next morning, once; a code that ran out does not.
func TestServerDownForADay(t *testing.T) {
	t.Parallel()
	first := startServer(t, "", nil)
	addr := first.addr
	p := newPost(t, "smtp://"+addr+"?starttls=never", nil)
	first.close(t)
	confirmation := p.enqueue(t, letter())
	code := letter()
	code.Kind, code.Secret, code.Until = "sign_in_code", true, day.Add(15*time.Minute)
	signIn := p.enqueue(t, code)
	tries := 0
	for hour := range 24 {
		p.now = day.Add(time.Duration(hour) * time.Hour)
		ran, _ := p.runner.RunDue(t.Context())
		tries += ran
	}
	if got := p.stored(t, confirmation); got.Attempts < 5 || got.Attempts >= tries || !got.SentAt.IsZero() || got.LastError == "" {
		t.Fatalf("after a day: %d attempts of %d jobs, sent %v, error %q", got.Attempts, tries, got.SentAt, got.LastError)
	}
	srv := startServer(t, addr, nil)
	p.now = day.Add(30 * time.Hour) // the pauses grow to six hours
	p.work(t, 1)
	if took := srv.mails(); len(took) != 1 {
		t.Fatalf("arrived: %d, want the confirmation alone", len(took))
	}
	if got := p.stored(t, confirmation); !got.SentAt.Equal(p.now) || got.LastError != "" {
		t.Errorf("confirmation: sent %v after %d attempts, error %q", got.SentAt, got.Attempts, got.LastError)
	}
	if got := p.stored(t, signIn); got.DeadAt.IsZero() || got.Text != "" || got.HTML != "" {
		t.Errorf("code: dead %v, text %q", got.DeadAt, got.Text)
	}
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: confirmation}); err != nil || len(srv.mails()) != 1 {
		t.Errorf("a job that runs twice sent again (%v)", err)
	}
}

func TestGivenUpAfterFiveDays(t *testing.T) {
	t.Parallel()
	srv := startServer(t, "", nil)
	p := newPost(t, "smtp://"+srv.addr+"?starttls=never", nil)
	srv.close(t)
	key := p.enqueue(t, letter())
	p.now = day.Add(5*24*time.Hour + time.Second)
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err != nil {
		t.Fatal(err)
	}
	if got := p.stored(t, key); got.DeadAt.IsZero() || !strings.HasPrefix(got.LastError, "given up") {
		t.Errorf("dead %v, error %q", got.DeadAt, got.LastError)
	}
}

// The process dies after the server took the message and before that was written down: the second sending is recognisable.
func TestSecondSendingHasTheSameMessageID(t *testing.T) {
	t.Parallel()
	srv := startServer(t, "", nil)
	p := newPost(t, "smtp://"+srv.addr+"?starttls=never", nil)
	key := p.enqueue(t, letter())
	other := p.enqueue(t, letter())
	for range 2 {
		if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err != nil {
			t.Fatal(err)
		}
		p.db.MustExec(`UPDATE mail SET sent_at = NULL WHERE id = $1`, key)
	}
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: other}); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range srv.mails() {
		msg, err := netmail.ReadMessage(strings.NewReader(m.raw))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, msg.Header.Get("Message-Id"))
	}
	if len(ids) != 3 || ids[0] != ids[1] || ids[0] == ids[2] || !strings.HasSuffix(ids[0], "@joetz.be>") {
		t.Errorf("Message-IDs: %q", ids)
	}
}

func TestSecretIsForgottenOnceSent(t *testing.T) {
	t.Parallel()
	srv := startServer(t, "", nil)
	p := newPost(t, "smtp://"+srv.addr+"?starttls=never", nil)
	m := letter()
	m.Secret, m.Text = true, "Je code is 482 913"
	key := p.enqueue(t, m)
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err != nil {
		t.Fatal(err)
	}
	if got := srv.mails(); !strings.Contains(got[0].raw, "482 913") {
		t.Fatal("the code did not arrive")
	}
	if got := p.stored(t, key); got.Text != "" || got.HTML != "" {
		t.Errorf("the code stayed in the table: %q", got.Text)
	}
}

func TestWithoutServerNothingLeaves(t *testing.T) {
	t.Parallel()
	p := newPost(t, "", nil)
	key := p.enqueue(t, letter())
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err != nil {
		t.Fatal(err)
	}
	got := p.stored(t, key)
	if !got.SentAt.IsZero() || got.Text != letter().Text {
		t.Errorf("sent %v, text %q", got.SentAt, got.Text)
	}
	list, err := p.outbox.Latest(t.Context(), p.db, 0, 10)
	if err != nil || len(list) != 1 || list[0].Subject != letter().Subject {
		t.Errorf("list: %v (%v)", list, err)
	}
}

func TestHeaderInjectionIsRefused(t *testing.T) {
	t.Parallel()
	p := newPost(t, "", nil)
	for name, change := range map[string]func(*mail.Message){
		"subject":   func(m *mail.Message) { m.Subject = "Hallo\r\nBcc: alle@example.be" },
		"name":      func(m *mail.Message) { m.To.Name = "Jan\nBcc: alle@example.be" },
		"address":   func(m *mail.Message) { m.To.Email = "a@b.be\r\nBcc: alle@example.be" },
		"two":       func(m *mail.Message) { m.To.Email = "a@b.be, c@d.be" },
		"named":     func(m *mail.Message) { m.To.Email = "Jan <a@b.be>" },
		"no domain": func(m *mail.Message) { m.To.Email = "jan" },
		"two signs": func(m *mail.Message) { m.To.Email = "jan@@example.be" },
		"attachment": func(m *mail.Message) {
			m.Attachments = []mail.Attachment{{Name: "a\r\nb", Type: "text/plain", Content: []byte("x")}}
		},
		"empty": func(m *mail.Message) { m.Text = "" },
		"both ways": func(m *mail.Message) {
			m.Attachments = []mail.Attachment{{Name: "a", Type: "text/plain", Content: []byte("x"), Invoice: 1}}
		},
		"broken utf8": func(m *mail.Message) { m.Subject = "Hallo \xff" },
	} {
		m := letter()
		change(&m)
		err := pg.InTx(t.Context(), p.db, func(tx *sqlx.Tx) error {
			_, err := p.outbox.EnqueueTx(t.Context(), tx, m)
			return err
		})
		if !errors.Is(err, mail.ErrMessage) {
			t.Errorf("%s: got %v, want ErrMessage", name, err)
		}
	}
	var rows int
	if err := p.db.Get(&rows, `SELECT (SELECT count(*) FROM mail) + (SELECT count(*) FROM job)`); err != nil || rows != 0 {
		t.Errorf("rows and jobs: %d (%v)", rows, err)
	}
}

func TestStartTLSAndPassword(t *testing.T) {
	t.Parallel()
	serverTLS, clientTLS := certificate(t)
	srv := startServer(t, "", serverTLS)
	p := newPost(t, "smtp://shop:geheim@"+srv.addr, clientTLS)
	key := p.enqueue(t, letter())
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err != nil {
		t.Fatalf("%v: %s", err, p.stored(t, key).LastError)
	}
	if len(srv.mails()) != 1 || srv.user != "shop" {
		t.Errorf("took %d, user %q", len(srv.mails()), srv.user)
	}
	wrong, err := mail.ParseSMTP("smtp://shop:fout@"+srv.addr, clientTLS)
	if err != nil {
		t.Fatal(err)
	}
	p.sender.SMTP = wrong
	key = p.enqueue(t, letter())
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err == nil || !p.stored(t, key).DeadAt.IsZero() {
		t.Errorf("a wrong password of ours must not lose the message: %v", err)
	}
}

// A server without STARTTLS gets nothing unless the address says so.
func TestPlainServerIsRefused(t *testing.T) {
	t.Parallel()
	srv := startServer(t, "", nil)
	p := newPost(t, "smtp://"+srv.addr, nil)
	key := p.enqueue(t, letter())
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err == nil || len(srv.mails()) != 0 {
		t.Errorf("sent without TLS (%v)", err)
	}
}

func TestParseSMTP(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"smtp://u:p@mail.example.be":                true,
		"smtps://u:p@mail.example.be:465":           true,
		"smtp://127.0.0.1:25?starttls=never":        true,
		"smtp://u:p@mail.example.be?starttls=never": false,
		"smtps://mail.example.be?starttls=never":    false,
		"http://mail.example.be":                    false,
		"mail.example.be:587":                       false,
		"smtp://":                                   false,
		"":                                          false,
	} {
		if _, err := mail.ParseSMTP(address, nil); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		} else if err != nil && strings.Contains(err.Error(), "u:p") {
			t.Errorf("%q: the error shows the password: %v", address, err)
		}
	}
}

// A job that runs again, because its end was lost, writes the same letter once; another job writes its own.
func TestAJobWritesALetterOnce(t *testing.T) {
	t.Parallel()
	p := newPost(t, "", nil)
	runs := 0
	queue.Handle(p.runner, func(ctx context.Context, _ writing) error {
		err := pg.InTx(ctx, p.db, func(tx *sqlx.Tx) error {
			_, err := p.outbox.EnqueueTx(ctx, tx, mail.Message{Kind: "test", Lang: "nl", To: mail.Address{Email: "an@example.be"}, Subject: "Dag An", Text: "tot ziens", HTML: "<p>tot ziens</p>",
				Attachments: []mail.Attachment{{Name: "a.txt", Type: "text/plain", Content: []byte("x")}}})
			return err
		})
		if runs++; err == nil && runs%2 == 1 {
			return errors.New("the end is lost")
		}
		return err
	})
	for range 2 {
		if err := pg.InTx(t.Context(), p.db, func(tx *sqlx.Tx) error { return queue.InsertTx(t.Context(), tx, writing{}) }); err != nil {
			t.Fatal(err)
		}
		_, _ = p.runner.RunDue(t.Context()) // it fails once
		p.now = p.now.Add(time.Hour)
		if _, err := p.runner.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var mails, files int
	if err := p.db.QueryRow(`SELECT (SELECT count(*) FROM mail), (SELECT count(*) FROM mail_attachment)`).Scan(&mails, &files); err != nil || mails != 2 || files != 2 || runs != 4 {
		t.Errorf("%d letters with %d files in %d runs: %v", mails, files, runs, err)
	}
}

type writing struct{}

func (writing) Kind() string { return "test.writing" }
