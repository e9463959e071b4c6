package mail_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/mail"
	"joetz/terms/id"
)

// A family that is forgotten leaves no words: what was sent is emptied at once, what waits in the moment that it leaves; another
// family's mail stays, until it is old.
func TestForgottenMailsAreEmpty(t *testing.T) {
	t.Parallel()
	srv := startServer(t, "", nil)
	p := newPost(t, "smtp://"+srv.addr+"?starttls=never", nil)
	m := letter()
	m.Attachments = []mail.Attachment{{Name: "brief-peeters.pdf", Type: "application/pdf", Content: []byte("%PDF-1.4")}}
	old, waiting := p.enqueue(t, m), p.enqueue(t, m)
	m.To.Email = "ander@example.be"
	other := p.enqueue(t, m)
	for _, key := range []any{old, other} {
		if _, err := p.db.Exec(`UPDATE mail SET sent_at = created_at WHERE id = $1`, key); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.outbox.Bounced(t.Context(), p.db, letter().To.Email, "kwam terug", 0); err != nil {
		t.Fatal(err)
	}
	forget := func(tx *sqlx.Tx) error { return p.outbox.ForgetTx(t.Context(), tx, letter().To.Email, nil) }
	if err := pg.InTx(t.Context(), p.db, forget); err != nil {
		t.Fatal(err)
	}
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: waiting}); err != nil {
		t.Fatal(err)
	}
	left := func() (n int) {
		t.Helper()
		if err := p.db.Get(&n, `SELECT count(*) FROM mail WHERE concat(to_name, subject, body_text, body_html) <> '' OR to_address <> 'gewist@example.invalid'`); err != nil {
			t.Fatal(err)
		}
		return n
	}
	var files []any
	if err := p.db.Select(&files, `SELECT mail_id FROM mail_attachment`); err != nil || len(files) != 1 || fmt.Sprint(files[0]) != fmt.Sprint(other) {
		t.Errorf("files of %v are left, only that of %v should, %v", files, other, err)
	}
	if _, err := p.db.Exec(`DELETE FROM mail_attachment`); err == nil {
		t.Error("a file of a mail that still has its words was removed")
	}
	if n := left(); n != 1 {
		t.Errorf("%d mails still say something, only the other family's should", n)
	}
	if len(srv.mails()) == 0 {
		t.Error("the mail that waited was never sent")
	}
	if history, err := p.outbox.BouncesOf(t.Context(), p.db, letter().To.Email); err != nil || len(history) != 0 {
		t.Errorf("%+v %v", history, err)
	}
	if n, err := p.outbox.ForgetOld(t.Context(), p.db, p.outbox.Now().Add(time.Hour)); err != nil || n != 1 || left() != 0 {
		t.Errorf("%d old mails emptied, %v", n, err)
	}
	if n, err := p.outbox.ForgetOld(t.Context(), p.db, p.outbox.Now().Add(time.Hour)); err != nil || n != 0 {
		t.Errorf("%d emptied twice, %v", n, err)
	}
}

// A mail that leaves while a family is forgotten is emptied too: whoever sends it has its row in hand, and commits before the
// forgetting does.
func TestAMailThatLeavesMeanwhileIsForgotten(t *testing.T) {
	t.Parallel()
	p := newPost(t, "smtp://127.0.0.1:1?starttls=never", nil)
	key := p.enqueue(t, letter())
	sending, err := p.db.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer sending.Rollback()
	if _, err := sending.Exec(`UPDATE mail SET sent_at = created_at WHERE id = $1`, key); err != nil {
		t.Fatal(err)
	}
	forgotten := make(chan error, 1)
	go func() {
		forgotten <- pg.InTx(t.Context(), p.db, func(tx *sqlx.Tx) error {
			return p.outbox.ForgetTx(t.Context(), tx, letter().To.Email, nil)
		})
	}()
	for waits := false; !waits; { // until it waits for that row
		select {
		case err := <-forgotten:
			t.Fatalf("it did not wait for the mail that is leaving: %v", err)
		default:
		}
		if err := p.db.Get(&waits, `SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database())`); err != nil {
			t.Fatal(err)
		}
	}
	if err := sending.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-forgotten; err != nil {
		t.Fatal(err)
	}
	var left int
	if err := p.db.Get(&left, `SELECT count(*) FROM mail WHERE concat(to_name, subject, body_text, body_html) <> '' OR to_address <> 'gewist@example.invalid'`); err != nil || left != 0 {
		t.Errorf("%d mails still say something, %v", left, err)
	}
}

// A letter that a job writes in the very moment in which its family is forgotten is not missed: the nightly job finds it by its
// order, lets it go out, and empties it.
func TestALetterWrittenMeanwhileIsForgotten(t *testing.T) {
	t.Parallel()
	srv := startServer(t, "", nil)
	p := newPost(t, "smtp://"+srv.addr+"?starttls=never", nil)
	p.order(t)
	m := letter()
	m.Order = id.Order(1)
	writing, err := p.db.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writing.Rollback() }() // nothing is left once it is committed
	key, err := p.outbox.EnqueueTx(t.Context(), writing, m)
	if err != nil {
		t.Fatal(err)
	}
	err = pg.InTx(t.Context(), p.db, func(tx *sqlx.Tx) error {
		if err := p.outbox.ForgetTx(t.Context(), tx, m.To.Email, []id.Order{1}); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE guardian SET email = 'gewist-1@example.invalid' WHERE id = 1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := writing.Commit(); err != nil {
		t.Fatal(err)
	}
	late := func() (n int64) {
		t.Helper()
		n, err := p.outbox.ForgetLate(t.Context(), p.db)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := late(); n != 0 {
		t.Errorf("%d mails emptied that nobody got", n)
	}
	if err := p.sender.Send(t.Context(), mail.SendArgs{Mail: key}); err != nil || len(srv.mails()) != 1 {
		t.Fatalf("%d mails arrived, %v", len(srv.mails()), err)
	}
	after := p.enqueue(t, m) // money that comes back later
	if _, err := p.db.Exec(`UPDATE mail SET sent_at = created_at WHERE id = $1`, after); err != nil {
		t.Fatal(err)
	}
	if n := late(); n != 1 {
		t.Errorf("%d mails emptied, want the later one", n)
	}
	var left int
	if err := p.db.Get(&left, `SELECT count(*) FROM mail WHERE concat(to_name, subject, body_text, body_html) <> '' OR to_address <> 'gewist@example.invalid'`); err != nil || left != 0 || late() != 0 {
		t.Errorf("%d mails still say something, %v", left, err)
	}
}
