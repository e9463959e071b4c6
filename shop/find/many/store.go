// Package many makes a shop with very many families, for measurements and tests of what must stay fast.
//
// Owns: nothing. May import: nothing of ours.
// Always true: the rows are those that the shop would have written, made in SQL because writing them one by one takes hours.
package many

import "fmt"

// Names of which families are made; the search meets each of them a hundred times and more.
const (
	firstNames = `{Emma,Louise,Özgür,Noor,Lucas,Arthur,Mohamed,Fatima,Zoë,Loïc,Anaïs,Jules,Ella,Liam,Noah,Victor,Mila,Alice,Adam,Finn}`
	lastNames  = `{Peeters,Janssens,Maes,Jacobs,Mertens,Willems,Claes,Goossens,Wouters,"De Smet","Van den Bölke",Yıldız,"El Amrani",Lambrecht,Vermeulen,Martens,Desmet,Hermans,Segers,Aerts,Coppens,Michiels,Thijs,Cools,Bogaerts}`
	streets    = `{Kerkstraat,Stationsstraat,Molenweg,Schoolstraat,Dorpsplein,Beukenlaan,Nieuwstraat,Veldweg}`
	towns      = `{Leuven,Gent,Antwerpen,Hasselt,Brugge,Mechelen,Aalst,Kortrijk,Genk,Oostende}`
)

// Statements fill a migrated, empty database with that many bookings of half as many families, with fifty on each departure.
// Most is paid. They run one after the other on one connection: the first ones set it.
func Statements(bookings int) []string {
	families, holidays := bookings/2, max(5, bookings/200)
	return []string{
		`SET session_replication_role = replica`, `SET statement_timeout = 0`,
		`INSERT INTO season (year) VALUES (2027)`,
		`INSERT INTO policy (hash, version, document, first_at) VALUES ('many', 'many', '', now())`,
		fmt.Sprintf(`INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
			SELECT s.id, 'M' || lpad(n::text, 3, '0'), 'many-' || n, 'Vakantie ' || n, 'x', 'domestic', 'none', 'BE', 'Ardennen', 'x', 'x', 2010, 2020 FROM season s, generate_series(1, %d) n`, holidays),
		`INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, date '2027-07-01' + w * 7, date '2027-07-06' + w * 7, now() FROM holiday, generate_series(0, 3) w`,
		`INSERT INTO price_list (departure_id, version, base_cents, valid_from) SELECT id, 1, 33500, now() FROM departure`,
		`INSERT INTO boarding_place (departure_id, name, position) SELECT id, 'Gent', 1 FROM departure`,
		fmt.Sprintf(`INSERT INTO guardian (email, first_name, last_name, phone, street, postal_code, city, created_at)
			SELECT 'ouder' || n || '@example.be', ('%[2]s'::text[])[1 + n %% 20], ('%[3]s'::text[])[1 + (n / 7) %% 25], '04' || lpad((70000000 + n)::text, 8, '0'),
				('%[4]s'::text[])[1 + n %% 8] || ' ' || 1 + n %% 300, (1000 + n %% 9000)::text, ('%[5]s'::text[])[1 + n %% 10], now()
			FROM generate_series(1, %[1]d) n`, families, firstNames, lastNames, streets, towns),
		fmt.Sprintf(`INSERT INTO participant (first_name, last_name, born_on, created_at)
			SELECT ('%[2]s'::text[])[1 + (n / 3) %% 20], ('%[3]s'::text[])[1 + (((n + 1) / 2) / 7) %% 25], date '2012-01-01' + n %% 2900, now() FROM generate_series(1, %[1]d) n`, bookings, firstNames, lastNames),
		`INSERT INTO guardianship (guardian_id, participant_id) SELECT (id + 1) / 2, id FROM participant`,
		`INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code, payer_city, payer_country, payer_phone, instalments, payment_method, policy_hash, terms_accepted_at)
			SELECT 'V' || 1000000 + id, lpad((1000000 + id)::text, 10, '0') || '97', id, timestamptz '2027-01-01' + id * interval '1 minute', first_name || ' ' || last_name, email, street, postal_code, city, 'BE', phone, 1, 'transfer', 'many', now() FROM guardian`,
		`INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, boarding_place_id, photo_consent, insured, price_list_id, policy_hash, trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at, cancelled_at, cancelled_by)
			SELECT (p.id + 1) / 2, p.id, d.id, CASE WHEN p.id % 20 = 0 THEN 'cancelled' WHEN p.id % 997 = 0 THEN 'in_review' ELSE 'placed' END, CASE p.id % 5 WHEN 0 THEN 'vt' WHEN 1 THEN 'solidaris' ELSE 'base' END,
				CASE p.id % 5 WHEN 0 THEN 'awaited' WHEN 1 THEN 'accepted' ELSE 'not_needed' END, bp.id, 'yes', false, l.id, 'many', 'domestic', 'none', date '2027-01-01', d.starts_on, 33500, 33500, 0, 5000, now(),
				CASE WHEN p.id % 20 = 0 THEN now() END, CASE WHEN p.id % 20 = 0 THEN 'customer' END
			FROM participant p JOIN departure d ON d.id = (SELECT min(id) FROM departure) + (p.id / 2) % (SELECT count(*) FROM departure) JOIN price_list l ON l.departure_id = d.id JOIN boarding_place bp ON bp.departure_id = d.id`,
		`INSERT INTO place (departure_id, number, booking_id) SELECT departure_id, row_number() OVER (PARTITION BY departure_id ORDER BY id), CASE WHEN status <> 'cancelled' THEN id END FROM booking`,
		`INSERT INTO charge (order_id, booking_id, kind, amount_cents, at) SELECT order_id, id, 'price', price_cents, now() FROM booking WHERE status = 'placed'`,
		`INSERT INTO instalment (order_id, booking_id, kind, due_on, amount_cents, created_at) SELECT order_id, id, 'full', date '2027-05-01', price_cents, now() FROM booking WHERE status = 'placed'`,
		`INSERT INTO allocation (order_id, instalment_id, booking_id, amount_cents, at) SELECT order_id, id, booking_id, amount_cents, now() FROM instalment WHERE booking_id % 10 <> 3`,
		`INSERT INTO invoice (order_id, kind, issued_on, due_on, total_cents, payer_name, payer_street, payer_postal_code, payer_city, payer_country, lang, created_at)
			SELECT id, 'full', date '2027-01-02', date '2027-05-01', 67000, payer_name, payer_street, payer_postal_code, payer_city, 'BE', 'nl', now() FROM booking_order`,
		`INSERT INTO invoice_number (invoice_id, series, year, number, given_at, paid_cents) SELECT id, 'V', 2027, id, now(), 0 FROM invoice`,
		`INSERT INTO invoice_series (series, year, last) SELECT 'V', 2027, max(number) FROM invoice_number`,
		`SELECT setval('booking_order_number', (SELECT 1000000 + max(id) FROM booking_order))`, // new orders come after these
		`INSERT INTO invoice_open (invoice_id, due_on, open_cents) SELECT i.id, date '2027-05-01', 33500 FROM invoice i JOIN booking b ON b.order_id = i.order_id WHERE b.id % 100 = 3`,
		`ANALYZE`,
		`INSERT INTO search_entry (guardian_id) SELECT id FROM guardian`,
		`SELECT count(search_refresh(ids)) FROM (SELECT array_agg(id) AS ids FROM guardian GROUP BY id / 1000) many`,
		`SET session_replication_role = DEFAULT`, `RESET statement_timeout`,
		`VACUUM ANALYZE`,
	}
}
