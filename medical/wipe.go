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
	Held        bool           `db:"held"` // a file needs it: it waits
}

// WipePlan lists what will be wiped when, soonest first.
func (s *Service) WipePlan(ctx context.Context) ([]Planned, error) {
	plan, err := wipePlan(ctx, s.DB, s.Settings.WipeAfter)
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
		done, err := s.wipe(ctx, p.Fiche, p.Because)
		if err != nil {
			return wiped, err
		}
		if done {
			wiped++
		}
	}
	return wiped, dropBundles(ctx, s.DB, s.now().Add(-keepPacks))
}

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
		if _, err := s.wipe(ctx, f.Fiche, becauseErasure); err != nil {
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
		done, err := s.wipe(ctx, t.Fiche, becauseRestored)
		if err != nil {
			return wiped, err
		}
		if done {
			wiped++
		}
	}
	return wiped, nil
}

// wipe shreds one fiche, unless it is held or gone already, and says so in the access log.
func (s *Service) wipe(ctx context.Context, f id.Fiche, because string) (done bool, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		row, ok, err := lockForWipe(ctx, tx, f)
		if done = ok && (!row.Held || because == becauseRestored); err != nil || !done {
			return err
		}
		if err := shred(ctx, tx, f, because, s.now()); err != nil {
			return err
		}
		l := line{At: s.now(), Actor: "system", Role: "system", Action: actionWipe, Outcome: allowed, Topics: []string{},
			Participant: row.Participant, Departure: row.Departure, Fiche: f, Purpose: because}
		return s.recordTx(ctx, tx, l)
	})
	if err != nil {
		return false, fmt.Errorf("wipe fiche %d: %w", f, err)
	}
	return done, nil
}

// Hold keeps a fiche from being wiped for a file with that reference. It may be called twice.
func (s *Service) Hold(ctx context.Context, by id.Staff, b id.Booking, reference string) error {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil || !ok {
		return notFoundOr(err)
	}
	row, ok, err := ficheOf(ctx, s.DB, subject.Participant, subject.Departure)
	if err != nil || !ok {
		return notFoundOr(err)
	}
	return holdFiche(ctx, s.DB, row.ID, by, reference, s.now())
}

// Release lets go of every fiche that was held for that reference.
func (s *Service) Release(ctx context.Context, reference string) error {
	return releaseHolds(ctx, s.DB, reference, s.now())
}
