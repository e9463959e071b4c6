package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

type row struct {
	Object string `db:"object"`
	Detail string `db:"detail"`
}

// breaking runs a rule's query. Every query has $1, some only mention it.
func breaking(ctx context.Context, tx *sqlx.Tx, query string, now time.Time) (rows []row, err error) {
	err = tx.SelectContext(ctx, &rows, `WITH moment AS (SELECT $1::timestamptz AS now) `+query, now)
	return rows, err
}

// setPatience lets an audit of a whole season take longer than a page may.
func setPatience(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `SET LOCAL statement_timeout = '5min'`); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// The books against what they are the books of.
var bookRules = []Rule{
	{"entry_balanced", Books, "an entry of the journal adds up to zero and has two lines or more", `
		SELECT 'entry ' || e.id AS object, count(p.entry_id) || ' lines add up to ' || coalesce(sum(p.amount_cents), 0) AS detail
		FROM entry e LEFT JOIN posting p ON p.entry_id = e.id
		GROUP BY e.id HAVING coalesce(sum(p.amount_cents), 0) <> 0 OR count(p.entry_id) < 2 ORDER BY e.id`},
	{"instalments", Books, "what a booking costs is what is scheduled of it", `
		, charged AS (SELECT booking_id, sum(amount_cents) AS total FROM charge GROUP BY booking_id),
		scheduled AS (SELECT booking_id, sum(amount_cents) AS total FROM instalment WHERE void_at IS NULL GROUP BY booking_id)
		SELECT 'booking ' || b.id AS object, 'charged ' || coalesce(c.total, 0) || ', scheduled ' || coalesce(s.total, 0) AS detail
		FROM booking b LEFT JOIN charged c ON c.booking_id = b.id LEFT JOIN scheduled s ON s.booking_id = b.id
		WHERE coalesce(c.total, 0) <> coalesce(s.total, 0) ORDER BY b.id`},
	{"charge_reversed", Books, "a reversal takes back exactly what it reverses, of the same booking", `
		SELECT 'charge ' || r.id AS object, r.amount_cents || ' reverses ' || c.amount_cents || ' of booking ' || c.booking_id AS detail
		FROM charge r JOIN charge c ON c.id = r.reverses_id
		WHERE r.amount_cents <> -c.amount_cents OR r.booking_id <> c.booking_id OR r.order_id <> c.order_id ORDER BY r.id`},
	{"same_order", Books, "charges, instalments and allocations belong to the order of their booking", `
		SELECT x.what || ' ' || x.id AS object, 'of order ' || x.order_id || ', its booking of order ' || b.order_id AS detail
		FROM (SELECT 'charge' AS what, id, order_id, booking_id FROM charge UNION ALL SELECT 'instalment', id, order_id, booking_id FROM instalment
			UNION ALL SELECT 'allocation', id, order_id, booking_id FROM allocation) x
		JOIN booking b ON b.id = x.booking_id WHERE b.order_id <> x.order_id ORDER BY x.what, x.id`},
	{"allocated", Books, "an instalment is paid with no less than nothing and no more than it asks, a void one with nothing", `
		SELECT 'instalment ' || i.id AS object, 'asks ' || i.amount_cents || CASE WHEN i.void_at IS NULL THEN '' ELSE ' (void)' END || ', paid ' || a.total AS detail
		FROM instalment i JOIN (SELECT instalment_id, sum(amount_cents) AS total FROM allocation GROUP BY instalment_id) a ON a.instalment_id = i.id
		WHERE a.total < 0 OR a.total > i.amount_cents OR i.void_at IS NOT NULL AND a.total <> 0 ORDER BY i.id`},
	{"allocation_instalment", Books, "an allocation pays an instalment of its own booking", `
		SELECT 'allocation ' || a.id AS object, 'booking ' || a.booking_id || ', instalment of booking ' || i.booking_id AS detail
		FROM allocation a JOIN instalment i ON i.id = a.instalment_id WHERE i.booking_id <> a.booking_id ORDER BY a.id`},
	{"payment_left", Books, "no more of a payment goes back or is withdrawn than came in", `
		SELECT 'payment ' || p.id AS object, 'received ' || p.amount_cents || ', given back ' || coalesce(r.total, 0) || ', withdrawn ' || coalesce(w.total, 0) AS detail
		FROM payment p
		LEFT JOIN (SELECT payment_id, sum(amount_cents) AS total FROM refund WHERE id NOT IN (SELECT refund_id FROM refund_step WHERE state = 'failed') GROUP BY payment_id) r ON r.payment_id = p.id
		LEFT JOIN (SELECT payment_id, sum(amount_cents) AS total FROM payment_withdrawal GROUP BY payment_id) w ON w.payment_id = p.id
		WHERE coalesce(r.total, 0) + coalesce(w.total, 0) > p.amount_cents ORDER BY p.id`},
	{"credit", Books, "an order pays with no more than it has, and the books hold what it has left (400, by order)", `
		, has AS (` + credits + `),
		booked AS (
			SELECT e.order_id, -sum(p.amount_cents) AS credit FROM posting p JOIN entry e ON e.id = p.entry_id
			WHERE p.account = '400' AND p.booking_id IS NULL GROUP BY e.order_id)
		SELECT 'order ' || coalesce(h.order_id, b.order_id, 0) AS object, 'rows say ' || coalesce(h.credit, 0) || ', books say ' || coalesce(b.credit, 0) AS detail
		FROM has h FULL JOIN booked b ON b.order_id = h.order_id
		WHERE coalesce(h.credit, 0) <> coalesce(b.credit, 0) OR h.credit < 0 ORDER BY coalesce(h.order_id, b.order_id)`},
	{"customer", Books, "the books hold of a booking what its documents ask less what was paid (400, by booking)", `
		, asked AS (
			SELECT booking_id, sum(amount) AS open FROM (
				SELECT booking_id, amount_cents AS amount FROM invoice_line UNION ALL SELECT booking_id, -amount_cents FROM allocation) m GROUP BY booking_id),
		booked AS (SELECT booking_id, sum(amount_cents) AS open FROM posting WHERE account = '400' AND booking_id IS NOT NULL GROUP BY booking_id)
		SELECT 'booking ' || coalesce(a.booking_id, b.booking_id) AS object, 'documents less payments ' || coalesce(a.open, 0) || ', books say ' || coalesce(b.open, 0) AS detail
		FROM asked a FULL JOIN booked b ON b.booking_id = a.booking_id
		WHERE coalesce(a.open, 0) <> coalesce(b.open, 0) ORDER BY coalesce(a.booking_id, b.booking_id)`},
	{"counterpart", Books, "what a booking's documents ask stands on an account of advances, premiums or revenue", `
		, asked AS (SELECT booking_id, sum(amount_cents) AS total FROM invoice_line GROUP BY booking_id),
		booked AS (SELECT booking_id, -sum(amount_cents) AS total FROM posting WHERE account <> '400' AND booking_id IS NOT NULL GROUP BY booking_id)
		SELECT 'booking ' || coalesce(a.booking_id, b.booking_id) AS object, 'documents ' || coalesce(a.total, 0) || ', books say ' || coalesce(b.total, 0) AS detail
		FROM asked a FULL JOIN booked b ON b.booking_id = a.booking_id
		WHERE coalesce(a.total, 0) <> coalesce(b.total, 0) ORDER BY coalesce(a.booking_id, b.booking_id)`},
	{"advances", Books, "advances of a booking are never less than nothing, received ones never more than was paid (460, 461)", `
		, held AS (
			SELECT booking_id, -coalesce(sum(amount_cents) FILTER (WHERE account = '460'), 0) AS invoiced, -coalesce(sum(amount_cents) FILTER (WHERE account = '461'), 0) AS received
			FROM posting WHERE booking_id IS NOT NULL GROUP BY booking_id),
		paid AS (SELECT booking_id, sum(amount_cents) AS total FROM allocation GROUP BY booking_id)
		SELECT 'booking ' || h.booking_id AS object, 'invoiced ' || h.invoiced || ', received ' || h.received || ', paid ' || coalesce(p.total, 0) AS detail
		FROM held h LEFT JOIN paid p ON p.booking_id = h.booking_id
		WHERE h.invoiced < 0 OR h.received < 0 OR h.received > coalesce(p.total, 0) ORDER BY h.booking_id`},
	{"premium", Books, "what is held for the insurer is no more than the premiums charged (4891)", `
		, charged AS (SELECT booking_id, sum(amount_cents) AS total FROM charge WHERE kind = 'premium' GROUP BY booking_id)
		SELECT 'booking ' || p.booking_id AS object, 'held ' || -sum(p.amount_cents) || ', charged ' || coalesce(max(c.total), 0) AS detail
		FROM posting p LEFT JOIN charged c ON c.booking_id = p.booking_id
		WHERE p.account = '4891' AND p.booking_id IS NOT NULL
		GROUP BY p.booking_id HAVING -sum(p.amount_cents) > coalesce(max(c.total), 0) OR sum(p.amount_cents) > 0 ORDER BY p.booking_id`},
	{"payment_booked", Books, "every payment is booked once with its amount", `
		SELECT 'payment ' || p.id AS object, 'received ' || p.amount_cents || ', booked ' || coalesce(b.total, 0) AS detail
		FROM payment p LEFT JOIN (
			SELECT e.source_system, e.source_id, -sum(l.amount_cents) AS total FROM entry e JOIN posting l ON l.entry_id = e.id
			WHERE e.event = 'payment' AND l.account = '400' GROUP BY e.source_system, e.source_id) b ON b.source_system = p.source_system AND b.source_id = p.source_id
		WHERE coalesce(b.total, 0) <> p.amount_cents ORDER BY p.id`},
	{"refunds", Books, "what is on its way back stands on 5803", `
		, rows AS (
			SELECT coalesce(sum(CASE WHEN r.method = 'transfer' AND (d.refund_id IS NOT NULL OR f.refund_id IS NOT NULL) THEN 0 WHEN f.refund_id IS NOT NULL THEN 0 ELSE r.amount_cents END), 0)
				+ coalesce((SELECT sum(amount_cents) FROM stripe_movement WHERE against = '5803'), 0)
				+ coalesce((SELECT sum(amount_cents) FROM movement_match WHERE account = '5803'), 0) AS total
			FROM refund r LEFT JOIN refund_step d ON d.refund_id = r.id AND d.state = 'done' LEFT JOIN refund_step f ON f.refund_id = r.id AND f.state = 'failed'),
		books AS (SELECT -coalesce(sum(amount_cents), 0) AS total FROM posting WHERE account = '5803')
		SELECT 'account 5803' AS object, 'refunds say ' || rows.total || ', books say ' || books.total AS detail FROM rows, books WHERE rows.total <> books.total`},
}

// The months that were closed.
var periodRules = []Rule{
	{"period_balance", Books, "a closed month is as it was when it was closed", `
		SELECT 'month up to ' || b.until || ' account ' || b.account AS object, 'closed at ' || b.balance_cents || ', journal says ' || coalesce(s.total, 0) AS detail
		FROM period_balance b LEFT JOIN LATERAL (
			SELECT sum(p.amount_cents) AS total FROM posting p JOIN entry e ON e.id = p.entry_id WHERE p.account = b.account AND e.booked_on <= b.until) s ON true
		WHERE b.balance_cents <> coalesce(s.total, 0) ORDER BY b.until, b.account`},
	{"period_late", Books, "no entry was added to a month after it was closed", `
		SELECT 'entry ' || e.id AS object, 'booked on ' || e.booked_on || ' after that month was closed' AS detail
		FROM entry e JOIN period_close c ON e.booked_on <= c.until AND e.recorded_at > c.closed_at ORDER BY e.id`},
}
