package catalogue

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// Seasons lists the catalogue years, newest first.
func (s *Service) Seasons(ctx context.Context) ([]Season, error) {
	var all []Season
	if err := s.DB.SelectContext(ctx, &all, `SELECT id, year FROM season ORDER BY year DESC`); err != nil {
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

// SeasonOffers lists a season's holidays by code, for a list of thousands of departures: drafts are whole, of the others only
// what stands in their own row is there. Complete reads the rest of those that are shown.
func (s *Service) SeasonOffers(ctx context.Context, season id.Season) ([]Offer, error) {
	all, dates, err := readOffers(ctx, s.DB, offerQuery+`WHERE h.season_id = $1 ORDER BY h.code`, season)
	if err != nil {
		return nil, err
	}
	var drafts, others []Date
	for _, d := range dates {
		if d.Status == "draft" {
			drafts = append(drafts, d)
		} else {
			others = append(others, d)
		}
	}
	if err := s.Complete(ctx, drafts); err != nil {
		return nil, err
	}
	return hang(all, append(drafts, others...)), nil
}

// Complete reads places, prices, boarding places and limits of departures that SeasonOffers gave.
func (s *Service) Complete(ctx context.Context, dates []Date) error {
	return complete(ctx, s.DB, dates, s.Now())
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
	all, dates, err := readOffers(ctx, q, query, args...)
	if err != nil {
		return nil, err
	}
	if err := complete(ctx, q, dates, s.Now()); err != nil {
		return nil, err
	}
	return hang(all, dates), nil
}

// hang gives each holiday its departures, by date.
func hang(all []Offer, dates []Date) []Offer {
	slices.SortFunc(dates, func(a, b Date) int { return cmp.Or(a.StartsOn.Compare(b.StartsOn), cmp.Compare(a.ID, b.ID)) })
	at := map[id.Holiday]int{}
	for i, o := range all {
		at[o.ID] = i
	}
	for _, d := range dates {
		o := &all[at[d.Holiday]]
		o.Departures = append(o.Departures, d)
	}
	return all
}

// readOffers reads the holidays of a query and, apart, their departures: of these what stands in their own row.
func readOffers(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Offer, []Date, error) {
	var rows []offerRow
	if err := sqlx.SelectContext(ctx, q, &rows, query, args...); err != nil {
		return nil, nil, fmt.Errorf("catalogue: offers: %w", err)
	}
	all, keys := make([]Offer, len(rows)), make([]int64, len(rows))
	for i, r := range rows {
		all[i], keys[i] = r.Offer, int64(r.ID)
		all[i].Text.Included, all[i].Text.NotIncluded = r.Included, r.NotIncluded
	}
	var dates []Date
	err := sqlx.SelectContext(ctx, q, &dates, `
		SELECT id, holiday_id, starts_on, ends_on, status, version, publish_at, published_at, on_sale_at
		FROM departure WHERE holiday_id = ANY ($1)`, pq.Array(keys))
	if err != nil {
		return nil, nil, fmt.Errorf("catalogue: dates: %w", err)
	}
	return all, dates, nil
}

// complete reads what of a departure stands in other tables: four queries whatever the number.
func complete(ctx context.Context, q sqlx.QueryerContext, dates []Date, now time.Time) error {
	if len(dates) == 0 {
		return nil
	}
	keys, at := make([]int64, len(dates)), map[id.Departure]int{}
	for i, d := range dates {
		keys[i], at[d.ID] = int64(d.ID), i
	}
	if err := countPlaces(ctx, q, keys, now, func(key id.Departure) *Date { return &dates[at[key]] }); err != nil {
		return err
	}
	var prices []Price
	err := sqlx.SelectContext(ctx, q, &prices, `
		SELECT departure_id, version, valid_from, id AS price_list_id, base_cents, solidaris_cents, vt_cents
		FROM price_list WHERE departure_id = ANY ($1) ORDER BY departure_id, version`, pq.Array(keys))
	if err != nil {
		return fmt.Errorf("catalogue: prices: %w", err)
	}
	for _, p := range prices {
		d := &dates[at[p.Departure]]
		d.Prices = append(d.Prices, p)
	}
	var places []Boarding
	err = sqlx.SelectContext(ctx, q, &places, `
		SELECT p.id, p.departure_id, p.name, p.min_participants, coalesce(n.booked, 0) AS booked
		FROM boarding_place p
		LEFT JOIN (
			SELECT departure_id, boarding_place_id, count(*) AS booked
			FROM booking WHERE departure_id = ANY ($1) AND status <> 'cancelled' GROUP BY 1, 2) n
			ON n.departure_id = p.departure_id AND n.boarding_place_id = p.id
		WHERE p.departure_id = ANY ($1) ORDER BY p.departure_id, p.position`, pq.Array(keys))
	if err != nil {
		return fmt.Errorf("catalogue: boarding places: %w", err)
	}
	for _, b := range places {
		d := &dates[at[b.Departure]]
		d.Boarding = append(d.Boarding, b)
	}
	ofKinds, err := limits(ctx, q, keys, now)
	if err != nil {
		return err
	}
	for _, l := range ofKinds {
		d := &dates[at[l.Departure]]
		d.Limits = append(d.Limits, l)
	}
	return nil
}

// countPlaces counts the places and bookings of each departure.
func countPlaces(ctx context.Context, q sqlx.QueryerContext, keys []int64, now time.Time, of func(id.Departure) *Date) error {
	var counts []Date
	err := sqlx.SelectContext(ctx, q, &counts, `
		SELECT d.id, n.capacity, n.free, n.held, n.sold, (SELECT count(*) FROM booking b WHERE b.departure_id = d.id) AS bookings
		FROM unnest($1::bigint[]) d (id)
		CROSS JOIN LATERAL (
			SELECT count(*) AS capacity,
				count(*) FILTER (WHERE booking_id IS NULL AND (checkout_id IS NULL OR held_until <= $2)) AS free,
				count(*) FILTER (WHERE booking_id IS NULL AND held_until > $2) AS held,
				count(*) FILTER (WHERE booking_id IS NOT NULL) AS sold
			FROM place WHERE departure_id = d.id) n`, pq.Array(keys), now)
	if err != nil {
		return fmt.Errorf("catalogue: places: %w", err)
	}
	for _, n := range counts {
		d := of(n.ID)
		d.Capacity, d.Free, d.Held, d.Sold, d.Bookings = n.Capacity, n.Free, n.Held, n.Sold, n.Bookings
	}
	return nil
}
