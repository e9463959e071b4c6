package catalogue_test

import (
	"testing"
	"time"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/catalogue"
	"joetz/shop/find/findtest"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Three weeks before, a departure with children asks for a team, and then for somebody who leads it. Who works here no longer
// and who may not lead does not count.
func TestADepartureWithoutATeam(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	db.SetMaxOpenConns(1) // the kit sets the session's role
	findtest.Many(t, db, 40)
	var d struct {
		ID       id.Departure `db:"departure_id"`
		StartsOn civil.Date   `db:"starts_on"`
	}
	if err := db.Get(&d, `SELECT b.departure_id, d.starts_on FROM booking b JOIN departure d ON d.id = b.departure_id WHERE b.status = 'placed' ORDER BY b.id LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	at := d.StartsOn.AddDays(-22)
	s := &catalogue.Service{DB: db, Now: func() time.Time { return at.Start().Add(9 * time.Hour) }}
	asks := func(want string) {
		t.Helper()
		found, err := s.NoTeam(t.Context(), 500)
		if err != nil || found.Total != len(found.Items) {
			t.Fatal(found.Total, err)
		}
		got := ""
		for _, i := range found.Items {
			if i.Departure == d.ID {
				got = i.Note
			}
		}
		if got != want {
			t.Errorf("on %s it asks %q, want %q", at, got, want)
		}
	}
	do := func(query string, args ...any) {
		t.Helper()
		if _, err := db.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	asks("")
	at = d.StartsOn.AddDays(-21)
	asks("worklist.note.team_nobody")
	do(`INSERT INTO staff (id, email, name, password_hash, created_at) OVERRIDING SYSTEM VALUE VALUES (901, 'an@example.be', 'An', 'x', now()), (902, 'li@example.be', 'Li', 'x', now())`)
	do(`INSERT INTO staff_role (staff_id, role) VALUES (901, 'animator'), (902, 'lead')`)
	do(`INSERT INTO assignment (staff_id, departure_id, lead) VALUES (901, $1, true)`, d.ID) // who may not lead does not
	asks("worklist.note.team_nobody_leads")
	do(`INSERT INTO assignment (staff_id, departure_id, lead) VALUES (902, $1, true)`, d.ID)
	asks("")
	do(`UPDATE staff SET active = false WHERE id = 902`)
	asks("worklist.note.team_nobody_leads")
	do(`UPDATE assignment SET removed_at = now() WHERE staff_id = 901`)
	asks("worklist.note.team_nobody")
	at = d.StartsOn.AddDays(1)
	asks("")
}
