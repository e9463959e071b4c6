package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrNoOrder is returned when there is no such order.
var ErrNoOrder error = fault.New(fault.NotFound, "booking.no_order")

// LockOrderTx takes the lock under which all money of an order moves. Lock order everywhere: order, then its rows.
func LockOrderTx(ctx context.Context, tx *sqlx.Tx, order id.Order) error {
	var found int64
	err := tx.GetContext(ctx, &found, `SELECT id FROM booking_order WHERE id = $1 FOR NO KEY UPDATE`, order)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoOrder
	}
	if err != nil {
		return fmt.Errorf("payments: lock order %d: %w", order, err)
	}
	return nil
}

func insertCharges(ctx context.Context, tx *sqlx.Tx, order id.Order, booking id.Booking, now time.Time, lines []Line, reason string, by id.Staff) error {
	kinds, amounts := make([]string, 0, len(lines)), make([]int64, 0, len(lines))
	for _, l := range lines {
		if l.Amount != 0 {
			kinds, amounts = append(kinds, l.Kind), append(amounts, int64(l.Amount))
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO charge (order_id, booking_id, kind, amount_cents, reason, staff_id, at)
		SELECT $1, $2, l.kind, l.amount, $5, nullif($6::bigint, 0), $7
		FROM unnest($3::text[], $4::bigint[]) WITH ORDINALITY AS l (kind, amount, line) ORDER BY l.line`,
		order, booking, pq.Array(kinds), pq.Array(amounts), reason, int64(by), now)
	if err != nil {
		return fmt.Errorf("payments: charge booking %d: %w", booking, err)
	}
	return nil
}

// reverseCharges adds the opposite of every charge of the booking that has none yet.
func reverseCharges(ctx context.Context, tx *sqlx.Tx, booking id.Booking, now time.Time, reason string, by id.Staff) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO charge (order_id, booking_id, kind, amount_cents, reverses_id, reason, staff_id, at)
		SELECT c.order_id, c.booking_id, c.kind, -c.amount_cents, c.id, $2, nullif($3::bigint, 0), $4
		FROM charge c LEFT JOIN charge r ON r.reverses_id = c.id
		WHERE c.booking_id = $1 AND c.reverses_id IS NULL AND r.id IS NULL ORDER BY c.id`,
		booking, reason, int64(by), now)
	if err != nil {
		return fmt.Errorf("payments: reverse charges of booking %d: %w", booking, err)
	}
	return nil
}

type instalmentRow struct {
	ID        id.Instalment `db:"id"`
	Booking   id.Booking    `db:"booking_id"`
	Kind      string        `db:"kind"`
	DueOn     civil.Date    `db:"due_on"`
	Amount    money.Cents   `db:"amount_cents"`
	Allocated money.Cents   `db:"allocated"`
	Invoiced  bool          `db:"invoiced"`
}

func insertInstalments(ctx context.Context, tx *sqlx.Tx, order id.Order, booking id.Booking, now time.Time, dues []Due) ([]id.Instalment, error) {
	kinds, days, amounts := make([]string, len(dues)), make([]string, len(dues)), make([]int64, len(dues))
	for i, d := range dues {
		kinds[i], days[i], amounts[i] = d.Kind, d.On.String(), int64(d.Amount)
	}
	var ids []id.Instalment
	err := tx.SelectContext(ctx, &ids, `
		INSERT INTO instalment (order_id, booking_id, kind, due_on, amount_cents, created_at)
		SELECT $1, $2, l.kind, l.due_on, l.amount, $6
		FROM unnest($3::text[], $4::date[], $5::bigint[]) WITH ORDINALITY AS l (kind, due_on, amount, line)
		ORDER BY l.line RETURNING id`,
		order, booking, pq.Array(kinds), pq.Array(days), pq.Array(amounts), now)
	if err != nil {
		return nil, fmt.Errorf("payments: schedule booking %d: %w", booking, err)
	}
	return ids, nil
}

// runningInstalments lists what is still scheduled for an order, oldest due line first, then in booking order (edges.md 34).
func runningInstalments(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]instalmentRow, error) {
	var rows []instalmentRow
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT i.id, i.booking_id, i.kind, i.due_on, i.amount_cents,
			coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0) AS allocated,
			EXISTS (SELECT 1 FROM invoice_line l WHERE l.instalment_id = i.id) AS invoiced
		FROM instalment i WHERE i.order_id = $1 AND i.void_at IS NULL
		ORDER BY i.due_on, i.booking_id, i.id`, order)
	if err != nil {
		return nil, fmt.Errorf("payments: instalments of order %d: %w", order, err)
	}
	return rows, nil
}

func voidInstalments(ctx context.Context, tx *sqlx.Tx, booking id.Booking, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE instalment SET void_at = $2 WHERE booking_id = $1 AND void_at IS NULL`, booking, now)
	if err != nil {
		return fmt.Errorf("payments: void schedule of booking %d: %w", booking, err)
	}
	return nil
}

func insertAllocation(ctx context.Context, tx *sqlx.Tx, order id.Order, i instalmentRow, amount money.Cents, now time.Time) (allocation int64, err error) {
	err = tx.GetContext(ctx, &allocation, `
		INSERT INTO allocation (order_id, instalment_id, booking_id, amount_cents, at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		order, i.ID, i.Booking, amount, now)
	if err != nil {
		return 0, fmt.Errorf("payments: allocate to instalment %d: %w", i.ID, err)
	}
	return allocation, nil
}

// credit is the order's money that pays for nothing yet: received less given back less allocated.
func credit(ctx context.Context, q sqlx.QueryerContext, order id.Order) (money.Cents, error) {
	var c money.Cents
	err := sqlx.GetContext(ctx, q, &c, `
		SELECT coalesce((SELECT sum(amount_cents) FROM payment WHERE order_id = $1), 0)
			- coalesce((SELECT sum(r.amount_cents) FROM refund r WHERE r.order_id = $1
				AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')), 0)
			- coalesce((SELECT sum(amount_cents) FROM allocation WHERE order_id = $1), 0)`, order)
	if err != nil {
		return 0, fmt.Errorf("payments: credit of order %d: %w", order, err)
	}
	return c, nil
}

func insertPayment(ctx context.Context, tx *sqlx.Tx, r Receipt, now time.Time) (payment id.Payment, isNew bool, err error) {
	err = tx.GetContext(ctx, &payment, `
		INSERT INTO payment (order_id, method, amount_cents, received_on, source_system, source_id, payer_name, payer_iban, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ON CONSTRAINT payment_source_once DO NOTHING RETURNING id`,
		r.Order, r.Method, r.Amount, r.ReceivedOn, r.SourceSystem, r.SourceID, r.PayerName, r.PayerIBAN, now)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("payments: record %s %s: %w", r.SourceSystem, r.SourceID, err)
	}
	return payment, true, nil
}
