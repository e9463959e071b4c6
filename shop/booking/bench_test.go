package booking_test

import (
	"testing"
	"time"

	"joetz/terms/civil"
)

// What opening a basket costs, with which each step of a booking begins.
func BenchmarkOpen(b *testing.B) {
	s := newShop(b)
	d := s.Departure(4, civil.Of(s.Clock.Now().Add(200*24*time.Hour)))
	token, err := s.Start(b.Context(), d, 2)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if c, err := s.Open(b.Context(), token); err != nil || len(c.Children) != 2 {
			b.Fatal(c, err)
		}
	}
}
