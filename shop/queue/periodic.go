package queue

import (
	"context"
	"time"

	"joetz/migrations/pg"
	"joetz/terms/civil"

	"github.com/jmoiron/sqlx"
)

// Schedule gives the start of the period that an instant lies in. One job runs per period, whatever the number of
// processes; periods in which no process ran are not made up for, so a handler looks for all that is due.
type Schedule func(now time.Time) time.Time

// Each is a schedule with periods of d, which divides a day.
func Each(d time.Duration) Schedule {
	return func(now time.Time) time.Time { return now.Truncate(d) }
}

// Daily is a schedule with one period a day, from that time in Belgium on.
func Daily(hour, minute int) Schedule {
	return func(now time.Time) time.Time {
		y, m, d := now.In(civil.Brussels).Date()
		start := time.Date(y, m, d, hour, minute, 0, 0, civil.Brussels)
		if start.After(now) {
			start = time.Date(y, m, d-1, hour, minute, 0, 0, civil.Brussels)
		}
		return start
	}
}

type periodic struct {
	args     Args
	schedule Schedule
	last     time.Time // the period whose job this process knows to exist
}

// Every inserts a job with these arguments once in every period of the schedule, as long as a Runner runs somewhere. It
// is called before Run.
func (r *Runner) Every(s Schedule, args Args) {
	r.periodic = append(r.periodic, periodic{args: args, schedule: s})
}

// insertPeriodic is called by one goroutine at a time.
func (r *Runner) insertPeriodic(ctx context.Context) error {
	for i := range r.periodic {
		p := &r.periodic[i]
		start := p.schedule(r.cfg.Now())
		if start.Equal(p.last) {
			continue
		}
		err := pg.InTx(ctx, r.cfg.DB, func(tx *sqlx.Tx) error {
			return InsertTx(ctx, tx, p.args, Key(start.UTC().Format(time.RFC3339)))
		})
		if err != nil {
			return err
		}
		p.last = start
	}
	return nil
}
