package books

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
)

type stringArray = pq.StringArray

func closes(ctx context.Context, q sqlx.QueryerContext) (all []Closed, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT c.until, c.closed_at, s.name AS by_name, c.note, c.left_open FROM period_close c JOIN staff s ON s.id = c.staff_id ORDER BY c.until DESC`)
	if err != nil {
		return nil, fmt.Errorf("books: closed months: %w", err)
	}
	return all, nil
}

func firstEntry(ctx context.Context, q sqlx.QueryerContext) (day civil.Date, err error) {
	var first []civil.Date
	if err = sqlx.SelectContext(ctx, q, &first, `SELECT booked_on FROM entry ORDER BY booked_on LIMIT 1`); err != nil {
		return day, fmt.Errorf("books: first entry: %w", err)
	}
	if len(first) > 0 {
		day = first[0]
	}
	return day, nil
}

// unfinished counts what is not finished up to a day; codes that count nothing are left out.
func unfinished(ctx context.Context, q sqlx.QueryerContext, until civil.Date) (all []Check, err error) {
	var rows []struct {
		Code    string `db:"code"`
		Count   int    `db:"n"`
		Hinders bool   `db:"hinders"`
	}
	after := until.AddDays(1).Start()
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT code, n, hinders FROM (
			SELECT 1 AS place, 'numbers' AS code, true AS hinders, (SELECT count(*) FROM invoice_waiting w JOIN invoice i ON i.id = w.invoice_id WHERE i.issued_on <= $1) AS n
			UNION ALL SELECT 2, 'bank_file', false, CASE WHEN EXISTS (SELECT 1 FROM bank_statement)
				AND NOT EXISTS (SELECT 1 FROM bank_statement WHERE closed_on >= $1) THEN 1 ELSE 0 END
			UNION ALL SELECT 3, 'suspense', false, (SELECT count(*) FROM bank_movement m
				WHERE m.booked_on <= $1 AND m.money_cents <> coalesce((SELECT sum(x.amount_cents) FROM movement_match x WHERE x.movement_id = m.id), 0))
			UNION ALL SELECT 4, 'findings', false, (SELECT count(*) FROM stripe_finding WHERE settled_at IS NULL AND found_at < $2)
			UNION ALL SELECT 5, 'stripe', false, (SELECT count(*) FROM stripe_cursor WHERE read_until < $2)
			UNION ALL SELECT 6, 'uninvoiced', false, (SELECT count(*) FROM instalment t WHERE t.void_at IS NULL AND t.due_on <= $1
				AND NOT EXISTS (SELECT 1 FROM invoice_line l WHERE l.instalment_id = t.id))
		) x WHERE n > 0 ORDER BY place`, until, after)
	if err != nil {
		return nil, fmt.Errorf("books: what is not finished up to %v: %w", until, err)
	}
	for _, r := range rows {
		all = append(all, Check{Code: r.Code, Count: r.Count, Hinders: r.Hinders})
	}
	return all, nil
}

// insertClose freezes a month. It waits for whoever is posting, so that the balances are those of everything that is in.
func insertClose(ctx context.Context, tx *sqlx.Tx, c Closing, left []string, now time.Time) error {
	if _, err := tx.ExecContext(ctx, `LOCK TABLE entry, posting IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return fmt.Errorf("books: wait for the journal: %w", err)
	}
	if left == nil {
		left = []string{}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO period_close (until, closed_at, staff_id, note, left_open) VALUES ($1, $2, $3, $4, $5)`,
		c.Until, now, c.By, c.Note, pq.Array(left))
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO period_balance (until, account, debit_cents, credit_cents, balance_cents)
			SELECT $1, a.code, coalesce(sum(p.amount_cents) FILTER (WHERE p.amount_cents > 0 AND e.booked_on > b.before), 0),
				coalesce(-sum(p.amount_cents) FILTER (WHERE p.amount_cents < 0 AND e.booked_on > b.before), 0), coalesce(sum(p.amount_cents), 0)
			FROM account a CROSS JOIN (SELECT coalesce(max(until), '-infinity') AS before FROM period_close WHERE until < $1) b
			LEFT JOIN (posting p JOIN entry e ON e.id = p.entry_id AND e.booked_on <= $1) ON p.account = a.code
			GROUP BY a.code`, c.Until)
	}
	if err != nil {
		return fmt.Errorf("books: close %v: %w", c.Until, err)
	}
	return nil
}
