package payments

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
	"joetz/terms/money"
)

// Moving ends a booking and opens another one of the same order in its place. Fee is what the move costs; it stays on the
// booking that ends, so that it is owed whatever becomes of the new one.
type Moving struct {
	Closing
	To Opening
}

// Moved tells what a move did with the money.
type Moved struct {
	Followed money.Cents // what pays for the new booking now
	Refund   money.Cents // too much for it: on its way back
	Refunds  []id.Refund
	Invoice  id.Invoice  // of what the new booking asks at once; 0: nothing
	FeeOpen  money.Cents // of the fee, what the old booking's money did not cover
	Open     money.Cents // still to pay of the new booking
}

// MoveTx closes one booking and opens the other, and lets the money follow: it pays the fee first, then the new booking's
// parts, oldest due first; what is left goes back (edges.md 76, 78, 79). The caller holds the order's lock.
func (s *Service) MoveTx(ctx context.Context, tx *sqlx.Tx, m Moving) (out Moved, err error) {
	c := m.Closing
	paid, asked, err := s.releaseTx(ctx, tx, c)
	if err != nil {
		return out, err
	}
	notes := credits{order: c.Order, reason: c.Reason}
	if err := s.creditTx(ctx, tx, c, asked, &notes); err != nil {
		return out, err
	}
	if _, err := s.issueTx(ctx, tx, notes); err != nil {
		return out, err
	}
	owed := c.Fee + c.Premium + c.Costs
	kept := min(paid, owed)
	out.FeeOpen = owed - kept
	if owed > 0 {
		if err := s.feeTx(ctx, tx, c, owed, kept); err != nil {
			return out, err
		}
	}
	if out.Invoice, err = s.OpenTx(ctx, tx, c.Order, c.Payer, []Opening{m.To}); err != nil {
		return out, err
	}
	if out.Refund, err = s.payOwnTx(ctx, tx, c.Order, m.To.Booking, paid-kept); err != nil {
		return out, err
	}
	out.Followed = paid - kept - out.Refund
	if out.Refunds, err = s.refundTx(ctx, tx, c, out.Refund); err != nil {
		return out, err
	}
	if _, _, err := s.AllocateTx(ctx, tx, c.Order); err != nil {
		return out, err
	}
	rows, err := s.rowsOf(ctx, tx, c.Order, m.To.Booking)
	for _, i := range rows {
		out.Open += i.Amount - i.Allocated
	}
	return out, err
}
