package bench

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// addDepartures adds holidays of one departure each, on sale, and returns their ids. The first one's page is /vakanties/bench-<first number>.
func addDepartures(ctx context.Context, db *sqlx.DB, now time.Time, first, number, places int) (ids []int64, err error) {
	leaves := now.AddDate(0, 8, 0)
	err = sqlx.SelectContext(ctx, db, &ids, `
		WITH season AS (
			INSERT INTO season (year) VALUES (extract(year FROM $1::date)::int) ON CONFLICT (year) DO UPDATE SET year = EXCLUDED.year RETURNING id),
		holidays AS (
			INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport,
				included, birth_year_from, birth_year_to)
			SELECT season.id, 'BENCH-' || n, 'bench-' || n, 'Vakantie ' || n, repeat('Spelen, bos en vuur. ', 20), 'domestic', 'none', 'BE', 'Massembre',
				'Een groot huis met een speelbos', 'Met de bus', '{"Vol pension","Begeleiding"}', 2010, 2020
			FROM season, generate_series($2::int, $2::int + $3::int - 1) n RETURNING id),
		departures AS (
			INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, $1::date, $1::date + 6, $4 FROM holidays RETURNING id),
		prices AS (
			INSERT INTO price_list (departure_id, version, base_cents, solidaris_cents, vt_cents, valid_from)
			SELECT id, 1, 33500, 21500, 10800, $4 FROM departures),
		boarding AS (
			INSERT INTO boarding_place (departure_id, name, min_participants, position) SELECT id, 'Hasselt', 8, 1 FROM departures),
		places AS (
			INSERT INTO place (departure_id, number) SELECT id, n FROM departures, generate_series(1, $5::int) n)
		SELECT id FROM departures ORDER BY id`, leaves, first, number, now.Add(-time.Hour), places)
	if err != nil {
		return nil, fmt.Errorf("bench: departures: %w", err)
	}
	return ids, nil
}

// addParents adds parents with an address who are signed in; the tokens are their session cookies.
func addParents(ctx context.Context, db *sqlx.DB, now time.Time, prefix string, number int) (tokens []string, err error) {
	hashes := make(pq.ByteaArray, number)
	for i := range number {
		token := fmt.Sprintf("bench-%s-%d", prefix, i)
		hash := sha256.Sum256([]byte(token))
		tokens, hashes[i] = append(tokens, token), hash[:]
	}
	_, err = db.ExecContext(ctx, `
		WITH parents AS (
			INSERT INTO guardian (email, first_name, last_name, phone, street, postal_code, city, created_at)
			SELECT $1 || n || '@bench.example', 'An', 'Bench' || n, '0470123456', 'Kerkstraat ' || n, '3000', 'Leuven', $2
			FROM generate_series(1, cardinality($3::bytea[])) n RETURNING id),
		ranked AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM parents)
		INSERT INTO session (token_hash, guardian_id, created_at, seen_at, expires_at)
		SELECT ($3::bytea[])[n], id, $2, $2, $2 + interval '1 day' FROM ranked`, prefix, now, hashes)
	if err != nil {
		return nil, fmt.Errorf("bench: parents: %w", err)
	}
	return tokens, nil
}

func boardingPlaces(ctx context.Context, db *sqlx.DB, departures []int64) (map[int64]int64, error) {
	var rows []struct {
		Departure int64 `db:"departure_id"`
		ID        int64 `db:"id"`
	}
	if err := sqlx.SelectContext(ctx, db, &rows, `SELECT departure_id, id FROM boarding_place WHERE departure_id = ANY ($1)`, pq.Array(departures)); err != nil {
		return nil, fmt.Errorf("bench: boarding places: %w", err)
	}
	all := map[int64]int64{}
	for _, r := range rows {
		all[r.Departure] = r.ID
	}
	return all, nil
}

// tally is what the rows say after a measurement.
type tally struct {
	Places   int `db:"places"`
	Sold     int `db:"sold"`
	Bookings int `db:"bookings"`
	Twice    int `db:"twice"` // places that share a booking
}

func count(ctx context.Context, db *sqlx.DB, departures []int64) (t tally, err error) {
	err = sqlx.GetContext(ctx, db, &t, `
		SELECT (SELECT count(*) FROM place WHERE departure_id = ANY ($1)) AS places,
			(SELECT count(*) FROM place WHERE departure_id = ANY ($1) AND booking_id IS NOT NULL) AS sold,
			(SELECT count(*) FROM booking WHERE departure_id = ANY ($1) AND status <> 'cancelled') AS bookings,
			(SELECT count(*) FROM (SELECT booking_id FROM place WHERE departure_id = ANY ($1) AND booking_id IS NOT NULL
				GROUP BY booking_id HAVING count(*) > 1) d) AS twice`, pq.Array(departures))
	if err != nil {
		return t, fmt.Errorf("bench: count: %w", err)
	}
	return t, nil
}

// analyse puts the database in the state of a shop that has been open for a while; what preparing left to do is not measured.
func analyse(ctx context.Context, db *sqlx.DB) error {
	for n := 1; n > 0; {
		if err := db.GetContext(ctx, &n, `SELECT search_catch_up(500)`); err != nil {
			return fmt.Errorf("bench: catch up with the search: %w", err)
		}
	}
	for _, statement := range []string{`CHECKPOINT`, `ANALYZE`,
		`DO $$ BEGIN IF to_regproc('pg_stat_statements_reset') IS NOT NULL THEN PERFORM pg_stat_statements_reset(); END IF; END $$`} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("bench: analyse: %w", err)
		}
	}
	return nil
}
