package requests

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Of lists a guardian's requests, newest first.
func (s *Service) Of(ctx context.Context, guardian id.Guardian) ([]Request, error) {
	return requestsOf(ctx, s.DB, guardian)
}

// One reads a guardian's request with its messages, and notes that the answers were seen.
func (s *Service) One(ctx context.Context, guardian id.Guardian, request int64) (Request, error) {
	r, err := s.ForOffice(ctx, request)
	if err == nil && r.Guardian != guardian {
		return Request{}, ErrNotFound
	}
	if err == nil && r.Unread() {
		err = markRead(ctx, s.DB, r.ID, s.now())
	}
	return r, err
}

// ForOffice reads a request with its messages.
func (s *Service) ForOffice(ctx context.Context, request int64) (Request, error) {
	r, err := requestByID(ctx, s.DB, request, false)
	if err != nil {
		return r, err
	}
	r.Messages, err = messagesOf(ctx, s.DB, r.ID)
	return r, err
}

// Reopens is until when a closed request can be opened again by writing to it.
func (s *Service) Reopens(r Request, b booking.Booking) civil.Date {
	if last := s.LastDay(r.Kind, b); b.ID != 0 && !last.IsZero() && r.Kind != Leaving {
		return last
	}
	if r.ClosedAt == nil {
		return civil.Date{}
	}
	return civil.Of(*r.ClosedAt).AddDays(s.Settings.ReopenDays)
}

// Reply is what the parent writes further. An answered request waits for the office again; a closed one is opened again
// until its term ends, and after that refused with ErrTermOver.
func (s *Service) Reply(ctx context.Context, guardian id.Guardian, request int64, body string, uploads []Upload) error {
	if strings.TrimSpace(body) == "" {
		return fault.Field("body", "form.required")
	}
	files, err := clean(uploads)
	if err != nil {
		return err
	}
	r, err := requestByID(ctx, s.DB, request, false)
	if err == nil && r.Guardian != guardian {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	var b booking.Booking
	if r.Booking != 0 {
		if b, err = s.Bookings.BookingByID(ctx, r.Booking); err != nil {
			return err
		}
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		r, err := requestByID(ctx, tx, request, true)
		if err != nil {
			return err
		}
		if r.Status == "closed" && (r.Kind == Erasure || s.today().After(s.Reopens(r, b))) {
			return ErrTermOver
		}
		if r.Status != "open" {
			if err := reopen(ctx, tx, r.ID, s.now(), workingDay(s.today().AddDays(s.Settings.AnswerDays[r.Kind]))); err != nil {
				return err
			}
		}
		return s.messageTx(ctx, tx, r.ID, guardian.Actor(), body, files)
	})
}

// Answer is what the office does with a request.
type Answer struct {
	Body   string
	InMail bool // the words stand in the mail too: never when they are about health
	Close  bool // nothing more is expected
	Agree  bool // of Leaving: the child may go; false takes an earlier agreement back
}

// AnswerIt keeps what the office wrote, and mails the parent.
func (s *Service) AnswerIt(ctx context.Context, who account.Identity, request int64, in Answer) error {
	in.Body = strings.TrimSpace(in.Body)
	if in.Body == "" {
		return fault.Field("body", "form.required")
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		r, err := requestByID(ctx, tx, request, true)
		if err != nil {
			return err
		}
		if err := s.messageTx(ctx, tx, r.ID, who.Actor(), in.Body, nil); err != nil {
			return err
		}
		status := "answered"
		if in.Close {
			status = "closed"
		}
		if err := answered(ctx, tx, r.ID, status, s.now()); err != nil {
			return err
		}
		if r.Kind == Leaving {
			if err := agree(ctx, tx, r.ID, in.Agree, who.StaffID, s.now()); err != nil {
				return err
			}
		}
		if err := s.answerEventTx(ctx, tx, who, r); err != nil {
			return err
		}
		quote := ""
		if in.InMail {
			quote = in.Body
		}
		return s.tellTx(ctx, tx, r, "request_answered", quote, r.Number)
	})
}

func (s *Service) answerEventTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, r Request) error {
	if r.Booking == 0 {
		return nil
	}
	order, err := s.Bookings.OrderOfTx(ctx, tx, r.Booking)
	if err != nil {
		return err
	}
	return s.Bookings.EventTx(ctx, tx, booking.Event{Order: order, Booking: r.Booking, Kind: "request_answered", Actor: who.Actor(), At: s.now()})
}

// CloseIt ends a request without writing more.
func (s *Service) CloseIt(ctx context.Context, request int64) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		r, err := requestByID(ctx, tx, request, true)
		if err != nil {
			return err
		}
		if r.Status == "closed" {
			return nil
		}
		return closeRequest(ctx, tx, r.ID, s.now())
	})
}

// CloseErasureTx ends a request to be forgotten, in the transaction that forgets.
func (s *Service) CloseErasureTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, request int64, body string) (Request, error) {
	r, err := requestByID(ctx, tx, request, true)
	if err != nil {
		return r, err
	}
	if r.Kind != Erasure || r.Status == "closed" {
		return r, ErrNotFound
	}
	if err := s.messageTx(ctx, tx, r.ID, who.Actor(), body, nil); err != nil {
		return r, err
	}
	r.Status = "closed"
	return r, answered(ctx, tx, r.ID, "closed", s.now())
}

// EmptyTx empties what a guardian wrote, and their files, in closed requests: part of being forgotten.
func (s *Service) EmptyTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian) error {
	return emptyRequests(ctx, tx, guardian)
}

// OpenFile gives a file of a guardian's own request; guardian 0 is the office.
func (s *Service) OpenFile(ctx context.Context, guardian id.Guardian, request, file int64) (f File, data []byte, err error) {
	r, err := requestByID(ctx, s.DB, request, false)
	if err != nil {
		return f, nil, err
	}
	if guardian != 0 && r.Guardian != guardian {
		return f, nil, ErrNotFound
	}
	f, sealed, err := fileOf(ctx, s.DB, request, file)
	if err != nil {
		return f, nil, err
	}
	data, err = s.Seal.Open(sealed, filePlace(f.Message))
	return f, data, err
}

// Late reports whether the office let the day of its answer pass.
func (r Request) Late(today civil.Date) bool { return r.Status == "open" && today.After(r.AnswerBy) }

// Age is how long a request waits for the office; 0 when it does not.
func (r Request) Age(now time.Time) time.Duration {
	if r.Status != "open" {
		return 0
	}
	return now.Sub(r.WaitingSince)
}

// Written gives a guardian's requests with all their messages, to take along.
func (s *Service) Written(ctx context.Context, guardian id.Guardian) ([]Request, error) {
	all, err := s.Of(ctx, guardian)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Messages, err = messagesOf(ctx, s.DB, all[i].ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// TellErasedTx writes to a guardian that they are forgotten, while it is still known where to.
func (s *Service) TellErasedTx(ctx context.Context, tx *sqlx.Tx, r Request, keep civil.Date) error {
	if keep.IsZero() {
		return s.tellTx(ctx, tx, r, "erased", "", r.Number)
	}
	return s.tellTx(ctx, tx, r, "erased_kept", "", r.Number, keep)
}
