package seed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/payments/bank"
	"joetz/terms"
	"joetz/terms/id"
)

func noOrders(ctx context.Context, q sqlx.QueryerContext) (empty bool, err error) {
	if err = sqlx.GetContext(ctx, q, &empty, `SELECT NOT EXISTS (SELECT 1 FROM booking_order)`); err != nil {
		return false, fmt.Errorf("seed: look for orders: %w", err)
	}
	return empty, nil
}

// analyze lets the statements that follow be planned for what is there now.
func analyze(ctx context.Context, q sqlx.ExecerContext) error {
	if _, err := q.ExecContext(ctx, `ANALYZE`); err != nil {
		return fmt.Errorf("seed: analyze: %w", err)
	}
	return nil
}

// yearRows are the statements that write a year, as the services would have written it one booking at a time. year_row has
// the bookings and the ids that their rows get.
var yearRows = []string{
	`INSERT INTO guardian (id, email, first_name, last_name, phone, street, postal_code, city, created_at) OVERRIDING SYSTEM VALUE
		SELECT guardian_id, 'gezin' || num || '@jaar.example', 'Ouder', name, '0470 00 00 00', 'Kerkstraat ' || n, '3000', 'Leuven', placed FROM year_row ORDER BY n`,
	`INSERT INTO participant (id, first_name, last_name, born_on, created_at) OVERRIDING SYSTEM VALUE
		SELECT participant_id, child, name, born, placed FROM year_row ORDER BY n`,
	`INSERT INTO guardianship (guardian_id, participant_id) SELECT guardian_id, participant_id FROM year_row ORDER BY n`,
	`INSERT INTO booking_order (id, reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code,
			payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at) OVERRIDING SYSTEM VALUE
		SELECT order_id, 'V' || num, ogm, guardian_id, placed, 'Ouder ' || name, 'gezin' || num || '@jaar.example', 'Kerkstraat ' || n, '3000',
			'Leuven', 'BE', 1, 'transfer', policy, placed FROM year_row ORDER BY n`,
	`INSERT INTO booking (id, order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id, policy_hash,
			trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at) OVERRIDING SYSTEM VALUE
		SELECT r.booking_id, r.order_id, r.participant_id, r.departure_id, 'placed', r.category, CASE r.category WHEN 'base' THEN 'not_needed' ELSE 'accepted' END,
			'yes', r.premium > 0, p.id, r.policy, 'domestic', 'none', r.booked_on, r.leaves, 33500, r.price, r.premium, r.deposit, r.placed
		FROM year_row r JOIN price_list p ON p.departure_id = r.departure_id ORDER BY r.n`,
	`UPDATE place SET booking_id = b.booking_id
		FROM (SELECT booking_id, departure_id, row_number() OVER (PARTITION BY departure_id ORDER BY n) AS number FROM year_row) b
		WHERE place.departure_id = b.departure_id AND place.number = b.number`,
	`INSERT INTO booking_event (order_id, booking_id, kind, actor, at) SELECT order_id, booking_id, 'placed', 'guardian:' || guardian_id, placed FROM year_row ORDER BY n`,
	`INSERT INTO charge (order_id, booking_id, kind, amount_cents, at)
		SELECT order_id, booking_id, l.kind, l.amount, placed FROM year_row, LATERAL (VALUES ('price', price), ('premium', premium)) AS l (kind, amount)
		WHERE l.amount > 0 ORDER BY n, l.kind DESC`,
	`CREATE TEMP TABLE year_document ON COMMIT DROP AS
		SELECT d.order_id, d.booking_id, d.placed, d.name, d.child, d.kind, d.issued, d.due, d.amount, d.premium, nextval(pg_get_serial_sequence('instalment', 'id')) AS instalment_id, nextval(pg_get_serial_sequence('invoice', 'id')) AS invoice_id,
			nextval(pg_get_serial_sequence('entry', 'id')) AS entry_id
		FROM (SELECT r.order_id, r.booking_id, r.placed, r.name, r.child, l.kind, l.issued, l.due, l.amount, l.premium
			FROM year_row r, LATERAL (VALUES ('deposit', booked_on, deposit_due, deposit, 0::bigint), ('balance', asked, balance_due, price + premium - deposit, premium))
				AS l (kind, issued, due, amount, premium) WHERE l.amount > 0 ORDER BY l.issued, r.n) d`,
	`ANALYZE year_document`,
	`INSERT INTO instalment (id, order_id, booking_id, kind, due_on, amount_cents, created_at) OVERRIDING SYSTEM VALUE
		SELECT instalment_id, order_id, booking_id, kind, due, amount, placed FROM year_document ORDER BY instalment_id`,
	`INSERT INTO invoice (id, order_id, kind, issued_on, due_on, total_cents, payer_name, payer_street, payer_postal_code, payer_city, payer_country, lang, created_at)
			OVERRIDING SYSTEM VALUE
		SELECT invoice_id, order_id, kind, issued, due, amount, 'Ouder ' || name, 'Kerkstraat 1', '3000', 'Leuven', 'BE', 'nl', issued FROM year_document ORDER BY invoice_id`,
	`INSERT INTO invoice_waiting (invoice_id) SELECT invoice_id FROM year_document`,
	`INSERT INTO invoice_line (invoice_id, position, booking_id, instalment_id, kind, description, amount_cents)
		SELECT invoice_id, 1, booking_id, instalment_id, kind, child || ', zomerkamp', amount FROM year_document ORDER BY invoice_id`,
	`INSERT INTO entry (id, event, source_system, source_id, booked_on, order_id, recorded_at) OVERRIDING SYSTEM VALUE
		SELECT entry_id, 'invoice', 'shop', invoice_id::text, issued, order_id, issued FROM year_document ORDER BY entry_id`,
	`INSERT INTO posting (entry_id, line, account, amount_cents, booking_id)
		SELECT entry_id, l.line, l.account, l.amount, booking_id
		FROM year_document, LATERAL (VALUES (1, '400', amount), (2, '460', premium - amount), (3, '4891', -premium)) AS l (line, account, amount)
		WHERE l.amount <> 0 ORDER BY entry_id, l.line`,
	`ANALYZE`, // the triggers at the commit look up each row: without it they would read whole tables, once per row
}

// searchTriggers turns the triggers that keep the search index row by row off or on.
func searchTriggers(how string) (queries []string) {
	for _, table := range []string{"guardian", "guardianship", "participant", "booking_order", "booking"} {
		queries = append(queries, "ALTER TABLE "+table+" "+how+" TRIGGER "+table+"_search")
	}
	return queries
}

// insertYear writes bookings with their families, places, prices, schedules, documents and entries, and notes their ids.
func insertYear(ctx context.Context, tx *sqlx.Tx, t terms.Terms, rows []yearBooking) error {
	if len(rows) == 0 {
		return nil
	}
	do := func(query string, args ...any) error {
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("seed: %.60s: %w", query, err)
		}
		return nil
	}
	if err := do(`SET LOCAL statement_timeout = 0`); err != nil { // tens of thousands of rows in one statement take their time
		return err
	}
	if err := numberOrders(ctx, tx, rows); err != nil {
		return err
	}
	if err := do(`INSERT INTO policy (hash, version, document, first_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		t.Hash(), t.Version(), string(t.Document()), rows[0].placed); err != nil {
		return err
	}
	n := len(rows)
	var (
		placed                                              = make([]time.Time, n)
		ogms, names, children, categories                   = make([]string, n), make([]string, n), make([]string, n), make([]string, n)
		booked, born, leaves, depositDue, balanceDue, asked = make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
		nums, departures, prices, premiums                  = make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	)
	for i, b := range rows {
		placed[i], ogms[i], names[i], children[i], categories[i] = b.placed, b.ogm.Digits(), b.name, b.child, string(b.category)
		booked[i], born[i], leaves[i] = b.placed.Format(time.DateOnly), b.born.String(), b.leaves.String()
		depositDue[i], balanceDue[i], asked[i] = b.depositDue.String(), b.balanceDue.String(), b.asked.String()
		nums[i], departures[i], prices[i], premiums[i] = b.num, int64(b.departure), int64(b.price), int64(b.premium)
	}
	if err := do(`
		CREATE TEMP TABLE year_row ON COMMIT DROP AS
		SELECT u.placed, u.ogm, u.name, u.child, u.category, u.booked_on, u.born, u.leaves, u.deposit_due, u.balance_due, u.asked, u.num, u.departure_id,
			u.price, u.premium, u.n, $15::bigint AS deposit, $16::text AS policy, nextval(pg_get_serial_sequence('guardian', 'id')) AS guardian_id,
			nextval(pg_get_serial_sequence('participant', 'id')) AS participant_id, nextval(pg_get_serial_sequence('booking_order', 'id')) AS order_id,
			nextval(pg_get_serial_sequence('booking', 'id')) AS booking_id
		FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::date[], $9::date[], $10::date[], $11::date[],
			$12::bigint[], $13::bigint[], $14::bigint[], $17::bigint[]) WITH ORDINALITY
			AS u (placed, ogm, name, child, category, booked_on, born, leaves, deposit_due, balance_due, asked, num, departure_id, price, premium, n) ORDER BY u.n`,
		pq.Array(placed), pq.Array(ogms), pq.Array(names), pq.Array(children), pq.Array(categories), pq.Array(booked), pq.Array(born), pq.Array(leaves),
		pq.Array(depositDue), pq.Array(balanceDue), pq.Array(asked), pq.Array(nums), pq.Array(departures), pq.Array(prices), int64(yearDeposit), t.Hash(),
		pq.Array(premiums)); err != nil {
		return err
	}
	if err := do(`ANALYZE year_row`); err != nil {
		return err
	}
	for _, query := range slices.Concat(searchTriggers("DISABLE"), yearRows, searchTriggers("ENABLE")) {
		if err := do(query); err != nil {
			return err
		}
	}
	// Once per family, where the triggers would do it for each of its rows.
	if err := do(`SELECT search_refresh(guardian_id) FROM year_row`); err != nil {
		return err
	}
	var made []struct {
		Order   id.Order   `db:"order_id"`
		Booking id.Booking `db:"booking_id"`
	}
	if err := tx.SelectContext(ctx, &made, `SELECT order_id, booking_id FROM year_row ORDER BY n`); err != nil {
		return fmt.Errorf("seed: ids of the year: %w", err)
	}
	for i, m := range made {
		rows[i].order, rows[i].booking = m.Order, m.Booking
	}
	return nil
}

// numberOrders gives each order its number and structured communication.
func numberOrders(ctx context.Context, tx *sqlx.Tx, rows []yearBooking) error {
	var nums []int64
	if err := tx.SelectContext(ctx, &nums, `SELECT nextval('booking_order_number') FROM generate_series(1, $1)`, len(rows)); err != nil {
		return fmt.Errorf("seed: numbers of orders: %w", err)
	}
	for i, num := range nums {
		ogm, err := bank.NewOGM(uint64(num))
		if err != nil {
			return err
		}
		rows[i].num, rows[i].ogm = num, ogm
	}
	return nil
}
