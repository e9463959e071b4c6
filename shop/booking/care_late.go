package booking

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/memberprice"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// SaveFiche keeps a page of a fiche for its guardian, and lets the booking follow: when the answers newly ask for a care
// review the booking is in review, its place stays and no due date runs (edges.md 103); when the parent takes that back
// before anybody decided, it goes on as it was. Faults: as medical.SaveTopicTx.
func (s *Service) SaveFiche(ctx context.Context, r medical.Reader, booking id.Booking, page medical.Page, typed questionnaire.Answers) (out medical.Saved, err error) {
	before, err := s.BookingByID(ctx, booking)
	if err != nil {
		return out, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, before.Order); err != nil { // before the fiche: the order of locks
			return err
		}
		if out, err = s.Medical.SaveTopicTx(ctx, tx, r, booking, page, typed); err != nil || out.Review == medical.ReviewSame {
			return err
		}
		b, err := s.bookingByID(ctx, tx, booking)
		if err != nil {
			return err
		}
		switch {
		case out.Review == medical.ReviewAsked && b.Status == "placed":
			return s.pauseTx(ctx, tx, r.Guardian, b)
		case out.Review == medical.ReviewWithdrawn && b.Status == "in_review" && !b.PausedOn.IsZero():
			return s.withdrawCareTx(ctx, tx, r.Guardian, b)
		}
		return nil
	})
	return out, err
}

func (s *Service) pauseTx(ctx context.Context, tx *sqlx.Tx, g id.Guardian, b Booking) error {
	if err := pauseBooking(ctx, tx, b.ID, s.today()); err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: "care_asked", Actor: g.Actor(), At: s.Now()}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, CareArgs{Booking: b.ID, What: "asked"})
}

func (s *Service) withdrawCareTx(ctx context.Context, tx *sqlx.Tx, g id.Guardian, b Booking) error {
	open, err := s.Medical.CloseReviewTx(ctx, tx, b.ID)
	if err != nil || !open {
		return err
	}
	papers, err := s.resumeTx(ctx, tx, account.Identity{GuardianID: g}, b)
	if err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: "care_withdrawn", Actor: g.Actor(), At: s.Now()}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, CareArgs{Booking: b.ID, What: "withdrawn", Papers: papers})
}

// resumeTx lets a booking that stood still go on: what is open moves on by as many days as it stood, though never past the
// day before the departure. It returns the credit note and the invoice of what was asked before and is asked later now.
func (s *Service) resumeTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking) (papers []id.Invoice, err error) {
	if err := resumeBooking(ctx, tx, b.ID); err != nil {
		return nil, err
	}
	days := b.PausedOn.DaysUntil(s.today())
	if b.Evidence == memberprice.Awaited {
		claims, err := memberprice.Of(ctx, tx, b.ID)
		if err != nil {
			return nil, err
		}
		if err := memberprice.ExtendTx(ctx, tx, b.ID, civil.Earlier(claims[b.ID].Until.AddDays(days), b.DepartsOn)); err != nil {
			return nil, err
		}
	}
	schedule, moved := moveOn(b.Statement.Parts, days, b.DepartsOn.AddDays(-1))
	if !moved {
		return nil, nil
	}
	order, err := orderByID(ctx, tx, b.Order)
	if err != nil {
		return nil, err
	}
	done, err := s.Payments.ReviseTx(ctx, tx, payments.Revision{
		Order: b.Order, Booking: b.ID, Payer: order.Payer(), Description: b.InvoiceText(), Schedule: schedule, By: who.StaffID, Actor: who.Actor(),
	})
	return done.Papers(), err
}

// moveOn gives the schedule with what is open some days later, at most on last, and never earlier than it was.
func moveOn(parts []payments.Part, days int, last civil.Date) (schedule []payments.Due, moved bool) {
	for _, p := range parts {
		due := payments.Due{Kind: p.Kind, On: p.DueOn, Amount: p.Amount}
		if p.Open() > 0 {
			due.On = civil.Later(p.DueOn, civil.Earlier(p.DueOn.AddDays(days), last))
		}
		moved = moved || due.On != p.DueOn
		schedule = append(schedule, due)
	}
	return schedule, moved
}

// CareArgs asks a job to write to the parent about a care review: asked, withdrawn or welcome. A holiday in its place and a
// refusal have the letters of a rebooking and a cancellation.
type CareArgs struct {
	Booking id.Booking   `json:"booking"`
	What    string       `json:"what"`
	Papers  []id.Invoice `json:"papers"`
}

// Kind names the job.
func (CareArgs) Kind() string { return "booking.care" }

// WriteCare writes it, without a word about health.
func (s *Service) WriteCare(ctx context.Context, a CareArgs) error {
	b, o, err := s.letterAbout(ctx, a.Booking)
	if err != nil {
		return err
	}
	in := letters.Notice{Kind: "care_" + a.What, FirstName: o.PayerFirstName(), Args: []any{b.FirstName, b.Title}, Path: OrderPath(o.ID)}
	m, err := s.Outbox.Notice(ctx, o.Addressee(), o.Lang, o.ID, in, a.Papers...)
	if err != nil {
		return fmt.Errorf("booking: letter about booking %d: %w", b.ID, err)
	}
	return s.Post(ctx, m)
}
