package catalogue

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// NewHoliday is a holiday with one departure, as the brochure has it.
type NewHoliday struct {
	Code, Slug, Title, Description        string
	Trip, LegalRegime, Country            string
	Destination, Accommodation, Transport string
	Included, NotIncluded                 []string
	TargetGroup                           string
	Inclusive                             bool
	BirthYearFrom, BirthYearTo            int
	StartsOn, EndsOn                      civil.Date
	OnSaleAt                              time.Time
	Base                                  money.Cents
	Solidaris, VT                         *money.Cents
	BoardingPlaces                        []BoardingPlace
	Capacity                              int
}

// AddTx writes a holiday with its departure, first price list, boarding places and one row per place.
func (s *Service) AddTx(ctx context.Context, tx *sqlx.Tx, h NewHoliday) (departure id.Departure, err error) {
	if err := ensureGroup(ctx, tx, h.TargetGroup); err != nil {
		return 0, err
	}
	now := s.Now()
	var holiday id.Holiday
	err = tx.GetContext(ctx, &holiday, `
		WITH added AS (INSERT INTO season (year) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id)
		INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation,
			transport, included, not_included, target_group, inclusive, birth_year_from, birth_year_to)
		SELECT coalesce((SELECT id FROM added), (SELECT id FROM season WHERE year = $1)),
			$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12::text[], '{}'), coalesce($13::text[], '{}'), nullif($14, ''), $15, $16, $17 RETURNING id`,
		h.StartsOn.Year(), h.Code, h.Slug, h.Title, h.Description, h.Trip, h.LegalRegime, h.Country, h.Destination, h.Accommodation,
		h.Transport, pq.Array(h.Included), pq.Array(h.NotIncluded), h.TargetGroup, h.Inclusive, h.BirthYearFrom, h.BirthYearTo)
	if err != nil {
		return 0, fmt.Errorf("catalogue: add holiday %s: %w", h.Code, err)
	}
	err = tx.GetContext(ctx, &departure, `
		INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) VALUES ($1, $2, $3, $4) RETURNING id`,
		holiday, h.StartsOn, h.EndsOn, h.OnSaleAt)
	if err != nil {
		return 0, fmt.Errorf("catalogue: add departure %s: %w", h.Code, err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO price_list (departure_id, version, base_cents, solidaris_cents, vt_cents, valid_from) VALUES ($1, 1, $2, $3, $4, $5)`,
		departure, h.Base, h.Solidaris, h.VT, now)
	if err != nil {
		return 0, fmt.Errorf("catalogue: price %s: %w", h.Code, err)
	}
	for i, b := range h.BoardingPlaces {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO boarding_place (departure_id, name, min_participants, position) VALUES ($1, $2, $3, $4)`,
			departure, b.Name, b.MinParticipants, i+1)
		if err != nil {
			return 0, fmt.Errorf("catalogue: boarding place %s of %s: %w", b.Name, h.Code, err)
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO place (departure_id, number) SELECT $1, n FROM generate_series(1, $2) n`, departure, h.Capacity)
	if err != nil {
		return 0, fmt.Errorf("catalogue: places of %s: %w", h.Code, err)
	}
	return departure, nil
}
