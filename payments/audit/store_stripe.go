package audit

// What Stripe says of its balance, its payments and its payouts.
var stripeRules = []Rule{
	{"stripe_balance", Stripe, "the books hold what Stripe's movements add up to (5802)", `
		, moved AS (
			SELECT coalesce((SELECT sum(net_cents) FROM stripe_movement WHERE currency = 'eur'), 0)
				+ coalesce((SELECT sum(a.amount_cents - coalesce(a.fee_cents, 0)) FROM payment_attempt a WHERE a.status = 'paid'
					AND NOT EXISTS (SELECT 1 FROM stripe_movement m WHERE m.source_id = a.charge_id AND m.category = 'charge')), 0) AS total),
		books AS (SELECT coalesce(sum(amount_cents), 0) AS total FROM posting WHERE account = '5802')
		SELECT 'account 5802' AS object, 'movements ' || moved.total || ', books say ' || books.total AS detail FROM moved, books WHERE moved.total <> books.total`},
	{"attempt_paid", Stripe, "a payment at Stripe is a payment of ours, and the other way round", `
		SELECT 'attempt ' || coalesce(a.id::text, 'none') || ' payment ' || coalesce(p.id::text, 'none') AS object,
			'attempt ' || coalesce(a.status || ' ' || a.amount_cents, '-') || ', payment ' || coalesce(p.amount_cents::text, '-') AS detail
		FROM (SELECT t.id, t.status, s.amount_cents, t.payment_intent || CASE WHEN s.order_id = t.order_id THEN '' ELSE '#' || s.order_id END AS source
			FROM payment_attempt t JOIN attempt_share s ON s.attempt_id = t.id WHERE t.status = 'paid') a
		FULL JOIN (SELECT id, amount_cents, source_id FROM payment WHERE source_system = 'stripe') p ON p.source_id = a.source
		WHERE (a.id IS NULL OR p.id IS NULL OR a.amount_cents <> p.amount_cents)
			AND NOT EXISTS (SELECT 1 FROM stripe_finding f WHERE f.settled_at IS NOT NULL AND f.code IN ('amount', 'foreign_charge')
				AND (f.attempt_id = a.id OR a.id IS NULL)) ORDER BY 1`},
	{"attempt_instalments", Stripe, "an attempt that has ended holds no instalment", `
		SELECT 'attempt ' || a.id AS object, a.status || ' and still holds instalment ' || i.instalment_id AS detail
		FROM payment_attempt a JOIN payment_attempt_instalment i ON i.attempt_id = a.id AND i.released_at IS NULL
		WHERE a.status IN ('expired', 'failed', 'paid') ORDER BY a.id, i.instalment_id`},
	{"payout", Stripe, "a payout is what its movements add up to, or there is a finding about it", `
		SELECT 'payout ' || p.id AS object, 'amount ' || p.amount_cents || ', its parts ' || coalesce(m.total, 0) AS detail
		FROM stripe_payout p
		LEFT JOIN (SELECT x.payout_id, sum(s.net_cents) AS total FROM stripe_payout_movement x JOIN stripe_movement s ON s.id = x.movement_id GROUP BY x.payout_id) m ON m.payout_id = p.id
		WHERE p.automatic AND p.reconciled AND coalesce(m.total, 0) <> p.amount_cents
			AND NOT EXISTS (SELECT 1 FROM stripe_finding f WHERE f.code = 'payout_difference' AND f.object_id = p.id) ORDER BY p.id`},
	{"movement_booked", Stripe, "a movement at Stripe that is no payment of ours is booked", `
		SELECT 'movement ' || m.id AS object, m.category || ' of ' || m.amount_cents || ' is not in the books' AS detail
		FROM stripe_movement m
		WHERE m.currency = 'eur' AND m.against <> '400' AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.source_system = 'stripe' AND e.source_id = m.id) ORDER BY m.id`},
}
