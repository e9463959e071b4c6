package mail_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"joetz/shop/mail"
	"joetz/terms/id"
)

// What a mail server says about an address is kept with its code: 550 at the recipient for good, 451 not at all, a refusal by
// policy or of the words not either. A colleague says that the address works again, and all of it is in its history.
func TestBouncesAreKeptByTheirCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer func(*server)
		code   int // of the bounce; 0 for none
	}{
		{"no such mailbox", func(s *server) {
			s.rcpt = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "unknown"}
		}, 550},
		{"greylisted", func(s *server) { s.rcpt = &smtp.SMTPError{Code: 451, Message: "later"} }, 0},
		{"refused by policy", func(s *server) {
			s.rcpt = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "your network"}
		}, 0},
		{"taken for spam", func(s *server) { s.data = &smtp.SMTPError{Code: 554, Message: "spam"} }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv := startServer(t, "", nil)
			p := newPost(t, "smtp://"+srv.addr+"?starttls=never", nil)
			m := letter()
			key := p.enqueue(t, m)
			srv.answer(c.answer)
			for range 2 {
				_ = p.sender.Send(t.Context(), mail.SendArgs{Mail: key})
			}
			got, err := p.outbox.BouncesOf(t.Context(), p.db, m.To.Email)
			if err != nil {
				t.Fatal(err)
			}
			if c.code == 0 {
				if len(got) != 0 {
					t.Errorf("%+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Code != c.code || got[0].Kind != "bounced" || got[0].By != 0 {
				t.Fatalf("%+v", got)
			}
			if _, err := p.db.Exec(`INSERT INTO staff (email, name, password_hash, created_at) VALUES ('bo@example.be', 'Bo', 'x', now())`); err != nil {
				t.Fatal(err)
			}
			for range 2 { // saying it twice is once
				if err := p.outbox.Reachable(t.Context(), p.db, m.To.Email, "gebeld", 1); err != nil {
					t.Fatal(err)
				}
			}
			if got, err = p.outbox.BouncesOf(t.Context(), p.db, m.To.Email); err != nil || len(got) != 2 || got[0].Kind != "reachable" || got[0].By != 1 || got[0].Why != "gebeld" {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
}

// order adds an order of one parent, which gets the number 1 as everything here.
func (p *post) order(t *testing.T) {
	t.Helper()
	tx, err := p.db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO staff (email, name, password_hash, created_at) VALUES ('bo@example.be', 'Bo', 'x', now())`,
		`INSERT INTO guardian (email, created_at) VALUES ('ouder@example.be', now())`,
		`INSERT INTO policy (hash, version, document, first_at) VALUES ('x', 'x', '', now())`,
		`INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code, payer_city, payer_country, payer_phone, instalments, payment_method, policy_hash, terms_accepted_at)
			VALUES ('V1000001', '100000100097', 1, now(), 'Ines Maes', 'ines@example.be', 'x', '1000', 'Gent', 'BE', '0470 12 34 56', 1, 'transfer', 'x', now())`,
	} {
		if _, err := tx.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// A mail that was given up is sent again by one of two colleagues, once, with its words; a mail that left is not.
func TestDeadMailIsSentAgainOnce(t *testing.T) {
	t.Parallel()
	srv := startServer(t, "", nil)
	p := newPost(t, "smtp://"+srv.addr+"?starttls=never", nil)
	p.order(t)
	m := letter()
	m.Order = id.Order(1)
	key := p.enqueue(t, m)
	if _, err := p.outbox.Resend(t.Context(), p.db, key, 1); !errors.Is(err, mail.ErrHandled) {
		t.Errorf("a mail that waits was sent again: %v", err)
	}
	srv.answer(func(s *server) { s.data = &smtp.SMTPError{Code: 554, Message: "spam"} })
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err != nil {
		t.Fatal(err)
	}
	dead, err := p.outbox.DeadSince(t.Context(), p.db, time.Time{}, 10)
	if err != nil || len(dead) != 1 || dead[0].ID != key || dead[0].Phone != "0470 12 34 56" {
		t.Fatalf("%+v %v", dead, err)
	}
	srv.answer(func(s *server) { s.data = nil })
	var wait sync.WaitGroup
	var mu sync.Mutex
	var fresh []id.Mail
	for range 2 {
		wait.Go(func() {
			again, err := p.outbox.Resend(t.Context(), p.db, key, 1)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				fresh = append(fresh, again)
			} else if !errors.Is(err, mail.ErrHandled) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if len(fresh) != 1 {
		t.Fatalf("%d sent it again", len(fresh))
	}
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: fresh[0]}); err != nil {
		t.Fatal(err)
	}
	if got := srv.mails(); len(got) != 1 || p.stored(t, fresh[0]).Text != p.stored(t, key).Text {
		t.Errorf("%d arrived", len(got))
	}
	if dead, err = p.outbox.DeadSince(t.Context(), p.db, time.Time{}, 10); err != nil || len(dead) != 0 {
		t.Errorf("still to do: %+v %v", dead, err)
	}
}
