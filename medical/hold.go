package medical

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Hold is a file (accident, insurance, complaint) that needs a fiche: it is not wiped before the hold is released.
type Hold struct {
	ID          int64
	Fiche       id.Fiche
	Reference   string // the file's number
	Incident    bool   // opened by the camp with the report of an accident
	PlacedAt    time.Time
	PlacedBy    string
	Why         seal.Text // only from FileOf
	ReleasedAt  time.Time // zero while it holds
	ReleasedBy  string
	WhyReleased seal.Text // only from FileOf
}

// Format never gives the reasons, whatever the verb.
func (Hold) Format(f fmt.State, r rune) { seal.Text("").Format(f, r) }

// FicheFile is what keeps one fiche, and until when.
type FicheFile struct {
	Planned
	Holds []Hold // released ones too, oldest first
}

var (
	errHeld      = fault.New(fault.Conflict, "medical.held")
	errReleased  = fault.New(fault.Conflict, "medical.hold_released")
	errReference = fault.Field("reference", "medical.reference")
)

const incidentPrefix = "incident-"

func incidentReference(record int64) string { return fmt.Sprintf("%s%d", incidentPrefix, record) }

// reference is the number of a file: letters, digits and what stands between them, with at least one digit. Words about what
// happened belong in the reason, which is sealed.
var reference = regexp.MustCompile(`^[A-Za-z]{0,10}[A-Za-z0-9./-]{0,20}[0-9][A-Za-z0-9./-]{0,20}$`)

// FileOf tells what keeps a living fiche and when it will be wiped. Faults: NotFound.
func (s *Service) FileOf(ctx context.Context, f id.Fiche) (FicheFile, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return FicheFile{}, err
	}
	plan, err := wipePlan(ctx, s.DB, rules.WipeAfter, f)
	if err != nil || len(plan) == 0 {
		return FicheFile{}, notFoundOr(err)
	}
	rows, err := holdsOf(ctx, s.DB, f)
	if err != nil {
		return FicheFile{}, err
	}
	var notes []int64
	for _, r := range rows {
		notes = append(notes, r.PlacedNote, r.ReleasedNote)
	}
	texts, err := s.notes(ctx, s.DB, notes...)
	out := FicheFile{Planned: plan[0]}
	for _, r := range rows {
		h := holdOf(r)
		h.Why, h.WhyReleased = texts[r.PlacedNote], texts[r.ReleasedNote]
		out.Holds = append(out.Holds, h)
	}
	return out, err
}

func holdOf(r holdRow) Hold {
	return Hold{ID: r.ID, Fiche: r.Fiche, Reference: r.Reference,
		Incident: strings.HasPrefix(r.Reference, incidentPrefix), PlacedAt: r.PlacedAt, PlacedBy: r.PlacedBy, ReleasedAt: r.ReleasedAt.Time, ReleasedBy: r.ReleasedBy}
}

// HoldsOpen lists every file that holds a fiche now, the oldest first.
func (s *Service) HoldsOpen(ctx context.Context) ([]Hold, error) {
	rows, err := holdsOpen(ctx, s.DB)
	out := make([]Hold, len(rows))
	for i, r := range rows {
		out[i] = holdOf(r)
	}
	return out, err
}

// Hold keeps a fiche from being wiped for the file of that number; r is who of the office says so, and why. It may be
// called twice. Faults: NotFound; Invalid on reference and reason.
func (s *Service) Hold(ctx context.Context, r Reader, f id.Fiche, number, why string) error {
	number = strings.TrimSpace(number)
	if !reference.MatchString(number) || strings.HasPrefix(number, incidentPrefix) {
		return errReference
	}
	why, err := checkedNote("reason", why, true)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		row, ok, err := lockForWipe(ctx, tx, f)
		if err != nil || !ok {
			return notFoundOr(err)
		}
		note, err := s.noteTx(ctx, tx, row.Fiche, r.Staff, why)
		if err != nil {
			return err
		}
		return holdFiche(ctx, tx, row.Fiche, r.Staff, number, note, s.now())
	})
}

// ReleaseHold closes a file: with no other one the fiche is wiped when its time is over, which may be the next night. r is
// who of the office says so, and why. Faults: NotFound; Invalid on reason; Conflict when it was closed already.
func (s *Service) ReleaseHold(ctx context.Context, r Reader, n int64, why string) error {
	why, err := checkedNote("reason", why, true)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		row, ok, err := holdByID(ctx, tx, n)
		if err != nil || !ok {
			return notFoundOr(err)
		}
		note, err := s.noteTx(ctx, tx, row.Fiche, r.Staff, why)
		if err != nil {
			return err
		}
		done, err := releaseHold(ctx, tx, n, r.Staff, note, s.now())
		if err == nil && !done {
			return errReleased
		}
		return err
	})
}

// Fate is which fiche a child has for a booking, and when it was wiped.
type Fate struct {
	Fiche   id.Fiche
	WipedAt time.Time // zero while it lives
}

// FateOf tells it of a booking; false when there never was a fiche. It says nothing about what was in it.
func (s *Service) FateOf(ctx context.Context, b id.Booking) (Fate, bool, error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil || !ok {
		return Fate{}, false, err
	}
	row, ok, err := fateOf(ctx, s.DB, subject.Participant, subject.Departure)
	return Fate{row.Fiche, row.WipedAt.Time}, ok, err
}
