package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// movementRow is a bank_movement as JSON carries it to the database: one parameter for thousands of rows.
type movementRow struct {
	Key        string      `json:"key"`
	ParentKey  string      `json:"parent_key"`
	BookedOn   civil.Date  `json:"booked_on"`
	ValueOn    string      `json:"value_on"`
	Amount     money.Cents `json:"amount_cents"`
	Money      money.Cents `json:"money_cents"`
	BankRef    string      `json:"bank_ref"`
	Reference  string      `json:"reference"`
	EndToEndID string      `json:"end_to_end_id"`
	Name       string      `json:"name"`
	IBAN       string      `json:"iban"`
	BIC        string      `json:"bic"`
	Text       string      `json:"text"`
	Code       string      `json:"code"`
	Return     string      `json:"return_reason"`
	Found      []string    `json:"found"`
}

// insertMovements stores the movements of a statement and notes their ids in them.
func insertMovements(ctx context.Context, tx *sqlx.Tx, statement int64, movements []movement) error {
	rows := make([]movementRow, len(movements))
	for i, m := range movements {
		from := m.Other()
		found := m.found
		if found == nil {
			found = []string{}
		}
		rows[i] = movementRow{
			Key: m.key, ParentKey: m.parent, BookedOn: m.BookingDate, ValueOn: m.ValueDate.String(), Amount: m.Amount, Money: m.money,
			BankRef: m.BankRef, Reference: m.Reference, EndToEndID: m.EndToEndID, Name: from.Name, IBAN: from.IBAN, BIC: from.BIC,
			Text: m.Text, Code: m.Code, Return: m.Return, Found: found,
		}
	}
	encoded, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("reconcile: movements: %w", err)
	}
	var ids []id.BankMovement
	err = tx.SelectContext(ctx, &ids, `
		INSERT INTO bank_movement (statement_id, key, parent_key, booked_on, value_on, amount_cents, money_cents, bank_ref, reference,
			end_to_end_id, name, iban, bic, text, code, return_reason, found)
		SELECT $1, m.key, nullif(m.parent_key, ''), m.booked_on, nullif(m.value_on, '')::date, m.amount_cents, m.money_cents, m.bank_ref, m.reference,
			m.end_to_end_id, m.name, m.iban, m.bic, m.text, m.code, m.return_reason, m.found
		FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS (key text, parent_key text, booked_on date, value_on text, amount_cents bigint, money_cents bigint,
			bank_ref text, reference text, end_to_end_id text, name text, iban text, bic text, text text, code text, return_reason text, found text[]))
			WITH ORDINALITY AS m (key, parent_key, booked_on, value_on, amount_cents, money_cents, bank_ref, reference, end_to_end_id, name, iban, bic,
				text, code, return_reason, found, line)
		ORDER BY m.line RETURNING id`, statement, string(encoded))
	if err != nil {
		return fmt.Errorf("reconcile: %d movements: %w", len(movements), err)
	}
	for i := range movements {
		movements[i].id = ids[i]
	}
	return nil
}

func ordersByReference(ctx context.Context, q sqlx.QueryerContext, refs []string) (map[string]Order, error) {
	orders := make(map[string]Order, 2*len(refs))
	if len(refs) == 0 {
		return orders, nil
	}
	var rows []Order
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT id AS order_id, structured_comm, reference, guardian_id, payer_name FROM booking_order
		WHERE structured_comm = ANY ($1) OR reference = ANY ($1)`, pq.Array(refs))
	if err != nil {
		return nil, fmt.Errorf("reconcile: look for %d references: %w", len(refs), err)
	}
	for _, o := range rows {
		orders[o.OGM], orders[o.Reference] = o, o
	}
	return orders, nil
}

func insertMatches(ctx context.Context, tx *sqlx.Tx, matches []match, now time.Time) error {
	n := len(matches)
	if n == 0 {
		return nil
	}
	movements, orders, paid, refunds := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	amounts, staff, undoes := make([]int64, n), make([]int64, n), make([]int64, n)
	targets, accounts, payouts, hows, reasons := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, m := range matches {
		movements[i], orders[i], paid[i], refunds[i] = int64(m.movement), int64(m.order), int64(m.payment), int64(m.refund)
		amounts[i], staff[i], undoes[i] = int64(m.amount), int64(m.by), int64(m.undoes)
		targets[i], accounts[i], payouts[i], hows[i], reasons[i] = m.target, string(m.account), m.payout, m.how, m.reason
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO movement_match (movement_id, target, order_id, payment_id, refund_id, account, payout_id, amount_cents, how, reason, staff_id, undoes_id, at)
		SELECT l.movement, l.target, nullif(l.for_order, 0), nullif(l.payment, 0), nullif(l.refund, 0), nullif(l.account, ''), nullif(l.payout, ''), l.amount, l.how, l.reason,
			nullif(l.staff, 0), nullif(l.undoes, 0), $13
		FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::text[])
			AS l (movement, target, for_order, payment, refund, account, amount, how, reason, staff, undoes, payout)`,
		pq.Array(movements), pq.Array(targets), pq.Array(orders), pq.Array(paid), pq.Array(refunds), pq.Array(accounts), pq.Array(amounts), pq.Array(hows),
		pq.Array(reasons), pq.Array(staff), pq.Array(undoes), pq.Array(payouts), now)
	if err != nil {
		return fmt.Errorf("reconcile: %d matches: %w", n, err)
	}
	return nil
}

// arrivedPayouts tells which payouts a bank statement has shown.
func arrivedPayouts(ctx context.Context, q sqlx.QueryerContext, payouts []Payout) (map[string]bool, error) {
	ids := make([]string, len(payouts))
	for i, p := range payouts {
		ids[i] = p.ID
	}
	var seen []string
	if err := sqlx.SelectContext(ctx, q, &seen, `SELECT payout_id FROM movement_match WHERE payout_id = ANY ($1)`, pq.Array(ids)); err != nil {
		return nil, fmt.Errorf("reconcile: payouts that arrived: %w", err)
	}
	arrived := make(map[string]bool, len(seen))
	for _, id := range seen {
		arrived[id] = true
	}
	return arrived, nil
}

// insertSkips notes which statements of a file were left out.
func insertSkips(ctx context.Context, tx *sqlx.Tx, file id.BankFile, results []StatementResult) error {
	for i, r := range results {
		if r.Skipped == "" {
			continue
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO bank_skip (file_id, position, account, number, closed_on, movements, why) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			file, i+1, r.Account, r.Number, r.ClosedOn, r.Movements, r.Skipped)
		if err != nil {
			return fmt.Errorf("reconcile: note a skipped statement: %w", err)
		}
	}
	return nil
}
