package booking

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/terms"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// ErrNoReview is returned when the care of a booking is not, or no longer, being discussed.
var ErrNoReview error = fault.New(fault.Conflict, "booking.no_review")

// RefuseCare ends a booking whose child cannot get the care that it needs: answered truthfully, so the terms give all of
// it back (edges.md 103). Faults: ErrNoReview; ErrOutdated when the outcome is no longer the one that was confirmed.
func (s *Service) RefuseCare(ctx context.Context, who account.Identity, r medical.Reader, booking id.Booking, note string, confirmed Confirmed) error {
	return s.decideTx(ctx, booking, func(tx *sqlx.Tx, b Booking) error {
		p, err := s.previewCancel(ctx, tx, b, Cancel{Booking: b.ID, By: terms.ByCareRefused, Note: note})
		if err != nil {
			return err
		}
		if p.Confirms() != confirmed {
			return ErrOutdated
		}
		if err := s.cancelTx(ctx, tx, who, p); err != nil {
			return err
		}
		r.Role = medical.Office
		return s.Medical.DecideTx(ctx, tx, r, b.ID, medical.Decision{Outcome: medical.Refused, Lang: who.Lang})
	})
}

// PreviewRefuseCare is what RefuseCare does with the money, and changes nothing. ErrNoReview.
func (s *Service) PreviewRefuseCare(ctx context.Context, booking id.Booking) (CancelPreview, error) {
	b, err := s.BookingByID(ctx, booking)
	if err == nil && b.Status != "in_review" {
		err = ErrNoReview
	}
	if err != nil {
		return CancelPreview{}, err
	}
	return s.previewCancel(ctx, s.DB, b, Cancel{Booking: b.ID, By: terms.ByCareRefused})
}

// CareChoices lists the holidays where a child whose care is discussed could go instead.
func (s *Service) CareChoices(ctx context.Context, b Booking) ([]catalogue.Departure, error) {
	if b.Status != "in_review" {
		return nil, ErrNoReview
	}
	all, err := s.Catalogue.Upcoming(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(d catalogue.Departure) bool {
		return d.ID == b.Departure || !d.Bookable(s.Now()) || d.Free == 0 || !d.Admits(b.BornOn) || d.StartsOn.Year() != b.DepartsOn.Year()
	}), nil
}

// PreviewOtherHoliday prices another holiday in place of one that does not fit, and changes nothing. It costs what the terms
// ask when care cannot be given, not what a rebooking costs: the family did not ask for it.
func (s *Service) PreviewOtherHoliday(ctx context.Context, who account.Identity, in Rebook) (RebookPreview, error) {
	b, err := s.BookingByID(ctx, in.Booking)
	if err != nil {
		return RebookPreview{}, err
	}
	if b.Status != "in_review" {
		return RebookPreview{}, ErrNoReview
	}
	in.care = true
	return s.previewRebook(ctx, s.DB, who, b, in)
}

// OtherHoliday ends a care review with another holiday, agreed with the parent: place, money and fiche follow. agreements
// are for the animators there, sealed; "" when nothing has to be done. Faults: as Rebook, and ErrNoReview.
func (s *Service) OtherHoliday(ctx context.Context, who account.Identity, r medical.Reader, in Rebook, agreements string, confirmed RebookConfirmed) (fresh id.Booking, err error) {
	in.care = true
	r.Role = medical.Office
	err = s.decideTx(ctx, in.Booking, func(tx *sqlx.Tx, b Booking) (err error) {
		if fresh, err = s.rebookConfirmedTx(ctx, tx, who, r, b, in, confirmed); err != nil {
			return err
		}
		return s.Medical.DecideTx(ctx, tx, r, fresh, medical.Decision{Outcome: medical.OtherHoliday, Agreements: seal.Text(agreements), Lang: who.Lang})
	})
	return fresh, err
}

// decideTx runs f with the order locked and the booking as it is then, when it is in review.
func (s *Service) decideTx(ctx context.Context, booking id.Booking, f func(tx *sqlx.Tx, b Booking) error) error {
	b, err := s.BookingByID(ctx, booking)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		now, err := s.againTx(ctx, tx, b)
		if err != nil {
			return err
		}
		if now.Status != "in_review" {
			return ErrNoReview
		}
		return asLimit(f(tx, now))
	})
}
