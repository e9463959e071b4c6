package invoice

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
	"joetz/terms/money"
)

// insertInvoice writes the document, its lines, and that it waits for a number, in one statement: it is on the path of
// every booking.
func insertInvoice(ctx context.Context, tx *sqlx.Tx, n New, at time.Time) (inv id.Invoice, err error) {
	size := len(n.Lines)
	bookings, instalments, amounts := make([]int64, size), make([]int64, size), make([]int64, size)
	kinds, texts := make([]string, size), make([]string, size)
	var total money.Cents
	for i, l := range n.Lines {
		bookings[i], instalments[i], amounts[i] = int64(l.Booking), int64(l.Instalment), int64(l.Amount)
		kinds[i], texts[i] = l.Kind, l.Description
		total += l.Amount
	}
	err = tx.GetContext(ctx, &inv, `
		WITH added AS (
			INSERT INTO invoice (order_id, kind, issued_on, due_on, total_cents, payer_name, payer_street, payer_postal_code,
				payer_city, payer_country, lang, created_at, payer_email, payer_enterprise, payer_reference)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $18, $19, $20) RETURNING id),
		waiting AS (
			INSERT INTO invoice_waiting (invoice_id) SELECT id FROM added),
		lines AS (
			INSERT INTO invoice_line (invoice_id, position, booking_id, instalment_id, kind, description, amount_cents)
			SELECT added.id, l.position, l.booking, nullif(l.instalment, 0), l.kind, l.description, l.amount
			FROM added, unnest($13::bigint[], $14::bigint[], $15::text[], $16::text[], $17::bigint[])
				WITH ORDINALITY AS l (booking, instalment, kind, description, amount, position))
		SELECT id FROM added`,
		n.Order, n.Kind, n.IssuedOn, n.DueOn, total, n.Payer.Name, n.Payer.Street, n.Payer.PostalCode, n.Payer.City,
		n.Payer.Country, n.Payer.Lang, at,
		pq.Array(bookings), pq.Array(instalments), pq.Array(kinds), pq.Array(texts), pq.Array(amounts), n.Payer.Email, n.Payer.Enterprise, n.Payer.Reference)
	if err != nil {
		return 0, fmt.Errorf("invoice: create for order %d: %w", n.Order, err)
	}
	return inv, nil
}

// lockSeries lets one transaction at a time give numbers: two at once would give them in an order that depends on luck.
func lockSeries(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `LOCK TABLE invoice_series IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return fmt.Errorf("invoice: lock the series: %w", err)
	}
	return nil
}

func someWait(ctx context.Context, q sqlx.QueryerContext) (waits bool, err error) {
	if err := sqlx.GetContext(ctx, q, &waits, `SELECT EXISTS (SELECT 1 FROM invoice_waiting)`); err != nil {
		return false, fmt.Errorf("invoice: waiting for a number: %w", err)
	}
	return waits, nil
}

type givenRow struct {
	Invoice id.Invoice `db:"invoice_id"`
	Order   id.Order   `db:"order_id"`
	Kind    string     `db:"kind"`
	Series  string     `db:"series"`
	Year    int        `db:"year"`
	Number  int        `db:"number"`
}

// giveNumbers numbers the first documents that wait, in the order of their dates and their writing.
func giveNumbers(ctx context.Context, tx *sqlx.Tx, limit int, at time.Time) ([]Given, error) {
	var rows []givenRow
	err := tx.SelectContext(ctx, &rows, `
		WITH picked AS (
			DELETE FROM invoice_waiting WHERE invoice_id IN (SELECT invoice_id FROM invoice_waiting ORDER BY invoice_id LIMIT $1)
			RETURNING invoice_id),
		doc AS (
			SELECT i.id, i.order_id, i.kind, s.series, s.year,
				row_number() OVER (PARTITION BY s.series, s.year ORDER BY i.issued_on, i.id) AS nth,
				count(*) OVER (PARTITION BY s.series, s.year) AS size
			FROM picked JOIN invoice i ON i.id = picked.invoice_id
			CROSS JOIN LATERAL (SELECT CASE i.kind WHEN 'deposit' THEN 'VV' WHEN 'credit' THEN 'CN' ELSE 'V' END AS series,
				extract(year FROM i.issued_on)::int AS year) s),
		counted AS (
			INSERT INTO invoice_series AS s (series, year, last) SELECT series, year, count(*) FROM doc GROUP BY series, year
			ON CONFLICT (series, year) DO UPDATE SET last = s.last + EXCLUDED.last
			RETURNING series, year, last),
		given AS (
			INSERT INTO invoice_number (invoice_id, series, year, number, given_at, paid_cents)
			SELECT doc.id, doc.series, doc.year, counted.last - doc.size + doc.nth, $2,
				(SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a
					WHERE a.instalment_id IN (SELECT l.instalment_id FROM invoice_line l WHERE l.invoice_id = doc.id))
			FROM doc JOIN counted USING (series, year)
			RETURNING invoice_id, series, year, number)
		SELECT given.invoice_id, doc.order_id, doc.kind, given.series, given.year, given.number
		FROM given JOIN doc ON doc.id = given.invoice_id ORDER BY given.invoice_id`, limit, at)
	if err != nil {
		return nil, fmt.Errorf("invoice: give numbers: %w", err)
	}
	given := make([]Given, len(rows))
	for i, r := range rows {
		given[i] = Given{Invoice: r.Invoice, Order: r.Order, Kind: r.Kind, Number: number(r.Series, r.Year, r.Number)}
	}
	return given, nil
}
