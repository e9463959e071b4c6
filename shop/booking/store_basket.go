package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/id"
)

func checkoutOpened(ctx context.Context, q sqlx.QueryerContext, checkout id.Checkout) (at time.Time, err error) {
	if err = sqlx.GetContext(ctx, q, &at, `SELECT created_at FROM checkout WHERE id = $1`, checkout); err != nil {
		return at, fmt.Errorf("booking: opening of checkout %d: %w", checkout, err)
	}
	return at, nil
}

func extendPlaces(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, departure id.Departure, until time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE place SET held_until = $3 WHERE (departure_id, number) IN (
			SELECT departure_id, number FROM place WHERE checkout_id = $1 AND departure_id = $2 AND booking_id IS NULL ORDER BY number FOR UPDATE)`,
		checkout, departure, until)
	if err != nil {
		return fmt.Errorf("booking: extend places of checkout %d: %w", checkout, err)
	}
	return nil
}

func insertLines(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, departure id.Departure, after, children int) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO checkout_child (checkout_id, position, departure_id) SELECT $1, $3 + n, $2 FROM generate_series(1, $4::int) n`,
		checkout, departure, after, children)
	if err != nil {
		return fmt.Errorf("booking: add to checkout %d: %w", checkout, err)
	}
	return nil
}

// releasePlace gives one of the basket's places on a departure back.
func releasePlace(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, departure id.Departure) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE place SET checkout_id = NULL, held_until = NULL WHERE departure_id = $2 AND number = (
			SELECT max(number) FROM place WHERE checkout_id = $1 AND departure_id = $2 AND booking_id IS NULL)`, checkout, departure)
	if err != nil {
		return fmt.Errorf("booking: release a place of checkout %d: %w", checkout, err)
	}
	return nil
}

// deleteLine removes a line and closes the gap: the pages count on positions 1, 2, 3. By way of negative positions, since
// the primary key is checked row by row.
func deleteLine(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, position int) error {
	for _, q := range []string{
		`DELETE FROM checkout_child WHERE checkout_id = $1 AND position = $2`,
		`UPDATE checkout_child SET position = -position WHERE checkout_id = $1 AND position > $2`,
		`UPDATE checkout_child SET position = -position - 1 WHERE checkout_id = $1 AND position < 0 AND $2 > 0`,
	} {
		if _, err := tx.ExecContext(ctx, q, checkout, position); err != nil {
			return fmt.Errorf("booking: remove line %d of checkout %d: %w", position, checkout, err)
		}
	}
	return nil
}

func overlapsOf(ctx context.Context, q sqlx.QueryerContext, checkouts []id.Checkout) (map[id.Checkout][]Overlap, error) {
	keys := make(pq.Int64Array, len(checkouts))
	for i, c := range checkouts {
		keys[i] = int64(c)
	}
	var rows []struct {
		Checkout id.Checkout `db:"checkout_id"`
		Position int         `db:"position"`
		Name     string      `db:"first_name"`
		Title    string      `db:"title"`
		From     civil.Date  `db:"starts_on"`
		To       civil.Date  `db:"ends_on"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		WITH line AS (
			SELECT c.checkout_id, c.position, c.participant_id, c.departure_id, d.starts_on, d.ends_on
			FROM checkout_child c JOIN departure d ON d.id = c.departure_id WHERE c.checkout_id = `+pg.AnyKey+` AND c.participant_id IS NOT NULL),
		other AS (
			SELECT checkout_id, position, participant_id, departure_id FROM line
			UNION ALL SELECT l.checkout_id, 0, b.participant_id, b.departure_id FROM (SELECT DISTINCT checkout_id, participant_id FROM line) l
			JOIN booking b ON b.participant_id = l.participant_id WHERE b.status <> 'cancelled')
		SELECT DISTINCT l.checkout_id, l.position, p.first_name, h.title, d.starts_on, d.ends_on
		FROM line l JOIN other o ON o.checkout_id = l.checkout_id AND o.participant_id = l.participant_id AND o.departure_id <> l.departure_id AND o.position < l.position
		JOIN departure d ON d.id = o.departure_id AND d.starts_on <= l.ends_on AND d.ends_on >= l.starts_on
		JOIN holiday h ON h.id = d.holiday_id JOIN participant p ON p.id = l.participant_id
		ORDER BY l.checkout_id, l.position, d.starts_on`, keys)
	if err != nil {
		return nil, fmt.Errorf("booking: overlaps of %d checkouts: %w", len(checkouts), err)
	}
	all := map[id.Checkout][]Overlap{}
	for _, r := range rows {
		all[r.Checkout] = append(all[r.Checkout], Overlap{r.Position, r.Name, r.Title, r.From, r.To})
	}
	return all, nil
}

func setCheckoutCode(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, code string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE checkout SET code = $2 WHERE id = $1`, checkout, code); err != nil {
		return fmt.Errorf("booking: code of checkout %d: %w", checkout, err)
	}
	return nil
}
