package extra

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrHas is returned when a booking has the extra already; ErrHasNot when it does not, or not any more.
var (
	ErrHas    error = fault.New(fault.Conflict, "extra.has")
	ErrHasNot error = fault.New(fault.NotFound, "extra.has_not")
)

// ByEnd is who took an extra off when its booking ended.
const ByEnd = "end"

// AddTx gives a booking an extra of its departure at today's price, and returns it. Invalid on its field when it is gone,
// stopped or lacks its choice; ErrHas. apart: it gets an invoice of its own. The caller holds the order's lock.
func (s *Service) AddTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, departure id.Departure, pick Pick, apart bool, actor string) (Picked, error) {
	e, err := lock(ctx, tx, pick.Extra, s.Now(), 0, 0)
	if err != nil {
		return Picked{}, err
	}
	field := Field(pick.Extra)
	left, limited := e.Left()
	switch {
	case e.Departure != departure || e.StoppedAt != nil:
		return Picked{}, fault.Field(field, "extra.unknown")
	case limited && left < 1:
		return Picked{}, fault.Field(field, "extra.gone")
	case len(e.Choices) > 0 && !slices.Contains(e.Choices, pick.Choice):
		return Picked{}, fault.Field(field, "extra.choose")
	case len(e.Choices) == 0:
		pick.Choice = ""
	}
	p := Picked{Pick: pick, Booking: booking, NameNL: e.NameNL, NameEN: e.NameEN, Price: e.Price, RefundDays: e.RefundDays, AsPrice: e.AsPrice, Apart: apart}
	return p, insertSold(ctx, tx, booking, p, actor, s.Now())
}

// RemoveTx takes an extra off a booking and gives it back to the stock; kept is what stays to be paid of it. ErrHasNot.
func (s *Service) RemoveTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, key int64, kept money.Cents, actor string) error {
	return remove(ctx, tx, booking, key, kept, actor, s.Now())
}

// FreeTx gives back what a booking has, since it ended; kept is what stays to be paid of each extra, by its number.
func (s *Service) FreeTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, kept map[int64]money.Cents) error {
	has, err := ofBookings(ctx, tx, []id.Booking{booking})
	if err != nil {
		return err
	}
	for _, p := range has[booking] {
		if err := remove(ctx, tx, booking, p.Extra, kept[p.Extra], ByEnd, s.Now()); err != nil {
			return err
		}
	}
	return nil
}

// RestoreTx gives a booking back what it lost when it ended. ErrGone when others took it meanwhile.
func (s *Service) RestoreTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking) error {
	lost, err := removed(ctx, tx, booking, true)
	if err != nil {
		return err
	}
	slices.SortFunc(lost, func(a, b Picked) int { return int(a.Extra - b.Extra) })
	for _, p := range lost {
		e, err := lock(ctx, tx, p.Extra, s.Now(), 0, 0)
		if err != nil {
			return err
		}
		if left, limited := e.Left(); limited && left < 1 {
			return ErrGone
		}
		if err := restore(ctx, tx, booking, p.Extra); err != nil {
			return err
		}
	}
	return nil
}

// KeptOf lists the extras of a booking of which something stayed to be paid when they were taken off: while it went on, or
// (ended) when it ended.
func (s *Service) KeptOf(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, ended bool) ([]Picked, error) {
	all, err := removed(ctx, q, booking, ended)
	return slices.DeleteFunc(all, func(p Picked) bool { return p.Kept == 0 }), err
}
