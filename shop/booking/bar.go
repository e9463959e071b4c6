package booking

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Bar is a time in which the organiser does not take a child, after behaviour that was refused. Families never see it.
type Bar struct {
	ID      int64      `db:"id"`
	Reason  string     `db:"reason"`
	Until   civil.Date `db:"until_on"` // its last day
	MadeAt  time.Time  `db:"made_at"`
	MadeBy  string     `db:"made_by"` // name of the colleague
	EndedAt *time.Time `db:"ended_at"`
	EndedBy string     `db:"ended_by"`
}

// Runs reports whether it counts on a day.
func (b Bar) Runs(on civil.Date) bool { return b.EndedAt == nil && !b.Until.Before(on) }

// BarTry is a family that tried to book a barred child.
type BarTry struct {
	Title     string     `db:"title"`
	StartsOn  civil.Date `db:"starts_on"`
	Guardian  string     `db:"guardian"`
	Phone     string     `db:"phone"`
	Email     string     `db:"email"`
	At        time.Time  `db:"at"`
	HandledAt *time.Time `db:"handled_at"`
}

// BarWait is a waiting list on which a child stands: it joined before it was barred.
type BarWait struct {
	Departure id.Departure `db:"departure_id"`
	Title     string       `db:"title"`
	StartsOn  civil.Date   `db:"starts_on"`
}

// BarCase is a child with its bars, newest first, the tries to book it, and the lists on which it waits.
type BarCase struct {
	Child    account.Child
	Guardian id.Guardian // whose dossier it is in; the first of them
	Bars     []Bar
	Tries    []BarTry
	Waits    []BarWait
}

// errBarred is what a family is told: to contact the office first. It remembers whom and where, for the worklist.
type errBarred struct {
	participant id.Participant
	departure   id.Departure
	told        error
}

// Error is that of what is told.
func (e errBarred) Error() string { return e.told.Error() }

// Unwrap gives the fault for people.
func (e errBarred) Unwrap() error { return e.told }

// contactFirst is the refusal of a child that is barred itself, or like the child barred.
func contactFirst(barred id.Participant, child account.Child, departure id.Departure, field string) error {
	e := errBarred{participant: barred, departure: departure, told: fault.New(fault.Conflict, "booking.contact_first", child.FirstName)}
	if field != "" {
		e.told = fault.Field(field, "booking.contact_first", child.FirstName)
	}
	return e
}

// BarredTx refuses a child that is barred today (the child itself, or one of the same name and birthday that was entered anew)
// to who changes a booking or acts on a list. A family reads only to contact the office, beside that field ("" for none). The
// office reads that it made the bar itself, and where to end it; it is not told to call itself.
func (s *Service) BarredTx(ctx context.Context, q sqlx.QueryerContext, who account.Identity, child account.Child, departure id.Departure, field string) error {
	barred, err := barredLike(ctx, q, []account.Child{child}, s.today())
	switch by := barred[child.ID]; {
	case err != nil || by == 0:
		return err
	case who.StaffID == 0:
		return contactFirst(by, child, departure, field)
	case field != "":
		return fault.Field(field, "booking.barred", child.FirstName)
	}
	return fault.New(fault.Conflict, "booking.barred", child.FirstName)
}

// Tried notes for the office that a family wanted a place for a barred child, outside the transaction that was refused, and
// gives the same error back.
func (s *Service) Tried(ctx context.Context, guardian id.Guardian, err error) error {
	var e errBarred
	if errors.As(err, &e) {
		return errors.Join(err, insertBarTry(ctx, s.DB, e.participant, e.departure, guardian, s.Now()))
	}
	return err
}

func (b Booking) child() account.Child {
	return account.Child{ID: b.Participant, FirstName: b.FirstName, LastName: b.LastName, BornOn: b.BornOn}
}

// BarCaseOf reads a child's bars for the office. ErrNotYourChild when there is no such child.
func (s *Service) BarCaseOf(ctx context.Context, child id.Participant) (c BarCase, err error) {
	if c.Child, err = participantByID(ctx, s.DB, child); err != nil {
		return c, err
	}
	if c.Bars, err = barsOf(ctx, s.DB, child); err != nil {
		return c, err
	}
	if c.Tries, err = barTries(ctx, s.DB, child); err != nil {
		return c, err
	}
	if c.Waits, err = barWaits(ctx, s.DB, child); err != nil {
		return c, err
	}
	c.Guardian, err = firstGuardian(ctx, s.DB, child)
	return c, err
}

// BarChild refuses new bookings of a child through that day; one that ran makes way. Bookings that it has stay. Invalid
// faults name reason or until.
func (s *Service) BarChild(ctx context.Context, who account.Identity, child id.Participant, reason string, until civil.Date) error {
	fields := map[string]string{}
	if reason = strings.TrimSpace(reason); reason == "" {
		fields["reason"] = "form.required"
	}
	if until.Before(s.today()) {
		fields["until"] = "booking.bar_until"
	}
	if len(fields) > 0 {
		return &fault.Fault{Kind: fault.Invalid, Key: "form.check_answers", Fields: fields}
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockParticipant(ctx, tx, child); err != nil {
			return err
		}
		if err := endBar(ctx, tx, child, who.StaffID, s.Now()); err != nil {
			return err
		}
		return insertBar(ctx, tx, child, reason, until, who.StaffID, s.Now())
	})
}

// BarredAmong finds which of these children are barred today: for the office.
func (s *Service) BarredAmong(ctx context.Context, children []id.Participant) (map[id.Participant]bool, error) {
	return barredAmong(ctx, s.DB, children, s.today())
}

// EndBar takes a bar back before its last day.
func (s *Service) EndBar(ctx context.Context, who account.Identity, child id.Participant) error {
	return endBar(ctx, s.DB, child, who.StaffID, s.Now())
}

// HandleBarTries says that the office spoke with who tried.
func (s *Service) HandleBarTries(ctx context.Context, who account.Identity, child id.Participant) error {
	return handleBarTries(ctx, s.DB, child, who.StaffID, s.Now())
}
