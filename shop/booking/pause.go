package booking

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Pause is an agreement with a family: no reminders up to a day.
type Pause struct {
	Order  id.Order
	Until  civil.Date // today or earlier ends a pause
	Reason string
	By     id.Staff
}

// ErrPauseReason is returned for a pause without a reason.
var ErrPauseReason error = fault.Field("reason", "booking.pause_reason")

// PauseReminders stops reminders for an order, or lets them go on.
func (s *Service) PauseReminders(ctx context.Context, p Pause) error {
	if p.Reason == "" {
		return ErrPauseReason
	}
	detail, err := json.Marshal(map[string]string{"until": p.Until.String(), "reason": p.Reason})
	if err != nil {
		return fmt.Errorf("booking: pause reminders: %w", err)
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := insertPause(ctx, tx, p, s.Now()); err != nil {
			return err
		}
		return insertEvent(ctx, tx, Event{Order: p.Order, Kind: "dunning_pause", Detail: detail, Actor: staffActor(p.By), At: s.Now()})
	})
}
