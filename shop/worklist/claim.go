package worklist

import (
	"context"
	"slices"
	"time"

	"joetz/terms/fault"
	"joetz/terms/id"
)

// ClaimLasts is how long an item stays with who took it: whoever forgot it blocks nobody.
const ClaimLasts = time.Hour

// ErrClaimed is returned when a colleague works on the item.
var ErrClaimed error = fault.New(fault.Conflict, "worklist.claimed")

// Claim is who works on an item.
type Claim struct {
	Staff id.Staff  `db:"staff_id"`
	Name  string    `db:"name"`
	At    time.Time `db:"claimed_at"`
}

// Take gives an item to a colleague for ClaimLasts, so that two do not do the same. ErrClaimed when another has it.
func (s *Service) Take(ctx context.Context, who id.Staff, kind Kind, key string) error {
	if !slices.Contains(Kinds, kind) || key == "" || len(key) > 100 {
		return fault.New(fault.NotFound, "worklist.unknown")
	}
	now := s.Now()
	ok, err := insertClaim(ctx, s.DB, who, kind, key, now, now.Add(-ClaimLasts))
	if err == nil && !ok {
		return ErrClaimed
	}
	return err
}

// Release gives an item back. What another has stays theirs.
func (s *Service) Release(ctx context.Context, who id.Staff, kind Kind, key string) error {
	return deleteClaim(ctx, s.DB, who, kind, key)
}
