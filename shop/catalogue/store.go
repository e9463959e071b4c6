package catalogue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Service reads and changes the catalogue.
type Service struct {
	DB *sqlx.DB
	// Replica, when there is one, answers what everybody may see.
	Replica *pg.Replica
	Now     func() time.Time
	// Terms tell whether a deposit fits a price; nil: nobody asks.
	Terms *terms.Terms
	// Fresh is how old the answers of Recent may be; 0: read each time.
	Fresh time.Duration

	recent recent
}

const departureQuery = `
	SELECT d.id, d.holiday_id, h.code, h.slug, h.title, h.description, h.trip, h.legal_regime, h.country, h.destination,
		h.accommodation, h.transport, h.included, h.not_included, coalesce(h.target_group, '') AS target_group, h.inclusive,
		h.birth_year_from, h.birth_year_to, d.starts_on, d.ends_on, d.status, d.on_sale_at,
		p.id AS price_list_id, p.base_cents, p.solidaris_cents, p.vt_cents,
		n.capacity, CASE WHEN w.first THEN 0 ELSE n.free END AS free, CASE WHEN w.first THEN n.free ELSE 0 END AS listed, n.held
	FROM departure d
	JOIN holiday h ON h.id = d.holiday_id
	JOIN LATERAL (
		SELECT id, base_cents, solidaris_cents, vt_cents FROM price_list
		WHERE departure_id = d.id AND valid_from <= $1 ORDER BY version DESC LIMIT 1) p ON true
	CROSS JOIN LATERAL (
		SELECT count(*) AS capacity,
			count(*) FILTER (WHERE booking_id IS NULL AND (checkout_id IS NULL OR held_until <= $1)) AS free,
			count(*) FILTER (WHERE booking_id IS NULL AND held_until > $1) AS held
		FROM place WHERE departure_id = d.id) n
	CROSS JOIN LATERAL (
		SELECT n.free > 0 AND EXISTS (SELECT 1 FROM waitlist_entry e WHERE e.departure_id = d.id AND e.status = 'waiting')
			AND waitlist_next(d.id, n.free::int, $1) IS NOT NULL AS first) w `

// theseDepartures picks by id. The sub-query hides from PostgreSQL how many they are: for one it would else find a plan for
// any number dearer than planning anew, each time.
const theseDepartures = `WHERE d.id = ANY ((SELECT $2::bigint[])::bigint[])`

type departureRow struct {
	Departure
	Included    pq.StringArray `db:"included"`
	NotIncluded pq.StringArray `db:"not_included"`
}

// Upcoming lists what is published and has not left yet, by date; three queries whatever the number.
func (s *Service) Upcoming(ctx context.Context) ([]Departure, error) {
	return s.upcoming(ctx, s.DB, s.Now())
}

func (s *Service) upcoming(ctx context.Context, q sqlx.QueryerContext, now time.Time) ([]Departure, error) {
	return departures(ctx, q, now, departureQuery+`WHERE d.status = 'published' AND d.starts_on >= $2 ORDER BY d.starts_on, h.code`, civil.Of(now))
}

// Shown is what the pages for everybody show.
type Shown struct {
	Departures []Departure // as of Upcoming
	Next       time.Time   // where there are none: when the next planned departure appears; zero when none is planned
	AsOf       time.Time   // when this was so, where nobody can say what is so now; else zero
}

// Shown reads what everybody may see, from the replica where there is one that is up to date.
func (s *Service) Shown(ctx context.Context) (shown Shown, err error) {
	now := s.Now()
	shown.AsOf, err = s.read(ctx, func(ctx context.Context, q sqlx.QueryerContext) (err error) {
		if shown.Departures, err = s.upcoming(ctx, q, now); err != nil || len(shown.Departures) > 0 {
			return err
		}
		shown.Next, err = nextPublication(ctx, q, now)
		return err
	})
	return shown, err
}

// read lets f read from the replica, or where there is none from the database.
func (s *Service) read(ctx context.Context, f func(ctx context.Context, q sqlx.QueryerContext) error) (asOf time.Time, err error) {
	if s.Replica == nil {
		return asOf, f(ctx, s.DB)
	}
	return s.Replica.Read(ctx, f)
}

// BySlug finds the departures of a holiday's page, by date, past ones too. ErrNoDeparture when there is none published.
func (s *Service) BySlug(ctx context.Context, slug string) ([]Departure, error) {
	now := s.Now()
	var all []Departure
	_, err := s.read(ctx, func(ctx context.Context, q sqlx.QueryerContext) (err error) {
		all, err = departures(ctx, q, now, departureQuery+`WHERE h.slug = $2 AND d.status <> 'draft' ORDER BY d.starts_on`, slug)
		return err
	})
	if err == nil && len(all) == 0 {
		return nil, ErrNoDeparture
	}
	return all, err
}

// Preview is BySlug with drafts: the page as parents will see it.
func (s *Service) Preview(ctx context.Context, slug string) ([]Departure, error) {
	all, err := departures(ctx, s.DB, s.Now(), departureQuery+`WHERE h.slug = $2 ORDER BY d.starts_on`, slug)
	if err == nil && len(all) == 0 {
		return nil, ErrNoDeparture
	}
	return all, err
}

// ByID reads departures, drafts too; the answer has no order and leaves out what does not exist.
func (s *Service) ByID(ctx context.Context, ids ...id.Departure) (map[id.Departure]Departure, error) {
	return s.ByIDTx(ctx, s.DB, ids...)
}

// DepartureByID reads one departure, a draft too. ErrNoDeparture when there is none.
func (s *Service) DepartureByID(ctx context.Context, key id.Departure) (Departure, error) {
	return s.DepartureByIDTx(ctx, s.DB, key)
}

// DepartureForOffice is DepartureByID for pages of the office, which may know of a draft without prices: ErrNoPrices then.
func (s *Service) DepartureForOffice(ctx context.Context, key id.Departure) (Departure, error) {
	d, err := s.DepartureByID(ctx, key)
	if !errors.Is(err, ErrNoDeparture) {
		return d, err
	}
	var there bool
	if e := s.DB.GetContext(ctx, &there, `SELECT EXISTS (SELECT 1 FROM departure WHERE id = $1)`, key); e != nil {
		return d, fmt.Errorf("catalogue: departure %d: %w", key, e)
	}
	if there {
		return d, ErrNoPrices
	}
	return d, err
}

// DepartureByIDTx is DepartureByID on the caller's transaction.
func (s *Service) DepartureByIDTx(ctx context.Context, q sqlx.QueryerContext, key id.Departure) (Departure, error) {
	found, err := s.ByIDTx(ctx, q, key)
	if err != nil {
		return Departure{}, err
	}
	d, ok := found[key]
	if !ok {
		return d, ErrNoDeparture
	}
	return d, nil
}

// ByIDTx is ByID on the caller's transaction. Who is inside one must not ask the pool for a second connection: with as
// many buyers as connections, all would wait for each other.
func (s *Service) ByIDTx(ctx context.Context, q sqlx.QueryerContext, ids ...id.Departure) (map[id.Departure]Departure, error) {
	keys := make([]int64, len(ids))
	for i, k := range ids {
		keys[i] = int64(k)
	}
	now := s.Now()
	all, err := departures(ctx, q, now, departureQuery+theseDepartures, pq.Array(keys))
	if err != nil {
		return nil, err
	}
	found := make(map[id.Departure]Departure, len(all))
	for _, d := range all {
		found[d.ID] = d
	}
	return found, nil
}

// bindingFacts reads of departures what an order rests on, and nothing else.
func bindingFacts(ctx context.Context, q sqlx.QueryerContext, now time.Time, ids []id.Departure) (all []Departure, err error) {
	keys := make([]int64, len(ids))
	for i, k := range ids {
		keys[i] = int64(k)
	}
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT d.id, h.trip, h.legal_regime, d.starts_on, d.ends_on, d.status, d.on_sale_at,
			p.id AS price_list_id, p.base_cents, p.solidaris_cents, p.vt_cents
		FROM departure d JOIN holiday h ON h.id = d.holiday_id
		JOIN LATERAL (
			SELECT id, base_cents, solidaris_cents, vt_cents FROM price_list
			WHERE departure_id = d.id AND valid_from <= $1 ORDER BY version DESC LIMIT 1) p ON true
		`+theseDepartures, now, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("catalogue: binding facts: %w", err)
	}
	return all, nil
}

// departures runs departureQuery with its condition; $1 is now, args follow it.
func departures(ctx context.Context, q sqlx.QueryerContext, now time.Time, query string, args ...any) ([]Departure, error) {
	var rows []departureRow
	if err := sqlx.SelectContext(ctx, q, &rows, query, append([]any{now}, args...)...); err != nil {
		return nil, fmt.Errorf("catalogue: departures: %w", err)
	}
	keys := make([]int64, len(rows))
	at := make(map[id.Departure]int, len(rows))
	all := make([]Departure, len(rows))
	for i, r := range rows {
		all[i] = r.Departure
		all[i].Included, all[i].NotIncluded = r.Included, r.NotIncluded
		keys[i], at[r.ID] = int64(r.ID), i
	}
	var places []BoardingPlace
	err := sqlx.SelectContext(ctx, q, &places, `
		SELECT id, departure_id, name, min_participants FROM boarding_place
		WHERE departure_id = ANY ($1) ORDER BY departure_id, position`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("catalogue: boarding places: %w", err)
	}
	for _, b := range places {
		d := &all[at[b.Departure]]
		d.BoardingPlaces = append(d.BoardingPlaces, b)
	}
	ofKinds, err := limits(ctx, q, keys, now)
	if err != nil {
		return nil, err
	}
	for _, l := range ofKinds {
		d := &all[at[l.Departure]]
		d.Limits = append(d.Limits, l)
	}
	return all, addPhotos(ctx, q, all)
}
