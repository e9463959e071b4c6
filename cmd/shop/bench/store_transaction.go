package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// addBaskets adds n baskets of one child each that only have to be confirmed, on the departures in turn, and returns their
// parents. The token of the first is basketToken(1).
func addBaskets(ctx context.Context, db *sqlx.DB, now time.Time, departures []int64, n int) (parents []int64, err error) {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO guardian (email, first_name, last_name, phone, street, postal_code, city, created_at)
			SELECT 'basket' || n || '@bench.example', 'An', 'Basket' || n, '0470123456', 'Kerkstraat ' || n, '3000', 'Leuven', $1
			FROM generate_series(1, $2::int) n`, []any{now, n}},
		{`INSERT INTO participant (first_name, last_name, born_on, created_at)
			SELECT 'Kind', 'Basket' || n, date '2016-05-05', $1 FROM generate_series(1, $2::int) n`, []any{now, n}},
		{`INSERT INTO guardianship (guardian_id, participant_id)
			SELECT g.id, p.id FROM guardian g JOIN participant p ON p.last_name = g.last_name WHERE g.email LIKE 'basket%@bench.example'`, nil},
		{`INSERT INTO checkout (token_hash, guardian_id, held_until, created_at)
			SELECT sha256(('bench-basket-' || substr(last_name, 7))::bytea), id, $1::timestamptz + interval '1 hour', $1
			FROM guardian WHERE email LIKE 'basket%@bench.example'`, []any{now}},
		{`INSERT INTO checkout_child (checkout_id, position, departure_id, participant_id, category, boarding_place_id, insured, care, photo_consent)
			SELECT c.id, 1, b.departure_id, gs.participant_id, 'base', b.id, false, false, 'yes'
			FROM guardian g JOIN checkout c ON c.guardian_id = g.id JOIN guardianship gs ON gs.guardian_id = g.id
			JOIN boarding_place b ON b.departure_id = ($1::bigint[])[1 + substr(g.last_name, 7)::int % cardinality($1::bigint[])]
			WHERE g.email LIKE 'basket%@bench.example'`, []any{pq.Array(departures)}},
		{`UPDATE place SET checkout_id = w.checkout_id, held_until = $1::timestamptz + interval '1 hour'
			FROM (SELECT checkout_id, departure_id, row_number() OVER (PARTITION BY departure_id ORDER BY checkout_id) AS number
				FROM checkout_child WHERE departure_id = ANY ($2)) w
			WHERE place.departure_id = w.departure_id AND place.number = w.number`, []any{now, pq.Array(departures)}},
	} {
		if _, err := db.ExecContext(ctx, step.query, step.args...); err != nil {
			return nil, fmt.Errorf("bench: baskets: %w", err)
		}
	}
	err = sqlx.SelectContext(ctx, db, &parents, `SELECT id FROM guardian WHERE email LIKE 'basket%@bench.example' ORDER BY substr(last_name, 7)::int`)
	if err != nil {
		return nil, fmt.Errorf("bench: parents of baskets: %w", err)
	}
	return parents, nil
}

// prepareScript lets the script begin after that many baskets.
func prepareScript(ctx context.Context, db *sqlx.DB, after int) error {
	if _, err := db.ExecContext(ctx, fmt.Sprintf(`CREATE SEQUENCE bench_turn START %d`, after+1)); err != nil {
		return fmt.Errorf("bench: script: %w", err)
	}
	return nil
}

// script is what the booking transaction writes for one insured child who needs no care, and nothing that it checks.
const script = `
BEGIN;
SELECT nextval('bench_turn') AS turn \gset
SELECT c.id AS checkout, c.guardian_id AS guardian, k.participant_id AS child, k.departure_id AS departure, k.boarding_place_id AS boarding, l.id AS prices
	FROM checkout c JOIN checkout_child k ON k.checkout_id = c.id JOIN price_list l ON l.departure_id = k.departure_id
	WHERE c.token_hash = sha256(('bench-basket-' || :turn)::bytea) FOR UPDATE OF c \gset
INSERT INTO booking_order (reference, structured_comm, checkout_id, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code,
		payer_city, payer_country, payer_phone, instalments, payment_method, policy_hash, terms_accepted_at, lang)
	SELECT 'B' || :turn, lpad((:turn)::text, 12, '9'), :checkout, :guardian, now(), 'An Bench', 'an@bench.example', 'Kerkstraat 1', '3000',
		'Leuven', 'BE', '0470123456', 1, 'transfer', hash, now(), 'nl' FROM policy LIMIT 1 RETURNING id AS placed \gset
INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, boarding_place_id, photo_consent, insured, price_list_id,
		policy_hash, trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
	SELECT :placed, :child, :departure, 'placed', 'base', 'not_needed', :boarding, 'yes', false, :prices, hash, 'domestic', 'none', current_date,
		current_date + 200, 33500, 33500, 0, 5000, now() FROM policy LIMIT 1 RETURNING id AS booking \gset
UPDATE place SET booking_id = :booking, checkout_id = NULL, held_until = NULL WHERE checkout_id = :checkout;
INSERT INTO charge (order_id, booking_id, kind, amount_cents, at) VALUES (:placed, :booking, 'price', 33500, now());
WITH added AS (INSERT INTO instalment (order_id, booking_id, kind, due_on, amount_cents, created_at)
	VALUES (:placed, :booking, 'deposit', current_date + 14, 5000, now()), (:placed, :booking, 'balance', current_date + 150, 28500, now()) RETURNING id)
	SELECT min(id) AS instalment FROM added \gset
INSERT INTO invoice (order_id, kind, issued_on, due_on, total_cents, payer_name, payer_street, payer_postal_code, payer_city, payer_country, lang, created_at)
	VALUES (:placed, 'deposit', current_date, current_date + 14, 5000, 'An Bench', 'Kerkstraat 1', '3000', 'Leuven', 'BE', 'nl', now()) RETURNING id AS invoice \gset
INSERT INTO invoice_waiting (invoice_id) VALUES (:invoice);
INSERT INTO invoice_line (invoice_id, position, booking_id, instalment_id, kind, description, amount_cents)
	VALUES (:invoice, 1, :booking, :instalment, 'deposit', 'Kind Bench - Vakantie', 5000);
INSERT INTO entry (event, source_system, source_id, booked_on, order_id, recorded_at)
	VALUES ('invoice', 'shop', (:invoice)::text, current_date, :placed, now()) RETURNING id AS entry \gset
INSERT INTO posting (entry_id, line, account, amount_cents, booking_id) VALUES (:entry, 1, '400', 5000, :booking), (:entry, 2, '460', -5000, :booking);
UPDATE checkout SET status = 'placed', instalments = 1, payment_method = 'transfer' WHERE id = :checkout;
INSERT INTO booking_event (order_id, kind, actor, at) VALUES (:placed, 'placed', 'system', now());
INSERT INTO job (kind, args, max_attempts) VALUES ('bench.placed', '{}', 12);
INSERT INTO job (kind, args, max_attempts) VALUES ('bench.number', '{}', 12);
COMMIT;
`
