// Package requests is what families write to the office: questions, complaints, services that were not delivered, leaving
// early, and being forgotten. Each has a file number and a day by which the family hears from the office.
//
// Owns: requests, their messages and files. Tables: request_series, family_request, request_message, request_file.
// May import: terms, migrations/pg, sqlx, medical/upload, shop/account, shop/booking, shop/mail, shop/worklist, templates/mail.
// Always true: a guardian reads only their own requests; a complaint after its term is refused with the day it ended and can
// still be sent as a question; the camp sees who fetches a child only once the office agreed; what is written stands in no
// mail unless staff put it there.
package requests

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Kind is a sort of request.
type Kind string

// The kinds. Their names are requests.kind.KIND.
const (
	Complaint   Kind = "complaint"   // until 30 days after the return
	Undelivered Kind = "undelivered" // a service that was not delivered: until 30 days after the end
	Leaving     Kind = "leaving"     // arranged beforehand, with who fetches the child
	Question    Kind = "question"
	Erasure     Kind = "erasure" // to be forgotten; opened on the page about one's data
	Fiche       Kind = "fiche"   // that one medical fiche is wiped; opened on the page of that fiche
)

// Settings are what the organiser decides.
type Settings struct {
	AnswerDays  map[Kind]int // within how many days the office answers
	ReopenDays  int          // how long after it was closed a request without a term is reopened
	ComplaintIn int          // days after the return for a complaint (general terms, "Klachten")
	ServiceIn   int          // days after the end for a service that was not delivered ("Vroegtijdig verlaten")
}

// Defaults are JOETZ's: the terms of the general terms, an answer in two weeks, a month for erasure (GDPR art. 12.3), two
// days for a child that leaves early.
var Defaults = Settings{
	AnswerDays: map[Kind]int{Complaint: 14, Undelivered: 14, Leaving: 2, Question: 5, Erasure: 30, Fiche: 7},
	ReopenDays: 30, ComplaintIn: 30, ServiceIn: 30,
}

// Sealer keeps a file unreadable in the database; context names its row.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Service opens, answers and closes requests.
type Service struct {
	DB       *sqlx.DB
	Now      func() time.Time
	Settings Settings
	Accounts *account.Service
	Bookings *booking.Service
	Outbox   *mail.Outbox
	Seal     Sealer
}

func (s *Service) now() time.Time    { return s.Now().Truncate(time.Microsecond) }
func (s *Service) today() civil.Date { return civil.Of(s.Now()) }

var (
	// ErrNotFound is for a request that does not exist, or not for this reader.
	ErrNotFound = fault.New(fault.NotFound, "error.not_found.text")
	// ErrLateComplaint has the last day as its argument; it can still be sent as a question.
	ErrLateComplaint = fault.Field("kind", "requests.late_complaint")
	// ErrLateService is ErrLateComplaint for a service that was not delivered.
	ErrLateService = fault.Field("kind", "requests.late_service")
	// ErrEarlyService says that the holiday has not begun: nothing can be missing yet.
	ErrEarlyService = fault.Field("kind", "requests.early_service")
	// ErrMoved says that another booking came in the place of this one.
	ErrMoved = fault.Field("booking", "requests.moved")
	// ErrTermOver says that a closed request is not opened again after its term.
	ErrTermOver = fault.New(fault.Expired, "requests.term_over")
	// ErrErasureOpen says that there is a request to be forgotten already.
	ErrErasureOpen = fault.New(fault.Conflict, "requests.erasure_open")
)

// Request is one file.
type Request struct {
	ID           int64       `db:"id"`
	Number       string      `db:"number"` // K2027-0012
	Kind         Kind        `db:"kind"`
	Guardian     id.Guardian `db:"guardian_id"`
	Booking      id.Booking  `db:"booking_id"` // 0 for none
	Status       string      `db:"status"`     // open, answered or closed
	OpenedAt     time.Time   `db:"opened_at"`
	WaitingSince time.Time   `db:"waiting_since"`
	AnswerBy     civil.Date  `db:"answer_by"`
	AnsweredAt   *time.Time  `db:"answered_at"`
	ReadAt       *time.Time  `db:"read_at"`
	ClosedAt     *time.Time  `db:"closed_at"`
	LeavesAt     *time.Time  `db:"leaves_at"`
	FetcherName  string      `db:"fetcher_name"`
	FetcherPhone string      `db:"fetcher_phone"`
	AgreedAt     *time.Time  `db:"agreed_at"`
	Messages     []Message   `db:"-"`
}

// Unread reports whether the office answered and the parent did not look yet.
func (r Request) Unread() bool {
	return r.AnsweredAt != nil && (r.ReadAt == nil || r.ReadAt.Before(*r.AnsweredAt))
}

// Message is what somebody wrote.
type Message struct {
	ID    int64     `db:"id"`
	Actor string    `db:"actor"` // guardian:ID or staff:ID
	Body  string    `db:"body"`
	At    time.Time `db:"at"`
	Files []File    `db:"-"`
}

// File is a photo or PDF with a message; its content is opened by OpenFile.
type File struct {
	ID      int64  `db:"id"`
	Message int64  `db:"message_id"`
	Name    string `db:"name"`
	Type    string `db:"media_type"`
}

// Path is where the parent reads a request.
func Path(request int64) string { return fmt.Sprintf("/mijn/vragen/%d", request) }

// OfficePath is where the office reads it.
func OfficePath(request int64) string { return fmt.Sprintf("/kantoor/vragen/%d", request) }

// LastDay is until when a request of that kind about a booking can be made: day 0 is the day of return, day 30 is included,
// and a last day in a weekend moves to Monday (edges.md 14, 15). Zero: no term.
func (s *Service) LastDay(kind Kind, b booking.Booking) civil.Date {
	switch kind {
	case Complaint:
		return workingDay(b.EndsOn.AddDays(s.Settings.ComplaintIn))
	case Undelivered:
		return workingDay(b.EndsOn.AddDays(s.Settings.ServiceIn))
	case Leaving:
		return b.EndsOn
	}
	return civil.Date{}
}

func workingDay(d civil.Date) civil.Date {
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDays(1)
	}
	return d
}

// inTerm refuses what is too late, or too early to be true.
func (s *Service) inTerm(kind Kind, b booking.Booking) error {
	last := s.LastDay(kind, b)
	late := !last.IsZero() && s.today().After(last)
	switch {
	case kind == Complaint && late:
		return ErrLateComplaint.WithArgs(last)
	case kind == Undelivered && late:
		return ErrLateService.WithArgs(last)
	case kind == Undelivered && s.today().Before(b.DepartsOn):
		return ErrEarlyService
	case kind == Leaving && (late || !b.Active()):
		return fault.Field("booking", "requests.leaving_over")
	}
	return nil
}

// tellTx writes to the guardian of a request.
func (s *Service) tellTx(ctx context.Context, tx *sqlx.Tx, r Request, kind, quote string, args ...any) error {
	g, err := s.Accounts.GuardianByIDTx(ctx, tx, r.Guardian)
	if err != nil {
		return err
	}
	path := Path(r.ID)
	if r.Kind == Erasure && r.Status == "closed" { // nobody signs in any more
		path = "/vakanties"
	}
	m, err := s.Outbox.Notice(ctx, mail.Address{Name: g.Name(), Email: g.Email}, g.Lang, 0,
		letters.Notice{Kind: kind, FirstName: g.FirstName, Args: args, Quote: quote, Path: path})
	if err != nil {
		return err
	}
	_, err = s.Outbox.EnqueueTx(ctx, tx, m)
	return err
}
