package circular_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/circular"
	"joetz/shop/find/findtest"
	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/terms/fault"
	"joetz/terms/id"
)

var now = time.Date(2027, 6, 1, 9, 0, 0, 0, time.UTC)

func office(t *testing.T) (*circular.Service, *sqlx.DB, id.Departure) {
	t.Helper()
	db := pgtest.New(t)
	db.SetMaxOpenConns(1) // the kit sets the session's role
	findtest.Many(t, db, 400)
	db.SetMaxOpenConns(8)
	if _, err := db.Exec(`INSERT INTO staff (email, name, password_hash, created_at) VALUES ('bo@example.be', 'Bo', 'x', now())`); err != nil {
		t.Fatal(err)
	}
	var d id.Departure
	if err := db.Get(&d, `SELECT departure_id FROM booking WHERE status = 'placed' GROUP BY departure_id ORDER BY count(*) DESC, 1 LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return now }
	outbox := &mail.Outbox{From: mail.Address{Name: "JOETZ", Email: "info@joetz.be"}, Head: letters.Letterhead{Brand: "JOETZ", Name: "JOETZ vzw", Email: "info@joetz.be"}, Now: clock}
	return &circular.Service{DB: db, Now: clock, Outbox: outbox}, db, d
}

var words = circular.Words{SubjectNL: "Pak de koffer voor {vakantie}", BodyNL: "Dag {naam},\n\n{kind} vertrekt op {van} in {opstapplaats}. Open: {open}. {boeking}"}

// Two processes send at once, and once more afterwards: each family has one mail; a bounced address none.
func TestEachFamilyOnce(t *testing.T) {
	t.Parallel()
	s, db, d := office(t)
	all, err := s.Families(t.Context(), d, circular.Audience{})
	if err != nil || len(all) < 3 {
		t.Fatal(len(all), err)
	}
	if err := s.Outbox.Bounced(t.Context(), db, strings.ToUpper(all[0].Email), "550 unknown", 1); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Keep(t.Context(), 1, "Koffer", words); err != nil {
			t.Fatal(err)
		}
	}
	key, err := s.Draft(t.Context(), 1, d, words, circular.Audience{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(t.Context(), key, len(all)); !errors.Is(err, circular.ErrChanged) {
		t.Fatalf("confirmed another number: %v", err)
	}
	if err := s.Send(t.Context(), circular.SendArgs{Letter: key}); err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(t.Context(), key, len(all)-1); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, `SELECT coalesce(max(version), 0) FROM circular WHERE id = $1`, int64(key)); n != 2 {
		t.Errorf("version %d of the kept letter is recorded, want 2", n)
	}
	if err := s.Confirm(t.Context(), key, len(all)-1); !errors.Is(err, circular.ErrSent) {
		t.Errorf("confirmed twice: %v", err)
	}
	if err := s.Change(t.Context(), key, words, circular.Audience{}); !errors.Is(err, circular.ErrSent) {
		t.Errorf("changed on its way: %v", err)
	}
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			if err := s.Send(t.Context(), circular.SendArgs{Letter: key}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	var mails, families int
	if err := db.QueryRow(`SELECT count(*), count(DISTINCT order_id) FROM mail WHERE kind = 'circular'`).Scan(&mails, &families); err != nil {
		t.Fatal(err)
	}
	p, err := s.ProgressOf(t.Context(), key)
	if err != nil || mails != len(all)-1 || families != mails || p != (circular.Progress{Written: mails, LeftOut: 1}) {
		t.Errorf("%d mails to %d families of %d; %+v (%v)", mails, families, len(all), p, err)
	}
}

// Families that somebody picked get the letter and nobody else does: on one departure, and on any; also one whose child goes no
// more. Which kept letter it was, and in which version, stands with each family's mail.
func TestPickedFamilies(t *testing.T) {
	t.Parallel()
	s, db, d := office(t)
	all, err := s.Families(t.Context(), d, circular.Audience{})
	if err != nil || len(all) < 3 {
		t.Fatal(len(all), err)
	}
	var gone id.Order // on another departure, and cancelled
	if err := db.Get(&gone, `SELECT order_id FROM booking WHERE departure_id <> $1 AND status = 'placed' AND order_id NOT IN (SELECT order_id FROM booking WHERE departure_id = $1) ORDER BY id LIMIT 1`, d); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE booking SET status = 'cancelled', cancelled_at = $2, cancelled_by = 'customer' WHERE order_id = $1`, gone, now); err != nil {
		t.Fatal(err)
	}
	send := func(d id.Departure, orders ...id.Order) circular.ID {
		t.Helper()
		key, err := s.Draft(t.Context(), 1, d, words, circular.Audience{Orders: orders})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Confirm(t.Context(), key, len(orders)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Send(t.Context(), circular.SendArgs{Letter: key}); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, db, `SELECT count(*) FROM circular_recipient WHERE circular_id = $1 AND mail_id IS NOT NULL`, int64(key)); n != len(orders) {
			t.Errorf("%d of %d got it", n, len(orders))
		}
		return key
	}
	if err := s.Keep(t.Context(), 1, "Koffer", words); err != nil {
		t.Fatal(err)
	}
	send(d, all[0].Order, all[2].Order)
	any := send(0, all[1].Order, gone)
	if n := count(t, db, `SELECT count(*) FROM mail WHERE kind = 'circular'`); n != 4 {
		t.Errorf("%d mails", n)
	}
	mails, err := s.Outbox.OfOrder(t.Context(), db, gone)
	if err != nil || len(mails) == 0 || mails[len(mails)-1].Letter != "Koffer" || mails[len(mails)-1].Version != 1 {
		t.Errorf("in its history: %+v %v", mails, err)
	}
	if earlier, err := s.Of(t.Context(), 0); err != nil || len(earlier) != 1 || earlier[0].ID != any {
		t.Errorf("letters to families of any departure: %+v %v", earlier, err)
	}
	for _, d := range []id.Departure{0, d} { // everybody unticked is nobody
		if _, err := s.Draft(t.Context(), 1, d, words, circular.Audience{Orders: []id.Order{}}); fault.Of(err) == nil || fault.Of(err).Fields["kies"] == "" {
			t.Errorf("to nobody on %d: %v", d, err)
		}
	}
	if _, err := s.Draft(t.Context(), 1, d, words, circular.Audience{Orders: make([]id.Order, circular.MostPicked+1)}); fault.Of(err) == nil {
		t.Error("too many are taken")
	}
}

// What is filled in is the family's own, and is never read as a place again.
func TestPlaces(t *testing.T) {
	t.Parallel()
	s, db, d := office(t)
	if _, err := db.Exec(`UPDATE participant SET first_name = '{open}' WHERE id IN (SELECT participant_id FROM booking WHERE departure_id = $1)`, d); err != nil {
		t.Fatal(err)
	}
	all, err := s.Families(t.Context(), d, circular.Audience{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Preview(t.Context(), circular.Letter{Words: words}, all[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"{open}", "in Gent", "2027", all[0].Reference} {
		if !strings.Contains(r.Text, want) {
			t.Errorf("does not say %q: %s", want, r.Text)
		}
	}
	if !strings.HasPrefix(r.Subject, "Pak de koffer voor Vakantie") {
		t.Error(r.Subject)
	}
	for _, wrong := range []circular.Words{{}, {SubjectNL: "x", BodyNL: "{medisch}"}, {SubjectNL: "x\ny", BodyNL: "y"}, {SubjectNL: "x", BodyNL: "y", SubjectEN: "z"}} {
		if _, err := s.Draft(t.Context(), 1, d, wrong, circular.Audience{}); fault.Of(err) == nil {
			t.Errorf("took %+v: %v", wrong, err)
		}
	}
	for range 2 {
		if err := s.Keep(t.Context(), 1, "Koffer", words); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := s.Templates(t.Context()); err != nil || len(kept) != 1 || kept[0].Version != 2 {
		t.Errorf("%+v %v", kept, err)
	}
}
