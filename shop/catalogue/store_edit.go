package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

func run(ctx context.Context, tx *sqlx.Tx, what, query string, args ...any) error {
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("catalogue: %s: %w", what, err)
	}
	return nil
}

func (s *Service) eventTx(ctx context.Context, tx *sqlx.Tx, e Event) error {
	if e.Changes == nil {
		e.Changes = []Change{}
	}
	changes, err := json.Marshal(e.Changes)
	if err != nil {
		return fmt.Errorf("catalogue: event: %w", err)
	}
	return run(ctx, tx, "event", `
		INSERT INTO catalogue_event (season_id, holiday_id, departure_id, kind, changes, why, actor, at)
		VALUES ($1, nullif($2::bigint, 0), nullif($3::bigint, 0), $4, $5, $6, $7, $8)`,
		e.Season, e.Holiday, e.Departure, e.Kind, string(changes), e.Why, e.Actor, s.Now())
}

type eventRow struct {
	Event
	Raw []byte `db:"changes"`
}

const eventQuery = `
	SELECT e.id, e.season_id, coalesce(e.holiday_id, 0) AS holiday_id, coalesce(e.departure_id, 0) AS departure_id, e.kind, e.changes,
		e.why, e.actor, e.at, coalesce(s.name, '') AS who
	FROM catalogue_event e LEFT JOIN staff s ON e.actor = 'staff:' || s.id `

// Events is the history of a holiday with its departures, newest first.
func (s *Service) Events(ctx context.Context, holiday id.Holiday) ([]Event, error) {
	return s.events(ctx, eventQuery+`WHERE e.holiday_id = $1 ORDER BY e.id DESC LIMIT 200`, holiday)
}

// SeasonEvents is what was done to a season as a whole, newest first.
func (s *Service) SeasonEvents(ctx context.Context, season id.Season) ([]Event, error) {
	return s.events(ctx, eventQuery+`WHERE e.season_id = $1 AND (e.holiday_id IS NULL OR e.kind LIKE '%deleted') ORDER BY e.id DESC LIMIT 50`, season)
}

// EventByID reads one change of a holiday.
func (s *Service) EventByID(ctx context.Context, holiday id.Holiday, key int64) (Event, error) {
	all, err := s.events(ctx, eventQuery+`WHERE e.holiday_id = $1 AND e.id = $2`, holiday, key)
	if err == nil && len(all) == 0 {
		return Event{}, ErrNoHoliday
	}
	if err != nil {
		return Event{}, err
	}
	return all[0], nil
}

func (s *Service) events(ctx context.Context, query string, args ...any) ([]Event, error) {
	var rows []eventRow
	if err := s.DB.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("catalogue: events: %w", err)
	}
	all := make([]Event, len(rows))
	for i, r := range rows {
		all[i] = r.Event
		if err := json.Unmarshal(r.Raw, &all[i].Changes); err != nil {
			return nil, fmt.Errorf("catalogue: event %d: %w", r.ID, err)
		}
	}
	return all, nil
}

func insertSeason(ctx context.Context, tx *sqlx.Tx, year int) (season id.Season, added bool, err error) {
	err = tx.GetContext(ctx, &season, `INSERT INTO season (year) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id`, year)
	if err == nil {
		return season, true, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, false, fmt.Errorf("catalogue: season: %w", err)
	}
	if err := tx.GetContext(ctx, &season, `SELECT id FROM season WHERE year = $1`, year); err != nil {
		return 0, false, fmt.Errorf("catalogue: season: %w", err)
	}
	return season, false, nil
}

func insertHoliday(ctx context.Context, tx *sqlx.Tx, season id.Season, slug string, t Text) (holiday id.Holiday, err error) {
	if err := ensureGroup(ctx, tx, t.TargetGroup); err != nil {
		return 0, err
	}
	err = tx.GetContext(ctx, &holiday, `
		INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation,
			transport, included, not_included, target_group, inclusive, birth_year_from, birth_year_to)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12::text[], '{}'), coalesce($13::text[], '{}'), nullif($14, ''), $15, $16, $17) RETURNING id`,
		season, t.Code, slug, t.Title, t.Description, t.Trip, t.LegalRegime, t.Country, t.Destination, t.Accommodation,
		t.Transport, pq.Array(t.Included), pq.Array(t.NotIncluded), t.TargetGroup, t.Inclusive, t.BirthYearFrom, t.BirthYearTo)
	if err != nil {
		return 0, fmt.Errorf("catalogue: add holiday: %w", err)
	}
	return holiday, nil
}

func updateHoliday(ctx context.Context, tx *sqlx.Tx, holiday id.Holiday, t Text) error {
	if err := ensureGroup(ctx, tx, t.TargetGroup); err != nil {
		return err
	}
	return run(ctx, tx, "save holiday", `
		UPDATE holiday SET version = version + 1, code = $2, title = $3, description = $4, trip = $5, legal_regime = $6, country = $7,
			destination = $8, accommodation = $9, transport = $10, included = coalesce($11::text[], '{}'),
			not_included = coalesce($12::text[], '{}'), target_group = nullif($13, ''), inclusive = $14, birth_year_from = $15, birth_year_to = $16
		WHERE id = $1`,
		holiday, t.Code, t.Title, t.Description, t.Trip, t.LegalRegime, t.Country, t.Destination, t.Accommodation, t.Transport,
		pq.Array(t.Included), pq.Array(t.NotIncluded), t.TargetGroup, t.Inclusive, t.BirthYearFrom, t.BirthYearTo)
}

func deleteHoliday(ctx context.Context, tx *sqlx.Tx, holiday id.Holiday) error {
	return run(ctx, tx, "delete holiday", `DELETE FROM holiday WHERE id = $1`, holiday)
}

func insertDeparture(ctx context.Context, tx *sqlx.Tx, holiday id.Holiday, p Plan) (departure id.Departure, err error) {
	err = tx.GetContext(ctx, &departure, `
		INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at, status) VALUES ($1, $2, $3, $4, 'draft') RETURNING id`,
		holiday, p.StartsOn, p.EndsOn, p.OnSaleAt)
	if err != nil {
		return 0, fmt.Errorf("catalogue: add departure: %w", err)
	}
	return departure, nil
}

func updateDeparture(ctx context.Context, tx *sqlx.Tx, departure id.Departure, p Plan) error {
	return run(ctx, tx, "save departure", `
		UPDATE departure SET version = version + 1, starts_on = $2, ends_on = $3, on_sale_at = $4 WHERE id = $1`,
		departure, p.StartsOn, p.EndsOn, p.OnSaleAt)
}

func touchDeparture(ctx context.Context, tx *sqlx.Tx, departure id.Departure) error {
	return run(ctx, tx, "save departure", `UPDATE departure SET version = version + 1 WHERE id = $1`, departure)
}

// clearDeparture removes what hangs on a draft that nobody saw.
func clearDeparture(ctx context.Context, tx *sqlx.Tx, departure id.Departure) error {
	for _, query := range []string{
		`DELETE FROM place WHERE departure_id = $1`, `DELETE FROM departure_limit WHERE departure_id = $1`,
		`DELETE FROM boarding_place WHERE departure_id = $1`, `DELETE FROM price_list WHERE departure_id = $1`,
	} {
		if err := run(ctx, tx, "clear departure", query, departure); err != nil {
			return err
		}
	}
	return nil
}

func deleteDeparture(ctx context.Context, tx *sqlx.Tx, departure id.Departure) error {
	if err := clearDeparture(ctx, tx, departure); err != nil {
		return err
	}
	return run(ctx, tx, "delete departure", `DELETE FROM departure WHERE id = $1`, departure)
}

func insertPrice(ctx context.Context, tx *sqlx.Tx, departure id.Departure, version int, p Prices, from time.Time) error {
	return run(ctx, tx, "price", `
		INSERT INTO price_list (departure_id, version, base_cents, solidaris_cents, vt_cents, valid_from) VALUES ($1, $2, $3, $4, $5, $6)`,
		departure, version, p.Base, p.Solidaris, p.VT, from)
}

func deletePrices(ctx context.Context, tx *sqlx.Tx, departure id.Departure) error {
	return run(ctx, tx, "price", `DELETE FROM price_list WHERE departure_id = $1`, departure)
}

func insertBoarding(ctx context.Context, tx *sqlx.Tx, departure id.Departure, places []BoardingPlace) error {
	for i, b := range places {
		position := b.Position
		if position == 0 {
			position = i + 1
		}
		err := run(ctx, tx, "boarding place", `INSERT INTO boarding_place (departure_id, name, min_participants, position) VALUES ($1, $2, $3, $4)`,
			departure, b.Name, b.MinParticipants, position)
		if err != nil {
			return err
		}
	}
	return nil
}

func updateBoarding(ctx context.Context, tx *sqlx.Tx, b BoardingPlace, position int) error {
	return run(ctx, tx, "boarding place", `UPDATE boarding_place SET name = $2, min_participants = $3, position = $4 WHERE id = $1`,
		b.ID, b.Name, b.MinParticipants, position)
}

func deleteBoarding(ctx context.Context, tx *sqlx.Tx, place id.BoardingPlace) error {
	return run(ctx, tx, "boarding place", `DELETE FROM boarding_place WHERE id = $1`, place)
}

func deletePlaces(ctx context.Context, tx *sqlx.Tx, departure id.Departure) error {
	return run(ctx, tx, "places", `DELETE FROM place WHERE departure_id = $1`, departure)
}

// insertPlaces makes the places of a new draft; shop/booking changes their number from then on.
func insertPlaces(ctx context.Context, tx *sqlx.Tx, departure id.Departure, places int) error {
	return run(ctx, tx, "places", `INSERT INTO place (departure_id, number) SELECT $1, n FROM generate_series(1, $2) n`, departure, places)
}
