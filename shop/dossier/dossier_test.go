package dossier_test

import (
	"errors"
	"testing"
	"time"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/dossier"
	"joetz/shop/find/findtest"
	"joetz/shop/mail"
)

// A note about a family is on all its orders and on nobody else's; who puts a note on top or lets it go is kept, once per
// change; and an address that no mail reaches is on the worklist until it works or the family has another one.
func TestNotesAndAddresses(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	db.SetMaxOpenConns(1) // the kit sets the session's role
	findtest.Many(t, db, 100)
	if _, err := db.Exec(`INSERT INTO staff (email, name, password_hash, created_at) VALUES ('bo@example.be', 'Bo', 'x', now())`); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2027, 6, 1, 9, 0, 0, 0, time.UTC) }
	s := &dossier.Service{DB: db, Now: now}
	if err := s.WriteFamily(t.Context(), 1, 7, "Belt liefst na 17 uur", false); err != nil {
		t.Fatal(err)
	}
	notes, err := s.Notes(t.Context(), 7)
	if err != nil || len(notes) != 1 || notes[0].Guardian != 7 {
		t.Fatalf("%+v %v", notes, err)
	}
	if other, err := s.Notes(t.Context(), 8); err != nil || len(other) != 0 {
		t.Errorf("another family's order shows %+v %v", other, err)
	}
	if err := s.PinFamily(t.Context(), 1, 8, notes[0].ID, true); !errors.Is(err, dossier.ErrNoNote) {
		t.Errorf("pinned on another family: %v", err)
	}
	for _, pinned := range []bool{true, true, false} {
		if err := s.Pin(t.Context(), 1, 7, notes[0].ID, pinned); err != nil {
			t.Fatal(err)
		}
	}
	pins, err := s.Pins(t.Context(), 7)
	if err != nil || len(pins) != 2 || pins[0].Pinned || !pins[1].Pinned || pins[0].By != "Bo" {
		t.Errorf("%+v %v", pins, err)
	}

	outbox := &mail.Outbox{Now: now}
	bounced := func() int {
		t.Helper()
		found, err := s.Bounced(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return found.Total
	}
	if err := outbox.Bounced(t.Context(), db, "Ouder7@example.be", "kwam terug", 1); err != nil {
		t.Fatal(err)
	}
	if bounced() != 1 {
		t.Error("the worklist does not ask for another address")
	}
	if _, err := db.Exec(`UPDATE guardian SET email = 'nieuw@example.be' WHERE id = 7`); err != nil {
		t.Fatal(err)
	}
	if bounced() != 0 {
		t.Error("a family with a new address is still asked for one")
	}
}
