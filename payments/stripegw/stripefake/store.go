package stripefake

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
)

// schema is made when the stand-in starts and is no migration: a shop with a Stripe account never has it.
const schema = `
CREATE SCHEMA IF NOT EXISTS stripefake;
CREATE TABLE IF NOT EXISTS stripefake.object (
	id             text PRIMARY KEY,
	kind           text   NOT NULL,
	seq            bigint GENERATED ALWAYS AS IDENTITY,
	created        bigint NOT NULL,
	payment_intent text,
	payout         text,
	due            bigint,
	body           jsonb  NOT NULL,
	extra          jsonb  NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS object_by_age ON stripefake.object (kind, created DESC, seq DESC);
CREATE INDEX IF NOT EXISTS object_by_payment ON stripefake.object (payment_intent, kind) WHERE payment_intent IS NOT NULL;
CREATE INDEX IF NOT EXISTS object_by_payout ON stripefake.object (payout) WHERE payout IS NOT NULL;
CREATE INDEX IF NOT EXISTS object_unpaid_out ON stripefake.object (created, seq) WHERE kind = 'balance_transaction' AND payout IS NULL;
CREATE INDEX IF NOT EXISTS object_due ON stripefake.object (due) WHERE due IS NOT NULL;
COMMENT ON TABLE stripefake.object IS 'owner: payments/stripegw/stripefake. body is the object as the API gives it; extra is what the API does not show; due is when time alone changes it.';
CREATE TABLE IF NOT EXISTS stripefake.idempotency (
	key        text PRIMARY KEY,
	request    text   NOT NULL,
	started    bigint NOT NULL,
	request_id text   NOT NULL,
	status     int,
	body       text
);
COMMENT ON TABLE stripefake.idempotency IS 'owner: payments/stripegw/stripefake. The answer given under a key; status NULL while the request runs.';
CREATE TABLE IF NOT EXISTS stripefake.delivery (
	id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	event    text   NOT NULL REFERENCES stripefake.object ON DELETE CASCADE,
	position bigint NOT NULL,
	due      bigint NOT NULL,
	attempts int    NOT NULL DEFAULT 0,
	done     boolean NOT NULL DEFAULT false
);
CREATE INDEX IF NOT EXISTS delivery_due ON stripefake.delivery (due, position) WHERE NOT done;
CREATE INDEX IF NOT EXISTS delivery_by_event ON stripefake.delivery (event);
COMMENT ON TABLE stripefake.delivery IS 'owner: payments/stripegw/stripefake. A webhook to send, in order of due and position.';`

func makeSchema(ctx context.Context, db *sqlx.DB) error {
	return pg.InTx(ctx, db, func(tx *sqlx.Tx) error {
		// CREATE IF NOT EXISTS is not safe against another process that does the same at this moment.
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('stripefake'))`); err != nil {
			return fmt.Errorf("stripefake: lock: %w", err)
		}
		if _, err := tx.ExecContext(ctx, schema); err != nil {
			return fmt.Errorf("stripefake: schema: %w", err)
		}
		return nil
	})
}

type objectRow struct {
	ID            string  `db:"id"`
	Kind          string  `db:"kind"`
	Created       int64   `db:"created"`
	PaymentIntent *string `db:"payment_intent"`
	Payout        *string `db:"payout"`
	Due           *int64  `db:"due"`
	Body          string  `db:"body"`
	Extra         string  `db:"extra"`
}

const objectColumns = `id, kind, created, payment_intent, payout, due, body, extra`

// objectByID locks the object: whoever reads it here is about to change it, or holds a transaction of milliseconds.
func objectByID(ctx context.Context, tx *sqlx.Tx, id string) (row objectRow, found bool, err error) {
	err = tx.GetContext(ctx, &row, `SELECT `+objectColumns+` FROM stripefake.object WHERE id = $1 FOR UPDATE`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	if err != nil {
		return row, false, fmt.Errorf("stripefake: object %s: %w", id, err)
	}
	return row, true, nil
}

func saveObject(ctx context.Context, tx *sqlx.Tx, r objectRow) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO stripefake.object (id, kind, created, payment_intent, payout, due, body, extra)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET payment_intent = excluded.payment_intent, payout = excluded.payout,
			due = excluded.due, body = excluded.body, extra = excluded.extra`,
		r.ID, r.Kind, r.Created, r.PaymentIntent, r.Payout, r.Due, r.Body, r.Extra)
	if err != nil {
		return fmt.Errorf("stripefake: save %s: %w", r.ID, err)
	}
	return nil
}

// bodyByID reads an object for its place in another.
func bodyByID(ctx context.Context, q sqlx.QueryerContext, id string) (map[string]any, error) {
	var text string
	err := sqlx.GetContext(ctx, q, &text, `SELECT body FROM stripefake.object WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, invalid("", "expand[0]", "This property cannot be expanded ("+id+").")
	}
	if err != nil {
		return nil, fmt.Errorf("stripefake: object %s: %w", id, err)
	}
	tree := map[string]any{}
	return tree, json.Unmarshal([]byte(text), &tree)
}

// filter chooses objects for a list. Empty fields choose all.
type filter struct {
	Kind, PaymentIntent, Payout, Charge, Source string
	Types                                       []string
	Delivered                                   string // of events: "true", "false", or "" for both
	From, To                                    int64  // created, both included; To 0 is no end
	After, Before                               string
	Limit                                       int
}

// objects lists newest first, one more than the limit where there are more.
func objects(ctx context.Context, q sqlx.QueryerContext, f filter) ([]objectRow, error) {
	var rows []objectRow
	order := `DESC`
	if f.Before != "" {
		order = `ASC`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT `+objectColumns+` FROM stripefake.object o
		WHERE kind = $1 AND ($2 = '' OR payment_intent = $2) AND ($3 = '' OR payout = $3)
			AND ($4 = '' OR body->>'charge' = $4) AND ($5 = '' OR body->>'source' = $5)
			AND (coalesce(cardinality($6::text[]), 0) = 0 OR body->>'type' = ANY ($6))
			AND created >= $7 AND ($8 = 0 OR created <= $8)
			AND ($9 = '' OR (created, seq) < (SELECT c.created, c.seq FROM stripefake.object c WHERE c.id = $9))
			AND ($10 = '' OR (created, seq) > (SELECT c.created, c.seq FROM stripefake.object c WHERE c.id = $10))
			AND ($11 = '' OR ($11 = 'true') = coalesce((SELECT bool_and(d.done) FROM stripefake.delivery d WHERE d.event = o.id), false))
		ORDER BY created `+order+`, seq `+order+` LIMIT $12`,
		f.Kind, f.PaymentIntent, f.Payout, f.Charge, f.Source, pq.Array(f.Types), f.From, f.To, f.After, f.Before, f.Delivered, f.Limit+1)
	if err != nil {
		return nil, fmt.Errorf("stripefake: list %s: %w", f.Kind, err)
	}
	return rows, nil
}

// dueObjects takes what time changes at now, oldest first.
func dueObjects(ctx context.Context, tx *sqlx.Tx, now int64) ([]objectRow, error) {
	var rows []objectRow
	err := tx.SelectContext(ctx, &rows, `
		SELECT `+objectColumns+` FROM stripefake.object WHERE due <= $1 ORDER BY due, seq LIMIT 100 FOR UPDATE SKIP LOCKED`, now)
	if err != nil {
		return nil, fmt.Errorf("stripefake: due: %w", err)
	}
	return rows, nil
}

// unpaidOut takes the movements that are available at now and in no payout yet.
func unpaidOut(ctx context.Context, tx *sqlx.Tx, now int64) ([]objectRow, error) {
	var rows []objectRow
	err := tx.SelectContext(ctx, &rows, `
		SELECT `+objectColumns+` FROM stripefake.object WHERE kind = 'balance_transaction' AND payout IS NULL
			AND (body->>'available_on')::bigint <= $1 ORDER BY created, seq FOR UPDATE`, now)
	if err != nil {
		return nil, fmt.Errorf("stripefake: unpaid out: %w", err)
	}
	return rows, nil
}

func balance(ctx context.Context, q sqlx.QueryerContext) (cents int64, err error) {
	err = sqlx.GetContext(ctx, q, &cents, `
		SELECT coalesce(sum((body->>'net')::bigint), 0) FROM stripefake.object WHERE kind = 'balance_transaction'`)
	if err != nil {
		return 0, fmt.Errorf("stripefake: balance: %w", err)
	}
	return cents, nil
}

// prune forgets what Stripe forgets.
func prune(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	month := now.AddDate(0, 0, -30).Unix()
	for _, statement := range []struct {
		sql  string
		from int64
	}{
		{`DELETE FROM stripefake.idempotency WHERE started < $1`, now.Add(-24 * time.Hour).Unix()},
		{`DELETE FROM stripefake.object WHERE kind = 'event' AND created < $1`, month},
		{`DELETE FROM stripefake.object WHERE kind = 'checkout.session' AND created < $1 AND body->>'status' = 'expired'`, month},
	} {
		if _, err := tx.ExecContext(ctx, statement.sql, statement.from); err != nil {
			return fmt.Errorf("stripefake: prune: %w", err)
		}
	}
	return nil
}
