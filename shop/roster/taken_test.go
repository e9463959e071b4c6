package roster_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/roster"
	"joetz/terms/id"
)

// Who took a list along stays known: newest first, each list its own, and nobody takes it back.
func TestTakenListsStayKnown(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var staff id.Staff
	if err := db.Get(&staff, `INSERT INTO staff (email, name, password_hash, created_at) VALUES ('kaat@example.be', 'Kaat', 'x', now()) RETURNING id`); err != nil {
		t.Fatal(err)
	}
	at := now
	s := &roster.Service{DB: db, Now: func() time.Time { at = at.Add(time.Minute); return at }}
	take := func(purpose string, d id.Departure, rows int) roster.Taken {
		one := roster.Taken{By: staff, Purpose: purpose, Departure: d, Rows: rows}
		if err := s.Take(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		one.Name, one.At = "Kaat", at
		return one
	}
	bus, money := take("bus", 7, 12), take("betaling", 7, 3)
	all, families := take("adressen", 0, 900), take(roster.Families, 0, 0)
	for range 4 {
		take("bus", 8, 1)
	}
	for _, c := range []struct {
		departure id.Departure
		families  bool
		want      []roster.Taken
	}{{7, false, []roster.Taken{money, bus}}, {0, false, []roster.Taken{all}}, {0, true, []roster.Taken{families}}, {9, false, []roster.Taken{}}} {
		got, err := s.LastTaken(t.Context(), c.departure, c.families)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("departure %d, families %t: %v\n%s", c.departure, c.families, err, diff)
		}
	}
	for _, query := range []string{`UPDATE list_file SET rows = 0`, `DELETE FROM list_file`} {
		if _, err := db.Exec(query); err == nil || !strings.Contains(err.Error(), "insert-only") {
			t.Errorf("%s: %v", query, err)
		}
	}
}
