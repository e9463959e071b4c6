package catalogue

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/fault"
	"joetz/terms/id"
)

// ErrNotRunning is returned when a departure is not on offer: a draft, or called off before.
var ErrNotRunning error = fault.New(fault.Conflict, "catalogue.not_running")

// CallOffTx takes a departure off sale for good: from its commit on nobody can book it. Who has booked it is the caller's to
// tell. Call it first in the transaction: it holds the departure until the end.
func (s *Service) CallOffTx(ctx context.Context, tx *sqlx.Tx, by string, departure id.Departure, why string) error {
	holiday, err := holidayOf(ctx, tx, departure)
	if err != nil {
		return err
	}
	o, d, err := s.lockDepartureTx(ctx, tx, holiday, departure)
	if err != nil {
		return err
	}
	if d.Status != "published" {
		return ErrNotRunning
	}
	if err := setCalledOff(ctx, tx, departure); err != nil {
		return err
	}
	return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: holiday, Departure: departure, Kind: "called_off", Why: why, Actor: by})
}
