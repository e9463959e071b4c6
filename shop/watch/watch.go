// Package watch looks after how fiches are read: one opened in an emergency, unusual reading, a log that was tampered with,
// and what is kept too long or wiped too soon. It tells the one who is responsible, the parents, and the office's worklist.
//
// Owns: nothing; medical keeps the rows. Tables: none; it reads the views watch_child, watch_fiche, watch_departure
// and watch_staff.
// May import: terms, medical, migrations/pg, sqlx, shop/account, shop/mail, shop/worklist, templates/mail.
// Always true: a mail and an item of the worklist name who read and of which holiday, never a word about health, nor what
// somebody typed; who is told is told in the transaction that opens, or that finds out.
package watch

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Service looks after how fiches are read. All fields are needed.
type Service struct {
	DB          *sqlx.DB
	Now         func() time.Time
	Medical     *medical.Service
	Accounts    *account.Service
	Outbox      *mail.Outbox
	Responsible mail.Address // for medical data, at the organiser
}

// ErrNobody says that no child of that name is on a camp of which this person may open a fiche.
var ErrNobody error = fault.Field("last_name", "watch.nobody")

// OverridePath is where who opened a fiche in an emergency reads it.
const OverridePath = "/nood"

// ReviewDays is within how many days a colleague looks into an opening or an alert.
const ReviewDays = 3

// Found is a child that was looked for by name.
type Found struct {
	Booking   id.Booking `db:"booking_id"`
	FirstName string     `db:"first_name"`
	LastName  string     `db:"last_name"`
	Title     string     `db:"title"`
}

// Find looks for a child by first and last name, small differences in writing aside, among the camps of these weeks, and
// leaves out whose fiche this person may not open. Whoever does not know both names finds nobody.
func (s *Service) Find(ctx context.Context, r medical.Reader, first, last string) (all []Found, err error) {
	rows, err := childrenNamed(ctx, s.DB, first, last, s.Now())
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		_, may, err := s.Medical.MayOverride(ctx, r, row.Booking)
		if err != nil {
			return nil, err
		}
		if may {
			all = append(all, row)
		}
	}
	return all, nil
}

// Child names the child of a booking for who may open its fiche in an emergency. Faults: NotFound.
func (s *Service) Child(ctx context.Context, r medical.Reader, b id.Booking) (Found, error) {
	_, may, err := s.Medical.MayOverride(ctx, r, b)
	if err != nil {
		return Found{}, err
	}
	child, ok, err := childOf(ctx, s.DB, b)
	if err == nil && (!may || !ok) {
		err = medical.ErrNotFound
	}
	return child.Found, err
}

// Open opens one fiche in an emergency, and writes to the parents who read the fiche and to the responsible. Faults: as
// medical.OpenOverride.
func (s *Service) Open(ctx context.Context, r medical.Reader, b id.Booking, reason string) (medical.Override, error) {
	return s.Medical.OpenOverride(ctx, r, b, reason, func(tx *sqlx.Tx, o medical.Override, guardians []id.Guardian) error {
		child, _, err := childOf(ctx, tx, b)
		if err != nil {
			return err
		}
		who, err := nameOf(ctx, tx, r.Staff)
		if err != nil {
			return err
		}
		for _, g := range guardians {
			if err := s.tellParentTx(ctx, tx, g, child, who, o); err != nil {
				return err
			}
		}
		return s.tellTx(ctx, tx, letters.Notice{Kind: "emergency_review", Args: []any{who, child.Title, o.OpenedAt}, Path: ReviewPath(o.ID)})
	})
}

func (s *Service) tellParentTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, child childRow, who string, o medical.Override) error {
	g, err := s.Accounts.GuardianByIDTx(ctx, tx, guardian)
	if err != nil {
		return err
	}
	m, err := s.Outbox.Notice(ctx, mail.Address{Name: g.Name(), Email: g.Email}, g.Lang, 0, letters.Notice{Kind: "emergency_parent", FirstName: g.FirstName,
		Args: []any{child.FirstName, who, child.Title, o.OpenedAt}, Path: whoPath(child.Booking)})
	if err != nil {
		return err
	}
	_, err = s.Outbox.EnqueueTx(ctx, tx, m)
	return err
}

// tellTx writes to the one who is responsible.
func (s *Service) tellTx(ctx context.Context, tx *sqlx.Tx, n letters.Notice) error {
	m, err := s.Outbox.Notice(ctx, s.Responsible, "nl", 0, n)
	if err != nil {
		return err
	}
	_, err = s.Outbox.EnqueueTx(ctx, tx, m)
	return err
}

// Look looks through the newest part of the access log; each new alert is a mail to the responsible.
func (s *Service) Look(ctx context.Context) error {
	return s.Medical.Watch(ctx, func(tx *sqlx.Tx, a medical.Alert) error { return s.alertTx(ctx, tx, a) })
}

// Check reads the whole access log for signs of tampering; what is not what was written is a mail to the responsible.
func (s *Service) Check(ctx context.Context) (medical.Head, []medical.Broken, error) {
	return s.Medical.Check(ctx, func(tx *sqlx.Tx, a medical.Alert) error { return s.alertTx(ctx, tx, a) })
}

func (s *Service) alertTx(ctx context.Context, tx *sqlx.Tx, a medical.Alert) error {
	kind := "alert_reading"
	if a.Kind == medical.AlertChain {
		kind = "alert_chain"
	}
	about := a.StaffName
	if about == "" { // about a camp, or the log itself
		camp, err := titles(ctx, tx, []id.Departure{a.Departure})
		if err != nil {
			return err
		}
		about = camp[a.Departure]
	}
	return s.tellTx(ctx, tx, letters.Notice{Kind: kind, Args: []any{about, a.Figure, a.At}, Path: AlertPath(a.ID)})
}

// TellDeparting writes to the responsible that children leave soon, or left, while nobody decided on their care. Nobody is
// told that a child needs care but who sees it on the worklist: the mail has a number only.
func (s *Service) TellDeparting(ctx context.Context, children int) error {
	if children == 0 {
		return nil
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		return s.tellTx(ctx, tx, letters.Notice{Kind: "care_departing", Args: []any{children}, Path: "/kantoor?soort=care"})
	})
}
