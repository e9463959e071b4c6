package find_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/find"
	"joetz/shop/find/findtest"
)

// Every kind of fragment among 100,000 bookings of 50,000 families. SEARCH_PLAN=yes prints how PostgreSQL does it.
func BenchmarkSearch(b *testing.B) {
	db := pgtest.New(b)
	db.SetMaxOpenConns(1)
	findtest.Many(b, db, 100_000)
	s := &find.Service{DB: db}
	if os.Getenv("SEARCH_PLAN") == "yes" {
		for _, pattern := range []string{"% peeters %", "% pe%", "%ete%", "%zq%"} {
			var lines []string
			if err := db.Select(&lines, `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) SELECT guardian_id FROM search_entry WHERE words LIKE '`+pattern+`' LIMIT 200`); err != nil {
				b.Fatal(err)
			}
			fmt.Printf("%q\n%s\n", pattern, strings.Join(lines, "\n")) // b.Log is not shown for a benchmark that has parts
		}
	}
	for _, text := range []string{"V1034567", "0470 03 45 67", "+++000/1034/56797+++", "ouder34567@", "34567", "Peeters", "peeters emma kerkstraat", "ozgur yildiz", "ete", "e", "pe", "eu", "zq", "zzzz", "V-2027-34567", "vakantie 77", ""} {
		b.Run(strings.ReplaceAll(text, "/", "."), func(b *testing.B) {
			for b.Loop() {
				r, err := s.Search(b.Context(), text, 30)
				if err != nil {
					b.Fatal(err)
				}
				if len(r.Families) == 0 && text[0] != 'z' {
					b.Fatalf("%q finds nothing", text)
				}
			}
		})
	}
}
