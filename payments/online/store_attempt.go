package online

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/payments/stripegw"
	"joetz/terms/id"
	"joetz/terms/money"
)

// attempt is a row of payment_attempt.
type attempt struct {
	ID            uuid.UUID    `db:"id"`
	Order         id.Order     `db:"order_id"`
	Amount        money.Cents  `db:"amount_cents"`
	Status        Status       `db:"status"`
	Request       string       `db:"request"`
	Session       string       `db:"session_id"`
	URL           string       `db:"session_url"`
	PaymentIntent string       `db:"payment_intent"`
	Charge        string       `db:"charge_id"`
	Fee           *money.Cents `db:"fee_cents"`
	CreatedAt     time.Time    `db:"created_at"`
	ExpiresAt     time.Time    `db:"expires_at"`
	ChangedAt     time.Time    `db:"changed_at"`
}

const attemptColumns = `a.id, a.order_id, a.amount_cents, a.status, a.request, coalesce(a.session_id, '') AS session_id,
	coalesce(a.session_url, '') AS session_url, coalesce(a.payment_intent, '') AS payment_intent,
	coalesce(a.charge_id, '') AS charge_id, a.fee_cents, a.created_at, a.expires_at, a.changed_at`

// call is what is asked of Stripe, as it was the first time.
func (a attempt) call() (key string, in stripegw.SessionInput, err error) {
	if err := json.Unmarshal([]byte(a.Request), &in); err != nil {
		return "", in, fmt.Errorf("online: attempt %s: %w", a.ID, err)
	}
	return "cs:" + a.ID.String(), in, nil
}

func insertAttempt(ctx context.Context, tx *sqlx.Tx, a attempt, instalments []id.Instalment, checkAt time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO payment_attempt (id, order_id, amount_cents, status, request, created_at, expires_at, changed_at, looked_at, check_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $6, $8)`,
		a.ID, a.Order, a.Amount, a.Status, a.Request, a.CreatedAt, a.ExpiresAt, checkAt)
	if err != nil {
		return fmt.Errorf("online: new attempt on order %d: %w", a.Order, err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO payment_attempt_instalment (attempt_id, instalment_id) SELECT $1, unnest($2::bigint[])`, a.ID, pq.Array(instalments))
	if err != nil {
		return fmt.Errorf("online: instalments of new attempt on order %d: %w", a.Order, err)
	}
	return nil
}

func attemptWhere(ctx context.Context, q sqlx.QueryerContext, where string, arg any) (a attempt, found bool, err error) {
	err = sqlx.GetContext(ctx, q, &a, `SELECT `+attemptColumns+` FROM payment_attempt a WHERE `+where, arg)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("online: attempt: %w", err)
	}
	return a, true, nil
}

func attemptByID(ctx context.Context, q sqlx.QueryerContext, attempt uuid.UUID) (attempt, bool, error) {
	return attemptWhere(ctx, q, `a.id = $1`, attempt)
}

func attemptBySession(ctx context.Context, q sqlx.QueryerContext, session string) (attempt, bool, error) {
	return attemptWhere(ctx, q, `a.session_id = $1`, session)
}

func attemptByPayment(ctx context.Context, q sqlx.QueryerContext, paymentIntent string) (attempt, bool, error) {
	return attemptWhere(ctx, q, `a.payment_intent = $1`, paymentIntent)
}

// lockAttempt reads an attempt that nobody else changes until the transaction ends. The caller holds the order's lock.
func lockAttempt(ctx context.Context, tx *sqlx.Tx, attempt uuid.UUID) (attempt, error) {
	a, found, err := attemptWhere(ctx, tx, `a.id = $1 FOR UPDATE`, attempt)
	if err == nil && !found {
		err = ErrNoAttempt
	}
	return a, err
}

// runningOn lists the running attempts that one of these instalments is in, with all instalments of each.
func runningOn(ctx context.Context, q sqlx.QueryerContext, instalments []id.Instalment) ([]runningAttempt, error) {
	var rows []runningAttempt
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT `+attemptColumns+`, array_agg(l.instalment_id ORDER BY l.instalment_id) AS instalments
		FROM payment_attempt a JOIN payment_attempt_instalment l ON l.attempt_id = a.id
		WHERE a.id IN (SELECT attempt_id FROM payment_attempt_instalment WHERE instalment_id = ANY ($1) AND released_at IS NULL)
		GROUP BY a.id ORDER BY a.created_at`, pq.Array(instalments))
	if err != nil {
		return nil, fmt.Errorf("online: running attempts: %w", err)
	}
	return rows, nil
}

// openPages lists the attempts on which somebody can still pay, with their instalments.
func openPages(ctx context.Context, q sqlx.QueryerContext) ([]runningAttempt, error) {
	var rows []runningAttempt
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT `+attemptColumns+`, array_agg(l.instalment_id ORDER BY l.instalment_id) AS instalments
		FROM payment_attempt a JOIN payment_attempt_instalment l ON l.attempt_id = a.id AND l.released_at IS NULL
		WHERE a.check_at IS NOT NULL AND a.status = 'open' GROUP BY a.id ORDER BY a.created_at`)
	if err != nil {
		return nil, fmt.Errorf("online: open pages: %w", err)
	}
	return rows, nil
}

func ordersWithPage(ctx context.Context, q sqlx.QueryerContext, orders []id.Order) (open []id.Order, err error) {
	err = sqlx.SelectContext(ctx, q, &open, `
		SELECT DISTINCT s.order_id FROM attempt_share s JOIN payment_attempt a ON a.id = s.attempt_id
		WHERE s.order_id = ANY ($1) AND a.status IN ('created', 'open') ORDER BY s.order_id`, pq.Array(orders))
	if err != nil {
		return nil, fmt.Errorf("online: orders with a page: %w", err)
	}
	return open, nil
}

type runningAttempt struct {
	attempt
	Instalments pq.Int64Array `db:"instalments"`
}

func attemptsOfOrder(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]attempt, error) {
	var rows []attempt
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT `+attemptColumns+` FROM payment_attempt a
		WHERE a.id IN (SELECT attempt_id FROM attempt_share WHERE order_id = $1) ORDER BY a.created_at DESC`, order)
	if err != nil {
		return nil, fmt.Errorf("online: attempts of order %d: %w", order, err)
	}
	return rows, nil
}

// change is what news of Stripe does to an attempt. Empty fields leave what is there.
type change struct {
	Status        Status
	Session       string
	URL           string
	PaymentIntent string
	Charge        string
	Fee           *money.Cents
	Failure       string
	CheckAt       time.Time // zero: never again
}

func updateAttempt(ctx context.Context, tx *sqlx.Tx, attempt uuid.UUID, now time.Time, c change) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE payment_attempt SET status = $2, session_id = coalesce(session_id, nullif($3, '')),
			session_url = CASE WHEN $4 <> '' THEN $4 ELSE session_url END,
			payment_intent = coalesce(payment_intent, nullif($5, '')), charge_id = coalesce(charge_id, nullif($6, '')),
			fee_cents = coalesce($7, fee_cents), failure = CASE WHEN $8 <> '' THEN $8 ELSE failure END,
			check_at = $9, changed_at = CASE WHEN status = $2 THEN changed_at ELSE $10 END
		WHERE id = $1`,
		attempt, c.Status, c.Session, c.URL, c.PaymentIntent, c.Charge, c.Fee, c.Failure, nullTime(c.CheckAt), now)
	if err != nil {
		return fmt.Errorf("online: attempt %s becomes %s: %w", attempt, c.Status, err)
	}
	if c.Status.running() {
		return nil
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE payment_attempt_instalment SET released_at = $2 WHERE attempt_id = $1 AND released_at IS NULL`, attempt, now)
	if err != nil {
		return fmt.Errorf("online: release attempt %s: %w", attempt, err)
	}
	return nil
}

func setFee(ctx context.Context, tx *sqlx.Tx, attempt uuid.UUID, fee money.Cents) error {
	_, err := tx.ExecContext(ctx, `UPDATE payment_attempt SET fee_cents = $2 WHERE id = $1`, attempt, fee)
	if err != nil {
		return fmt.Errorf("online: fee of attempt %s: %w", attempt, err)
	}
	return nil
}

// takeToCheck takes attempts that are to be asked about and puts them off, so that no other process takes them too.
func takeToCheck(ctx context.Context, q sqlx.QueryerContext, now, later time.Time, limit int) ([]attempt, error) {
	var rows []attempt
	err := sqlx.SelectContext(ctx, q, &rows, `
		WITH due AS (SELECT id FROM payment_attempt WHERE check_at <= $1 ORDER BY check_at LIMIT $3 FOR UPDATE SKIP LOCKED)
		UPDATE payment_attempt a SET check_at = $2 FROM due WHERE a.id = due.id RETURNING `+attemptColumns, now, later, limit)
	if err != nil {
		return nil, fmt.Errorf("online: attempts to check: %w", err)
	}
	return rows, nil
}

// mayLook reports whether it is time to ask Stripe about an attempt because somebody is looking at it, and remembers it.
func mayLook(ctx context.Context, q sqlx.ExecerContext, attempt uuid.UUID, now, notSince time.Time) (bool, error) {
	res, err := q.ExecContext(ctx, `UPDATE payment_attempt SET looked_at = $2 WHERE id = $1 AND looked_at <= $3`, attempt, now, notSince)
	if err != nil {
		return false, fmt.Errorf("online: look at attempt %s: %w", attempt, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
