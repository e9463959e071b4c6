package booking

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
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
	Over   int64 // the RunningPause that somebody saw and that this one takes the place of; 0: they saw none
}

// RunningPause is an agreement that stops the reminders of an order now.
type RunningPause struct {
	ID        int64      `db:"id"`
	Order     id.Order   `db:"order_id"`
	Reference string     `db:"reference"`
	Payer     string     `db:"payer_name"`
	Until     civil.Date `db:"until"`
	Reason    string     `db:"reason"`
	StaffID   id.Staff   `db:"staff_id"`
	By        string     `db:"by_name"`
	At        time.Time  `db:"at"`
}

// The reasons why a pause is refused.
var (
	// ErrPauseReason is returned for a pause without a reason.
	ErrPauseReason error = fault.Field("reason", "booking.pause_reason")
	// ErrPauseDay is returned for a pause until a day so far off that it is a slip.
	ErrPauseDay error = fault.Field("until", "plan.fault.day")
	// ErrPauseRuns is returned when an agreement runs that whoever notes another did not see: a colleague's of a moment ago, or an older one.
	ErrPauseRuns error = fault.New(fault.Conflict, "booking.pause_runs")
)

// Pauses lists the agreements that stop reminders now; those that end first come first.
func (s *Service) Pauses(ctx context.Context) ([]RunningPause, error) {
	return pauses(ctx, s.DB, 0, s.today())
}

// PauseReminders stops reminders for an order, or lets them go on. What is noted already, by the same person in the same words, is
// noted once.
func (s *Service) PauseReminders(ctx context.Context, p Pause) error {
	switch {
	case p.Reason == "":
		return ErrPauseReason
	case p.Until.After(s.today().AddDays(planWithinDays)):
		return ErrPauseDay
	}
	detail, err := json.Marshal(map[string]string{"until": p.Until.String(), "reason": p.Reason})
	if err != nil {
		return fmt.Errorf("booking: pause reminders: %w", err)
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, p.Order); err != nil {
			return err
		}
		running, err := pauses(ctx, tx, p.Order, s.today())
		if err != nil {
			return err
		}
		if len(running) > 0 {
			switch now := running[0]; {
			case now.Until == p.Until && now.Reason == p.Reason && now.StaffID == p.By:
				return nil
			case now.ID != p.Over:
				return ErrPauseRuns
			}
		}
		if err := insertPause(ctx, tx, p, s.Now()); err != nil {
			return err
		}
		return insertEvent(ctx, tx, Event{Order: p.Order, Kind: "dunning_pause", Detail: detail, Actor: p.By.Actor(), At: s.Now()})
	})
}
