package dunning

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
)

// lockLetters makes two people who print at once take turns.
func lockLetters(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('shop/dunning letters'))`); err != nil {
		return fmt.Errorf("dunning: lock the letters: %w", err)
	}
	return nil
}

// lettersWaiting lists the reminders that are to be printed and are in no batch that was posted or is about to be, as far as
// something is still owed.
func lettersWaiting(ctx context.Context, q sqlx.QueryerContext, today civil.Date) (rows []Letter, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		WITH due AS (
			SELECT w.order_id, w.due_on, w.stage, sum(x.open_cents) AS open_cents
			FROM dunning_step w JOIN invoice i ON i.order_id = w.order_id JOIN invoice_open x ON x.invoice_id = i.id AND x.due_on = w.due_on
			WHERE w.outcome = 'to_post' AND NOT EXISTS (SELECT 1 FROM dunning_step s WHERE s.order_id = w.order_id AND s.due_on = w.due_on AND s.stage = w.stage AND s.outcome = 'sent' AND s.channel = 'post')
				AND NOT EXISTS (SELECT 1 FROM dunning_letter l LEFT JOIN dunning_batch_end e ON e.batch_id = l.batch_id
					WHERE l.order_id = w.order_id AND l.due_on = w.due_on AND l.stage = w.stage AND e.outcome IS DISTINCT FROM 'dropped')
			GROUP BY w.order_id, w.due_on, w.stage)
		SELECT `+owingColumns+`, d.stage, o.reference, o.payer_name FROM due d JOIN booking_order o ON o.id = d.order_id
		ORDER BY o.payer_name, d.order_id, d.due_on, d.stage`, today)
	if err != nil {
		return nil, fmt.Errorf("dunning: letters to post: %w", err)
	}
	return rows, nil
}

func insertLetters(ctx context.Context, tx *sqlx.Tx, posted civil.Date, letters []Letter, content []byte, by id.Staff, now time.Time) (batch int64, err error) {
	err = tx.GetContext(ctx, &batch, `INSERT INTO dunning_batch (posted_on, letters, content, staff_id, at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		posted, len(letters), content, by, now)
	if err != nil {
		return 0, fmt.Errorf("dunning: keep letters: %w", err)
	}
	orders, opens, costs := make([]int64, len(letters)), make([]int64, len(letters)), make([]int64, len(letters))
	stages, dues, untils := make([]string, len(letters)), make([]string, len(letters)), make([]string, len(letters))
	for i, l := range letters {
		orders[i], opens[i], costs[i], stages[i], dues[i], untils[i] = int64(l.Order), int64(l.Open), int64(l.Costs), l.Stage, l.DueOn.String(), l.Until.String()
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO dunning_letter (batch_id, order_id, stage, due_on, open_cents, until, costs_cents)
		SELECT $1, l.* FROM unnest($2::bigint[], $3::text[], $4::date[], $5::bigint[], $6::date[], $7::bigint[]) AS l`,
		batch, pq.Array(orders), pq.Array(stages), pq.Array(dues), pq.Array(opens), pq.Array(untils), pq.Array(costs))
	if err != nil {
		return 0, fmt.Errorf("dunning: letters of batch %d: %w", batch, err)
	}
	return batch, nil
}

func letterBatches(ctx context.Context, q sqlx.QueryerContext, limit int) (all []Batch, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT b.id, coalesce(e.posted_on, b.posted_on) AS posted_on, b.letters, coalesce(e.outcome, 'printed') AS state, s.name AS by_name, b.at,
			CASE WHEN e.batch_id IS NULL THEN (SELECT count(*) FROM dunning_letter l WHERE l.batch_id = b.id AND NOT EXISTS (
				SELECT 1 FROM invoice i JOIN invoice_open x ON x.invoice_id = i.id WHERE i.order_id = l.order_id AND x.due_on = l.due_on)) ELSE 0 END AS paid
		FROM dunning_batch b JOIN staff s ON s.id = b.staff_id LEFT JOIN dunning_batch_end e ON e.batch_id = b.id ORDER BY b.id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("dunning: batches of letters: %w", err)
	}
	return all, nil
}

func batchContent(ctx context.Context, q sqlx.QueryerContext, batch int64) (content []byte, day civil.Date, err error) {
	var row struct {
		Content []byte     `db:"content"`
		Day     civil.Date `db:"posted_on"`
	}
	err = sqlx.GetContext(ctx, q, &row, `SELECT content, posted_on FROM dunning_batch WHERE id = $1`, batch)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, day, ErrNoBatch
	}
	if err != nil {
		return nil, day, fmt.Errorf("dunning: batch of letters %d: %w", batch, err)
	}
	return row.Content, row.Day, nil
}

func lettersOf(ctx context.Context, tx *sqlx.Tx, batch int64) (all []Letter, err error) {
	err = tx.SelectContext(ctx, &all, `
		SELECT l.order_id, l.stage, l.due_on, l.open_cents, l.until, l.costs_cents, NOT EXISTS (
			SELECT 1 FROM invoice i JOIN invoice_open x ON x.invoice_id = i.id WHERE i.order_id = l.order_id AND x.due_on = l.due_on) AS paid
		FROM dunning_letter l WHERE l.batch_id = $1 ORDER BY l.order_id, l.due_on, l.stage`, batch)
	if err != nil {
		return nil, fmt.Errorf("dunning: letters of batch %d: %w", batch, err)
	}
	return all, nil
}

// insertBatchEnd says what became of a batch, and returns the day that its letters are dated; isNew is false when that was
// said before.
func insertBatchEnd(ctx context.Context, tx *sqlx.Tx, batch int64, outcome string, day civil.Date, by id.Staff, now time.Time) (printed civil.Date, isNew bool, err error) {
	if err = tx.GetContext(ctx, &printed, `SELECT posted_on FROM dunning_batch WHERE id = $1`, batch); err != nil {
		return printed, false, fmt.Errorf("dunning: end batch %d: %w", batch, err)
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO dunning_batch_end (batch_id, outcome, posted_on, staff_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		batch, outcome, day, by, now)
	if err != nil {
		return printed, false, fmt.Errorf("dunning: end batch %d: %w", batch, err)
	}
	n, err := res.RowsAffected()
	return printed, n > 0, err
}
