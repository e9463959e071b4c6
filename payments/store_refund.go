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

// ErrNoRefund is returned when there is no such refund.
var ErrNoRefund error = fault.New(fault.NotFound, "payments.no_refund")

type refundable struct {
	ID     id.Payment  `db:"id"`
	Method string      `db:"method"`
	Left   money.Cents `db:"left_cents"`
	Again  id.Refund   `db:"-"` // the refund that came back and is repeated; 0 for none
}

// refundablePayments lists an order's payments with what can still go back on each, newest first.
func refundablePayments(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]refundable, error) {
	var rows []refundable
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.id, p.method, p.amount_cents - coalesce((SELECT sum(r.amount_cents) FROM refund r WHERE r.payment_id = p.id
			AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')), 0)
			- coalesce((SELECT sum(w.amount_cents) FROM payment_withdrawal w WHERE w.payment_id = p.id), 0) AS left_cents
		FROM payment p WHERE p.order_id = $1 ORDER BY p.recorded_at DESC, p.id DESC`, order)
	if err != nil {
		return nil, fmt.Errorf("payments: refundable of order %d: %w", order, err)
	}
	return rows, nil
}

func insertRefund(ctx context.Context, tx *sqlx.Tx, c Closing, p refundable, amount money.Cents, due civil.Date, now time.Time) (refund id.Refund, err error) {
	err = tx.GetContext(ctx, &refund, `
		INSERT INTO refund (order_id, booking_id, payment_id, method, amount_cents, due_on, requested_at, requested_by, again_of)
		VALUES ($1, nullif($2::bigint, 0), $3, $4, $5, $6, $7, $8, nullif($9::bigint, 0)) RETURNING id`,
		c.Order, int64(c.Booking), p.ID, p.Method, amount, due, now, c.Actor, int64(p.Again))
	if err != nil {
		return 0, fmt.Errorf("payments: refund on payment %d: %w", p.ID, err)
	}
	return refund, nil
}

func insertRefundStep(ctx context.Context, tx *sqlx.Tx, step RefundStep, now time.Time) (isNew bool, err error) {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO refund_step (refund_id, state, source_id, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT ON CONSTRAINT refund_step_once DO NOTHING`, step.Refund, step.State, step.SourceID, now)
	if err != nil {
		return false, fmt.Errorf("payments: refund %d %s: %w", step.Refund, step.State, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// RefundDetail is a refund as Stripe's job and accounting need it.
type RefundDetail struct {
	ID          id.Refund   `db:"id"`
	Order       id.Order    `db:"order_id"`
	Booking     id.Booking  `db:"booking_id"` // whose end or change it came of; 0 for the order as a whole
	Method      string      `db:"method"`
	Amount      money.Cents `db:"amount_cents"`
	DueOn       civil.Date  `db:"due_on"`
	RequestedAt time.Time   `db:"requested_at"`
	Source      string      `db:"source_id"` // of the payment it goes back on: payment intent or bank movement
	PayerIBAN   string      `db:"payer_iban"`
	PayerName   string      `db:"payer_name"`
	State       string      `db:"state"` // requested, sent, done or failed
}

const refundDetail = `
	SELECT r.id, r.order_id, coalesce(r.booking_id, 0) AS booking_id, r.method, r.amount_cents, r.due_on, r.requested_at, CASE p.source_system WHEN 'stripe' THEN split_part(p.source_id, '#', 1) ELSE p.source_id END AS source_id,
		p.payer_iban, p.payer_name,
		coalesce((SELECT s.state FROM refund_step s WHERE s.refund_id = r.id ORDER BY s.id DESC LIMIT 1), 'requested') AS state
	FROM refund r JOIN payment p ON p.id = r.payment_id `

// RefundByID reads one refund.
func (s *Service) RefundByID(ctx context.Context, q sqlx.QueryerContext, refund id.Refund) (RefundDetail, error) {
	return refundByID(ctx, q, refund)
}

func refundByID(ctx context.Context, q sqlx.QueryerContext, refund id.Refund) (d RefundDetail, err error) {
	err = sqlx.GetContext(ctx, q, &d, refundDetail+`WHERE r.id = $1`, refund)
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrNoRefund
	}
	if err != nil {
		return d, fmt.Errorf("payments: refund %d: %w", refund, err)
	}
	return d, nil
}

// RefundsOf lists the refunds of an order, oldest first.
func (s *Service) RefundsOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]RefundDetail, error) {
	var rows []RefundDetail
	if err := sqlx.SelectContext(ctx, q, &rows, refundDetail+`WHERE r.order_id = $1 ORDER BY r.id`, order); err != nil {
		return nil, fmt.Errorf("payments: refunds of order %d: %w", order, err)
	}
	return rows, nil
}

// UnsettledRefunds lists refunds through Stripe that were promised before that time and are neither done nor failed,
// oldest first.
func (s *Service) UnsettledRefunds(ctx context.Context, q sqlx.QueryerContext, before time.Time, limit int) ([]id.Refund, error) {
	var refunds []id.Refund
	err := sqlx.SelectContext(ctx, q, &refunds, `
		SELECT r.id FROM refund r WHERE r.method = 'stripe' AND r.requested_at < $1
			AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state IN ('done', 'failed'))
		ORDER BY r.requested_at, r.id LIMIT $2`, before, limit)
	if err != nil {
		return nil, fmt.Errorf("payments: unsettled refunds: %w", err)
	}
	return refunds, nil
}

// TransferRefunds lists refunds by bank of that amount that stand in one of the states, oldest first.
func (s *Service) TransferRefunds(ctx context.Context, q sqlx.QueryerContext, amount money.Cents, states ...string) ([]RefundDetail, error) {
	var rows []RefundDetail
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT d.id, d.order_id, d.method, d.amount_cents, d.due_on, d.source_id, d.payer_iban, d.payer_name, d.state
		FROM (`+refundDetail+`WHERE r.method = 'transfer' AND r.amount_cents = $1) d WHERE d.state = ANY ($2) ORDER BY d.id`, amount, pq.Array(states))
	if err != nil {
		return nil, fmt.Errorf("payments: refunds of %v: %w", amount, err)
	}
	return rows, nil
}

// RefundFileDetail is a file of refunds of which some are still on their way.
type RefundFileDetail struct {
	Name    string // its message id
	Refunds []RefundDetail
}

// Total is what of the file has not left the bank yet.
func (d RefundFileDetail) Total() (sum money.Cents) {
	for _, r := range d.Refunds {
		sum += r.Amount
	}
	return sum
}

// SentFiles lists the files of refunds that have not all left the bank, or the one of that name, oldest first; each with the refunds
// that it still has to pay.
func (s *Service) SentFiles(ctx context.Context, q sqlx.QueryerContext, name string) (files []RefundFileDetail, err error) {
	var rows []struct {
		RefundDetail
		File string `db:"file"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT d.id, d.order_id, d.method, d.amount_cents, d.due_on, d.source_id, d.payer_iban, d.payer_name, d.state, sent.source_id AS file
		FROM refund_step sent JOIN (`+refundDetail+`WHERE r.method = 'transfer') d ON d.id = sent.refund_id
		WHERE sent.state = 'sent' AND d.state = 'sent' AND ($1 = '' OR sent.source_id = $1) ORDER BY sent.id`, name)
	if err != nil {
		return nil, fmt.Errorf("payments: files of refunds on their way: %w", err)
	}
	at := map[string]int{}
	for _, r := range rows {
		i, known := at[r.File]
		if !known {
			i, files = len(files), append(files, RefundFileDetail{Name: r.File})
			at[r.File] = i
		}
		files[i].Refunds = append(files[i].Refunds, r.RefundDetail)
	}
	return files, nil
}

// PaymentDetail is money that came in, as accounting finds it back.
type PaymentDetail struct {
	ID         id.Payment `db:"id"`
	Reference  string     `db:"reference"` // of the order
	ReceivedOn civil.Date `db:"received_on"`
	PayerName  string     `db:"payer_name"`
}

// TransfersOf lists payments by bank of that amount which have not been given back or withdrawn, newest first.
func (s *Service) TransfersOf(ctx context.Context, q sqlx.QueryerContext, amount money.Cents) ([]PaymentDetail, error) {
	var rows []PaymentDetail
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.id, o.reference, p.received_on, p.payer_name
		FROM payment p JOIN booking_order o ON o.id = p.order_id
		WHERE p.method = 'transfer' AND p.amount_cents = $1
			AND NOT EXISTS (SELECT 1 FROM payment_withdrawal w WHERE w.payment_id = p.id)
			AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.payment_id = p.id
				AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed'))
		ORDER BY p.received_on DESC, p.id DESC LIMIT 50`, amount)
	if err != nil {
		return nil, fmt.Errorf("payments: transfers of %v: %w", amount, err)
	}
	return rows, nil
}
