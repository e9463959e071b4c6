package booking

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/extra"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// ErrNoUndo is returned when a cancellation cannot be taken back: another day, or the child went elsewhere.
var ErrNoUndo error = fault.New(fault.Conflict, "booking.no_undo")

// ErrExtraGone is returned when an extra of the booking went to another child meanwhile.
var ErrExtraGone error = fault.New(fault.Conflict, "extra.gone_undo")

// UndoPreview is what taking a cancellation back does.
type UndoPreview struct {
	Booking Booking
	payments.Reopening
}

// undoable says why a cancellation cannot be taken back: the same day, before the departure, and not of a rebooking.
func (s *Service) undoable(b Booking) error {
	switch {
	case b.Off():
		return ErrOff
	case b.Status != "cancelled" || b.CancelledBy == "rebooked" || civil.Of(*b.CancelledAt) != s.today():
		return ErrNoUndo
	case b.RebookedFrom != 0 && (b.CancelledBy == terms.ByOrganiser.String() || b.CancelledBy == terms.ByPriceRise.String()):
		return ErrNoUndo // the fees of its rebookings went back with it, on other bookings: nothing here would charge them again
	case !s.today().Before(b.DepartsOn):
		return ErrDeparted
	}
	return nil
}

// Undoable reports whether a cancellation can still be taken back, places aside.
func (s *Service) Undoable(b Booking) bool { return s.undoable(b) == nil }

// PreviewUndo says what taking a cancellation back would do, and changes nothing.
func (s *Service) PreviewUndo(ctx context.Context, booking id.Booking) (UndoPreview, error) {
	b, err := s.BookingByID(ctx, booking)
	if err != nil {
		return UndoPreview{}, err
	}
	if err := s.undoable(b); err != nil {
		return UndoPreview{}, err
	}
	out := UndoPreview{Booking: b}
	out.Reopening, err = s.Payments.PreviewReopen(ctx, s.DB, payments.Revision{Order: b.Order, Booking: b.ID}, *b.CancelledAt)
	return out, err
}

// Undo takes a cancellation of the same day back, while there is a place: the booking goes on as it was, with its price, its
// schedule, extras and what was paid. ErrNoUndo, ErrDeparted, ErrSoldOut or ErrExtraGone.
func (s *Service) Undo(ctx context.Context, who account.Identity, booking id.Booking, note string) error {
	return s.changeTx(ctx, who, booking, func(tx *sqlx.Tx, b Booking) error {
		if err := s.undoable(b); err != nil {
			return err
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
		order, err := orderByID(ctx, tx, b.Order)
		if err != nil {
			return err
		}
		done, err := s.Payments.ReopenTx(ctx, tx, payments.Revision{
			Order: b.Order, Booking: b.ID, Payer: order.payer(), Description: b.invoiceText(), Reason: note, By: who.StaffID, Actor: who.Actor(),
		}, *b.CancelledAt)
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
