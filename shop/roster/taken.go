package roster

import (
	"context"
	"time"

	"joetz/terms/id"
)

// Families is the purpose of a file of the list of families.
const Families = "gezinnen"

// Taken is a list that somebody took along as a file.
type Taken struct {
	By        id.Staff
	Name      string       // of who took it; read only
	Purpose   string       // bus, begeleiding, betaling, adressen; Families
	Departure id.Departure // 0 for a list of all departures
	Rows      int
	At        time.Time // read only
}

// Take writes down that a list is taken along. A file whose taking cannot be written down is not given.
func (s *Service) Take(ctx context.Context, t Taken) error {
	t.At = s.Now()
	return insertTaken(ctx, s.DB, t)
}

// mostTaken is how many a list shows.
const mostTaken = 5

// LastTaken are the newest files of the list of one departure, of the list of all bookings (0), or of the list of families.
func (s *Service) LastTaken(ctx context.Context, departure id.Departure, families bool) ([]Taken, error) {
	return lastTaken(ctx, s.DB, departure, families)
}
