package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
	"joetz/terms/money"
)

// PostTx writes the entry with its lines and reports whether it was new: an event that was posted before is left alone.
// An entry without lines is nothing to post. One of a closed month is booked on the first open day and keeps its own beside it. An unbalanced one fails the caller's commit.
func PostTx(ctx context.Context, tx *sqlx.Tx, now time.Time, e Entry) (posted bool, err error) {
	if len(e.Postings) == 0 {
		return false, nil
	}
	accounts := make([]string, len(e.Postings))
	amounts := make([]int64, len(e.Postings))
	bookings := make([]int64, len(e.Postings))
	for i, p := range e.Postings {
		accounts[i], amounts[i], bookings[i] = string(p.Account), int64(p.Amount), int64(p.Booking)
	}
	res, err := tx.ExecContext(ctx, `
		WITH added AS (
			INSERT INTO entry (event, source_system, source_id, booked_on, happened_on, order_id, reason, recorded_at)
			SELECT $1, $2, $3, o.day, nullif($4::date, o.day), nullif($5::bigint, 0), $6, $7 FROM open_day($4::date) o (day)
			ON CONFLICT ON CONSTRAINT entry_once DO NOTHING RETURNING id)
		INSERT INTO posting (entry_id, line, account, amount_cents, booking_id)
		SELECT added.id, l.line, l.account, l.amount, nullif(l.booking, 0)
		FROM added, unnest($8::text[], $9::bigint[], $10::bigint[]) WITH ORDINALITY AS l (account, amount, booking, line)`,
		e.Event, e.SourceSystem, e.SourceID, e.On, int64(e.Order), e.Reason, now,
		pq.Array(accounts), pq.Array(amounts), pq.Array(bookings))
	if err != nil {
		return false, fmt.Errorf("ledger: post %s %s:%s: %w", e.Event, e.SourceSystem, e.SourceID, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// BookingBalances is what each account holds for one booking, debit positive. Accounts at zero are absent.
func BookingBalances(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (map[Account]money.Cents, error) {
	var rows []struct {
		Account Account     `db:"account"`
		Balance money.Cents `db:"balance"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT account, sum(amount_cents) AS balance FROM posting WHERE booking_id = $1
		GROUP BY account HAVING sum(amount_cents) <> 0`, booking)
	if err != nil {
		return nil, fmt.Errorf("ledger: balances of booking %d: %w", booking, err)
	}
	balances := make(map[Account]money.Cents, len(rows))
	for _, r := range rows {
		balances[r.Account] = r.Balance
	}
	return balances, nil
}

// Balance is one account's total.
type Balance struct {
	Account Account     `db:"account"`
	Name    string      `db:"name"`
	Kind    string      `db:"kind"`
	Amount  money.Cents `db:"balance"` // debit positive
}

// TrialBalance lists every account with its total; the totals of sound books add up to zero.
func TrialBalance(ctx context.Context, q sqlx.QueryerContext) ([]Balance, error) {
	var rows []Balance
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT a.code AS account, a.name, a.kind, coalesce(sum(p.amount_cents), 0) AS balance
		FROM account a LEFT JOIN posting p ON p.account = a.code
		GROUP BY a.code, a.name, a.kind ORDER BY a.code`)
	if err != nil {
		return nil, fmt.Errorf("ledger: trial balance: %w", err)
	}
	return rows, nil
}

// CountOf is how many entries an order has. Under the order's lock it numbers an entry that no row of its own names.
func CountOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) (n int, err error) {
	if err := sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM entry WHERE order_id = $1`, order); err != nil {
		return 0, fmt.Errorf("ledger: entries of order %d: %w", order, err)
	}
	return n, nil
}
