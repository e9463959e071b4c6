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

// PostAllTx is PostTx for many entries in two statements; it reports how many were new. A bank file of thousands of
// movements would otherwise be thousands of round trips.
func PostAllTx(ctx context.Context, tx *sqlx.Tx, now time.Time, entries []Entry) (posted int, err error) {
	var events, systems, sources, days, reasons []string
	var orders []int64
	seen := make(map[[3]string]int, len(entries))
	for _, e := range entries {
		key := [3]string{e.Event, e.SourceSystem, e.SourceID}
		if _, twice := seen[key]; twice || len(e.Postings) == 0 {
			continue
		}
		seen[key] = len(events)
		events, systems, sources = append(events, e.Event), append(systems, e.SourceSystem), append(sources, e.SourceID)
		days, orders, reasons = append(days, e.On.String()), append(orders, int64(e.Order)), append(reasons, e.Reason)
	}
	if len(events) == 0 {
		return 0, nil
	}
	var added []struct {
		ID     int64  `db:"id"`
		Event  string `db:"event"`
		System string `db:"source_system"`
		Source string `db:"source_id"`
	}
	err = tx.SelectContext(ctx, &added, `
		INSERT INTO entry (event, source_system, source_id, booked_on, happened_on, order_id, reason, recorded_at)
		SELECT l.event, l.system, l.source, greatest(l.day, o.first), CASE WHEN l.day < o.first THEN l.day END, nullif(l.for_order, 0), l.reason, $7
		FROM (SELECT open_day('-infinity') AS first) o, unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::bigint[], $6::text[])
			WITH ORDINALITY AS l (event, system, source, day, for_order, reason, position) ORDER BY l.position
		ON CONFLICT ON CONSTRAINT entry_once DO NOTHING RETURNING id, event, source_system, source_id`,
		pq.Array(events), pq.Array(systems), pq.Array(sources), pq.Array(days), pq.Array(orders), pq.Array(reasons), now)
	if err != nil {
		return 0, fmt.Errorf("ledger: post %d entries: %w", len(events), err)
	}
	fresh := make(map[[3]string]int64, len(added))
	for _, a := range added {
		fresh[[3]string{a.Event, a.System, a.Source}] = a.ID
	}
	return len(added), insertPostings(ctx, tx, entries, fresh)
}

// insertPostings writes the lines of the entries that were added.
func insertPostings(ctx context.Context, tx *sqlx.Tx, entries []Entry, added map[[3]string]int64) error {
	var ids, lines, amounts, bookings []int64
	var accounts []string
	for _, e := range entries {
		key := [3]string{e.Event, e.SourceSystem, e.SourceID}
		entry, fresh := added[key]
		if !fresh {
			continue
		}
		delete(added, key) // the same event named twice posts once
		for i, p := range e.Postings {
			ids, lines = append(ids, entry), append(lines, int64(i+1))
			accounts, amounts, bookings = append(accounts, string(p.Account)), append(amounts, int64(p.Amount)), append(bookings, int64(p.Booking))
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO posting (entry_id, line, account, amount_cents, booking_id)
		SELECT l.entry, l.line, l.account, l.amount, nullif(l.booking, 0)
		FROM unnest($1::bigint[], $2::int[], $3::text[], $4::bigint[], $5::bigint[]) AS l (entry, line, account, amount, booking)`,
		pq.Array(ids), pq.Array(lines), pq.Array(accounts), pq.Array(amounts), pq.Array(bookings))
	if err != nil {
		return fmt.Errorf("ledger: %d postings: %w", len(ids), err)
	}
	return nil
}

// BalancesOf is BookingBalances of one account for many bookings. Bookings at zero are absent.
func BalancesOf(ctx context.Context, q sqlx.QueryerContext, account Account, bookings []id.Booking) (map[id.Booking]money.Cents, error) {
	keys := make([]int64, len(bookings))
	for i, b := range bookings {
		keys[i] = int64(b)
	}
	var rows []struct {
		Booking id.Booking  `db:"booking_id"`
		Balance money.Cents `db:"balance"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT booking_id, sum(amount_cents) AS balance FROM posting WHERE booking_id = ANY ($1) AND account = $2
		GROUP BY booking_id HAVING sum(amount_cents) <> 0`, pq.Array(keys), account)
	if err != nil {
		return nil, fmt.Errorf("ledger: balances of %d bookings on %s: %w", len(bookings), account, err)
	}
	balances := make(map[id.Booking]money.Cents, len(rows))
	for _, r := range rows {
		balances[r.Booking] = r.Balance
	}
	return balances, nil
}
