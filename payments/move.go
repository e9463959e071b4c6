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
	Invoice  id.Invoice  // of what the new bookings ask at once; 0: nothing
	FeeOpen  money.Cents // of the fee, what the old booking's money did not cover
	Open     money.Cents // still to pay of the new booking
}

// MoveAllTx closes bookings of one order and opens the others in one event, with one credit note for each payer and one invoice, and
// lets the money of each follow: it pays its fee first, then the new booking's parts, oldest due first; what is left goes back
// (edges.md 76, 78, 79). The caller holds the order's lock.
func (s *Service) MoveAllTx(ctx context.Context, tx *sqlx.Tx, all ...Moving) ([]Moved, error) {
	out, free := make([]Moved, len(all)), make([]money.Cents, len(all))
	order := all[0].Order
	notes := credits{order: order, reason: all[0].Reason}
	for n, m := range all {
		paid, asked, err := s.releaseTx(ctx, tx, m.Closing)
		if err != nil {
			return nil, err
		}
		free[n] = paid
		if err := s.creditTx(ctx, tx, m.Closing, asked, &notes); err != nil {
			return nil, err
		}
	}
	if _, err := s.issueTx(ctx, tx, notes); err != nil {
		return nil, err
	}
	open := make([]Opening, len(all))
	for n, m := range all {
		owed := m.Fee + m.Premium + m.Costs
		kept := min(free[n], owed)
		open[n], free[n], out[n].FeeOpen = m.To, free[n]-kept, owed-kept
		if owed > 0 {
			if err := s.feeTx(ctx, tx, m.Closing, owed, kept); err != nil {
				return nil, err
			}
		}
	}
	asks, err := s.OpenTx(ctx, tx, order, all[0].Payer, open)
	if err != nil {
		return nil, err
	}
	for n, m := range all { // each with its own money, before any that is free is spread
		out[n].Invoice = asks
		if out[n].Refund, err = s.payOwnTx(ctx, tx, order, m.To.Booking, free[n]); err != nil {
			return nil, err
		}
		out[n].Followed = free[n] - out[n].Refund
		if out[n].Refunds, err = s.refundTx(ctx, tx, m.Closing, out[n].Refund); err != nil {
			return nil, err
		}
	}
	if _, _, err := s.AllocateTx(ctx, tx, order); err != nil {
		return nil, err
	}
	rows, err := runningInstalments(ctx, tx, order)
	for n, m := range all {
		for _, i := range pickRows(rows, m.To.Booking) {
			out[n].Open += i.Amount - i.Allocated
		}
	}
	return out, err
}
