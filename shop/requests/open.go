package requests

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/upload"
	"joetz/migrations/pg"
	"joetz/shop/booking"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// New is a request as a parent fills it in.
type New struct {
	Kind         Kind
	Booking      id.Booking // 0: about no booking
	Body         string
	LeavesAt     time.Time // of Leaving
	FetcherName  string
	FetcherPhone string
	Files        []Upload
}

// Upload is a file as it was sent.
type Upload struct {
	Name  string
	Bytes []byte
}

// Open makes a request, gives it a number, and writes to the parent by when they hear from the office. Field faults;
// ErrLateComplaint, ErrLateService; ErrMoved; booking.ErrNoBooking for a booking that is not theirs to write about.
func (s *Service) Open(ctx context.Context, guardian id.Guardian, in New) (r Request, err error) {
	var b booking.Booking
	if in.Booking != 0 {
		if b, err = s.Bookings.BookingOf(ctx, guardian, in.Booking, booking.ToChange); err != nil {
			return r, err
		}
	}
	if err := s.check(in, b); err != nil {
		return r, err
	}
	files, err := clean(in.Files)
	if err != nil {
		return r, err
	}
	r = Request{Kind: in.Kind, Guardian: guardian, Booking: in.Booking, Status: "open", OpenedAt: s.now(), WaitingSince: s.now(),
		AnswerBy: workingDay(s.today().AddDays(s.Settings.AnswerDays[in.Kind])), FetcherName: in.FetcherName, FetcherPhone: in.FetcherPhone}
	if in.Kind == Leaving {
		r.LeavesAt = &in.LeavesAt
		if day := civil.Of(in.LeavesAt); r.AnswerBy.After(day) { // an answer after the child has left helps nobody
			r.AnswerBy = day
		}
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := s.insertTx(ctx, tx, &r, in.Body, files); err != nil {
			return err
		}
		if b.ID != 0 {
			detail, err := json.Marshal(map[string]string{"number": r.Number, "request": string(r.Kind)})
			if err != nil {
				return err
			}
			if err := s.Bookings.EventTx(ctx, tx, booking.Event{Order: b.Order, Booking: b.ID, Kind: "request_opened", Detail: detail, Actor: guardian.Actor(), At: s.now()}); err != nil {
				return err
			}
		}
		return s.tellTx(ctx, tx, r, "request_received", "", r.Number, r.AnswerBy)
	})
	return r, err
}

func (s *Service) insertTx(ctx context.Context, tx *sqlx.Tx, r *Request, body string, files []cleaned) (err error) {
	if r.Number, err = nextNumber(ctx, tx, s.today().Year()); err != nil {
		return err
	}
	if r.ID, err = insertRequest(ctx, tx, *r); err != nil {
		return err
	}
	return s.messageTx(ctx, tx, r.ID, r.Guardian.Actor(), body, files)
}

func (s *Service) check(in New, b booking.Booking) error {
	switch {
	case in.Kind != Complaint && in.Kind != Undelivered && in.Kind != Leaving && in.Kind != Question:
		return fault.Field("kind", "form.required")
	case in.Kind != Question && b.ID == 0:
		return fault.Field("booking", "requests.which_booking")
	case in.Kind != Leaving && strings.TrimSpace(in.Body) == "":
		return fault.Field("body", "form.required")
	}
	if !About(b) {
		return ErrMoved
	}
	if err := s.inTerm(in.Kind, b); err != nil {
		return err
	}
	if in.Kind != Leaving {
		return nil
	}
	switch day := civil.Of(in.LeavesAt); {
	case in.LeavesAt.IsZero():
		return fault.Field("leaves", "form.required")
	case day.Before(b.DepartsOn) || day.After(b.EndsOn):
		return fault.Field("leaves", "requests.leaves_outside", b.DepartsOn, b.EndsOn)
	case !in.LeavesAt.After(s.Now()):
		return fault.Field("leaves", "requests.leaves_past")
	case in.FetcherName == "":
		return fault.Field("fetcher_name", "form.required")
	case in.FetcherPhone == "":
		return fault.Field("fetcher_phone", "form.required")
	}
	return nil
}

// About reports whether families write about a booking: not when another came in its place, for that holiday was never theirs to
// complain of, and its terms run by dates on which nobody travelled.
func About(b booking.Booking) bool { return b.RebookedTo == 0 && b.CancelledBy != "rebooked" }

// mostFiles is how many files one message takes.
const mostFiles = 3

type cleaned struct {
	name, kind string
	data       []byte
}

// clean draws pictures anew and lets only pictures and PDF through.
func clean(files []Upload) (out []cleaned, err error) {
	if len(files) > mostFiles {
		return nil, fault.Field("files", "requests.many_files", mostFiles)
	}
	for _, f := range files {
		data, kind, err := upload.Clean(f.Bytes)
		if errors.Is(err, upload.ErrActive) {
			return nil, fault.Field("files", "requests.active_file")
		}
		if err != nil {
			return nil, fault.Field("files", "requests.bad_file")
		}
		out = append(out, cleaned{name: f.Name, kind: kind, data: data})
	}
	return out, nil
}

func (s *Service) messageTx(ctx context.Context, tx *sqlx.Tx, request int64, by, body string, files []cleaned) error {
	key, err := insertMessage(ctx, tx, request, by, strings.TrimSpace(body), s.now())
	if err != nil {
		return err
	}
	for _, f := range files {
		sealed, err := s.Seal.Seal(f.data, filePlace(key))
		if err != nil {
			return fmt.Errorf("requests: seal a file: %w", err)
		}
		if err := insertFile(ctx, tx, key, f.name, f.kind, sealed); err != nil {
			return err
		}
	}
	return nil
}

func filePlace(message int64) []byte { return fmt.Appendf(nil, "request_file:%d", message) }

// OpenFiche asks that the medical fiche of one booking is wiped. Whether this guardian may see that fiche is asked before.
// ErrErasureOpen when that was asked already.
func (s *Service) OpenFiche(ctx context.Context, guardian id.Guardian, b id.Booking, body string) (Request, error) {
	return s.openWiping(ctx, Request{Kind: Fiche, Guardian: guardian, Booking: b}, body)
}

// OpenErasure asks that a guardian and their children are forgotten. ErrErasureOpen when that was asked already.
func (s *Service) OpenErasure(ctx context.Context, guardian id.Guardian, body string) (Request, error) {
	return s.openWiping(ctx, Request{Kind: Erasure, Guardian: guardian}, body)
}

func (s *Service) openWiping(ctx context.Context, r Request, body string) (Request, error) {
	r.Status, r.OpenedAt, r.WaitingSince, r.AnswerBy = "open", s.now(), s.now(), s.today().AddDays(s.Settings.AnswerDays[r.Kind])
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		err := s.insertTx(ctx, tx, &r, body, nil)
		for _, once := range []string{"family_request_one_erasure", "family_request_one_fiche"} {
			if pg.Constraint(errors.Unwrap(err)) == once || pg.Constraint(err) == once {
				return ErrErasureOpen
			}
		}
		if err != nil {
			return err
		}
		return s.tellTx(ctx, tx, r, "request_received", "", r.Number, r.AnswerBy)
	})
	return r, err
}
