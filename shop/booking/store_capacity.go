package booking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/shop/catalogue"
	"joetz/terms/id"
)

// lockCapacity lets changes of one departure's capacity and limits wait for each other. Buyers never take this lock: their
// references to the departure are compatible with it.
func lockCapacity(ctx context.Context, tx *sqlx.Tx, departure id.Departure) error {
	var locked id.Departure
	err := tx.GetContext(ctx, &locked, `SELECT id FROM departure WHERE id = $1 FOR NO KEY UPDATE`, departure)
	if errors.Is(err, sql.ErrNoRows) {
		return catalogue.ErrNoDeparture
	}
	if err != nil {
		return fmt.Errorf("booking: lock capacity of departure %d: %w", departure, err)
	}
	return nil
}

func addPlaces(ctx context.Context, tx *sqlx.Tx, departure id.Departure, n int) (capacity int, err error) {
	err = tx.GetContext(ctx, &capacity, `
		WITH before AS (SELECT coalesce(max(number), 0) AS last, count(*) AS had FROM place WHERE departure_id = $1),
		added AS (INSERT INTO place (departure_id, number) SELECT $1, before.last + n FROM before, generate_series(1, $2::int) n RETURNING 1)
		SELECT (SELECT had FROM before) + (SELECT count(*) FROM added)`, departure, n)
	if err != nil {
		return 0, fmt.Errorf("booking: add %d places to departure %d: %w", n, departure, err)
	}
	return capacity, nil
}

// countPlaces is how many places a departure has.
func countPlaces(ctx context.Context, tx *sqlx.Tx, departure id.Departure) (n int, err error) {
	if err = tx.GetContext(ctx, &n, `SELECT count(*) FROM place WHERE departure_id = $1`, departure); err != nil {
		return 0, fmt.Errorf("booking: count places of departure %d: %w", departure, err)
	}
	return n, nil
}

// lockFreePlaces locks all free places in order of number, the order in which buyers wait for them.
func lockFreePlaces(ctx context.Context, tx *sqlx.Tx, departure id.Departure, now time.Time) (numbers []int64, err error) {
	err = tx.SelectContext(ctx, &numbers, `
		SELECT number FROM place WHERE departure_id = $1 AND booking_id IS NULL AND (checkout_id IS NULL OR held_until <= $2)
		ORDER BY number FOR UPDATE`, departure, now)
	if err != nil {
		return nil, fmt.Errorf("booking: free places of departure %d: %w", departure, err)
	}
	return numbers, nil
}

func removePlaces(ctx context.Context, tx *sqlx.Tx, departure id.Departure, numbers []int64) (capacity int, err error) {
	if _, err := tx.ExecContext(ctx, `DELETE FROM place WHERE departure_id = $1 AND number = ANY ($2)`, departure, pq.Array(numbers)); err != nil {
		return 0, fmt.Errorf("booking: remove places of departure %d: %w", departure, err)
	}
	if err := tx.GetContext(ctx, &capacity, `SELECT count(*) FROM place WHERE departure_id = $1`, departure); err != nil {
		return 0, fmt.Errorf("booking: capacity of departure %d: %w", departure, err)
	}
	return capacity, nil
}

// replaceLimits keeps the rows of limits that stay, so that who waits for one of their locks goes on with the new number.
func replaceLimits(ctx context.Context, tx *sqlx.Tx, departure id.Departure, limits []catalogue.Limit) error {
	if _, err := lockLimits(ctx, tx, departure); err != nil {
		return err
	}
	kept := []int64{}
	for _, l := range limits {
		var key int64
		err := tx.GetContext(ctx, &key, `
			WITH w AS (SELECT $1::bigint AS d, nullif($2, '') AS g, nullif($3::int, 0) AS y, nullif($4::int, 0) AS z, nullif($5::bigint, 0) AS b),
			changed AS (UPDATE departure_limit l SET places = $6 FROM w WHERE l.departure_id = w.d AND l.gender IS NOT DISTINCT FROM w.g
				AND l.birth_year_from IS NOT DISTINCT FROM w.y AND l.birth_year_to IS NOT DISTINCT FROM w.z
				AND l.boarding_place_id IS NOT DISTINCT FROM w.b AND NOT l.id = ANY ($7) RETURNING l.id),
			added AS (INSERT INTO departure_limit (departure_id, gender, birth_year_from, birth_year_to, boarding_place_id, places)
				SELECT d, g, y, z, b, $6 FROM w WHERE NOT EXISTS (SELECT 1 FROM changed) RETURNING id)
			SELECT id FROM changed UNION ALL SELECT id FROM added`,
			departure, l.Gender, l.BirthYearFrom, l.BirthYearTo, int64(l.BoardingPlace), l.Places, pq.Array(kept))
		if err != nil {
			return fmt.Errorf("booking: limit of departure %d: %w", departure, err)
		}
		kept = append(kept, key)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM departure_limit WHERE departure_id = $1 AND NOT id = ANY ($2)`, departure, pq.Array(kept)); err != nil {
		return fmt.Errorf("booking: drop limits of departure %d: %w", departure, err)
	}
	return nil
}

// lockLimits locks the sub-limits of departures, and lists the departures that have any.
func lockLimits(ctx context.Context, tx *sqlx.Tx, departures ...id.Departure) (limited []id.Departure, err error) {
	keys := make(pq.Int64Array, len(departures))
	for i, d := range departures {
		keys[i] = int64(d)
	}
	err = tx.SelectContext(ctx, &limited, `
		SELECT departure_id FROM departure_limit WHERE departure_id = `+pg.AnyKey+` ORDER BY departure_id, id FOR UPDATE`, keys)
	if err != nil {
		return nil, fmt.Errorf("booking: lock limits of departures %d: %w", departures, err)
	}
	return slices.Compact(limited), nil
}

const limitColumns = `
	SELECT l.id, l.departure_id, coalesce(l.gender, '') AS gender, coalesce(l.birth_year_from, 0) AS birth_year_from,
		coalesce(l.birth_year_to, 0) AS birth_year_to, coalesce(l.boarding_place_id, 0) AS boarding_place_id,
		coalesce(b.name, '') AS boarding_name, l.places
	FROM departure_limit l LEFT JOIN boarding_place b ON b.id = l.boarding_place_id `

// limitOver finds a limit that covers a child of the basket and is used beyond its places, this basket included.
func limitOver(ctx context.Context, tx *sqlx.Tx, departure id.Departure, checkout id.Checkout, now time.Time) (*catalogue.Limit, error) {
	return firstLimit(ctx, tx, limitColumns+`
		WHERE l.departure_id = $1 AND EXISTS (SELECT 1 FROM checkout_child cc JOIN participant p ON p.id = cc.participant_id
				WHERE cc.checkout_id = $2 AND cc.departure_id = $1 AND limit_covers(l, p.gender, p.born_on, cc.boarding_place_id))
			AND limit_sold(l) + limit_held(l, $3) > l.places
		ORDER BY l.id LIMIT 1`, departure, checkout, now)
}

// limitOverBooking finds a limit that covers the child of a booking and is used beyond its places, and locks the departure's.
func limitOverBooking(ctx context.Context, tx *sqlx.Tx, booking id.Booking, now time.Time) (*catalogue.Limit, error) {
	var departure id.Departure
	if err := tx.GetContext(ctx, &departure, `SELECT departure_id FROM booking WHERE id = $1`, booking); err != nil {
		return nil, fmt.Errorf("booking: departure of booking %d: %w", booking, err)
	}
	if limited, err := lockLimits(ctx, tx, departure); err != nil || len(limited) == 0 {
		return nil, err
	}
	return firstLimit(ctx, tx, limitColumns+`
		WHERE l.departure_id = $1 AND EXISTS (SELECT 1 FROM booking k JOIN participant p ON p.id = k.participant_id
				WHERE k.id = $2 AND limit_covers(l, p.gender, p.born_on, k.boarding_place_id))
			AND limit_sold(l) + limit_held(l, $3) > l.places
		ORDER BY l.id LIMIT 1`, departure, booking, now)
}

func firstLimit(ctx context.Context, tx *sqlx.Tx, query string, args ...any) (*catalogue.Limit, error) {
	var over []catalogue.Limit
	if err := tx.SelectContext(ctx, &over, query, args...); err != nil {
		return nil, fmt.Errorf("booking: limits: %w", err)
	}
	if len(over) == 0 {
		return nil, nil
	}
	return &over[0], nil
}

func insertCapacityEvent(ctx context.Context, tx *sqlx.Tx, departure id.Departure, e CapacityEvent) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO capacity_event (departure_id, kind, detail, reason, actor, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		departure, e.Kind, string(e.Detail), e.Reason, e.Actor, e.At)
	if err != nil {
		return fmt.Errorf("booking: capacity event of departure %d: %w", departure, err)
	}
	return nil
}

func capacityEvents(ctx context.Context, q sqlx.QueryerContext, departure id.Departure) (all []CapacityEvent, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT e.kind, e.detail, e.reason, e.actor, coalesce(s.name, '') AS who, e.at
		FROM capacity_event e LEFT JOIN staff s ON e.actor = 'staff:' || s.id WHERE e.departure_id = $1 ORDER BY e.id DESC`, departure)
	if err != nil {
		return nil, fmt.Errorf("booking: capacity events of departure %d: %w", departure, err)
	}
	return all, nil
}

func genderUnknown(ctx context.Context, q sqlx.QueryerContext, departure id.Departure) (n int, err error) {
	err = sqlx.GetContext(ctx, q, &n, `
		SELECT count(*) FROM booking b JOIN participant p ON p.id = b.participant_id
		WHERE b.departure_id = $1 AND b.status <> 'cancelled' AND p.gender IS NULL`, departure)
	if err != nil {
		return 0, fmt.Errorf("booking: children without gender on departure %d: %w", departure, err)
	}
	return n, nil
}
