package payments

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// ReopenTx takes back the closing of a booking that happened since that moment: what it cost before is charged anew, with
// the schedule as it was, and what remained owed is reversed and credited. A refund by bank that has not left is
// called off and pays again; one that is on its way through Stripe goes on, and is then open. Of the revision only
// order, booking, payer, texts, By and Actor count. The caller holds the order's lock.
func (s *Service) ReopenTx(ctx context.Context, tx *sqlx.Tx, r Revision, since time.Time) (Revised, error) {
	lines, err := chargesBefore(ctx, tx, r.Booking, since)
	if err != nil {
		return Revised{}, err
	}
	schedule, err := partsBefore(ctx, tx, r.Booking, since)
	if err != nil {
		return Revised{}, err
	}
	refunds, err := refundsToCallOff(ctx, tx, r.Booking, since)
	if err != nil {
		return Revised{}, err
	}
	for _, refund := range refunds {
		if err := s.RefundStepTx(ctx, tx, RefundStep{Refund: refund, State: "failed", SourceID: CalledOff}); err != nil {
			return Revised{}, err
		}
	}
	if r.Reverse, err = runningKinds(ctx, tx, r.Booking); err != nil {
		return Revised{}, err
	}
	r.Add, r.Schedule, r.Keep = lines, schedule, true
	if r.Schedule == nil {
		r.Schedule = []Due{}
	}
	return s.ReviseTx(ctx, tx, r)
}

// Reopening is what taking a closing back would do.
type Reopening struct {
	Charged money.Cents // what the booking costs again
	Called  money.Cents // refunds that are called off
	Sent    money.Cents // refunds that go on: they are then open
}

// PreviewReopen says it, and changes nothing.
func (s *Service) PreviewReopen(ctx context.Context, q sqlx.QueryerContext, r Revision, since time.Time) (out Reopening, err error) {
	lines, err := chargesBefore(ctx, q, r.Booking, since)
	if err != nil {
		return out, err
	}
	out.Charged = sumLines(lines)
	out.Called, out.Sent, err = refundsSince(ctx, q, r.Booking, since)
	return out, err
}

type dueRow struct {
	Kind   string      `db:"kind"`
	On     civil.Date  `db:"due_on"`
	Amount money.Cents `db:"amount_cents"`
}
