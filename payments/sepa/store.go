package sepa

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/payments"
	"joetz/payments/bank"
	"joetz/terms/id"
)

// lockBatches makes two people who press at once take turns.
func lockBatches(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('payments/sepa batch'))`); err != nil {
		return fmt.Errorf("sepa: lock batches: %w", err)
	}
	return nil
}

// waiting lists transfers that were promised and are in no file, and refunds that came back, were not promised anew, and of which the
// order still has the money as credit. One that an undo called off did not come back.
func waiting(ctx context.Context, q sqlx.QueryerContext) (rows []Waiting, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT r.id, r.order_id, o.reference, o.payer_name, r.amount_cents, r.due_on, coalesce(last.state, 'requested') AS state,
			coalesce(a.iban, p.payer_iban) AS iban, coalesce(a.holder, nullif(p.payer_name, ''), o.payer_name) AS holder, coalesce(a.id, 0) AS account_id, a.usable_from,
			coalesce(s.name, '') AS changed_by, coalesce(a.reason, '') AS reason, coalesce(v.staff_id, 0) AS approved_by, coalesce(w.name, '') AS approver
		FROM refund r JOIN payment p ON p.id = r.payment_id JOIN booking_order o ON o.id = r.order_id
		LEFT JOIN LATERAL (SELECT state, source_id FROM refund_step x WHERE x.refund_id = r.id ORDER BY x.id DESC LIMIT 1) last ON true
		LEFT JOIN LATERAL (SELECT id, iban, holder, usable_from, staff_id, reason, at FROM refund_account x WHERE x.order_id = r.order_id ORDER BY x.id DESC LIMIT 1) a ON true
		LEFT JOIN staff s ON s.id = a.staff_id
		LEFT JOIN LATERAL (SELECT staff_id FROM refund_approval x WHERE x.refund_id = r.id
			AND CASE WHEN x.account_known THEN x.account_id IS NOT DISTINCT FROM a.id ELSE x.at >= coalesce(a.at, '-infinity') END ORDER BY x.id DESC LIMIT 1) v ON true
		LEFT JOIN staff w ON w.id = v.staff_id
		WHERE r.method = 'transfer' AND last.state IS NULL AND NOT EXISTS (SELECT 1 FROM refund_batch_item i WHERE i.refund_id = r.id)
			OR last.state = 'failed' AND last.source_id <> $1 AND NOT EXISTS (SELECT 1 FROM refund n WHERE n.again_of = r.id) 
			AND EXISTS (SELECT 1 FROM order_credit c WHERE c.order_id = r.order_id AND c.credit_cents >= r.amount_cents)
		ORDER BY r.due_on, r.id`, payments.CalledOff)
	if err != nil {
		return nil, fmt.Errorf("sepa: waiting refunds: %w", err)
	}
	return rows, nil
}

func insertAccount(ctx context.Context, tx *sqlx.Tx, a Account, iban bank.IBAN, now, usable time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO refund_account (order_id, iban, holder, usable_from, reason, staff_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		a.Order, iban.Plain(), a.Holder, usable, a.Reason, a.By, now)
	if err != nil {
		return fmt.Errorf("sepa: account for order %d: %w", a.Order, err)
	}
	return nil
}

// accountOf is the newest account that somebody named for an order, 0 for none.
func accountOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) (account int64, err error) {
	if err = sqlx.GetContext(ctx, q, &account, `SELECT coalesce(max(id), 0) FROM refund_account WHERE order_id = $1`, order); err != nil {
		return 0, fmt.Errorf("sepa: account of order %d: %w", order, err)
	}
	return account, nil
}

// insertApproval keeps who agreed with a refund to an account, 0 for the one that paid.
func insertApproval(ctx context.Context, tx *sqlx.Tx, refund id.Refund, account int64, by id.Staff, now time.Time) error {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO refund_approval (refund_id, staff_id, at, account_known, account_id)
		SELECT r.id, $2, $3, true, nullif($4::bigint, 0) FROM refund r WHERE r.id = $1 AND r.method = 'transfer' AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id)`, refund, by, now, account)
	if err != nil {
		return fmt.Errorf("sepa: approve refund %d: %w", refund, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrNotWaiting, err)
	}
	return nil
}

func nextBatch(ctx context.Context, tx *sqlx.Tx) (number int64, err error) {
	if err = tx.GetContext(ctx, &number, `SELECT coalesce(max(id), 0) + 1 FROM refund_batch`); err != nil {
		return 0, fmt.Errorf("sepa: number of a batch: %w", err)
	}
	return number, nil
}

func insertBatch(ctx context.Context, tx *sqlx.Tx, number int64, o Order, content []byte, items []Waiting, by id.Staff, now time.Time) (batch int64, err error) {
	err = tx.GetContext(ctx, &batch, `
		INSERT INTO refund_batch (id, message_id, execute_on, refunds, total_cents, content, staff_id, at) OVERRIDING SYSTEM VALUE
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		number, o.MessageID, o.ExecuteOn, len(items), o.Total(), content, by, now)
	if err != nil {
		return 0, fmt.Errorf("sepa: keep a batch: %w", err)
	}
	refunds, amounts, ibans, holders := make([]int64, len(items)), make([]int64, len(items)), make([]string, len(items)), make([]string, len(items))
	for i, w := range items {
		refunds[i], amounts[i], ibans[i], holders[i] = int64(w.Refund), int64(w.Amount), w.IBAN.Plain(), w.Holder
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO refund_batch_item (batch_id, refund_id, iban, holder, amount_cents)
		SELECT $1, l.refund, l.iban, l.holder, l.amount FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[]) AS l (refund, iban, holder, amount)`,
		batch, pq.Array(refunds), pq.Array(ibans), pq.Array(holders), pq.Array(amounts))
	if err != nil {
		return 0, fmt.Errorf("sepa: refunds of batch %d: %w", batch, err)
	}
	return batch, nil
}

func batches(ctx context.Context, q sqlx.QueryerContext, limit int) (all []Batch, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT b.id, b.message_id, b.refunds, b.total_cents, s.name AS by_name, b.at,
			(SELECT count(*) FROM refund_batch_item i JOIN refund_step t ON t.refund_id = i.refund_id AND t.state = 'done' WHERE i.batch_id = b.id) AS done,
			(SELECT count(*) FROM refund_batch_item i JOIN refund_step t ON t.refund_id = i.refund_id AND t.state = 'failed' WHERE i.batch_id = b.id) AS failed
		FROM refund_batch b JOIN staff s ON s.id = b.staff_id ORDER BY b.id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("sepa: batches: %w", err)
	}
	return all, nil
}

func batchFile(ctx context.Context, q sqlx.QueryerContext, batch int64) (name string, content []byte, err error) {
	var row struct {
		Name    string `db:"message_id"`
		Content []byte `db:"content"`
	}
	err = sqlx.GetContext(ctx, q, &row, `SELECT message_id, content FROM refund_batch WHERE id = $1`, batch)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, ErrNoBatch
	}
	if err != nil {
		return "", nil, fmt.Errorf("sepa: batch %d: %w", batch, err)
	}
	return row.Name + ".xml", row.Content, nil
}

func refundsIn(ctx context.Context, q sqlx.QueryerContext, messageID string) (refunds []id.Refund, err error) {
	err = sqlx.SelectContext(ctx, q, &refunds, `
		SELECT i.refund_id FROM refund_batch b JOIN refund_batch_item i ON i.batch_id = b.id WHERE b.message_id = $1 ORDER BY i.refund_id`, messageID)
	if err != nil {
		return nil, fmt.Errorf("sepa: refunds of %s: %w", messageID, err)
	}
	return refunds, nil
}
