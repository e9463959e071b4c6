package catalogue

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

type dueKey struct {
	ID      id.Departure `db:"id"`
	Holiday id.Holiday   `db:"holiday_id"`
}

func (s *Service) duePublications(ctx context.Context) ([]dueKey, error) {
	var due []dueKey
	err := s.DB.SelectContext(ctx, &due, `
		SELECT id, holiday_id FROM departure WHERE publish_at <= $1 AND status = 'draft' ORDER BY publish_at, id`, s.Now())
	if err != nil {
		return nil, fmt.Errorf("catalogue: due publications: %w", err)
	}
	return due, nil
}

// holidaysOf finds the holidays of departures, in the order in which they are locked.
func (s *Service) holidaysOf(ctx context.Context, departures []id.Departure) ([]dueKey, error) {
	keys := make([]int64, len(departures))
	for i, d := range departures {
		keys[i] = int64(d)
	}
	var found []dueKey
	if err := s.DB.SelectContext(ctx, &found, `SELECT id, holiday_id FROM departure WHERE id = ANY ($1) ORDER BY holiday_id, id`, pq.Array(keys)); err != nil {
		return nil, fmt.Errorf("catalogue: holidays of departures: %w", err)
	}
	return found, nil
}

func nextPublication(ctx context.Context, q sqlx.QueryerContext, now time.Time) (time.Time, error) {
	var next *time.Time
	if err := sqlx.GetContext(ctx, q, &next, `SELECT min(publish_at) FROM departure WHERE status = 'draft' AND publish_at > $1`, now); err != nil {
		return time.Time{}, fmt.Errorf("catalogue: next publication: %w", err)
	}
	if next == nil {
		return time.Time{}, nil
	}
	return *next, nil
}

func setPublishAt(ctx context.Context, tx *sqlx.Tx, departure id.Departure, at *time.Time) error {
	return run(ctx, tx, "publish", `UPDATE departure SET version = version + 1, publish_at = $2 WHERE id = $1`, departure, at)
}

func setPublished(ctx context.Context, tx *sqlx.Tx, departure id.Departure, now time.Time) error {
	return run(ctx, tx, "publish", `
		UPDATE departure SET version = version + 1, status = 'published', publish_at = NULL, published_at = coalesce(published_at, $2) WHERE id = $1`, departure, now)
}

// setDraft withdraws. What was public once keeps that it was: a departure of the seed has no moment of publication.
func setDraft(ctx context.Context, tx *sqlx.Tx, departure id.Departure, now time.Time) error {
	return run(ctx, tx, "withdraw", `
		UPDATE departure SET version = version + 1, publish_at = NULL,
			published_at = CASE WHEN status = 'published' THEN coalesce(published_at, $2) ELSE published_at END, status = 'draft' WHERE id = $1`, departure, now)
}
