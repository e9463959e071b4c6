package medical

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"joetz/terms/id"
)

// SignedFor says of which bookings the fiche is signed, for a guardian who may see it. A booking whose fiche this guardian
// may not see is not in the map. It opens no answer, so it leaves no line in the access log.
func (s *Service) SignedFor(ctx context.Context, g id.Guardian, bookings []id.Booking) (map[id.Booking]bool, error) {
	keys := make([]int64, len(bookings))
	for i, b := range bookings {
		keys[i] = int64(b)
	}
	rows, err := signedFor(ctx, s.DB, g, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("signed fiches: %w", err)
	}
	out := make(map[id.Booking]bool, len(rows))
	for _, r := range rows {
		out[r.Booking] = r.Signed
	}
	return out, nil
}
