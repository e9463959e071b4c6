package online

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
	"joetz/terms/money"
)

func insertFinding(ctx context.Context, q sqlx.ExecerContext, f finding, now time.Time) error {
	var attempt *uuid.UUID
	if f.Attempt != uuid.Nil {
		attempt = &f.Attempt
	}
	_, err := q.ExecContext(ctx, `
		INSERT INTO stripe_finding (code, object_id, order_id, attempt_id, refund_id, amount_cents, detail, found_at)
		VALUES ($1, $2, nullif($3::bigint, 0), $4, nullif($5::bigint, 0), $6, $7, $8)
		ON CONFLICT ON CONSTRAINT stripe_finding_once DO NOTHING`,
		f.Code, f.Object, int64(f.Order), attempt, int64(f.Refund), f.Amount, f.Detail, now)
	if err != nil {
		return fmt.Errorf("online: finding %s %s: %w", f.Code, f.Object, err)
	}
	return nil
}

func findings(ctx context.Context, q sqlx.QueryerContext, where string, args ...any) ([]Finding, error) {
	var rows []Finding
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT f.id, f.code, f.object_id, coalesce(f.order_id, 0) AS order_id,
			coalesce(f.attempt_id, '00000000-0000-0000-0000-000000000000') AS attempt_id, f.amount_cents, f.detail, f.found_at
		FROM stripe_finding f WHERE `+where+` ORDER BY f.found_at, f.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("online: findings: %w", err)
	}
	return rows, nil
}

func settleFinding(ctx context.Context, tx *sqlx.Tx, finding int64, by id.Staff, note string, now time.Time) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE stripe_finding SET settled_at = $2, settled_by = $3, note = $4 WHERE id = $1 AND settled_at IS NULL`, finding, now, by, note)
	if err != nil {
		return fmt.Errorf("online: settle finding %d: %w", finding, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrSettled
}

// closeFinding settles a finding that went away by itself.
func closeFinding(ctx context.Context, tx *sqlx.Tx, code, object string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE stripe_finding SET settled_at = $3 WHERE code = $1 AND object_id = $2 AND settled_at IS NULL`, code, object, now)
	if err != nil {
		return fmt.Errorf("online: close finding %s %s: %w", code, object, err)
	}
	return nil
}

type suspended struct {
	Amount        money.Cents `db:"amount_cents"`
	At            time.Time   `db:"made_at"`
	PaymentIntent string      `db:"payment_intent"`
}

// suspendedCharge finds the movement that put a finding's money in suspense. A foreign charge's finding is named after its
// charge, a held attempt's after its page.
func suspendedCharge(ctx context.Context, tx *sqlx.Tx, f Finding) (m suspended, found bool, err error) {
	err = tx.GetContext(ctx, &m, `
		SELECT m.amount_cents, m.made_at, coalesce(a.payment_intent, m.source_id) AS payment_intent
		FROM stripe_movement m LEFT JOIN payment_attempt a ON a.charge_id = m.source_id
		WHERE m.category = 'charge' AND m.against = '499' AND (m.source_id = $1 OR a.session_id = $1)`, f.Object)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("online: suspended money of finding %d: %w", f.ID, err)
	}
	return m, true, nil
}

func disputes(ctx context.Context, q sqlx.QueryerContext, limit int) (all []Dispute, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT d.id, coalesce(d.order_id, 0) AS order_id, d.amount_cents, d.status, d.reason, d.answer_by, d.made_at
		FROM stripe_dispute d ORDER BY d.made_at DESC, d.id LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("online: disputes: %w", err)
	}
	return all, nil
}
