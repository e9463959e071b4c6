package find_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/find"
	"joetz/shop/find/findtest"
)

func small(t testing.TB) (*find.Service, *sqlx.DB) {
	t.Helper()
	db := pgtest.New(t)
	db.SetMaxOpenConns(1) // the kit sets the session's role
	findtest.Many(t, db, 2000)
	return &find.Service{DB: db}, db
}

func exec(t *testing.T, db *sqlx.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

// Family 700 by every fragment of what is known about it, in whatever notation.
func TestAnyFragment(t *testing.T) {
	t.Parallel()
	s, db := small(t)
	exec(t, db, `UPDATE guardian SET first_name = 'Özgür', last_name = 'Yıldız-O’Brien', email = 'ozgur.y@voorbeeld.be', phone = '+32 470 98 76 54', street = 'Łódźstraat 12', city = 'Sint-Niklaas' WHERE id = 700`)
	exec(t, db, `UPDATE participant SET first_name = 'Aïcha' WHERE id = 1399`)
	exec(t, db, `UPDATE holiday SET title = 'Knolpower in Bütgenbach', code = 'KB9' WHERE id = (SELECT holiday_id FROM departure d JOIN booking b ON b.departure_id = d.id WHERE b.participant_id = 1399)`)
	for _, text := range []string{
		"Ozgur", "özgür", "ÖZGÜR", "zgü", "yildiz", "Yıldız", "o'brien", "brien ozgur", "ozgur.y@voorbeeld.be", "voorbeeld", "y@voor",
		"0470987654", "0470/98.76.54", "+32 470 98 76 54", "0032 470 987654", "470 98 76", "9876",
		"lodz", "Łódźstraat 12", "sint niklaas", "sint-nik",
		"V1000700", "v1000700", "1000700", "+++000/1000/70097+++", "000/1000/70097", "000100070097",
		"V-2027-00700", "v-2027-00700",
		"Aicha", "aïcha ozgur", "knolpower", "butgenbach aicha", "KB9 ozgur",
	} {
		r, err := s.Search(t.Context(), text, 250)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(r.Families, func(f find.Family) bool { return f.Guardian == 700 }) {
			t.Errorf("%q does not find the family; found %d", text, len(r.Families))
		}
	}
	for _, text := range []string{"ozgur zzz", "%", "_", "Aicha 0470111111", `\`, "☺"} {
		r, err := s.Search(t.Context(), text, 30)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if len(r.Families) > 0 {
			t.Errorf("%q finds %d families", text, len(r.Families))
		}
	}
	if r, err := s.Search(t.Context(), "knolpower", 30); err != nil || len(r.Departures) == 0 {
		t.Errorf("departures: %+v %v", r.Departures, err)
	}
}

// Better fits come first: a number of its own, then whole words, then beginnings, then anything.
func TestBestFirst(t *testing.T) {
	t.Parallel()
	s, db := small(t)
	exec(t, db, `UPDATE guardian SET last_name = 'Quaan' WHERE id = 10`)
	exec(t, db, `UPDATE guardian SET last_name = 'Quaanders' WHERE id = 20`)
	exec(t, db, `UPDATE guardian SET last_name = 'Vanquaan' WHERE id = 30`)
	exec(t, db, `UPDATE guardian SET email = 'quaan' WHERE id = 40`)
	r, err := s.Search(t.Context(), "QUAAN", 30)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.Families {
		got = append(got, fmt.Sprintf("%d:%d", f.Guardian, f.Rank))
	}
	if want := "40:0 10:1 20:2 30:3"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// One and two letters find too, and say that there is more; nothing typed lists who booked last.
func TestShortFragments(t *testing.T) {
	t.Parallel()
	s, db := small(t)
	exec(t, db, `UPDATE guardian SET last_name = 'Xq' WHERE id = 55`)
	for text, more := range map[string]bool{"e": true, "pe": true, "xq": false, "": true} {
		r, err := s.Search(t.Context(), text, 30)
		if err != nil || len(r.Families) == 0 || r.More != more {
			t.Errorf("%q: %d families, more %v (%v)", text, len(r.Families), r.More, err)
		}
	}
	r, err := s.Search(t.Context(), "", 5)
	if err != nil || r.Families[0].Guardian != 1000 || len(r.Families[0].Children) != 2 || len(r.Families[0].Bookings) != 2 {
		t.Errorf("newest: %+v %v", r.Families, err)
	}
}

// The stored text follows each table that it comes from, also when two write about one family at once.
func TestTextFollows(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	s := &find.Service{DB: db}
	exec(t, db, `INSERT INTO guardian (email, created_at) VALUES ('nieuw@example.be', now())`)
	found := func(text string) bool {
		t.Helper()
		r, err := s.Search(t.Context(), text, 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(r.Families) == 1
	}
	if !found("nieuw@") {
		t.Error("a new guardian is not found")
	}
	exec(t, db, `INSERT INTO participant (first_name, last_name, born_on, created_at) SELECT 'Kind' || n, 'X', '2015-01-01', now() FROM generate_series(1, 2) n`)
	first, err := db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	second, err := db.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	for i, tx := range []*sqlx.Tx{first, second} {
		if _, err := tx.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES (1, $1)`, i+1); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error)
	go func() { done <- first.Commit() }()
	if err := second.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !found("kind1 kind2") {
		t.Error("of two who wrote at once one is not found")
	}
	exec(t, db, `UPDATE participant SET first_name = 'Anders' WHERE id = 1`)
	if found("kind1") || !found("anders") {
		t.Error("a child's new name is not followed")
	}
	exec(t, db, `DELETE FROM guardianship WHERE participant_id = 2`)
	if found("kind2") {
		t.Error("a child that left the family is found")
	}
}

// A family is found by who else pays its order, by both parents' names for a child after a correction, and no longer by a payer
// whose name was wiped.
func TestPayerAndBothParents(t *testing.T) {
	t.Parallel()
	s, db := small(t)
	found := func(text string, families ...int) {
		t.Helper()
		r, err := s.Search(t.Context(), text, 30)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, f := range r.Families {
			got = append(got, int(f.Guardian))
		}
		slices.Sort(got)
		if !slices.Equal(got, families) {
			t.Errorf("%q finds %v, want %v", text, got, families)
		}
	}
	exec(t, db, `INSERT INTO payer (guardian_id, name, email, street, postal_code, city, country, reference, created_at) VALUES (12, 'Oma Quibus', 'oma@voorbeeld.be', 'Lei 1', '2000', 'Antwerpen', 'BE', 'DOSSIER-77', now())`)
	found("quibus")
	exec(t, db, `UPDATE booking_order SET payer_id = (SELECT max(id) FROM payer) WHERE guardian_id = 12`)
	found("oma quibus", 12)
	found("dossier-77", 12)
	exec(t, db, `UPDATE payer SET name = '', email = '', street = '', reference = '', wiped_at = now()`)
	found("quibus")
	exec(t, db, `INSERT INTO guardianship (guardian_id, participant_id) VALUES (13, 23)`)
	exec(t, db, `UPDATE participant SET first_name = 'Xaviera', last_name = 'Quibuske' WHERE id = 23`)
	found("xaviera quibuske", 12, 13)
}
