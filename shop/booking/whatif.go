package booking

import (
	"context"

	"joetz/terms/civil"
)

// WhatIf prices the end of a booking on any day, past or to come, with what is paid today. It changes nothing. Invalid
// when the day is before the booking; ErrEnded when it was cancelled before.
func (s *Service) WhatIf(ctx context.Context, in Cancel, on civil.Date) (CancelPreview, error) {
	b, err := s.BookingByID(ctx, in.Booking)
	if err != nil {
		return CancelPreview{}, err
	}
	if !b.Active() {
		return CancelPreview{}, ErrEnded
	}
	t, err := s.termsOf(ctx, s.DB, b.PolicyHash)
	if err != nil {
		return CancelPreview{}, err
	}
	facts, kept, err := s.withKept(ctx, s.DB, t, b, on, in)
	if err != nil {
		return CancelPreview{}, err
	}
	if err := t.CheckCancel(facts); err != nil {
		return CancelPreview{}, err
	}
	return CancelPreview{
		Booking: b, Cancel: in, Kept: kept, Facts: facts, Outcome: t.Cancel(facts), Because: t.ExplainCancel(facts), Steps: t.Timeline(facts),
	}, nil
}
