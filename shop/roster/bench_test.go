package roster_test

import (
	"testing"

	"joetz/shop/roster"
	"joetz/terms/civil"
)

// Every list among 100,000 bookings: first pages and deep ones.
func BenchmarkLists(b *testing.B) {
	s := many(b, 100_000)
	for name, f := range map[string]roster.Filter{
		"newest": {}, "by name": {Sort: roster.ByName}, "by departure": {Sort: roster.ByDeparts, From: civil.Must(2027, 7, 5)},
		"late": {Late: true, Status: "going"}, "in review": {Status: "in_review"}, "cancelled by name": {Status: "cancelled", Sort: roster.ByName},
		"proofs by name": {Evidence: "awaited", Status: "going", Sort: roster.ByName},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f.After = ""
				p, err := s.Bookings(b.Context(), f)
				if err != nil || len(p.Rows) == 0 {
					b.Fatal(len(p.Rows), err)
				}
			}
		})
		b.Run(name+", page 20", func(b *testing.B) {
			f.After = ""
			for range 19 {
				p, err := s.Bookings(b.Context(), f)
				if err != nil {
					b.Fatal(err)
				}
				if p.Next == "" {
					break
				}
				f.After = p.Next
			}
			for b.Loop() {
				if _, err := s.Bookings(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("departures", func(b *testing.B) {
		for b.Loop() {
			if rows, _, err := s.Departures(b.Context(), roster.DepartureFilter{}); err != nil || len(rows) != roster.PerPage {
				b.Fatal(len(rows), err)
			}
		}
	})
	b.Run("booked departures to pick", func(b *testing.B) {
		for b.Loop() {
			f := roster.DepartureFilter{When: "leaving", Status: "published", Booked: true}
			if rows, _, err := s.Names(b.Context(), f, roster.PerPage); err != nil || len(rows) != roster.PerPage {
				b.Fatal(len(rows), err)
			}
		}
	})
	b.Run("families", func(b *testing.B) {
		for b.Loop() {
			if rows, _, err := s.Families(b.Context(), roster.FamilyFilter{Name: "Pee"}); err != nil || len(rows) != roster.PerPage {
				b.Fatal(len(rows), err)
			}
		}
	})
}
