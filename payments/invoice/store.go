package invoice

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// insertInvoices writes documents, their lines, and that they wait for a number, in one statement: it is on the path of every
// booking. The ids come in the order of the documents.
func insertInvoices(ctx context.Context, tx *sqlx.Tx, all []New, at time.Time) (made []id.Invoice, err error) {
	var documents []documentRow
	var of, bookings, instalments, amounts []int64
	var kinds, texts, about []string
	for i, n := range all {
		d := documentRow{Number: i + 1, Order: n.Order, Kind: n.Kind, IssuedOn: n.IssuedOn, DueOn: n.DueOn, Payer: n.Payer}
		for _, l := range n.Lines {
			of, bookings, instalments, amounts = append(of, int64(i+1)), append(bookings, int64(l.Booking)), append(instalments, int64(l.Instalment)), append(amounts, int64(l.Amount))
			kinds, texts, about = append(kinds, l.Kind), append(texts, l.Description), append(about, l.About)
			d.Total += l.Amount
		}
		documents = append(documents, d)
	}
	rows, err := json.Marshal(documents)
	if err != nil {
		return nil, fmt.Errorf("invoice: create %d: %w", len(all), err)
	}
	err = tx.SelectContext(ctx, &made, `
		WITH document AS (
			SELECT nextval('invoice_id_seq') AS id, d.number, d."order", d.kind, d.issued_on, d.due_on, d.total, d.name, d.street, d.postal_code,
				d.city, d.country, d.lang, d.email, d.enterprise, d.reference
			FROM json_to_recordset($1::json) AS d (number int, "order" bigint, kind text, issued_on date, due_on date, total bigint, name text,
				street text, postal_code text, city text, country text, lang text, email text, enterprise text, reference text)),
		added AS (
			INSERT INTO invoice (id, order_id, kind, issued_on, due_on, total_cents, payer_name, payer_street, payer_postal_code,
				payer_city, payer_country, lang, created_at, payer_email, payer_enterprise, payer_reference)
			OVERRIDING SYSTEM VALUE
			SELECT id, "order", kind, issued_on, due_on, total, name, street, postal_code, city, country, lang, $2, email, enterprise, reference FROM document),
		waiting AS (
			INSERT INTO invoice_waiting (invoice_id) SELECT id FROM document),
		lines AS (
			INSERT INTO invoice_line (invoice_id, position, booking_id, instalment_id, kind, description, about, amount_cents)
			SELECT d.id, row_number() OVER (PARTITION BY l.of ORDER BY l.line), l.booking, nullif(l.instalment, 0), l.kind, l.description, l.about, l.amount
			FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bigint[])
				WITH ORDINALITY AS l (of, booking, instalment, kind, description, about, amount, line) JOIN document d ON d.number = l.of)
		SELECT id FROM document ORDER BY number`,
		string(rows), at, pq.Array(of), pq.Array(bookings), pq.Array(instalments), pq.Array(kinds), pq.Array(texts), pq.Array(about), pq.Array(amounts))
	if err != nil {
		return nil, fmt.Errorf("invoice: create %d: %w", len(all), err)
	}
	return made, nil
}

// documentRow is a document as insertInvoices hands it to the database.
type documentRow struct {
	Number   int         `json:"number"` // among those that are written together, from 1
	Order    id.Order    `json:"order"`
	Kind     string      `json:"kind"`
	IssuedOn civil.Date  `json:"issued_on"`
	DueOn    civil.Date  `json:"due_on"`
	Total    money.Cents `json:"total"`
	Payer
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
