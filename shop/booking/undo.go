package booking

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/discount"
	"joetz/shop/extra"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrNoUndo is returned when a cancellation cannot be taken back: another day, or the child went elsewhere.
var ErrNoUndo error = fault.New(fault.Conflict, "booking.no_undo")

// ErrUndoListed is why a cancellation is not taken back while the waiting list has the place.
var ErrUndoListed error = fault.New(fault.Conflict, "booking.undo_listed")

// ErrExtraGone is returned when an extra of the booking went to another child meanwhile.
var ErrExtraGone error = fault.New(fault.Conflict, "extra.gone_undo")

// ErrDiscountGone is returned when others used up a discount of the booking meanwhile.
var ErrDiscountGone error = fault.New(fault.Conflict, "discount.gone_undo")

// UndoPreview is what taking a cancellation back does.
type UndoPreview struct {
	payments.Reopening             // fees of earlier rebookings among them
	Fees               money.Cents // of Charged, fees of earlier rebookings that went back with the end
}

// UndoConfirmed is what somebody read of it.
type UndoConfirmed struct{ Charged, Called, Sent money.Cents }

// Confirms is what a page of it sends back.
func (p UndoPreview) Confirms() UndoConfirmed { return UndoConfirmed{p.Charged, p.Called, p.Sent} }

// undoable says why a cancellation cannot be taken back: the same day, before the departure, and not of a rebooking.
func (s *Service) undoable(b Booking) error {
	switch {
	case b.Off():
		return ErrOff
	case b.Status != "cancelled" || b.CancelledBy == "rebooked" || civil.Of(*b.CancelledAt) != s.today():
		return ErrNoUndo
	case !s.today().Before(b.DepartsOn):
		return ErrDeparted
	}
	return nil
}

// UndoRefused says why a cancellation cannot be taken back now; nil when it can, discounts and extras that others took aside.
func (s *Service) UndoRefused(ctx context.Context, b Booking) error {
	if _, err := s.previewUndo(ctx, s.DB, b); err != nil {
		return err
	}
	left, err := placesLeft(ctx, s.DB, b.Departure, s.Now())
	if err == nil && left.Free == 0 {
		err = ErrSoldOut
		if left.Listed > 0 {
			err = ErrUndoListed
		}
	}
	return err
}

// PreviewUndo says what taking a cancellation back would do, and changes nothing.
func (s *Service) PreviewUndo(ctx context.Context, booking id.Booking) (UndoPreview, error) {
	b, err := s.BookingByID(ctx, booking)
	if err != nil {
		return UndoPreview{}, err
	}
	return s.previewUndo(ctx, s.DB, b)
}

func (s *Service) previewUndo(ctx context.Context, q sqlx.QueryerContext, b Booking) (UndoPreview, error) {
	var out UndoPreview
	if err := s.undoable(b); err != nil {
		return out, err
	}
	if s.MayUndo != nil {
		if err := s.MayUndo(ctx, q, b.ID); err != nil {
			return out, err
		}
	}
	again, err := s.chargedAgain(ctx, q, b)
	if err != nil {
		return out, err
	}
	for n, one := range append([]Booking{b}, again...) {
		back, err := s.Payments.PreviewReopen(ctx, q, payments.Revision{Order: one.Order, Booking: one.ID}, *b.CancelledAt)
		if err != nil {
			return out, err
		}
		out.Charged, out.Called, out.Sent = out.Charged+back.Charged, out.Called+back.Called, out.Sent+back.Sent
		if n > 0 {
			out.Fees += back.Charged
		}
	}
	return out, nil
}

// chargedAgain are the bookings before b whose rebooking fees went back when b ended.
func (s *Service) chargedAgain(ctx context.Context, q sqlx.QueryerContext, b Booking) ([]Booking, error) {
	if b.CancelledBy != terms.ByOrganiser.String() && b.CancelledBy != terms.ByPriceRise.String() {
		return nil, nil
	}
	return s.rebookedFrom(ctx, q, b)
}

// Undo takes a cancellation of the same day back, while there is a place: the booking goes on as it was, with its price, its
// schedule, extras and what was paid; fees of earlier rebookings that went back are charged again. ErrNoUndo, ErrDeparted,
// ErrSoldOut, ErrExtraGone or ErrDiscountGone; ErrOutdated when the amounts are not those that were confirmed.
func (s *Service) Undo(ctx context.Context, who account.Identity, booking id.Booking, note string, confirmed UndoConfirmed) error {
	return s.changeTx(ctx, who, booking, func(tx *sqlx.Tx, b Booking) error {
		p, err := s.previewUndo(ctx, tx, b)
		switch {
		case err != nil:
			return err
		case p.Confirms() != confirmed:
			return ErrOutdated
		}
		if _, err := lockLimits(ctx, tx, b.Departure); err != nil {
			return err
		}
		now := s.Now()
		numbers, err := takePlaces(ctx, tx, b.Departure, 1, heldByNobody, now.Add(HoldFor), now)
		if err != nil {
			return err
		}
		if len(numbers) == 0 {
			return ErrSoldOut
		}
		if err := s.Discounts.AgainTx(ctx, tx, b.ID); errors.Is(err, discount.ErrUsedUp) {
			return ErrDiscountGone
		} else if err != nil {
			return err
		}
		done, err := s.reopenTx(ctx, tx, who, b, note)
		if err != nil {
			return err
		}
		status := "placed"
		if done.Charged == 0 && b.Price > 0 || !b.PausedOn.IsZero() { // it was cancelled while care was being discussed
			status = "in_review"
			if err := s.Medical.ReopenReviewTx(ctx, tx, b.ID); err != nil {
				return err
			}
		}
		if err := restoreBooking(ctx, tx, b.ID, status); err != nil {
			return err
		}
		if err := seatBooking(ctx, tx, b.Departure, numbers[0], b.ID); err != nil {
			return err
		}
		if err := s.Extras.RestoreTx(ctx, tx, b.ID); errors.Is(err, extra.ErrGone) {
			return ErrExtraGone
		} else if err != nil {
			return err
		}
		if err := s.bookingLimitsTx(ctx, tx, b.ID); err != nil {
			return err
		}
		return s.changedTx(ctx, tx, who, b, "restored", b.CancelledBy, note)
	})
}

// reopenTx charges a booking anew as it was, and the fees of the rebookings before it that went back with its end.
func (s *Service) reopenTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking, note string) (done payments.Revised, err error) {
	order, err := orderByID(ctx, tx, b.Order)
	if err != nil {
		return done, err
	}
	again, err := s.chargedAgain(ctx, tx, b)
	if err != nil {
		return done, err
	}
	for n, one := range append([]Booking{b}, again...) {
		out, err := s.Payments.ReopenTx(ctx, tx, payments.Revision{
			Order: b.Order, Booking: one.ID, Payer: order.Payer(), Description: one.InvoiceText(), Reason: note, By: who.StaffID, Actor: who.Actor(),
		}, *b.CancelledAt)
		if err != nil {
			return done, err
		}
		if n == 0 {
			done = out
		}
	}
	return done, nil
}
