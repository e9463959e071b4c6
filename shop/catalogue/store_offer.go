package catalogue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// Seasons lists the catalogue years, newest first.
func (s *Service) Seasons(ctx context.Context) ([]Season, error) {
	var all []Season
	err := s.DB.SelectContext(ctx, &all, `
		SELECT s.id, s.year, count(DISTINCT h.id) AS holidays, count(d.id) AS departures, count(d.id) FILTER (WHERE d.status = 'published') AS published
		FROM season s LEFT JOIN holiday h ON h.season_id = s.id LEFT JOIN departure d ON d.holiday_id = h.id
		GROUP BY s.id ORDER BY s.year DESC`)
	if err != nil {
		return nil, fmt.Errorf("catalogue: seasons: %w", err)
	}
	return all, nil
}

const offerQuery = `
	SELECT h.id, h.season_id, s.year, h.slug, h.version, h.code, h.title, h.description, h.trip, h.legal_regime, h.country, h.destination,
		h.accommodation, h.transport, h.included, h.not_included, coalesce(h.target_group, '') AS target_group, h.inclusive,
		h.birth_year_from, h.birth_year_to,
		(SELECT count(*) FROM holiday_photo p WHERE p.holiday_id = h.id AND p.removed_at IS NULL) AS photos
	FROM holiday h JOIN season s ON s.id = h.season_id `

type offerRow struct {
	Offer
	Included    pq.StringArray `db:"included"`
	NotIncluded pq.StringArray `db:"not_included"`
}

// Offers lists a season's holidays by code, with all their departures; six queries whatever the number.
func (s *Service) Offers(ctx context.Context, season id.Season) ([]Offer, error) {
	return s.offers(ctx, s.DB, offerQuery+`WHERE h.season_id = $1 ORDER BY h.code`, season)
}

// OfferByID reads one holiday, with all its departures.
func (s *Service) OfferByID(ctx context.Context, holiday id.Holiday) (Offer, error) {
	return s.offerTx(ctx, s.DB, holiday)
}

// OfferOf reads the holiday of a departure.
func (s *Service) OfferOf(ctx context.Context, departure id.Departure) (Offer, Date, error) {
	var holiday id.Holiday
	err := s.DB.GetContext(ctx, &holiday, `SELECT holiday_id FROM departure WHERE id = $1`, departure)
	if errors.Is(err, sql.ErrNoRows) {
		return Offer{}, Date{}, ErrNoDeparture
	}
	if err != nil {
		return Offer{}, Date{}, fmt.Errorf("catalogue: departure: %w", err)
	}
	o, err := s.OfferByID(ctx, holiday)
	if err != nil {
		return Offer{}, Date{}, err
	}
	d, ok := o.Departure(departure)
	if !ok {
		return Offer{}, Date{}, ErrNoDeparture // moved meanwhile
	}
	return o, d, nil
}

// lockOfferTx reads one holiday and keeps everybody else from changing it or selling it: holiday first, then departures.
// A booking or basket that is being made holds its departure's key, so it is either counted here or waits.
func (s *Service) lockOfferTx(ctx context.Context, tx *sqlx.Tx, holiday id.Holiday) (Offer, error) {
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM holiday WHERE id = $1 FOR UPDATE`, holiday); err != nil {
		return Offer{}, fmt.Errorf("catalogue: lock: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM departure WHERE holiday_id = $1 ORDER BY id FOR UPDATE`, holiday); err != nil {
		return Offer{}, fmt.Errorf("catalogue: lock: %w", err)
	}
	return s.offerTx(ctx, tx, holiday)
}

func (s *Service) offerTx(ctx context.Context, q sqlx.QueryerContext, holiday id.Holiday) (Offer, error) {
	all, err := s.offers(ctx, q, offerQuery+`WHERE h.id = $1`, holiday)
	if err == nil && len(all) == 0 {
		return Offer{}, ErrNoHoliday
	}
	if err != nil {
		return Offer{}, err
	}
	return all[0], nil
}

func (s *Service) offers(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Offer, error) {
	var rows []offerRow
	if err := sqlx.SelectContext(ctx, q, &rows, query, args...); err != nil {
		return nil, fmt.Errorf("catalogue: offers: %w", err)
	}
	all, keys, at := make([]Offer, len(rows)), make([]int64, len(rows)), map[id.Holiday]int{}
	for i, r := range rows {
		all[i] = r.Offer
		all[i].Text.Included, all[i].Text.NotIncluded = r.Included, r.NotIncluded
		keys[i], at[r.ID] = int64(r.ID), i
	}
	dates, err := datesOf(ctx, q, keys, s.Now())
	if err != nil {
		return nil, err
	}
	for _, d := range dates {
		o := &all[at[d.Holiday]]
		o.Departures = append(o.Departures, d)
	}
	return all, nil
}

func datesOf(ctx context.Context, q sqlx.QueryerContext, holidays []int64, now time.Time) ([]Date, error) {
	var dates []Date
	err := sqlx.SelectContext(ctx, q, &dates, `
		SELECT d.id, d.holiday_id, d.starts_on, d.ends_on, d.status, d.version, d.publish_at, d.published_at, d.on_sale_at,
			n.capacity, n.free, n.held, n.sold, (SELECT count(*) FROM booking b WHERE b.departure_id = d.id) AS bookings
		FROM departure d
		CROSS JOIN LATERAL (
			SELECT count(*) AS capacity,
				count(*) FILTER (WHERE booking_id IS NULL AND (checkout_id IS NULL OR held_until <= $2)) AS free,
				count(*) FILTER (WHERE booking_id IS NULL AND held_until > $2) AS held,
				count(*) FILTER (WHERE booking_id IS NOT NULL) AS sold
			FROM place WHERE departure_id = d.id) n
		WHERE d.holiday_id = ANY ($1) ORDER BY d.starts_on, d.id`, pq.Array(holidays), now)
	if err != nil {
		return nil, fmt.Errorf("catalogue: dates: %w", err)
	}
	keys, at := make([]int64, len(dates)), map[id.Departure]int{}
	for i, d := range dates {
		keys[i], at[d.ID] = int64(d.ID), i
	}
	var prices []Price
	err = sqlx.SelectContext(ctx, q, &prices, `
		SELECT departure_id, version, valid_from, id AS price_list_id, base_cents, solidaris_cents, vt_cents
		FROM price_list WHERE departure_id = ANY ($1) ORDER BY departure_id, version`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("catalogue: prices: %w", err)
	}
	for _, p := range prices {
		d := &dates[at[p.Departure]]
		d.Prices = append(d.Prices, p)
	}
	var places []Boarding
	err = sqlx.SelectContext(ctx, q, &places, `
		SELECT p.id, p.departure_id, p.name, p.min_participants,
			(SELECT count(*) FROM booking b WHERE b.departure_id = p.departure_id AND b.boarding_place_id = p.id AND b.status <> 'cancelled') AS booked
		FROM boarding_place p WHERE p.departure_id = ANY ($1) ORDER BY p.departure_id, p.position`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("catalogue: boarding places: %w", err)
	}
	for _, b := range places {
		d := &dates[at[b.Departure]]
		d.Boarding = append(d.Boarding, b)
	}
	ofKinds, err := limits(ctx, q, keys, now)
	if err != nil {
		return nil, err
	}
	for _, l := range ofKinds {
		d := &dates[at[l.Departure]]
		d.Limits = append(d.Limits, l)
	}
	return dates, nil
}
