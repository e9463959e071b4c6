package catalogue

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// limits reads the sub-limits of departures with how much of them is used; most departures have none.
func limits(ctx context.Context, q sqlx.QueryerContext, departures []int64, now time.Time) (all []Limit, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT l.id, l.departure_id, coalesce(l.gender, '') AS gender, coalesce(l.birth_year_from, 0) AS birth_year_from,
			coalesce(l.birth_year_to, 0) AS birth_year_to, coalesce(l.boarding_place_id, 0) AS boarding_place_id,
			coalesce(b.name, '') AS boarding_name, l.places, limit_sold(l) + limit_held(l, $2) AS used
		FROM departure_limit l LEFT JOIN boarding_place b ON b.id = l.boarding_place_id
		WHERE l.departure_id = ANY ($1) ORDER BY l.departure_id, l.id`, pq.Array(departures), now)
	if err != nil {
		return nil, fmt.Errorf("catalogue: limits: %w", err)
	}
	return all, nil
}
