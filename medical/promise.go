package medical

import (
	"context"
	"fmt"

	"joetz/terms/fault"
)

// PromiseVersion is the text of the promise of confidentiality that is shown now. Another text gets another number, and
// is promised anew.
const PromiseVersion = 1

// ErrPromise is returned when the reader would see the fiche, and did not yet promise not to tell for this year's camps.
var ErrPromise = fault.New(fault.Denied, "medical.promise_first")

// Promise keeps that somebody promised not to tell what they read in fiches, for this year's camps and, at the turn of a
// year, for the next one's. It may be called twice.
func (s *Service) Promise(ctx context.Context, r Reader) error {
	if r.Staff == 0 {
		return ErrNotFound
	}
	year, _, _ := s.today().AddDays(s.Settings.LeadBefore).YMD()
	this, _, _ := s.today().YMD()
	for y := this; y <= year; y++ {
		if err := keepPromise(ctx, s.DB, r, y, s.now()); err != nil {
			return fmt.Errorf("promise of staff %d: %w", r.Staff, err)
		}
	}
	return nil
}
