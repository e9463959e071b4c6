package booking

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/extra"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrEnded is returned when a booking was cancelled before.
var ErrEnded error = fault.New(fault.Conflict, "booking.ended")

// Cancel says how a booking ends.
type Cancel struct {
	Booking id.Booking
	By      terms.By
	Claim   bool        // an insured customer keeps the insurance, to claim on it
	Costs   money.Cents // proven transport or medical costs
	Note    string      // why, in the words of whoever does it
	Quiet   bool        // the caller writes to the family
}

// CancelPreview is what ending a booking today would cost and why.
type CancelPreview struct {
	Booking Booking
	Cancel  Cancel
	Facts   terms.CancelFacts
	Outcome terms.Cancellation
	Because []terms.Reason // Told puts them in words
	Kept    []extra.Picked // extras of which something stays to be paid
	Steps   []terms.Step   // the fee as it goes on
	Fees    money.Cents    // paid for rebookings that led to this booking: they go back as well
}

// PreviewCancel prices the end of a booking, on the terms that it was booked with, and changes nothing. ErrEnded, ErrOff, or
// why it cannot end that way: ErrEndReason, ErrNotAway, ErrNotReleased, ErrCareDecides.
func (s *Service) PreviewCancel(ctx context.Context, in Cancel) (CancelPreview, error) {
	b, err := s.BookingByID(ctx, in.Booking)
	if err != nil {
		return CancelPreview{}, err
	}
	if err := s.mayEnd(ctx, s.DB, b, in); err != nil {
		return CancelPreview{}, err
	}
	return s.previewCancel(ctx, s.DB, b, in)
}

func (s *Service) previewCancel(ctx context.Context, q sqlx.QueryerContext, b Booking, in Cancel) (CancelPreview, error) {
	switch {
	case !b.Active():
		return CancelPreview{}, ErrEnded
	case b.Off() && in.By != terms.ByOrganiser: // nobody pays for leaving what does not take place
		return CancelPreview{}, ErrOff
	}
	if err := s.paysToLeave(ctx, q, b, in.By); err != nil {
		return CancelPreview{}, err
	}
	t, err := s.termsOf(ctx, q, b.PolicyHash)
	if err != nil {
		return CancelPreview{}, err
	}
	facts, kept, err := s.withKept(ctx, q, t, b, s.today(), in)
	if err != nil {
		return CancelPreview{}, err
	}
	p := CancelPreview{Booking: b, Kept: kept, Cancel: in, Facts: facts, Outcome: t.Cancel(facts), Because: t.ExplainCancel(facts), Steps: t.Timeline(facts)}
	p.Fees, err = s.feesBack(ctx, q, b, in.By)
	return p, err
}

// paysToLeave refuses to charge a family that may leave for free: ErrFree.
func (s *Service) paysToLeave(ctx context.Context, q sqlx.QueryerContext, b Booking, by terms.By) error {
	if by != terms.ByCustomer {
		return nil
	}
	until, err := s.freeUntil(ctx, q, b)
	if err == nil && !until.IsZero() {
		return ErrFree.WithArgs(until)
	}
	return err
}

// freeUntil is the last day on which a family may leave for free; zero when it may not.
func (s *Service) freeUntil(ctx context.Context, q sqlx.QueryerContext, b Booking) (until civil.Date, err error) {
	if s.FreeUntil == nil {
		return until, nil
	}
	return s.FreeUntil(ctx, q, b.ID)
}

// Confirmed is what somebody read on the screen when they confirmed: what is charged is this, or nothing.
type Confirmed struct {
	Fee, Premium, Refund, Outstanding money.Cents
	Fees                              money.Cents // of earlier rebookings, that go back beside Refund
}

// Confirms is what a page of it sends back.
func (p CancelPreview) Confirms() Confirmed {
	o := p.Outcome
	return Confirmed{o.Fee, o.Premium, o.Refund, o.Outstanding, p.Fees}
}

// CancelledArgs asks a job to write to the parent of a cancelled booking.
type CancelledArgs struct {
	Booking id.Booking  `json:"booking"`
	Fee     money.Cents `json:"fee"`
	Premium money.Cents `json:"premium"`
	Costs   money.Cents `json:"costs"`
	Refund  money.Cents `json:"refund"`
	Open    money.Cents `json:"open"`
	Paid    money.Cents `json:"paid"` // before it ended
	By      string      `json:"by"`

	DepositPaid bool `json:"deposit_paid,omitempty"` // also where a small difference to it was let go
}

// Kind names the job.
func (CancelledArgs) Kind() string { return "booking.cancelled" }

// Cancel ends a booking: its place is free again, its charges make way for the fee, and what was paid too much goes back.
// ErrOutdated when the outcome is no longer the one that was confirmed; else a reason of PreviewCancel.
func (s *Service) Cancel(ctx context.Context, who account.Identity, in Cancel, confirmed Confirmed) (CancelPreview, error) {
	before, err := s.BookingByID(ctx, in.Booking)
	if err != nil {
		return CancelPreview{}, err
	}
	var p CancelPreview
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		b, err := s.againTx(ctx, tx, before)
		if err != nil {
			return err
		}
		if err := s.mayEnd(ctx, tx, b, in); err != nil {
			return err
		}
		if p, err = s.previewCancel(ctx, tx, b, in); err != nil {
			return err
		}
		if p.Confirms() != confirmed {
			return ErrOutdated
		}
		return s.cancelTx(ctx, tx, who, p)
	})
	return p, err
}

func (s *Service) cancelTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, all ...CancelPreview) error {
	order, err := orderByID(ctx, tx, all[0].Booking.Order)
	if err != nil {
		return err
	}
	closings := make([]payments.Closing, len(all))
	for n, p := range all {
		if err := s.leaveTx(ctx, tx, p); err != nil {
			return err
		}
		if closings[n], err = s.closing(ctx, tx, who, order, p); err != nil {
			return err
		}
	}
	if _, err := s.Payments.CloseAllTx(ctx, tx, closings...); err != nil {
		return err
	}
	for n, p := range all {
		if err := s.tellCancelledTx(ctx, tx, who, p, closings[n]); err != nil {
			return err
		}
	}
	return nil
}

// leaveTx ends a booking and frees its place and its extras.
func (s *Service) leaveTx(ctx context.Context, tx *sqlx.Tx, p CancelPreview) error {
	b := p.Booking
	if err := endBooking(ctx, tx, b.ID, p.Cancel.By.String(), s.Now()); err != nil {
		return err
	}
	if err := freePlace(ctx, tx, b.ID); err != nil {
		return err
	}
	stays := map[int64]money.Cents{}
	for _, k := range p.Kept {
		stays[k.Extra] = k.Kept
	}
	if err := s.Extras.FreeTx(ctx, tx, b.ID, stays); err != nil {
		return err
	}
	return s.freedTx(ctx, tx, b.Departure)
}

// closing says what remains owed of a booking that ends.
func (s *Service) closing(ctx context.Context, tx *sqlx.Tx, who account.Identity, order Order, p CancelPreview) (payments.Closing, error) {
	b, o := p.Booking, p.Outcome
	// What the terms ask in all; costs that fee and premium leave unnamed are proven costs, and extras that are not paid back.
	owed := b.Statement.Paid - o.Refund + o.Outstanding
	fees, err := s.feesReturned(ctx, tx, who, order, p)
	return payments.Closing{
		Order: b.Order, Booking: b.ID, Payer: order.Payer(), Description: b.InvoiceText(),
		Fee: o.Fee, Premium: o.Premium, Costs: owed - o.Fee - o.Premium, Items: keptItems(b.name(), p.Kept), Reason: p.Cancel.Note, By: who.StaffID, Actor: who.Actor(),
		Also: fees,
	}, err
}

// tellCancelledTx writes the end into the booking's history, and asks for the mail unless the caller writes to the family.
func (s *Service) tellCancelledTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, p CancelPreview, c payments.Closing) error {
	b, o := p.Booking, p.Outcome
	detail, err := json.Marshal(map[string]any{"by": p.Cancel.By.String(), "fee": o.Fee, "premium": o.Premium, "refund": o.Refund + p.Fees, "fees": p.Fees, "outstanding": o.Outstanding, "note": p.Cancel.Note, "costs": p.Cancel.Costs, "because": p.Because})
	if err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: "cancelled", Detail: detail, Actor: who.Actor(), At: s.Now()}); err != nil {
		return err
	}
	if p.Cancel.Quiet {
		return nil
	}
	return s.enqueue(ctx, tx, CancelledArgs{
		Booking: b.ID, Fee: o.Fee, Premium: o.Premium, Costs: c.Costs, Refund: o.Refund + p.Fees, Open: o.Outstanding, Paid: b.Statement.Paid + p.Fees, DepositPaid: b.depositPaid(), By: p.Cancel.By.String(),
	})
}

// CancelOwn is Cancel for a parent: of the family's own booking, as the customer, before the holiday begins or on its first
// day. ErrNoBooking, ErrDeparted, or a reason of Cancel.
func (s *Service) CancelOwn(ctx context.Context, who account.Identity, in Cancel, confirmed Confirmed) (CancelPreview, error) {
	if _, err := s.PreviewCancelOwn(ctx, who, in); err != nil {
		return CancelPreview{}, err
	}
	in.By, in.Costs = terms.ByCustomer, 0
	return s.Cancel(ctx, who, in, confirmed)
}

// PreviewCancelOwn is PreviewCancel for a parent.
func (s *Service) PreviewCancelOwn(ctx context.Context, who account.Identity, in Cancel) (CancelPreview, error) {
	b, err := s.maySpend(ctx, who, in.Booking)
	switch {
	case err != nil:
		return CancelPreview{}, err
	case b.Active() && b.DepartsOn.Before(s.today()):
		return CancelPreview{}, ErrDeparted
	}
	in.By, in.Costs = terms.ByCustomer, 0
	return s.previewCancel(ctx, s.DB, b, in)
}
