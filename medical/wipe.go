package medical

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Why a fiche is wiped.
const (
	becauseNotBooked = "not_booked" // the basket ran out, or the booking was cancelled
	becauseRetention = "retention"  // its time is over
	becauseErasure   = "erasure"    // the family asked for it
	becauseRestored  = "restored"   // it had been wiped before the backup was put back
)

// Planned is a fiche that will be wiped.
type Planned struct {
	Fiche       id.Fiche       `db:"id"`
	Participant id.Participant `db:"participant_id"`
	Departure   id.Departure   `db:"departure_id"`
	On          civil.Date     `db:"wipe_on"`
	Because     string         `db:"because"`
	Held        bool           `db:"held"`       // a file needs it: it waits
	KeepUntil   civil.Date     `db:"keep_until"` // with the guardian's consent; zero without
}

// WipePlan lists what will be wiped when, soonest first.
func (s *Service) WipePlan(ctx context.Context) ([]Planned, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return nil, fmt.Errorf("plan of wiping: %w", err)
	}
	plan, err := wipePlan(ctx, s.DB, rules.WipeAfter, 0)
	if err != nil {
		return nil, fmt.Errorf("plan of wiping: %w", err)
	}
	return plan, nil
}

// WipeDue wipes what is due today and not held, and tells how many. It may run twice, and beside itself.
func (s *Service) WipeDue(ctx context.Context) (wiped int, err error) {
	plan, err := s.WipePlan(ctx)
	if err != nil {
		return 0, err
	}
	for _, p := range plan {
		if p.Held || p.On.After(s.today()) {
			continue
		}
		done, err := s.wipe(ctx, p.Fiche, p.Because, system)
		if err != nil {
			return wiped, err
		}
		if done {
			wiped++
		}
	}
	return wiped, dropBundles(ctx, s.DB, s.now().Add(-keepPacks))
}

// system wipes what is due by itself.
var system Reader

// Erase wipes every fiche of a child now, because the family asked for it. Held ones stay: their ids come back.
func (s *Service) Erase(ctx context.Context, p id.Participant) (held []id.Fiche, err error) {
	all, err := livingFiches(ctx, s.DB, p)
	if err != nil {
		return nil, fmt.Errorf("erase fiches: %w", err)
	}
	for _, f := range all {
		if f.Held {
			held = append(held, f.Fiche)
			continue
		}
		if _, err := s.wipe(ctx, f.Fiche, becauseErasure, system); err != nil {
			return held, err
		}
	}
	return held, nil
}

// Tombstone is a fiche that must stay wiped.
type Tombstone struct {
	Fiche   id.Fiche  `db:"fiche_id"`
	WipedAt time.Time `db:"wiped_at"`
	Because string    `db:"because"`
}

// Tombstones lists every fiche that was wiped since then. A backup keeps the list beside it, made as late as possible.
func (s *Service) Tombstones(ctx context.Context, since time.Time) ([]Tombstone, error) {
	all, err := tombstones(ctx, s.DB, since)
	if err != nil {
		return nil, fmt.Errorf("tombstones: %w", err)
	}
	return all, nil
}

// Reapply wipes again, after a backup was put back, what had been wiped since it was made. A fiche that was made after its
// number was wiped is another one: numbers begin anew where the backup ends.
func (s *Service) Reapply(ctx context.Context, list []Tombstone) (wiped int, err error) {
	for _, t := range list {
		older, err := madeBefore(ctx, s.DB, t.Fiche, t.WipedAt)
		if err != nil {
			return wiped, fmt.Errorf("wipe fiche %d again: %w", t.Fiche, err)
		}
		if !older {
			continue
		}
		done, err := s.wipe(ctx, t.Fiche, becauseRestored, system)
		if err != nil {
			return wiped, err
		}
		if done {
			wiped++
		}
	}
	return wiped, nil
}

// EraseOne wipes one fiche now, because the family asked for it; r is who of the office does it. Faults: NotFound; Conflict
// while a file holds it.
func (s *Service) EraseOne(ctx context.Context, r Reader, f id.Fiche) error {
	file, err := s.FileOf(ctx, f)
	if err != nil {
		return err
	}
	if file.Held {
		return errHeld
	}
	done, err := s.wipe(ctx, f, becauseErasure, r)
	if err == nil && !done { // held, or gone, a moment ago
		return errHeld
	}
	return err
}

// stillDue reports whether a fiche's time is over, under its lock: since the plan was made a family may have gone on with it.
func (s *Service) stillDue(ctx context.Context, tx *sqlx.Tx, f id.Fiche) (bool, error) {
	rules, err := s.rules(ctx, tx)
	if err != nil {
		return false, err
	}
	plan, err := wipePlan(ctx, tx, rules.WipeAfter, f)
	return len(plan) == 1 && !plan[0].On.After(s.today()), err
}

// wipe shreds one fiche, unless it is held or gone already or no longer due, and says so in the access log. Its tombstone is
// kept outside the database first: a backup that is put back a second later must not bring it to life.
func (s *Service) wipe(ctx context.Context, f id.Fiche, because string, by Reader) (done bool, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		row, ok, err := lockForWipe(ctx, tx, f)
		if done = ok && (!row.Held || because == becauseRestored); err != nil || !done {
			return err
		}
		if because == becauseNotBooked || because == becauseRetention {
			if done, err = s.stillDue(ctx, tx, f); err != nil || !done {
				return err
			}
		}
		at := s.now()
		if err := shred(ctx, tx, f, because, at); err != nil {
			return err
		}
		l := line{At: at, Actor: "system", Role: "system", Action: actionWipe, Outcome: allowed, Topics: []string{}}
		if by.Staff != 0 {
			l = s.lineOf(by, actionWipe, allowed, nil)
		}
		l.Participant, l.Departure, l.Fiche, l.Purpose = row.Participant, row.Departure, f, because
		if err := s.recordTx(ctx, tx, l); err != nil {
			return err
		}
		if s.Bury == nil {
			return nil
		}
		return s.Bury(Tombstone{Fiche: f, WipedAt: at, Because: because})
	})
	if err != nil {
		return false, fmt.Errorf("wipe fiche %d: %w", f, err)
	}
	return done, nil
}
