package extra

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// FieldPrefix begins the name of each form field that is an extra's.
const FieldPrefix = "extra_"

// Field is the form's field of an extra.
func Field(key int64) string { return FieldPrefix + strconv.FormatInt(key, 10) }

// taken counts an extra over bookings and running baskets, leaving out one line of a basket, or a whole basket (line 0).
const columns = `
	SELECT e.id, e.departure_id, e.name_nl, e.name_en, e.price_cents, e.stock, e.choices, e.refund_days, e.as_price, e.stopped_at,
		(SELECT count(*) FROM booking_extra b JOIN booking k ON k.id = b.booking_id AND k.status <> 'cancelled'
			WHERE b.extra_id = e.id AND b.removed_at IS NULL)
		+ (SELECT count(*) FROM checkout_extra x JOIN checkout c ON c.id = x.checkout_id
			WHERE x.extra_id = e.id AND c.status = 'open' AND c.held_until > $2 AND NOT (x.checkout_id = $3 AND ($4 = 0 OR x.position = $4))) AS taken
	FROM extra e `

func ofDeparture(ctx context.Context, q sqlx.QueryerContext, departure id.Departure, now time.Time, stopped bool) (all []Extra, err error) {
	err = sqlx.SelectContext(ctx, q, &all, columns+`WHERE e.departure_id = $1 AND ($5 OR e.stopped_at IS NULL) ORDER BY e.id`, departure, now, 0, 0, stopped)
	if err != nil {
		return nil, fmt.Errorf("extra: of departure %d: %w", departure, err)
	}
	return all, nil
}

// lockAll locks extras in order of their keys, so that two who sell several never wait for each other crosswise.
func lockAll(ctx context.Context, tx *sqlx.Tx, keys []int64) error {
	if _, err := tx.ExecContext(ctx, `SELECT id FROM extra WHERE id = ANY ($1) ORDER BY id FOR UPDATE`, pq.Array(keys)); err != nil {
		return fmt.Errorf("extra: lock %d: %w", keys, err)
	}
	return nil
}

// lock locks an extra and then counts it, leaving out that line of that basket.
func lock(ctx context.Context, tx *sqlx.Tx, key int64, now time.Time, checkout id.Checkout, position int) (e Extra, err error) {
	var one int64
	err = tx.GetContext(ctx, &one, `SELECT id FROM extra WHERE id = $1 FOR UPDATE`, key)
	if errors.Is(err, sql.ErrNoRows) {
		return e, ErrUnknown
	}
	if err != nil {
		return e, fmt.Errorf("extra: lock %d: %w", key, err)
	}
	return counted(ctx, tx, key, now, checkout, position)
}

// counted counts an extra that the caller has locked, as lock does: a statement after the lock sees what was committed while it
// waited.
func counted(ctx context.Context, tx *sqlx.Tx, key int64, now time.Time, checkout id.Checkout, position int) (e Extra, err error) {
	err = tx.GetContext(ctx, &e, columns+`WHERE e.id = $1`, key, now, checkout, position)
	if errors.Is(err, sql.ErrNoRows) {
		return e, ErrUnknown
	}
	if err != nil {
		return e, fmt.Errorf("extra: count %d: %w", key, err)
	}
	return e, nil
}

func insert(ctx context.Context, q sqlx.QueryerContext, e Extra, by id.Staff, now time.Time) (key int64, err error) {
	if e.Choices == nil {
		e.Choices = pq.StringArray{}
	}
	err = sqlx.GetContext(ctx, q, &key, `
		INSERT INTO extra (departure_id, name_nl, name_en, price_cents, stock, choices, refund_days, as_price, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		e.Departure, e.NameNL, e.NameEN, e.Price, e.Stock, e.Choices, e.RefundDays, e.AsPrice, now, by)
	if err != nil {
		return 0, fmt.Errorf("extra: make: %w", err)
	}
	return key, nil
}

func stop(ctx context.Context, q sqlx.ExecerContext, key int64, now time.Time) error {
	res, err := q.ExecContext(ctx, `UPDATE extra SET stopped_at = $2 WHERE id = $1 AND stopped_at IS NULL`, key, now)
	if err != nil {
		return fmt.Errorf("extra: stop %d: %w", key, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrUnknown)
	}
	return nil
}

func clearLines(ctx context.Context, tx *sqlx.Tx, lines []Line) error {
	checkouts, positions := make(pq.Int64Array, len(lines)), make(pq.Int64Array, len(lines))
	for i, l := range lines {
		checkouts[i], positions[i] = int64(l.Checkout), int64(l.Position)
	}
	_, err := tx.ExecContext(ctx, `
		DELETE FROM checkout_extra x USING unnest($1::bigint[], $2::int[]) AS l (checkout, position)
		WHERE x.checkout_id = l.checkout AND x.position = l.position`, checkouts, positions)
	if err != nil {
		return fmt.Errorf("extra: %d lines of checkouts: %w", len(lines), err)
	}
	return nil
}

func insertPick(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, position int, p Pick) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO checkout_extra (checkout_id, position, extra_id, choice) VALUES ($1, $2, $3, $4)`, checkout, position, p.Extra, p.Choice)
	if err != nil {
		return fmt.Errorf("extra: choose %d: %w", p.Extra, err)
	}
	return nil
}

func deletePick(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, position int, key int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM checkout_extra WHERE checkout_id = $1 AND position = $2 AND extra_id = $3`, checkout, position, key)
	if err != nil {
		return fmt.Errorf("extra: drop %d: %w", key, err)
	}
	return nil
}

func ofCheckout(ctx context.Context, q sqlx.QueryerContext, checkout id.Checkout) ([]Picked, error) {
	all, err := ofCheckouts(ctx, q, []id.Checkout{checkout})
	return all[checkout], err
}

func ofCheckouts(ctx context.Context, q sqlx.QueryerContext, checkouts []id.Checkout) (map[id.Checkout][]Picked, error) {
	keys := make(pq.Int64Array, len(checkouts))
	for i, c := range checkouts {
		keys[i] = int64(c)
	}
	var rows []struct {
		Checkout id.Checkout `db:"checkout_id"`
		Picked
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT x.checkout_id, x.extra_id, x.choice, x.position, e.name_nl, e.name_en, e.price_cents, e.refund_days, e.as_price
		FROM checkout_extra x JOIN extra e ON e.id = x.extra_id WHERE x.checkout_id = `+pg.AnyKey+` ORDER BY x.extra_id, x.position`, keys)
	if err != nil {
		return nil, fmt.Errorf("extra: of %d checkouts: %w", len(checkouts), err)
	}
	all := map[id.Checkout][]Picked{}
	for _, r := range rows {
		all[r.Checkout] = append(all[r.Checkout], r.Picked)
	}
	return all, nil
}

func ofBookings(ctx context.Context, q sqlx.QueryerContext, bookings []id.Booking) (map[id.Booking][]Picked, error) {
	keys := make([]int64, len(bookings))
	for i, b := range bookings {
		keys[i] = int64(b)
	}
	var rows []Picked
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT x.extra_id, x.choice, x.booking_id, e.name_nl, e.name_en, x.price_cents, e.refund_days, e.as_price, x.apart
		FROM booking_extra x JOIN extra e ON e.id = x.extra_id WHERE x.booking_id = ANY ($1) AND x.removed_at IS NULL ORDER BY x.id`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("extra: of bookings: %w", err)
	}
	all := map[id.Booking][]Picked{}
	for _, r := range rows {
		all[r.Booking] = append(all[r.Booking], r)
	}
	return all, nil
}
