package audit

// The bank's statements, what their movements were for, and the accounts that follow them.
var bankRules = []Rule{
	{"bank_file", Bank, "a bank file is byte for byte what came in", `
		SELECT 'bank file ' || id AS object, name || ' has other bytes than it came with' AS detail FROM bank_file WHERE sha256(content) <> sha256 ORDER BY id`},
	{"statement", Bank, "a statement's movements lead from its opening to its closing balance", `
		SELECT 'statement ' || s.id AS object, 'opening ' || s.opening_cents || ' + ' || coalesce(m.total, 0) || ', closing ' || s.closing_cents AS detail
		FROM bank_statement s LEFT JOIN (SELECT statement_id, sum(money_cents) AS total FROM bank_movement GROUP BY statement_id) m ON m.statement_id = s.id
		WHERE s.opening_cents + coalesce(m.total, 0) <> s.closing_cents ORDER BY s.id`},
	{"bank_account", Bank, "the books hold what moved at the bank (550)", `
		, moved AS (SELECT coalesce(sum(money_cents), 0) AS total FROM bank_movement),
		books AS (SELECT coalesce(sum(amount_cents), 0) AS total FROM posting WHERE account = '550')
		SELECT 'account 550' AS object, 'movements ' || moved.total || ', books say ' || books.total AS detail FROM moved, books WHERE moved.total <> books.total`},
	{"match_left", Bank, "of a movement no more is placed than it has, and in its direction", `
		SELECT 'movement ' || m.id AS object, 'has ' || m.money_cents || ', placed ' || x.total AS detail
		FROM bank_movement m JOIN (SELECT movement_id, sum(amount_cents) AS total FROM movement_match GROUP BY movement_id) x ON x.movement_id = m.id
		WHERE x.total * sign(m.money_cents) < 0 OR abs(x.total) > abs(m.money_cents) ORDER BY m.id`},
	{"match_undone", Bank, "undoing a match takes back exactly what it placed", `
		SELECT 'match ' || u.id AS object, u.amount_cents || ' undoes ' || m.amount_cents || ' of movement ' || m.movement_id AS detail
		FROM movement_match u JOIN movement_match m ON m.id = u.undoes_id
		WHERE u.amount_cents <> -m.amount_cents OR u.movement_id <> m.movement_id ORDER BY u.id`},
	{"suspense", Bank, "what is not placed of the bank's movements stands on suspense (499)", `
		, waiting AS (SELECT coalesce((SELECT sum(money_cents) FROM bank_movement), 0) - coalesce((SELECT sum(amount_cents) FROM movement_match WHERE account IS DISTINCT FROM '499'), 0) AS total),
		books AS (SELECT -coalesce(sum(p.amount_cents), 0) AS total FROM posting p JOIN entry e ON e.id = p.entry_id WHERE p.account = '499' AND e.source_system <> 'stripe')
		SELECT 'account 499' AS object, 'waiting ' || waiting.total || ', books say ' || books.total AS detail FROM waiting, books WHERE waiting.total <> books.total`},
	{"payment_matched", Bank, "a payment by transfer is money of movements that the bank showed", `
		SELECT 'payment ' || p.id AS object, 'received ' || p.amount_cents || ' less withdrawn ' || coalesce(w.total, 0) || ', matched ' || coalesce(m.total, 0) AS detail
		FROM payment p
		LEFT JOIN (SELECT payment_id, sum(amount_cents) AS total FROM payment_withdrawal GROUP BY payment_id) w ON w.payment_id = p.id
		LEFT JOIN (SELECT payment_id, sum(amount_cents) AS total FROM movement_match WHERE payment_id IS NOT NULL GROUP BY payment_id) m ON m.payment_id = p.id
		WHERE p.method = 'transfer' AND p.amount_cents - coalesce(w.total, 0) <> coalesce(m.total, 0) ORDER BY p.id`},
	{"match_order", Bank, "a match with an order is with a payment of that order", `
		SELECT 'match ' || m.id AS object, 'order ' || m.order_id || ', payment of order ' || p.order_id AS detail
		FROM movement_match m JOIN payment p ON p.id = m.payment_id WHERE p.order_id <> m.order_id ORDER BY m.id`},
	{"refund_at_bank", Bank, "a refund by transfer is done when the bank showed it leave", `
		SELECT 'refund ' || r.id AS object, 'is ' || s.state || ', the bank showed ' || coalesce(m.total, 0) AS detail
		FROM refund r JOIN refund_step s ON s.refund_id = r.id AND s.state = 'done'
		LEFT JOIN (SELECT refund_id, sum(amount_cents) FILTER (WHERE amount_cents < 0) AS total FROM movement_match WHERE refund_id IS NOT NULL GROUP BY refund_id) m ON m.refund_id = r.id
		WHERE r.method = 'transfer' AND coalesce(m.total, 0) <> -r.amount_cents ORDER BY r.id`},
	{"refund_batch", Bank, "a file of refunds pays what its refunds add up to, and each was sent with it", `
		SELECT 'batch ' || b.id AS object, 'total ' || b.total_cents || ' of ' || b.refunds || ', items ' || coalesce(i.total, 0) || ' of ' || coalesce(i.n, 0) || ', sent ' || coalesce(i.sent, 0) AS detail
		FROM refund_batch b LEFT JOIN (
			SELECT x.batch_id, sum(r.amount_cents) AS total, count(*) AS n, count(s.id) AS sent
			FROM refund_batch_item x JOIN refund r ON r.id = x.refund_id AND r.amount_cents = x.amount_cents LEFT JOIN refund_step s ON s.refund_id = r.id AND s.state = 'sent'
			GROUP BY x.batch_id) i ON i.batch_id = b.id
		WHERE b.total_cents <> coalesce(i.total, 0) OR b.refunds <> coalesce(i.n, 0) OR b.refunds <> coalesce(i.sent, 0) ORDER BY b.id`},
	{"payout_transit", Bank, "what Stripe sent and the bank has not shown yet stands on 5801", `
		, rows AS (
			SELECT -coalesce((SELECT sum(amount_cents) FROM stripe_movement WHERE against = '5801'), 0)
				- coalesce((SELECT sum(amount_cents) FROM movement_match WHERE account = '5801'), 0) AS total),
		books AS (SELECT coalesce(sum(amount_cents), 0) AS total FROM posting WHERE account = '5801')
		SELECT 'account 5801' AS object, 'rows say ' || rows.total || ', books say ' || books.total AS detail FROM rows, books WHERE rows.total <> books.total`},
}
