package online

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/payments/stripegw"
)

type eventRow struct {
	ID            string     `db:"id"`
	Type          string     `db:"type"`
	Live          bool       `db:"live"`
	Object        string     `db:"object_id"`
	PaymentIntent string     `db:"payment_intent"`
	DoneAt        *time.Time `db:"done_at"`
}

// insertEvent stores an event once and reports whether it was new.
func insertEvent(ctx context.Context, tx *sqlx.Tx, e stripegw.Event, now time.Time) (isNew bool, err error) {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO stripe_event (id, type, api_version, live, object_id, payment_intent, happened_at, received_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
		e.ID, e.Type, e.APIVersion, e.Live, e.Object, e.PaymentIntent, e.At, now, string(e.Body))
	if err != nil {
		return false, fmt.Errorf("online: store event %s: %w", e.ID, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func eventByID(ctx context.Context, q sqlx.QueryerContext, event string) (e eventRow, found bool, err error) {
	err = sqlx.GetContext(ctx, q, &e, `
		SELECT id, type, live, object_id, payment_intent, done_at FROM stripe_event WHERE id = $1`, event)
	if errors.Is(err, sql.ErrNoRows) {
		return e, false, nil
	}
	if err != nil {
		return e, false, fmt.Errorf("online: event %s: %w", event, err)
	}
	return e, true, nil
}

func endEvent(ctx context.Context, q sqlx.ExecerContext, event string, now time.Time, outcome string) error {
	_, err := q.ExecContext(ctx, `
		UPDATE stripe_event SET done_at = $2, outcome = $3 WHERE id = $1 AND done_at IS NULL`, event, now, outcome)
	if err != nil {
		return fmt.Errorf("online: end event %s: %w", event, err)
	}
	return nil
}

func knownEvents(ctx context.Context, q sqlx.QueryerContext, events []string) (map[string]bool, error) {
	var found []string
	if err := sqlx.SelectContext(ctx, q, &found, `SELECT id FROM stripe_event WHERE id = ANY ($1)`, pq.Array(events)); err != nil {
		return nil, fmt.Errorf("online: known events: %w", err)
	}
	return set(found), nil
}

func set(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// forgetBodies empties what Stripe sent, with names in it, of events that are done since long.
func forgetBodies(ctx context.Context, q sqlx.ExecerContext, before time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE stripe_event SET body = NULL WHERE body IS NOT NULL AND done_at < $1`, before)
	if err != nil {
		return fmt.Errorf("online: forget event bodies: %w", err)
	}
	return nil
}
