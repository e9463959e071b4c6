package books

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/money"
)

func accountTotals(ctx context.Context, q sqlx.QueryerContext, span Span) (all []AccountTotal, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT a.code, a.name, a.kind, coalesce(sum(p.amount_cents) FILTER (WHERE e.booked_on < $1), 0) AS opening_cents,
			coalesce(sum(p.amount_cents) FILTER (WHERE e.booked_on >= $1 AND p.amount_cents > 0), 0) AS debit_cents,
			coalesce(-sum(p.amount_cents) FILTER (WHERE e.booked_on >= $1 AND p.amount_cents < 0), 0) AS credit_cents
		FROM account a LEFT JOIN (posting p JOIN entry e ON e.id = p.entry_id AND e.booked_on <= $2) ON p.account = a.code
		GROUP BY a.code ORDER BY a.code`, span.From, span.To)
	if err != nil {
		return nil, fmt.Errorf("books: accounts: %w", err)
	}
	return all, nil
}

const lineFilter = `
	FROM posting p JOIN entry e ON e.id = p.entry_id
	WHERE ($1 = '' OR p.account = $1) AND ($2::bigint = 0 OR e.order_id = $2) AND ($3::bigint = 0 OR e.id = $3) AND ($4::bigint = 0 OR p.booking_id = $4)
		AND ($5::date IS NULL OR e.booked_on >= $5) AND ($6::date IS NULL OR e.booked_on <= $6)`

func journalLines(ctx context.Context, q sqlx.QueryerContext, l LineQuery) (lines []Line, count int, sum money.Cents, err error) {
	var total struct {
		Count int         `db:"n"`
		Sum   money.Cents `db:"total"`
	}
	args := []any{l.Account, int64(l.Order), l.Entry, int64(l.Booking), l.Span.From, l.Span.To}
	if err = sqlx.GetContext(ctx, q, &total, `SELECT count(*) AS n, coalesce(sum(p.amount_cents), 0) AS total`+lineFilter, args...); err != nil {
		return nil, 0, 0, fmt.Errorf("books: count lines: %w", err)
	}
	size := l.Size
	if size == 0 {
		size = max(total.Count, 1)
	}
	err = sqlx.SelectContext(ctx, q, &lines, `
		WITH picked AS (SELECT p.entry_id, p.line, p.account, p.amount_cents, p.booking_id, e.booked_on `+lineFilter+`
			ORDER BY e.booked_on, e.id, p.line LIMIT $7 OFFSET $8)
		SELECT k.entry_id, k.line, k.booked_on, e.happened_on, e.event, e.source_system, e.source_id, e.reason, k.account, a.name AS account_name, k.amount_cents,
			coalesce(e.order_id, 0) AS order_id, coalesce(o.reference, '') AS reference, coalesce(o.payer_name, '') AS payer_name, coalesce(k.booking_id, 0) AS booking_id,
			coalesce(i.id, 0) AS invoice_id, coalesce(n.series || '-' || n.year || '-' || lpad(n.number::text, 5, '0'), '') AS document,
			coalesce(m.id, 0) AS movement_id, coalesce(x.payout_id, '') AS payout_id
		FROM picked k JOIN entry e ON e.id = k.entry_id JOIN account a ON a.code = k.account
		LEFT JOIN booking_order o ON o.id = e.order_id
		LEFT JOIN invoice i ON e.source_system = 'shop' AND e.event IN ('invoice', 'credit', 'advance') AND i.id::text = e.source_id
		LEFT JOIN invoice_number n ON n.invoice_id = i.id
		LEFT JOIN bank_movement m ON e.source_system = 'bank' AND m.key = regexp_replace(e.source_id, '#[0-9]+$', '')
		LEFT JOIN payment_attempt t ON e.source_system = 'stripe' AND e.event = 'payment' AND t.payment_intent = split_part(e.source_id, '#', 1)
		LEFT JOIN stripe_movement c ON c.category = 'charge' AND c.source_id = t.charge_id
		LEFT JOIN stripe_payout_movement x ON x.movement_id = coalesce(c.id, CASE WHEN e.source_system = 'stripe' THEN e.source_id END)
		ORDER BY k.booked_on, k.entry_id, k.line`, append(args, size, size*(max(l.Page, 1)-1))...)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("books: lines: %w", err)
	}
	return lines, total.Count, total.Sum, nil
}

func deferred(ctx context.Context, q sqlx.QueryerContext, day civil.Date) (all []Deferred, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT d.id AS departure_id, h.code, h.title, d.starts_on, d.ends_on, count(DISTINCT b.id) FILTER (WHERE b.status <> 'cancelled') AS bookings,
			coalesce(-sum(p.amount_cents) FILTER (WHERE p.account = '460'), 0) AS invoiced_cents,
			coalesce(-sum(p.amount_cents) FILTER (WHERE p.account = '461'), 0) AS received_cents,
			coalesce(-sum(p.amount_cents) FILTER (WHERE p.account = '700'), 0) AS revenue_cents
		FROM posting p JOIN entry e ON e.id = p.entry_id AND e.booked_on <= $1
		JOIN booking b ON b.id = p.booking_id JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id
		WHERE p.account IN ('460', '461', '700')
		GROUP BY d.id, h.code, h.title ORDER BY d.starts_on, h.code, d.id`, day)
	if err != nil {
		return nil, fmt.Errorf("books: deferred income: %w", err)
	}
	return all, nil
}

func premiumsIn(ctx context.Context, q sqlx.QueryerContext, span Span) (all []Premium, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT e.booked_on, b.id AS booking_id, e.id AS entry_id, b.order_id, o.reference, h.code, d.starts_on, d.ends_on, b.price_cents, -p.amount_cents AS amount_cents
		FROM posting p JOIN entry e ON e.id = p.entry_id JOIN booking b ON b.id = p.booking_id JOIN booking_order o ON o.id = b.order_id
		JOIN departure d ON d.id = b.departure_id JOIN holiday h ON h.id = d.holiday_id
		WHERE p.account = '4891' AND e.booked_on BETWEEN $1 AND $2 ORDER BY e.booked_on, e.id, p.line`, span.From, span.To)
	if err != nil {
		return nil, fmt.Errorf("books: premiums: %w", err)
	}
	return all, nil
}

const paymentFilter = `
	FROM payment p JOIN booking_order o ON o.id = p.order_id
	WHERE ($1::date IS NULL OR p.received_on >= $1) AND ($2::date IS NULL OR p.received_on <= $2)
		AND ($3 = '' OR strpos(lower(p.payer_name), lower($3)) > 0 OR strpos(lower(o.payer_name), lower($3)) > 0 OR lower(o.reference) = lower($3) OR p.payer_iban = upper(replace($3, ' ', '')))`

func paymentList(ctx context.Context, q sqlx.QueryerContext, l PaymentQuery) (list []Payment, count int, sum money.Cents, err error) {
	var total struct {
		Count int         `db:"n"`
		Sum   money.Cents `db:"total"`
	}
	args := []any{l.Span.From, l.Span.To, l.Search}
	if err = sqlx.GetContext(ctx, q, &total, `SELECT count(*) AS n, coalesce(sum(p.amount_cents), 0) AS total`+paymentFilter, args...); err != nil {
		return nil, 0, 0, fmt.Errorf("books: count payments: %w", err)
	}
	size := l.Size
	if size == 0 {
		size = max(total.Count, 1)
	}
	err = sqlx.SelectContext(ctx, q, &list, `
		WITH picked AS (SELECT p.id, o.reference, o.payer_name AS order_payer `+paymentFilter+` ORDER BY p.received_on DESC, p.id DESC LIMIT $4 OFFSET $5)
		SELECT p.id, p.received_on, p.method, p.amount_cents, p.payer_name, p.payer_iban, p.order_id, k.reference, k.order_payer,
			(SELECT coalesce(sum(w.amount_cents), 0) FROM payment_withdrawal w WHERE w.payment_id = p.id) AS withdrawn_cents,
			(SELECT coalesce(sum(r.amount_cents), 0) FROM refund r WHERE r.payment_id = p.id
				AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')) AS refunded_cents,
			(SELECT coalesce(-sum(l.amount_cents), 0) FROM entry e JOIN posting l ON l.entry_id = e.id WHERE e.order_id = p.order_id AND l.account = '400' AND l.booking_id IS NULL) AS credit_cents,
			coalesce(m.movement_id, 0) AS movement_id, coalesce(m.how, '') AS how, coalesce(x.payout_id, '') AS payout_id
		FROM picked k JOIN payment p ON p.id = k.id
		LEFT JOIN LATERAL (SELECT movement_id, how FROM movement_match WHERE payment_id = p.id AND amount_cents > 0 ORDER BY id LIMIT 1) m ON true
		LEFT JOIN payment_attempt t ON p.source_system = 'stripe' AND t.payment_intent = split_part(p.source_id, '#', 1)
		LEFT JOIN stripe_movement c ON c.category = 'charge' AND c.source_id = t.charge_id
		LEFT JOIN stripe_payout_movement x ON x.movement_id = c.id
		ORDER BY p.received_on DESC, p.id DESC`, append(args, size, size*(max(l.Page, 1)-1))...)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("books: payments: %w", err)
	}
	return list, total.Count, total.Sum, nil
}

func figures(ctx context.Context, q sqlx.QueryerContext) (all []MonthFigure, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT month, received_cents, revenue_cents, month <= coalesce((SELECT max(until) FROM period_close), '-infinity') AS closed FROM (
			SELECT date_trunc('month', e.booked_on::timestamp)::date AS month,
				coalesce(sum(p.amount_cents) FILTER (WHERE p.account IN ('550', '5802') AND e.event = 'payment'), 0) AS received_cents,
				coalesce(-sum(p.amount_cents) FILTER (WHERE p.account IN ('700', '743')), 0) AS revenue_cents
			FROM entry e JOIN posting p ON p.entry_id = e.id GROUP BY 1 ORDER BY 1 DESC LIMIT 12) x ORDER BY month`)
	if err != nil {
		return nil, fmt.Errorf("books: figures: %w", err)
	}
	return all, nil
}
