package audit

// credits is what each order has that pays for nothing, from the rows.
const credits = `
			SELECT order_id, sum(amount) AS credit FROM (
				SELECT order_id, amount_cents AS amount FROM payment
				UNION ALL SELECT order_id, -amount_cents FROM payment_withdrawal
				UNION ALL SELECT order_id, -amount_cents FROM refund WHERE id NOT IN (SELECT refund_id FROM refund_step WHERE state = 'failed')
				UNION ALL SELECT order_id, amount_cents FROM small_difference
				UNION ALL SELECT order_id, -amount_cents FROM allocation) m GROUP BY order_id`

// Small differences, and the index of what orders were paid too much.
var differenceRules = []Rule{
	{"difference_booked", Books, "a small difference is booked once, and taken back as a whole or not", `
		SELECT 'difference ' || d.id AS object, d.amount_cents || ' of order ' || d.order_id || ', booked ' || coalesce(b.total, 0)
			|| coalesce(', takes back ' || u.amount_cents || ' of order ' || u.order_id, '') AS detail
		FROM small_difference d LEFT JOIN small_difference u ON u.id = d.undoes_id
		LEFT JOIN (SELECT e.source_id, sum(p.amount_cents) AS total FROM entry e JOIN posting p ON p.entry_id = e.id
			WHERE e.event = 'difference' AND e.source_system = 'shop' AND p.account IN ('658', '757') GROUP BY e.source_id) b ON b.source_id = d.id::text
		WHERE coalesce(b.total, 0) <> d.amount_cents
			OR u.amount_cents <> -d.amount_cents OR u.order_id <> d.order_id OR d.undoes_id IS NOT NULL AND u.instalment_id IS DISTINCT FROM d.instalment_id
		ORDER BY d.id`},
	{"difference_paid", Books, "what was let go of an instalment is part of what it was paid with", `
		SELECT 'instalment ' || d.instalment_id AS object, 'let go ' || d.total || ', paid ' || coalesce(a.total, 0) AS detail
		FROM (SELECT instalment_id, sum(amount_cents) AS total FROM small_difference WHERE instalment_id IS NOT NULL GROUP BY instalment_id) d
		LEFT JOIN (SELECT instalment_id, sum(amount_cents) AS total FROM allocation GROUP BY instalment_id) a ON a.instalment_id = d.instalment_id
		WHERE d.total < 0 OR d.total > coalesce(a.total, 0) ORDER BY d.instalment_id`},
	{"order_credit", Books, "the index of what orders were paid too much says what the rows add up to", `
		, has AS (` + credits + ` HAVING sum(amount) > 0)
		SELECT 'order ' || coalesce(h.order_id, c.order_id) AS object, 'rows say ' || coalesce(h.credit, 0) || ', index says ' || coalesce(c.credit_cents, 0) AS detail
		FROM has h FULL JOIN order_credit c ON c.order_id = h.order_id
		WHERE coalesce(h.credit, 0) <> coalesce(c.credit_cents, 0) ORDER BY coalesce(h.order_id, c.order_id)`},
}
