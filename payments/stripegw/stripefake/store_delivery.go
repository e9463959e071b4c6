package stripefake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

type keyRow struct {
	Request   string  `db:"request"`
	Started   int64   `db:"started"`
	RequestID string  `db:"request_id"`
	Status    *int    `db:"status"`
	Body      *string `db:"body"`
}

// claimKey takes an idempotency key for a request, or returns the row of the request that has it. A request that began
// long ago and has no answer died with its process before it committed anything: its key is taken over.
func claimKey(ctx context.Context, q sqlx.ExtContext, key, request, requestID string, now, longAgo int64) (mine bool, row keyRow, err error) {
	res, err := q.ExecContext(ctx, `
		INSERT INTO stripefake.idempotency (key, request, started, request_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET request = excluded.request, started = excluded.started, request_id = excluded.request_id
			WHERE idempotency.status IS NULL AND idempotency.started < $5`, key, request, now, requestID, longAgo)
	if err != nil {
		return false, row, fmt.Errorf("stripefake: key: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return n == 1, row, err
	}
	err = sqlx.GetContext(ctx, q, &row, `SELECT request, started, request_id, status, body FROM stripefake.idempotency WHERE key = $1`, key)
	if errors.Is(err, sql.ErrNoRows) { // released between the two statements
		return claimKey(ctx, q, key, request, requestID, now, longAgo)
	}
	return false, row, err
}

func keepAnswer(ctx context.Context, q sqlx.ExecerContext, key string, a answer) error {
	_, err := q.ExecContext(ctx, `UPDATE stripefake.idempotency SET status = $2, body = $3 WHERE key = $1`, key, a.Status, string(a.Body))
	if err != nil {
		return fmt.Errorf("stripefake: keep answer: %w", err)
	}
	return nil
}

func releaseKey(ctx context.Context, q sqlx.ExecerContext, key string) error {
	_, err := q.ExecContext(ctx, `DELETE FROM stripefake.idempotency WHERE key = $1 AND status IS NULL`, key)
	if err != nil {
		return fmt.Errorf("stripefake: release key: %w", err)
	}
	return nil
}

func insertDelivery(ctx context.Context, tx *sqlx.Tx, event string, due int64, reverse bool) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO stripefake.delivery (event, position, due)
		SELECT id, CASE WHEN $3 THEN -seq ELSE seq END, $2 FROM stripefake.object WHERE id = $1`, event, due, reverse)
	if err != nil {
		return fmt.Errorf("stripefake: delivery of %s: %w", event, err)
	}
	return nil
}

type deliveryRow struct {
	ID       int64  `db:"id"`
	Attempts int    `db:"attempts"`
	Body     string `db:"body"`
}

// takeDelivery takes the next webhook to send and puts it off until later, in case this process dies while it sends.
func takeDelivery(ctx context.Context, q sqlx.QueryerContext, now, later int64) (row deliveryRow, found bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `
		WITH next AS (
			SELECT id FROM stripefake.delivery WHERE NOT done AND due <= $1 ORDER BY due, position LIMIT 1 FOR UPDATE SKIP LOCKED)
		UPDATE stripefake.delivery d SET attempts = d.attempts + 1, due = $2
		FROM next, stripefake.object o WHERE d.id = next.id AND o.id = d.event
		RETURNING d.id, d.attempts, o.body::text AS body`, now, later)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("stripefake: take delivery: %w", err)
	}
	return row, true, nil
}

func endDelivery(ctx context.Context, q sqlx.ExecerContext, id int64, done bool, due int64) error {
	_, err := q.ExecContext(ctx, `UPDATE stripefake.delivery SET done = $2, due = $3 WHERE id = $1`, id, done, due)
	if err != nil {
		return fmt.Errorf("stripefake: end delivery: %w", err)
	}
	return nil
}
