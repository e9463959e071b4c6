package proof

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
)

const lineColumns = `SELECT booking_id, order_id, first_name, last_name, title, departs_on, category, evidence, until, since, files FROM proof_line `

const (
	linesToCheck = lineColumns + `WHERE evidence = 'received' AND status <> 'cancelled' ORDER BY received_at, booking_id LIMIT 500`
	linesToPrice = lineColumns + `WHERE evidence IN ('refused', 'late') AND status = 'placed' AND until < $1 AND corrected_at IS NULL
		AND departs_on > $1 ORDER BY departs_on, booking_id LIMIT 500`
	linesWaiting = lineColumns + `WHERE evidence IN ('awaited', 'refused') AND status = 'placed' AND corrected_at IS NULL AND late_at IS NULL
		AND departs_on > $1 AND until <= $2 ORDER BY booking_id`
)

func lines(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) (rows []Line, err error) {
	if err = sqlx.SelectContext(ctx, q, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("proof: list: %w", err)
	}
	return rows, nil
}

// toWipe are bookings whose files have served: decided, cancelled or left before that moment.
func toWipe(ctx context.Context, q sqlx.QueryerContext, before time.Time) (bookings []id.Booking, err error) {
	err = sqlx.SelectContext(ctx, q, &bookings, `
		SELECT booking_id FROM proof_kept WHERE evidence = 'accepted' AND decided_at < $1 OR status = 'cancelled' AND cancelled_at < $1 OR departs_on < $2
		ORDER BY booking_id LIMIT 500`, before, civil.Of(before))
	if err != nil {
		return nil, fmt.Errorf("proof: to wipe: %w", err)
	}
	return bookings, nil
}

// viewedBefore reports whether that person opened that file since.
func viewedBefore(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, actor string, file int64, since time.Time) (before bool, err error) {
	err = sqlx.GetContext(ctx, q, &before, `SELECT EXISTS (SELECT 1 FROM proof_look WHERE booking_id = $1 AND actor = $2 AND file = $3 AND at > $4)`,
		booking, actor, file, since)
	if err != nil {
		return false, fmt.Errorf("proof: who looked at booking %d: %w", booking, err)
	}
	return before, nil
}
