package waitlist

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
)

// entryQuery reads entries; the place in line counts who waits before, whatever they need.
const entryQuery = `
	SELECT e.id, e.departure_id, e.guardian_id, e.at_least, e.status, e.priority, e.joined_at, e.ended_at,
		CASE WHEN e.status = 'waiting' THEN 1 + (SELECT count(*) FROM waitlist_entry o WHERE o.departure_id = e.departure_id AND o.status = 'waiting'
			AND (o.priority > e.priority OR o.priority = e.priority AND (o.joined_at, o.id) < (e.joined_at, e.id))) ELSE 0 END AS place_in_line,
		h.title, h.code, h.slug, d.starts_on, d.ends_on, g.first_name, g.last_name, g.email, g.phone, g.lang
	FROM waitlist_entry e JOIN departure d ON d.id = e.departure_id JOIN holiday h ON h.id = d.holiday_id JOIN guardian g ON g.id = e.guardian_id `

// entries reads entries with their children and offers: three queries whatever the number.
func entries(ctx context.Context, q sqlx.QueryerContext, where string, arg any) ([]Entry, error) {
	var all []Entry
	if err := sqlx.SelectContext(ctx, q, &all, entryQuery+where, arg); err != nil {
		return nil, fmt.Errorf("waitlist: entries: %w", err)
	}
	keys := make([]int64, len(all))
	at := make(map[id.WaitlistEntry]*Entry, len(all))
	for i := range all {
		keys[i], at[all[i].ID] = int64(all[i].ID), &all[i]
	}
	var children []Child
	err := sqlx.SelectContext(ctx, q, &children, `
		SELECT c.entry_id, c.position, c.participant_id, p.first_name, p.last_name, p.born_on, coalesce(p.gender, '') AS gender,
			coalesce(c.boarding_place_id, 0) AS boarding_place_id, coalesce(b.name, '') AS boarding_name
		FROM waitlist_child c JOIN participant p ON p.id = c.participant_id LEFT JOIN boarding_place b ON b.id = c.boarding_place_id
		WHERE c.entry_id = ANY ($1) ORDER BY c.entry_id, c.position`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("waitlist: children: %w", err)
	}
	for _, c := range children {
		at[c.Entry].Children = append(at[c.Entry].Children, c)
	}
	var offers []struct {
		Offer
		Names  pq.StringArray `db:"names"`
		Seated pq.Int64Array  `db:"seated"`
	}
	err = sqlx.SelectContext(ctx, q, &offers, `
		SELECT o.id, o.entry_id, o.checkout_id, o.places, o.status, o.made_at, o.deadline,
			(SELECT coalesce(array_agg(p.first_name ORDER BY cc.position), '{}') FROM checkout_child cc JOIN participant p ON p.id = cc.participant_id
				WHERE cc.checkout_id = o.checkout_id) AS names,
			(SELECT coalesce(array_agg(cc.participant_id ORDER BY cc.position) FILTER (WHERE cc.participant_id IS NOT NULL), '{}')
				FROM checkout_child cc WHERE cc.checkout_id = o.checkout_id) AS seated
		FROM waitlist_offer o WHERE o.entry_id = ANY ($1) ORDER BY o.id`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("waitlist: offers: %w", err)
	}
	for _, o := range offers {
		last := o.Offer
		last.For = o.Names
		for _, child := range o.Seated {
			last.Seated = append(last.Seated, id.Participant(child))
		}
		at[o.Entry].Offer = &last
	}
	return all, nil
}

// markBarred says which of the children of these entries get no offer; of entries that ended none.
func markBarred(ctx context.Context, q sqlx.QueryerContext, all []Entry, departure id.Departure, now time.Time) error {
	var rows []struct {
		Entry    id.WaitlistEntry `db:"entry_id"`
		Position int              `db:"position"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT c.entry_id, c.position FROM waitlist_child c JOIN waitlist_entry e ON e.id = c.entry_id
		WHERE e.departure_id = $1 AND e.ended_at IS NULL AND child_barred(c.participant_id, $2)`, departure, now)
	if err != nil {
		return fmt.Errorf("waitlist: barred children on the list of departure %d: %w", departure, err)
	}
	for _, r := range rows {
		for i := range all {
			for j, c := range all[i].Children {
				if c.Entry == r.Entry && c.Position == r.Position {
					all[i].Children[j].Barred = true
				}
			}
		}
	}
	return nil
}

func events(ctx context.Context, q sqlx.QueryerContext, departure id.Departure) (all []Event, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT v.entry_id, v.kind, v.detail, v.actor, v.at FROM waitlist_event v JOIN waitlist_entry e ON e.id = v.entry_id
		WHERE e.departure_id = $1 AND v.kind <> 'mailed' ORDER BY v.id DESC LIMIT 200`, departure)
	if err != nil {
		return nil, fmt.Errorf("waitlist: history of departure %d: %w", departure, err)
	}
	return all, nil
}

func lists(ctx context.Context, q sqlx.QueryerContext, now time.Time) (all []List, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT e.departure_id, h.title, h.code, d.starts_on, d.ends_on, count(*) FILTER (WHERE e.status = 'waiting') AS families,
			coalesce(sum((SELECT count(*) FROM waitlist_child c WHERE c.entry_id = e.id)) FILTER (WHERE e.status = 'waiting'), 0) AS children,
			count(*) FILTER (WHERE e.status = 'offered') AS offers, places_free(e.departure_id, $1) AS free
		FROM waitlist_entry e JOIN departure d ON d.id = e.departure_id JOIN holiday h ON h.id = d.holiday_id
		WHERE e.ended_at IS NULL GROUP BY e.departure_id, h.title, h.code, d.starts_on, d.ends_on ORDER BY d.starts_on, h.code`, now)
	if err != nil {
		return nil, fmt.Errorf("waitlist: lists: %w", err)
	}
	return all, nil
}

func chance(ctx context.Context, q sqlx.QueryerContext, departure id.Departure) (Chance, error) {
	var row struct {
		Served   int `db:"served"`
		LastYear int `db:"last_year"`
		Waited   int `db:"waited"`
	}
	err := sqlx.GetContext(ctx, q, &row, `
		WITH served AS (SELECT DISTINCT entry_id FROM waitlist_offer),
		last AS (SELECT e.id FROM departure d JOIN holiday h ON h.id = d.holiday_id JOIN holiday o ON o.title = h.title AND o.id <> h.id
			JOIN departure b ON b.holiday_id = o.id AND extract(year FROM b.starts_on) = extract(year FROM d.starts_on) - 1
			JOIN waitlist_entry e ON e.departure_id = b.id AND e.status <> 'left' WHERE d.id = $1)
		SELECT (SELECT count(*) FROM waitlist_entry e JOIN served ON served.entry_id = e.id WHERE e.departure_id = $1) AS served,
			(SELECT count(*) FROM last JOIN served ON served.entry_id = last.id) AS last_year, (SELECT count(*) FROM last) AS waited`, departure)
	if err != nil {
		return Chance{}, fmt.Errorf("waitlist: chance on departure %d: %w", departure, err)
	}
	return Chance(row), nil
}

type workRow struct {
	Entry     id.WaitlistEntry `db:"id"`
	Departure id.Departure     `db:"departure_id"`
	Name      string           `db:"name"`
	Title     string           `db:"title"`
	StartsOn  civil.Date       `db:"starts_on"`
	Since     time.Time        `db:"since"`
	Deadline  *time.Time       `db:"deadline"`
	Places    int              `db:"places"`
	Total     int              `db:"total"`
}

func waitingWork(ctx context.Context, q sqlx.QueryerContext, now time.Time, limit int) (rows []workRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT w.id, w.departure_id, trim(g.first_name || ' ' || g.last_name) AS name, h.title, d.starts_on, w.since, w.deadline, w.places,
			count(*) OVER () AS total
		FROM (
			SELECT e.id, e.departure_id, e.guardian_id, o.made_at AS since, o.deadline, o.places
			FROM waitlist_entry e JOIN waitlist_offer o ON o.entry_id = e.id AND o.status = 'open' AND o.deadline > $1
			UNION ALL
			SELECT DISTINCT ON (e.departure_id) e.id, e.departure_id, e.guardian_id, e.joined_at, NULL, f.free
			FROM waitlist_entry e JOIN departure x ON x.id = e.departure_id AND x.starts_on > $2
			CROSS JOIN LATERAL (SELECT places_free(e.departure_id, $1) AS free) f
			WHERE e.status = 'waiting' AND f.free > 0 AND waitlist_next(e.departure_id, f.free, $1) IS NULL
				AND EXISTS (SELECT 1 FROM waitlist_child c WHERE c.entry_id = e.id AND NOT child_barred(c.participant_id, $1))
			ORDER BY departure_id, 4) w
		JOIN guardian g ON g.id = w.guardian_id JOIN departure d ON d.id = w.departure_id JOIN holiday h ON h.id = d.holiday_id
		ORDER BY w.deadline NULLS LAST, w.since, w.id LIMIT $3`, now, civil.Of(now), limit)
	if err != nil {
		return nil, fmt.Errorf("waitlist: work: %w", err)
	}
	return rows, nil
}
