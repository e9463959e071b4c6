package booking

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/shop/account"
	letters "joetz/templates/mail"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// GoodwillAlone is how much one member of staff may give back on a booking without a second one, where no setting says
// otherwise.
const GoodwillAlone money.Cents = 10000

// The reasons why goodwill is refused.
var (
	ErrSecondPerson    error = fault.New(fault.Conflict, "booking.second_person")
	ErrDecided         error = fault.New(fault.Conflict, "booking.decided")
	ErrGoodwillAmount  error = fault.Field("amount", "booking.goodwill_amount")
	ErrGoodwillReason  error = fault.Field("reason", "booking.goodwill_reason")
	ErrGoodwillWaiting error = fault.New(fault.Conflict, "booking.goodwill_waiting")
)

// Goodwill is what the office gives back of what the terms ask.
type Goodwill struct {
	ID        int64       `db:"id"`
	Order     id.Order    `db:"order_id"`
	Booking   id.Booking  `db:"booking_id"`
	Computed  money.Cents `db:"computed_cents"` // what the terms asked then
	Granted   money.Cents `db:"granted_cents"`  // of it, what is given back
	Reason    string      `db:"reason"`
	AskedBy   id.Staff    `db:"asked_by"`
	AskedName string      `db:"asked_name"`
	AskedAt   time.Time   `db:"asked_at"`
	State     string      `db:"state"` // waiting, approved or refused
}

func (s *Service) goodwillAlone() money.Cents {
	if s.GoodwillLimit != nil {
		return *s.GoodwillLimit
	}
	return GoodwillAlone
}

// GoodwillOf lists what was given or asked on a booking, newest first.
func (s *Service) GoodwillOf(ctx context.Context, booking id.Booking) ([]Goodwill, error) {
	return goodwillOf(ctx, s.DB, booking)
}

// GiveGoodwill gives back part of what a booking costs, with a reason. seen is what it cost on the page that somebody read: ErrOutdated when
// it is another amount by now, so that a form that is sent twice gives once. Where the booking then had more than one person may
// give, it waits for a second one; waits reports that. Invalid faults name amount or reason; ErrGoodwillWaiting while
// another one waits.
func (s *Service) GiveGoodwill(ctx context.Context, who account.Identity, booking id.Booking, seen, amount money.Cents, reason string) (waits bool, err error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return false, ErrGoodwillReason
	}
	err = s.changeTx(ctx, who, booking, func(tx *sqlx.Tx, b Booking) error {
		switch {
		case seen != b.Statement.Charged:
			return ErrOutdated
		case amount <= 0 || amount > b.Statement.Charged:
			return ErrGoodwillAmount
		}
		earlier, err := goodwillOf(ctx, tx, booking)
		if err != nil {
			return err
		}
		given := amount
		for _, g := range earlier {
			switch g.State {
			case "waiting":
				return ErrGoodwillWaiting
			case "approved":
				given += g.Granted
			}
		}
		carried, err := s.Payments.RunningOf(ctx, tx, b.ID, "goodwill") // given on the booking before this one: it came along
		if err != nil {
			return err
		}
		given = max(given, amount-carried)
		g := Goodwill{Order: b.Order, Booking: b.ID, Computed: b.Statement.Charged, Granted: amount, Reason: reason, AskedBy: who.StaffID}
		if g.ID, err = insertGoodwill(ctx, tx, g, s.Now()); err != nil {
			return err
		}
		if waits = given > s.goodwillAlone(); waits {
			return s.goodwillEvent(ctx, tx, who, g, "goodwill_asked")
		}
		return s.grantTx(ctx, tx, who, b, g)
	})
	return waits, err
}

// DecideGoodwill lets goodwill above the limit through, or not. ErrSecondPerson for whoever asked for it; ErrDecided when
// somebody was first. It returns the order that it is about.
func (s *Service) DecideGoodwill(ctx context.Context, who account.Identity, goodwill int64, approve bool) (id.Order, error) {
	found, err := goodwillByID(ctx, s.DB, goodwill)
	if err != nil {
		return 0, err
	}
	return found.Order, s.changeTx(ctx, who, found.Booking, func(tx *sqlx.Tx, b Booking) error {
		g, err := goodwillByID(ctx, tx, goodwill)
		switch {
		case err != nil:
			return err
		case g.State != "waiting":
			return ErrDecided
		case approve && g.AskedBy == who.StaffID:
			return ErrSecondPerson
		case !approve:
			if err := decideGoodwill(ctx, tx, g.ID, false, who.StaffID, s.Now()); err != nil {
				return err
			}
			return s.goodwillEvent(ctx, tx, who, g, "goodwill_refused")
		case g.Granted > b.Statement.Charged: // the booking changed meanwhile
			return ErrOutdated
		}
		return s.grantTx(ctx, tx, who, b, g)
	})
}

// grantTx carries goodwill out: it is charged as a negative line, and what is paid too much goes back.
func (s *Service) grantTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking, g Goodwill) error {
	if err := decideGoodwill(ctx, tx, g.ID, true, who.StaffID, s.Now()); err != nil {
		return err
	}
	order, err := orderByID(ctx, tx, b.Order)
	if err != nil {
		return err
	}
	done, err := s.Payments.ReviseTx(ctx, tx, payments.Revision{
		Order: b.Order, Booking: b.ID, Payer: order.Payer(), Description: b.InvoiceText(), Add: []payments.Line{{Kind: "goodwill", Amount: -g.Granted}},
		Reason: g.Reason, By: who.StaffID, Actor: who.Actor(),
	})
	if err != nil {
		return err
	}
	if err := s.goodwillEvent(ctx, tx, who, g, "goodwill"); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, GoodwillArgs{Goodwill: g.ID, Refund: done.Refund, Open: done.Open, Papers: done.Papers()})
}

// GoodwillArgs asks a job to write to the parent of a booking of which something was given back.
type GoodwillArgs struct {
	Goodwill int64        `json:"goodwill"`
	Refund   money.Cents  `json:"refund"` // of it, what is on its way back
	Open     money.Cents  `json:"open"`   // still to pay of the booking
	Papers   []id.Invoice `json:"papers"`
}

// Kind names the job.
func (GoodwillArgs) Kind() string { return "booking.goodwill" }

// WriteGoodwill writes it. The office's reason stays in the history: it was not written for the family.
func (s *Service) WriteGoodwill(ctx context.Context, a GoodwillArgs) error {
	if _, err := s.Invoices.Number(ctx); err != nil {
		return err
	}
	g, err := goodwillByID(ctx, s.DB, a.Goodwill)
	if err != nil {
		return err
	}
	b, err := s.BookingByID(ctx, g.Booking)
	if err != nil {
		return err
	}
	o, err := s.OrderByID(ctx, g.Order)
	if err != nil {
		return err
	}
	in := letters.Notice{Kind: "goodwill_less", FirstName: o.PayerFirstName(), Args: []any{b.FirstName, b.Title, g.Granted, g.Computed, a.Open}, Path: OrderPath(o.ID)}
	switch {
	case a.Refund > 0:
		back, err := s.letterRefund(ctx, o, a.Refund)
		if err != nil {
			return err
		}
		if in.Kind, in.Args = "goodwill_back", []any{b.FirstName, b.Title, g.Granted, g.Computed, back.DueOn}; a.Refund < g.Granted {
			in.Kind, in.Args = "goodwill_part", append(in.Args, a.Refund)
		}
	case a.Open <= 0:
		in.Kind, in.Args = "goodwill_even", in.Args[:4]
	}
	m, err := s.Outbox.Notice(ctx, o.Addressee(), o.Lang, o.ID, in, a.Papers...)
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}

func (s *Service) goodwillEvent(ctx context.Context, tx *sqlx.Tx, who account.Identity, g Goodwill, kind string) error {
	detail, err := json.Marshal(map[string]any{"computed": g.Computed, "granted": g.Granted, "note": g.Reason})
	if err != nil {
		return err
	}
	return insertEvent(ctx, tx, Event{Order: g.Order, Booking: g.Booking, Kind: kind, Detail: detail, Actor: who.Actor(), At: s.Now()})
}
