package online

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/payments/ledger"
	"joetz/payments/stripegw"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// movementsRead is until when the movements were read; the zero time when they never were.
func movementsRead(ctx context.Context, q sqlx.QueryerContext) (time.Time, error) {
	var at sql.NullTime
	if err := sqlx.GetContext(ctx, q, &at, `SELECT max(read_until) FROM stripe_cursor`); err != nil {
		return time.Time{}, fmt.Errorf("online: movements read: %w", err)
	}
	return at.Time, nil
}

func setMovementsRead(ctx context.Context, q sqlx.ExecerContext, until time.Time) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO stripe_cursor (read_until) VALUES ($1)
		ON CONFLICT (one) DO UPDATE SET read_until = greatest(stripe_cursor.read_until, excluded.read_until)`, until)
	if err != nil {
		return fmt.Errorf("online: movements read: %w", err)
	}
	return nil
}

type movementRow struct {
	ID          string         `db:"id"`
	Category    string         `db:"category"`
	Source      string         `db:"source_id"`
	Description string         `db:"description"`
	Amount      money.Cents    `db:"amount_cents"`
	Fee         money.Cents    `db:"fee_cents"`
	Net         money.Cents    `db:"net_cents"`
	Currency    string         `db:"currency"`
	Against     ledger.Account `db:"against"`
	Order       id.Order       `db:"order_id"`
	At          time.Time      `db:"made_at"`
	AvailableAt time.Time      `db:"available_at"`
	RecordedAt  time.Time      `db:"recorded_at"`
}

const newMovements = `
	INSERT INTO stripe_movement (id, category, source_id, description, amount_cents, fee_cents, net_cents, currency, against, order_id,
		made_at, available_at, recorded_at)
	VALUES (:id, :category, :source_id, :description, :amount_cents, :fee_cents, :net_cents, :currency, :against, nullif(CAST(:order_id AS bigint), 0),
		:made_at, :available_at, :recorded_at)
	ON CONFLICT (id) DO NOTHING`

func insertMovement(ctx context.Context, tx *sqlx.Tx, m movementRow) (isNew bool, err error) {
	res, err := tx.NamedExecContext(ctx, newMovements, m)
	if err != nil {
		return false, fmt.Errorf("online: movement %s: %w", m.ID, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// insertMovements stores many; PostgreSQL takes 65535 parameters at a time.
func insertMovements(ctx context.Context, tx *sqlx.Tx, all []movementRow) error {
	for len(all) > 0 {
		n := min(len(all), 1000)
		if _, err := tx.NamedExecContext(ctx, newMovements, all[:n]); err != nil {
			return fmt.Errorf("online: %d movements: %w", n, err)
		}
		all = all[n:]
	}
	return nil
}

func knownMovements(ctx context.Context, q sqlx.QueryerContext, names []string) (map[string]bool, error) {
	var found []string
	if err := sqlx.SelectContext(ctx, q, &found, `SELECT id FROM stripe_movement WHERE id = ANY ($1)`, pq.Array(names)); err != nil {
		return nil, fmt.Errorf("online: known movements: %w", err)
	}
	return set(found), nil
}

// paidCharges finds the attempts that these charges paid.
func paidCharges(ctx context.Context, q sqlx.QueryerContext, charges []string) (map[string]attempt, error) {
	var rows []attempt
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT `+attemptColumns+` FROM payment_attempt a WHERE a.charge_id = ANY ($1)`, pq.Array(charges))
	if err != nil {
		return nil, fmt.Errorf("online: paid charges: %w", err)
	}
	found := make(map[string]attempt, len(rows))
	for _, a := range rows {
		found[a.Charge] = a
	}
	return found, nil
}

func savePayout(ctx context.Context, tx *sqlx.Tx, p stripegw.Payout, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO stripe_payout (id, amount_cents, status, automatic, reconciled, failure, descriptor, arrives_on, made_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET status = excluded.status, reconciled = excluded.reconciled, failure = excluded.failure,
			arrives_on = excluded.arrives_on, changed_at = excluded.changed_at`,
		p.ID, p.Amount, p.Status, p.Automatic, p.Reconciled, p.Failure, p.Descriptor, p.ArrivesOn, p.At, now)
	if err != nil {
		return fmt.Errorf("online: payout %s: %w", p.ID, err)
	}
	return nil
}

func insertPayoutMovements(ctx context.Context, tx *sqlx.Tx, payout string, movements []string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO stripe_payout_movement (payout_id, movement_id) SELECT $1, unnest($2::text[])
		ON CONFLICT (movement_id) DO NOTHING`, payout, pq.Array(movements))
	if err != nil {
		return fmt.Errorf("online: movements of payout %s: %w", payout, err)
	}
	return nil
}

func saveDispute(ctx context.Context, tx *sqlx.Tx, d stripegw.Dispute, order id.Order, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO stripe_dispute (id, payment_intent, order_id, amount_cents, status, reason, answer_by, made_at, changed_at)
		VALUES ($1, $2, nullif($3::bigint, 0), $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET status = excluded.status, answer_by = excluded.answer_by, changed_at = excluded.changed_at`,
		d.ID, d.PaymentIntent, int64(order), d.Amount, d.Status, d.Reason, nullTime(d.AnswerBy), d.At, now)
	if err != nil {
		return fmt.Errorf("online: dispute %s: %w", d.ID, err)
	}
	return nil
}

func payouts(ctx context.Context, q sqlx.QueryerContext, from, to civil.Date) ([]Payout, error) {
	var rows []Payout
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.id, p.amount_cents, p.status, p.reconciled, p.arrives_on, count(m.id) AS parts,
			coalesce(sum(m.amount_cents), 0) AS gross_cents, coalesce(sum(m.fee_cents), 0) AS fees_cents
		FROM stripe_payout p LEFT JOIN stripe_payout_movement l ON l.payout_id = p.id LEFT JOIN stripe_movement m ON m.id = l.movement_id
		WHERE p.arrives_on BETWEEN $1 AND $2 GROUP BY p.id ORDER BY p.arrives_on DESC, p.made_at DESC`, from, to)
	if err != nil {
		return nil, fmt.Errorf("online: payouts: %w", err)
	}
	return rows, nil
}

func movementsOf(ctx context.Context, q sqlx.QueryerContext, payout string) ([]Movement, error) {
	var rows []Movement
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT m.id, m.category, m.source_id, m.description, m.amount_cents, m.fee_cents, m.net_cents, m.against,
			coalesce(m.order_id, 0) AS order_id, m.made_at
		FROM stripe_payout_movement l JOIN stripe_movement m ON m.id = l.movement_id
		WHERE l.payout_id = $1 ORDER BY m.made_at, m.id`, payout)
	if err != nil {
		return nil, fmt.Errorf("online: movements of payout %s: %w", payout, err)
	}
	return rows, nil
}
