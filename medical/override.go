package medical

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Override is one fiche that was opened in an emergency by somebody whom the rule would refuse.
type Override struct {
	ID          int64
	Booking     id.Booking
	Participant id.Participant
	Departure   id.Departure
	By          id.Staff
	ByName      string
	Role        string // as what they opened it: animator, lead, office
	OpenedAt    time.Time
	EndsAt      time.Time
	ClosedAt    time.Time // zero while it is open, or when it ended by itself
	Reason      seal.Text // for who looks into it; "" when it went with the fiche
	ReviewedAt  time.Time // zero until a colleague looked into it
	Reviewer    string
	Justified   bool
	Note        seal.Text
}

// Format never gives the reason, whatever the verb.
func (Override) Format(f fmt.State, r rune) { seal.Text("").Format(f, r) }

// overridesMost is how many fiches one person opens like that within a day: whoever needs more calls the office.
const overridesMost = 12

var (
	errManyOverrides = fault.New(fault.Conflict, "medical.override_many")
	errOwnOverride   = fault.New(fault.Denied, "medical.override_own")
	errReviewed      = fault.New(fault.Conflict, "medical.override_reviewed")
)

// overrideRoles are as what somebody may open a fiche in an emergency, the widest first.
var overrideRoles = []Role{Office, Lead, Animator}

// MayOverride finds as what somebody may open the fiche of a booking in an emergency; false when as nothing.
func (s *Service) MayOverride(ctx context.Context, r Reader, b id.Booking) (Role, bool, error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil || !ok {
		return 0, false, err
	}
	return s.overrideRole(ctx, s.DB, r, subject)
}

func (s *Service) overrideRole(ctx context.Context, q sqlx.QueryerContext, r Reader, subject subjectRow) (Role, bool, error) {
	for _, role := range overrideRoles {
		r.Role, r.Override = role, 0
		a, err := s.attemptOf(ctx, q, r, subject)
		if err != nil {
			return 0, false, err
		}
		if a.mayOverride() {
			return role, true, nil
		}
	}
	return 0, false, nil
}

// ReadsAnyway finds the departure on which a lead or animator may read the fiche of a booking without an emergency; false when
// they may not. It reads no answer.
func (s *Service) ReadsAnyway(ctx context.Context, r Reader, b id.Booking) (id.Departure, bool, error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil || !ok {
		return 0, false, err
	}
	for _, role := range []Role{Lead, Animator} {
		r.Role, r.Override = role, 0
		g, err := s.grantFor(ctx, s.DB, r, subject)
		if err != nil {
			return 0, false, err
		}
		if g.audience != 0 {
			return subject.Departure, true, nil
		}
	}
	return 0, false, nil
}

// OpenOverride opens one fiche in an emergency for a short while, with the reason that was typed. tell hears, in the same
// transaction, which guardians have to know. It shows nothing yet: ReadOverride does. Faults: Invalid on reason; NotFound for
// who may not, which is logged; Conflict after too many.
func (s *Service) OpenOverride(ctx context.Context, r Reader, b id.Booking, reason string, tell func(*sqlx.Tx, Override, []id.Guardian) error) (out Override, err error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil || !ok {
		return out, notFoundOr(err)
	}
	role, may, err := s.overrideRole(ctx, s.DB, r, subject)
	if err != nil {
		return out, ErrUnavailable.With(err)
	}
	r.Role = max(role, Animator)
	fiche, _, err := ficheOf(ctx, s.DB, subject.Participant, subject.Departure)
	if err != nil {
		return out, ErrUnavailable.With(err)
	}
	l := s.lineOf(r, actionOverride, allowed, nil)
	l.Participant, l.Departure, l.Fiche = subject.Participant, subject.Departure, fiche.ID
	if !may {
		l.Outcome = refused
		if err := s.record(ctx, l); err != nil {
			return out, err
		}
		return out, ErrNotFound
	}
	if reason, err = checkedNote("reason", reason, true); err != nil {
		return out, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if out, err = s.openOverrideTx(ctx, tx, r, subject, fiche.ID, reason); err != nil {
			return err
		}
		guardians, err := guardiansSeeing(ctx, tx, subject.Participant)
		if err != nil {
			return err
		}
		if err := tell(tx, out, guardians); err != nil {
			return err
		}
		l.Purpose = overridePurpose(out.ID)
		return s.recordTx(ctx, tx, l)
	})
	return out, err
}

func (s *Service) openOverrideTx(ctx context.Context, tx *sqlx.Tx, r Reader, subject subjectRow, f id.Fiche, reason string) (out Override, err error) {
	at := s.now()
	before, err := countOverrides(ctx, tx, r.Staff, at)
	if err != nil {
		return out, err
	}
	if before >= overridesMost {
		return out, errManyOverrides
	}
	rules, err := s.rules(ctx, tx)
	if err != nil {
		return out, err
	}
	note, err := s.noteTx(ctx, tx, f, r.Staff, reason)
	if err != nil {
		return out, err
	}
	row := overrideRow{Staff: r.Staff, Role: r.Role.String(), Booking: subject.Booking, Participant: subject.Participant, Departure: subject.Departure,
		Reason: note, OpenedAt: at, EndsAt: at.Add(time.Duration(rules.OverrideMinutes) * time.Minute)}
	row.ID, err = insertOverride(ctx, tx, row)
	return overrideOf(row), err
}

func overridePurpose(n int64) string { return fmt.Sprintf("emergency %d", n) }

func overrideOf(r overrideRow) Override {
	return Override{ID: r.ID, Booking: r.Booking, Participant: r.Participant, Departure: r.Departure, By: r.Staff, ByName: r.StaffName, Role: r.Role,
		OpenedAt: r.OpenedAt, EndsAt: r.EndsAt, ClosedAt: r.ClosedAt.Time, ReviewedAt: r.ReviewedAt.Time, Reviewer: r.Reviewer, Justified: r.Justified.Bool}
}

// own finds an opening of the reader's that is still open, and the reader as they opened it.
func (s *Service) own(ctx context.Context, r Reader, n int64) (overrideRow, Reader, error) {
	row, ok, err := overrideByID(ctx, s.DB, n)
	if err != nil {
		return row, r, ErrUnavailable.With(err)
	}
	if !ok || row.Staff != r.Staff || r.Staff == 0 {
		return row, r, ErrNotFound
	}
	for _, role := range overrideRoles {
		if role.String() == row.Role {
			r.Role = role
		}
	}
	r.Override, r.Purpose = n, overridePurpose(n)
	return row, r, nil
}

// ReadOverride shows the one fiche that was opened, and what was given and done. Each time is a line in the log. Faults: as
// Read; NotFound also when its time is over.
func (s *Service) ReadOverride(ctx context.Context, r Reader, n int64) (ChildDay, Override, error) {
	row, r, err := s.own(ctx, r, n)
	if err != nil {
		return ChildDay{}, Override{}, err
	}
	subject, ok, err := subjectOf(ctx, s.DB, row.Booking)
	if err != nil {
		return ChildDay{}, Override{}, ErrUnavailable.With(err)
	}
	if !ok {
		return ChildDay{}, Override{}, ErrNotFound
	}
	day, err := s.readDay(ctx, r, subject, civil.Of(s.Now()))
	return day, overrideOf(row), err
}

// ReadOverrideFile opens a photo or document of that fiche.
func (s *Service) ReadOverrideFile(ctx context.Context, r Reader, n, file int64) (File, error) {
	row, r, err := s.own(ctx, r, n)
	if err != nil {
		return File{}, err
	}
	return s.ReadFile(ctx, r, row.Booking, file)
}

// CloseOverride ends it before its time. It may be called twice.
func (s *Service) CloseOverride(ctx context.Context, r Reader, n int64) error {
	row, r, err := s.own(ctx, r, n)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if done, err := closeOverride(ctx, tx, n, r.Staff, s.now()); err != nil || !done {
			return err
		}
		r.Purpose += " closed"
		return s.overrideLine(ctx, tx, r, row)
	})
}

func (s *Service) overrideLine(ctx context.Context, tx *sqlx.Tx, r Reader, row overrideRow) error {
	fiche, _, err := ficheOf(ctx, tx, row.Participant, row.Departure)
	if err != nil {
		return err
	}
	l := s.lineOf(r, actionOverride, allowed, nil)
	l.Participant, l.Departure, l.Fiche = row.Participant, row.Departure, fiche.ID
	return s.recordTx(ctx, tx, l)
}

// OverridesToReview lists what nobody looked into yet, the oldest first, without the reasons, and how many there are.
func (s *Service) OverridesToReview(ctx context.Context, limit int) (all []Override, total int, err error) {
	rows, err := overridesToReview(ctx, s.DB, limit)
	for _, row := range rows {
		all, total = append(all, overrideOf(row)), row.Total
	}
	return all, total, err
}

// OverrideForReview gives one with its reason, for the office. Faults: NotFound.
func (s *Service) OverrideForReview(ctx context.Context, r Reader, n int64) (Override, error) {
	row, ok, err := overrideByID(ctx, s.DB, n)
	if err != nil {
		return Override{}, ErrUnavailable.With(err)
	}
	st, err := standingOf(ctx, s.DB, r.Staff, Office, row.Departure)
	if err != nil || !ok || !st.HoldsRole {
		return Override{}, notFoundOr(err)
	}
	out := overrideOf(row)
	texts, err := s.notes(ctx, s.DB, row.Reason, row.ReviewNote)
	out.Reason, out.Note = texts[row.Reason], texts[row.ReviewNote]
	return out, err
}

// ReviewOverride keeps what a colleague of the office thinks of it. A note is needed when it was not justified. Faults:
// Invalid on note; Denied for one's own; Conflict when somebody did already.
func (s *Service) ReviewOverride(ctx context.Context, r Reader, n int64, justified bool, note string) error {
	note, err := checkedNote("note", note, !justified)
	if err != nil {
		return err
	}
	o, err := s.OverrideForReview(ctx, r, n)
	switch {
	case err != nil:
		return err
	case o.By == r.Staff:
		return errOwnOverride
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		fiche, _, err := ficheOf(ctx, tx, o.Participant, o.Departure)
		if err != nil {
			return err
		}
		written, err := s.noteTx(ctx, tx, fiche.ID, r.Staff, note)
		if err != nil {
			return err
		}
		done, err := reviewOverride(ctx, tx, n, r.Staff, justified, written, s.now())
		if err != nil {
			return err
		}
		if !done {
			return errReviewed
		}
		r.Role, r.Purpose = Office, fmt.Sprintf("%s reviewed, justified: %t", overridePurpose(n), justified)
		return s.overrideLine(ctx, tx, r, overrideRow{Participant: o.Participant, Departure: o.Departure})
	})
}
