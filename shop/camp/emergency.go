package camp

import (
	"context"
	"fmt"
	"slices"

	"joetz/medical"
)

// Emergency gives the one fiche that somebody opened in an emergency, as the camp knows the child, and the names of its
// photos and documents. Whether they may is medical's to decide. Faults: as medical.ReadOverride.
func (s *Service) Emergency(ctx context.Context, r medical.Reader, override int64) (child Child, files map[string]string, o medical.Override, err error) {
	day, o, err := s.Medical.ReadOverride(ctx, r, override)
	if err != nil {
		return child, nil, o, err
	}
	rows, err := childrenOn(ctx, s.DB, o.Departure)
	if err != nil {
		return child, nil, o, fmt.Errorf("children of camp %d: %w", o.Departure, err)
	}
	i := slices.IndexFunc(rows, func(c childRow) bool { return c.Booking == o.Booking })
	if i < 0 {
		return child, nil, o, ErrNotFound
	}
	if files, err = s.Medical.FileNames(ctx, day.Sheet); err != nil {
		return child, nil, o, err
	}
	list, err := s.join(ctx, Camp{Departure: o.Departure}, rows[i:i+1], []medical.ChildDay{day})
	if err != nil {
		return child, nil, o, err
	}
	return list.Children[0], files, o, nil
}
