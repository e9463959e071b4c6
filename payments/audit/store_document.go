package audit

// Documents: their lines, numbers and index.
var documentRules = []Rule{
	{"invoice_total", Books, "a document's lines add up to its total", `
		SELECT 'invoice ' || i.id AS object, 'total ' || i.total_cents || ', lines ' || coalesce(l.total, 0) AS detail
		FROM invoice i LEFT JOIN (SELECT invoice_id, sum(amount_cents) AS total FROM invoice_line GROUP BY invoice_id) l ON l.invoice_id = i.id
		WHERE coalesce(l.total, 0) <> i.total_cents ORDER BY i.id`},
	{"invoice_booked", Books, "every document is booked once with its total", `
		, booked AS (
			SELECT e.source_id, sum(p.amount_cents) AS total FROM entry e JOIN posting p ON p.entry_id = e.id
			WHERE e.source_system = 'shop' AND e.event IN ('invoice', 'credit') AND p.account = '400' GROUP BY e.source_id)
		SELECT 'invoice ' || coalesce(i.id::text, b.source_id) AS object, 'total ' || coalesce(i.total_cents, 0) || ', booked ' || coalesce(b.total, 0) AS detail
		FROM invoice i FULL JOIN booked b ON b.source_id = i.id::text
		WHERE coalesce(i.total_cents, 0) <> coalesce(b.total, 0) ORDER BY 1`},
	{"invoice_line_instalment", Books, "the lines of an instalment stand on one document, are of its booking, and ask together what it asks", `
		SELECT 'instalment ' || t.id AS object, 'asks ' || t.amount_cents || ', lines ask ' || n.asked || ', on ' || n.documents || ' documents' AS detail
		FROM instalment t
		JOIN (SELECT instalment_id, sum(amount_cents) AS asked, count(DISTINCT invoice_id) AS documents, min(booking_id) AS low, max(booking_id) AS high
			FROM invoice_line WHERE instalment_id IS NOT NULL GROUP BY instalment_id) n ON n.instalment_id = t.id
		WHERE n.asked <> t.amount_cents OR n.documents > 1 OR n.low <> t.booking_id OR n.high <> t.booking_id ORDER BY t.id`},
	{"numbers_gapless", Books, "numbers of a series and year run from 1 without gaps to the last that was given", `
		SELECT 'series ' || coalesce(n.series, s.series) || ' ' || coalesce(n.year, s.year) AS object,
			coalesce(n.given, 0) || ' numbers up to ' || coalesce(n.highest, 0) || ', counter at ' || coalesce(s.last, 0) AS detail
		FROM (SELECT series, year, count(*) AS given, max(number) AS highest FROM invoice_number GROUP BY series, year) n
		FULL JOIN invoice_series s ON s.series = n.series AND s.year = n.year
		WHERE coalesce(n.given, 0) <> coalesce(n.highest, 0) OR coalesce(n.highest, 0) <> coalesce(s.last, 0) ORDER BY 1`},
	{"numbers_in_order", Books, "a document waits for a number or has one", `
		SELECT 'invoice ' || i.id AS object, CASE WHEN n.invoice_id IS NULL THEN 'has no number and waits for none' ELSE 'has a number and waits for another' END AS detail
		FROM invoice i LEFT JOIN invoice_number n ON n.invoice_id = i.id LEFT JOIN invoice_waiting w ON w.invoice_id = i.id
		WHERE (n.invoice_id IS NULL) <> (w.invoice_id IS NOT NULL) ORDER BY i.id`},
	{"invoice_open", Books, "the index of what is open says what the rows add up to", `
		, state AS (
			SELECT p.invoice_id, t.due_on, sum(t.amount_cents - coalesce(a.total, 0)) AS open
			FROM (SELECT DISTINCT l.invoice_id, l.instalment_id FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id AND i.kind <> 'credit' WHERE l.instalment_id IS NOT NULL) p
			JOIN instalment t ON t.id = p.instalment_id AND t.void_at IS NULL
			LEFT JOIN (SELECT instalment_id, sum(amount_cents) AS total FROM allocation GROUP BY instalment_id) a ON a.instalment_id = t.id
			GROUP BY p.invoice_id, t.due_on HAVING sum(t.amount_cents - coalesce(a.total, 0)) > 0)
		SELECT 'invoice ' || coalesce(s.invoice_id, o.invoice_id) || ' due ' || coalesce(s.due_on, o.due_on) AS object,
			'rows say ' || coalesce(s.open, 0) || ', index says ' || coalesce(o.open_cents, 0) AS detail
		FROM state s FULL JOIN invoice_open o ON o.invoice_id = s.invoice_id AND o.due_on = s.due_on
		WHERE coalesce(s.open, 0) <> coalesce(o.open_cents, 0) ORDER BY coalesce(s.invoice_id, o.invoice_id), 1`},
}
