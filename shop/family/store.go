package family

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// readyPapers gives the papers that are ready, by booking.
func readyPapers(ctx context.Context, q sqlx.QueryerContext, bookings any) (map[id.Booking]map[string]bool, error) {
	var rows []struct {
		Booking id.Booking `db:"booking_id"`
		Paper   string     `db:"paper"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT booking_id, paper FROM travel_paper WHERE booking_id = ANY ($1)`, bookings); err != nil {
		return nil, fmt.Errorf("read travel papers: %w", err)
	}
	out := map[id.Booking]map[string]bool{}
	for _, r := range rows {
		if out[r.Booking] == nil {
			out[r.Booking] = map[string]bool{}
		}
		out[r.Booking][r.Paper] = true
	}
	return out, nil
}

func tickPapers(ctx context.Context, tx *sqlx.Tx, b id.Booking, by id.Guardian, ready []string, now time.Time) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM travel_paper WHERE booking_id = $1 AND paper <> ALL ($2)`, b, pq.Array(ready)); err != nil {
		return fmt.Errorf("untick papers of %d: %w", b, err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO travel_paper (booking_id, paper, ready_at, guardian_id)
		SELECT $1, p, $3, $4 FROM unnest($2::text[]) p ON CONFLICT (booking_id, paper) DO NOTHING`, b, pq.Array(ready), now, by)
	if err != nil {
		return fmt.Errorf("tick papers of %d: %w", b, err)
	}
	return nil
}
