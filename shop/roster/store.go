package roster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
)

// where collects conditions and their arguments.
type where struct {
	parts []string
	args  []any
}

// add writes each ? of the condition as the number of its argument.
func (w *where) add(condition string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.parts = append(w.parts, condition)
}

func (w *where) String() string {
	if len(w.parts) == 0 {
		return ""
	}
	return ` WHERE ` + strings.Join(w.parts, " AND ")
}

func (f Filter) where(today civil.Date) *where {
	w := &where{}
	switch f.Status {
	case "":
	case "going":
		w.add(`r.status <> 'cancelled'`)
	default:
		w.add(`r.status = ?`, f.Status)
	}
	if f.Departure != 0 {
		w.add(`r.departure_id = ?`, int64(f.Departure))
	}
	if f.Category != "" {
		w.add(`r.category = ?`, f.Category)
	}
	if f.Evidence != "" {
		w.add(`r.evidence = ?`, f.Evidence)
	}
	if f.Boarding != 0 {
		w.add(`r.boarding_place_id = ?`, int64(f.Boarding))
	}
	if f.Late {
		w.add(`r.order_id IN (SELECT l.order_id FROM roster_late l WHERE l.due_on < ?)`, today)
	}
	if !f.From.IsZero() {
		w.add(`r.departs_on >= ?`, f.From)
	}
	if !f.To.IsZero() {
		w.add(`r.departs_on <= ?`, f.To)
	}
	return w
}

const rowColumns = `r.booking_id, r.order_id, r.status, r.category, r.evidence, r.photo_consent, r.departs_on, r.first_name, r.last_name, r.first_key, r.last_key, r.born_on, r.reference, r.payer_name, r.payer_email,
	r.payer_phone, r.lang, r.code, r.title, r.boarding_name`

// order is how a list of bookings is sorted, and the condition of what comes after a cursor.
func (f Filter) order(w *where) string {
	value, key, after := decode(f.After)
	switch f.Sort {
	case ByDeparts:
		if after {
			if day, err := civil.Parse(value); err == nil {
				w.add(`(r.departs_on, r.booking_id) > (?, ?)`, day, key)
			}
		}
		return `r.departs_on, r.booking_id`
	case ByName:
		if last, first, ok := names(value); after && ok {
			w.add(`(r.last_key, r.first_key, r.booking_id) > (?, ?, ?)`, last, first, key)
		}
		return `r.last_key, r.first_key, r.booking_id`
	}
	if after {
		w.add(`r.booking_id < ?`, key)
	}
	return `r.booking_id DESC`
}

// bookingRows reads money and fiches only of the rows that are shown.
func bookingRows(ctx context.Context, q sqlx.QueryerContext, f Filter, today civil.Date, limit int) ([]Row, error) {
	w := f.where(today)
	order := f.order(w)
	var rows []Row
	err := sqlx.SelectContext(ctx, q, &rows, fmt.Sprintf(`
		SELECT %s, m.charged_cents, m.paid_cents, m.next_due_on,
			EXISTS (SELECT 1 FROM roster_fiche s WHERE s.participant_id = r.participant_id AND s.departure_id = r.departure_id) AS fiche_signed
		FROM (SELECT r.participant_id, r.departure_id, %s FROM roster_booking r%s ORDER BY %s LIMIT %d) r
		JOIN roster_money m ON m.booking_id = r.booking_id ORDER BY %s`, rowColumns, rowColumns, w, order, limit, order), w.args...)
	if err != nil {
		return nil, fmt.Errorf("roster: bookings: %w", err)
	}
	return rows, nil
}

func countBookings(ctx context.Context, q sqlx.QueryerContext, f Filter, today civil.Date, most int) (n int, err error) {
	w := f.where(today)
	err = sqlx.GetContext(ctx, q, &n, fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM roster_booking r%s LIMIT %d) x`, w, most), w.args...)
	if err != nil {
		return 0, fmt.Errorf("roster: count bookings: %w", err)
	}
	return n, nil
}

const departureColumns = `SELECT d.departure_id, d.code, d.title, d.destination, d.trip, d.starts_on, d.ends_on, d.status, d.year FROM roster_departure d`

func departureRows(ctx context.Context, q sqlx.QueryerContext, f DepartureFilter, today civil.Date, limit int) ([]Departure, error) {
	w := &where{}
	order, compare := `d.starts_on, d.departure_id`, `>`
	switch f.When {
	case "past":
		w.add(`d.ends_on < ?`, today)
		order, compare = `d.starts_on DESC, d.departure_id DESC`, `<`
	case "all":
	case "leaving":
		w.add(`d.starts_on >= ?`, today)
	default:
		w.add(`d.ends_on >= ?`, today)
	}
	if f.Status != "" {
		w.add(`d.status = ?`, f.Status)
	}
	if f.Booked {
		w.add(`EXISTS (SELECT 1 FROM roster_booking r WHERE r.departure_id = d.departure_id AND r.status <> 'cancelled')`)
	}
	if f.Text != "" {
		w.add(`search_fold(d.code || ' ' || d.title || ' ' || d.destination) LIKE '%' || search_fold(?) || '%'`, f.Text)
	}
	if value, key, ok := decode(f.After); ok {
		if day, err := civil.Parse(value); err == nil {
			w.add(`(d.starts_on, d.departure_id) `+compare+` (?, ?)`, day, key)
		}
	}
	var rows []Departure
	if err := sqlx.SelectContext(ctx, q, &rows, fmt.Sprintf(`%s%s ORDER BY %s LIMIT %d`, departureColumns, w, order, limit), w.args...); err != nil {
		return nil, fmt.Errorf("roster: departures: %w", err)
	}
	return rows, nil
}

func departureByID(ctx context.Context, q sqlx.QueryerContext, departure id.Departure) (d Departure, err error) {
	err = sqlx.GetContext(ctx, q, &d, departureColumns+` WHERE d.departure_id = $1`, departure)
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrNoDeparture
	}
	if err != nil {
		return d, fmt.Errorf("roster: departure %d: %w", departure, err)
	}
	return d, nil
}

func departureKeys(rows []Departure) pq.Int64Array {
	keys := make(pq.Int64Array, len(rows))
	for i, d := range rows {
		keys[i] = int64(d.ID)
	}
	return keys
}

// countDepartures adds what is counted per departure, in two queries whatever their number.
func countDepartures(ctx context.Context, q sqlx.QueryerContext, rows []Departure, now time.Time) error {
	var counts []Departure
	err := sqlx.SelectContext(ctx, q, &counts, `
		SELECT k.departure_id, coalesce(p.places, 0) AS places, coalesce(p.held, 0) AS held, coalesce(b.going, 0) AS going, coalesce(b.in_review, 0) AS in_review,
			coalesce(b.proofs, 0) AS proofs, coalesce(b.unsigned, 0) AS unsigned, coalesce(b.charged_cents, 0) AS charged_cents, coalesce(b.paid_cents, 0) AS paid_cents,
			coalesce(w.children, 0) AS waiting
		FROM unnest($1::bigint[]) AS k (departure_id)
		LEFT JOIN roster_waiting w ON w.departure_id = k.departure_id
		LEFT JOIN (SELECT departure_id, count(*) AS places, count(*) FILTER (WHERE booking_id IS NULL AND held_until > $2) AS held
			FROM roster_place WHERE departure_id = ANY ($1) GROUP BY departure_id) p ON p.departure_id = k.departure_id
		LEFT JOIN (SELECT r.departure_id, count(*) AS going, count(*) FILTER (WHERE r.status = 'in_review') AS in_review,
				count(*) FILTER (WHERE r.evidence IN ('awaited', 'refused')) AS proofs,
				count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM roster_fiche s WHERE s.participant_id = r.participant_id AND s.departure_id = r.departure_id)) AS unsigned,
				sum(m.charged_cents)::bigint AS charged_cents, sum(m.paid_cents)::bigint AS paid_cents
			FROM roster_booking r JOIN roster_money m ON m.booking_id = r.booking_id
			WHERE r.departure_id = ANY ($1) AND r.status <> 'cancelled' GROUP BY r.departure_id) b ON b.departure_id = k.departure_id`, departureKeys(rows), now)
	if err != nil {
		return fmt.Errorf("roster: count departures: %w", err)
	}
	of := make(map[id.Departure]Departure, len(counts))
	for _, c := range counts {
		of[c.ID] = c
	}
	for i := range rows {
		d, c := &rows[i], of[rows[i].ID]
		d.Places, d.Held, d.Going, d.InReview, d.Proofs, d.Unsigned, d.Charged, d.Paid, d.Waiting = c.Places, c.Held, c.Going, c.InReview, c.Proofs, c.Unsigned, c.Charged, c.Paid, c.Waiting
	}
	return nil
}

func addBoardings(ctx context.Context, q sqlx.QueryerContext, rows []Departure) error {
	var all []Boarding
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT bp.boarding_place_id, bp.departure_id, bp.name, bp.min_participants,
			(SELECT count(*) FROM roster_booking r WHERE r.departure_id = bp.departure_id AND r.boarding_place_id = bp.boarding_place_id AND r.status <> 'cancelled') AS boards
		FROM roster_boarding bp WHERE bp.departure_id = ANY ($1) ORDER BY bp.departure_id, bp.position`, departureKeys(rows))
	if err != nil {
		return fmt.Errorf("roster: boarding places: %w", err)
	}
	at := make(map[id.Departure]*Departure, len(rows))
	for i := range rows {
		at[rows[i].ID] = &rows[i]
	}
	for _, b := range all {
		at[b.Departure].Boardings = append(at[b.Departure].Boardings, b)
	}
	return nil
}

func familyRows(ctx context.Context, q sqlx.QueryerContext, f FamilyFilter, limit int) ([]Family, error) {
	w := &where{}
	if f.Name != "" {
		w.add(`r.last_key >= lower(?) AND r.last_key < lower(?) || chr(1114111)`, f.Name, f.Name)
	}
	if f.Lang != "" {
		w.add(`r.lang = ?`, f.Lang)
	}
	if value, key, ok := decode(f.After); ok {
		if last, first, ok := names(value); ok {
			w.add(`(r.last_key, r.first_key, r.guardian_id) > (?, ?, ?)`, last, first, key)
		}
	}
	var rows []Family
	err := sqlx.SelectContext(ctx, q, &rows, fmt.Sprintf(`
		SELECT r.guardian_id, r.first_name, r.last_name, r.first_key, r.last_key, r.email, r.phone, r.street, r.postal_code, r.city, r.lang, r.children, r.bookings
		FROM roster_family r%s ORDER BY r.last_key, r.first_key, r.guardian_id LIMIT %d`, w, limit), w.args...)
	if err != nil {
		return nil, fmt.Errorf("roster: families: %w", err)
	}
	return rows, nil
}

// newestOrders finds for each family the order of its latest booking: one that goes on before one that ended.
func newestOrders(ctx context.Context, q sqlx.QueryerContext, of []id.Guardian) (map[id.Guardian]id.Order, error) {
	var rows []struct {
		Guardian id.Guardian `db:"guardian_id"`
		Order    id.Order    `db:"order_id"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT DISTINCT ON (guardian_id) guardian_id, order_id FROM roster_booking WHERE guardian_id = ANY ($1)
		ORDER BY guardian_id, status = 'cancelled', departs_on DESC, order_id DESC`, pq.Array(of))
	if err != nil {
		return nil, fmt.Errorf("roster: newest orders: %w", err)
	}
	orders := make(map[id.Guardian]id.Order, len(rows))
	for _, r := range rows {
		orders[r.Guardian] = r.Order
	}
	return orders, nil
}
