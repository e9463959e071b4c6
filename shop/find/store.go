package find

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// fold reads what was typed as the stored text was read. Folding leaves no sign that LIKE would take for a wildcard.
func fold(ctx context.Context, q sqlx.QueryerContext, words []string) ([]string, error) {
	if len(words) == 0 {
		return nil, nil
	}
	var all []string
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT f FROM (SELECT search_fold(w) AS f, n FROM unnest($1::text[]) WITH ORDINALITY AS t (w, n)) x WHERE f <> '' ORDER BY n`, pq.Array(words))
	if err != nil {
		return nil, fmt.Errorf("find: fold: %w", err)
	}
	return all, nil
}

func catchUp(ctx context.Context, q sqlx.QueryerContext, most int) (n int, err error) {
	if err := sqlx.GetContext(ctx, q, &n, `SELECT search_catch_up($1)`, most); err != nil {
		return 0, fmt.Errorf("find: catch up: %w", err)
	}
	return n, nil
}

// candidates is how many families of each degree are looked at before they are put in order.
const candidates = 200

// familyColumns of the view.
const familyColumns = `f.guardian_id, f.first_name, f.last_name, f.email, f.phone, f.street, f.postal_code, f.city, f.lang`

// families finds by degrees, each bounded: numbers of its own, whole words, beginnings of words, and anything. A trigram
// index needs three signs; a fragment of one or two letters has them only at the beginning of a word, with the space
// before it, so such a fragment is looked for within words only while the degrees before found few.
func families(ctx context.Context, q sqlx.QueryerContext, terms []string, limit int) ([]Family, error) {
	var all []Family
	if len(terms) == 0 {
		err := sqlx.SelectContext(ctx, q, &all, `SELECT `+familyColumns+` FROM search_family f
			WHERE f.guardian_id IN (SELECT guardian_id FROM search_entry WHERE last_at > '-infinity' ORDER BY last_at DESC LIMIT $1)
			ORDER BY f.last_at DESC, f.guardian_id`, limit)
		if err != nil {
			return nil, fmt.Errorf("find: newest: %w", err)
		}
		return all, nil
	}
	degrees := []string{
		`SELECT guardian_id, 0 AS rank FROM search_entry WHERE exact && $1`,
		`SELECT guardian_id, 1 FROM search_entry WHERE ` + like("% ", " %", 3, len(terms)),
		`SELECT guardian_id, 2 FROM search_entry WHERE ` + like("% ", "%", 3, len(terms)),
		`SELECT guardian_id, 3 FROM search_entry WHERE ` + like("%", "%", 3, len(terms)),
	}
	args := []any{pq.Array(append([]string{strings.Join(terms, " "), strings.Join(terms, "")}, terms...)), limit}
	short := true
	for _, t := range terms {
		args = append(args, t)
		short = short && len([]rune(t)) < 3
	}
	if short {
		if err := byDegrees(ctx, q, &all, degrees[:3], args); err != nil || len(all) >= limit {
			return all, err
		}
		all = nil
	}
	err := byDegrees(ctx, q, &all, degrees, args)
	return all, err
}

func byDegrees(ctx context.Context, q sqlx.QueryerContext, into *[]Family, degrees []string, args []any) error {
	query := `WITH found AS (`
	for i, d := range degrees {
		if i > 0 {
			query += ` UNION ALL `
		}
		query += fmt.Sprintf(`(%s LIMIT %d)`, d, candidates)
	}
	query += `) SELECT ` + familyColumns + `, b.rank FROM (SELECT guardian_id, min(rank) AS rank FROM found GROUP BY guardian_id) b
		JOIN search_family f ON f.guardian_id = b.guardian_id ORDER BY b.rank, f.last_at DESC, f.guardian_id LIMIT $2`
	if err := sqlx.SelectContext(ctx, q, into, query, args...); err != nil {
		return fmt.Errorf("find: families: %w", err)
	}
	return nil
}

// like asks that each of n terms, from parameter first on, is in the text between before and after.
func like(before, after string, first, n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(`words LIKE '%s' || $%d || '%s'`, before, first+i, after)
	}
	return strings.Join(parts, " AND ")
}

func familyByID(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian) (f Family, err error) {
	err = sqlx.GetContext(ctx, q, &f, `SELECT `+familyColumns+` FROM search_family f WHERE f.guardian_id = $1`, guardian)
	if errors.Is(err, sql.ErrNoRows) {
		return f, ErrNoFamily
	}
	if err != nil {
		return f, fmt.Errorf("find: family %d: %w", guardian, err)
	}
	return f, nil
}

func childrenOf(ctx context.Context, q sqlx.QueryerContext, guardians []int64) ([]Child, error) {
	var all []Child
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT guardian_id, participant_id, first_name, last_name, born_on FROM search_child
		WHERE guardian_id = ANY ($1) ORDER BY guardian_id, born_on, participant_id`, pq.Array(guardians))
	if err != nil {
		return nil, fmt.Errorf("find: children: %w", err)
	}
	return all, nil
}

func bookingsOf(ctx context.Context, q sqlx.QueryerContext, guardians []int64) ([]Booking, error) {
	var all []Booking
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT guardian_id, order_id, reference, placed_at, status, first_name, title, starts_on
		FROM search_booking WHERE guardian_id = ANY ($1) ORDER BY guardian_id, placed_at DESC, order_id DESC, booking_id`, pq.Array(guardians))
	if err != nil {
		return nil, fmt.Errorf("find: bookings: %w", err)
	}
	return all, nil
}

// departures are few: the whole catalogue is looked through.
func departures(ctx context.Context, q sqlx.QueryerContext, terms []string, limit int) ([]Departure, error) {
	args := []any{limit}
	for _, t := range terms {
		args = append(args, t)
	}
	var all []Departure
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT departure_id, code, title, starts_on, ends_on FROM search_departure
		WHERE `+like("% ", "%", 2, len(terms))+` ORDER BY starts_on DESC, code LIMIT $1`, args...)
	if err != nil {
		return nil, fmt.Errorf("find: departures: %w", err)
	}
	return all, nil
}
