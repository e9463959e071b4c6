package booking

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/terms"
	"joetz/terms/fault"
)

// The reasons why the office cannot end a booking that way.
var (
	ErrEndReason   error = fault.Field("note", "booking.end_reason")
	ErrCareDecides error = fault.New(fault.Conflict, "booking.care_decides") // refusing care is a medical decision, with a page of its own
	ErrNotAway     error = fault.Field("by", "booking.not_away")             // nobody is sent home before they left
	ErrNotReleased error = fault.Field("by", "booking.not_released")         // the family still has time to pay
)

// needsReason reports whether an end rests on something that only a person can say: what happened, or what cannot go on.
// A customer need not explain, and who does not pay is known from the books.
func needsReason(by terms.By) bool {
	switch by {
	case terms.ByOrganiser, terms.ByPriceRise, terms.ByExclusion, terms.ByUntruthful:
		return true
	}
	return false
}

// mayEnd says why a booking cannot be ended in that way, nil when it can: a reason where the terms rest on one; an exclusion at
// the departure or after (edges.md 104, 106); for non-payment only once the terms release the organiser; care is refused
// by RefuseCare alone.
func (s *Service) mayEnd(ctx context.Context, q sqlx.QueryerContext, b Booking, in Cancel) error {
	switch {
	case in.By == terms.ByCareRefused:
		return ErrCareDecides
	case in.By == terms.ByExclusion && s.today().Before(b.DepartsOn):
		return ErrNotAway
	case needsReason(in.By) && strings.TrimSpace(in.Note) == "":
		return ErrEndReason
	case in.By != terms.ByNonpayment || !b.Active() || b.Off():
		return nil
	}
	ok, err := s.released(ctx, q, b)
	if err == nil && !ok {
		return ErrNotReleased
	}
	return err
}

// released reports whether the terms let the organiser end a booking that is not paid: its first open part is long due, the
// family was reminded of it, and the days of that reminder are over.
func (s *Service) released(ctx context.Context, q sqlx.QueryerContext, b Booking) (bool, error) {
	t, err := s.termsOf(ctx, q, b.PolicyHash)
	if err != nil {
		return false, err
	}
	next, open := b.Statement.Next()
	release := t.LatePayment(next.DueOn).ReleaseFrom
	if !open || release.IsZero() || release.After(s.today()) {
		return false, nil
	}
	until, err := remindedUntil(ctx, q, b.Order, next.DueOn)
	return !until.IsZero() && until.Before(s.today()), err
}
