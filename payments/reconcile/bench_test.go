package reconcile_test

import (
	"fmt"
	"testing"

	"github.com/lib/pq"

	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/reconcile"
)

// season fills the database with n orders of one child that owe 75.00, invoiced and booked, and returns their OGMs.
func (s *shop) season(n int) (ogms []string) {
	s.t.Helper()
	s.order("Een Gezin", "Kind", 7500) // its holiday, price list and rows are what the others copy
	numbers, comms := make([]int64, n), make([]string, n)
	for i := range n {
		ogm, err := bank.NewOGM(uint64(2_000_000 + i))
		must(s.t, err)
		numbers[i], comms[i] = int64(2_000_000+i), ogm.Digits()
	}
	_, err := s.db.Exec(`CREATE TEMP TABLE n AS SELECT u.num, u.ogm FROM unnest($1::bigint[], $2::text[]) AS u (num, ogm)`, pq.Array(numbers), pq.Array(comms))
	must(s.t, err)
	for _, q := range []string{
		`INSERT INTO guardian (email, created_at) SELECT 'g' || num || '@example.be', now() FROM n`,
		`INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code,
			payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
			SELECT 'V' || num, ogm, g.id, now(), 'Ouder ' || num, 'p@example.be', 'Kerkstraat 1', '3000', 'Leuven', 'BE', 1, 'transfer', 'test', now()
			FROM n JOIN guardian g ON g.email = 'g' || num || '@example.be'`,
		`INSERT INTO participant (first_name, last_name, born_on, created_at) SELECT 'Kind', num::text, '2017-02-03', now() FROM n`,
		`INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id, policy_hash,
			trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
			SELECT o.id, p.id, b.departure_id, b.status, b.category, b.evidence, b.photo_consent, b.insured, b.price_list_id, b.policy_hash,
				b.trip, b.legal_regime, b.booked_on, b.departs_on, b.base_price_cents, b.price_cents, b.premium_cents, b.deposit_cents, b.placed_at
			FROM (SELECT * FROM booking ORDER BY id LIMIT 1) b, n JOIN booking_order o ON o.reference = 'V' || num JOIN participant p ON p.last_name = num::text`,
		`INSERT INTO charge (order_id, booking_id, kind, amount_cents, at) SELECT order_id, id, 'price', 7500, now() FROM booking WHERE order_id > (SELECT min(id) FROM booking_order)`,
		`INSERT INTO instalment (order_id, booking_id, kind, due_on, amount_cents, created_at)
			SELECT order_id, id, 'full', '2027-04-01', 7500, now() FROM booking WHERE order_id > (SELECT min(id) FROM booking_order)`,
		`INSERT INTO invoice (order_id, kind, issued_on, due_on, total_cents, payer_name, payer_street, payer_postal_code, payer_city, payer_country, lang, created_at)
			SELECT id, 'full', '2027-03-01', '2027-04-01', 7500, payer_name, '', '', '', 'BE', 'nl', now() FROM booking_order WHERE id > (SELECT min(id) FROM booking_order)`,
		`INSERT INTO invoice_waiting SELECT id FROM invoice ON CONFLICT DO NOTHING`,
		`INSERT INTO invoice_line (invoice_id, position, booking_id, instalment_id, kind, description, amount_cents)
			SELECT v.id, 1, i.booking_id, i.id, 'full', 'kamp', 7500 FROM invoice v JOIN instalment i ON i.order_id = v.order_id WHERE v.order_id > (SELECT min(id) FROM booking_order)`,
		`WITH e AS (INSERT INTO entry (event, source_system, source_id, booked_on, order_id, recorded_at)
				SELECT 'invoice', 'shop', id::text, '2027-03-01', order_id, now() FROM invoice WHERE order_id > (SELECT min(id) FROM booking_order) RETURNING id, order_id)
			INSERT INTO posting (entry_id, line, account, amount_cents, booking_id)
			SELECT e.id, l.line, l.account, l.amount, b.id FROM e JOIN booking b ON b.order_id = e.order_id, (VALUES (1, '400', 7500), (2, '460', -7500)) AS l (line, account, amount)`,
	} {
		_, err := s.db.Exec(q)
		must(s.t, err)
		_, err = s.db.Exec(`ANALYZE`) // the next statement is planned for what is there now
		must(s.t, err)
	}
	return comms
}

// A busy day after the catalogue comes out: 5,000 transfers for 20,000 open invoices. Nine in ten name their order as they
// were asked to, some only in free text, some not at all. The aim is under two seconds.
func BenchmarkImport(b *testing.B) {
	s := newShop(b)
	s.db.SetMaxOpenConns(1)
	s.db.SetMaxIdleConns(1) // the temporary table is the connection's
	ogms := s.season(20_000)
	s.db.SetMaxOpenConns(8)
	next := 0
	for b.Loop() {
		b.StopTimer()
		transfers := make([]bankfake.Transfer, 5_000)
		for i := range transfers {
			tr := bankfake.Transfer{Amount: 7500, Name: fmt.Sprint("OUDER ", next), IBAN: "BE96001234500105"}
			switch ogm := ogms[next%len(ogms)]; {
			case i%20 == 0:
				tr.Text = "kamp zomer"
			case i%20 == 1:
				tr.Text = "voorschot " + ogm + " dank u"
			default:
				tr.Reference = ogm
			}
			transfers[i] = tr
			next++
		}
		data := coda(b, s.statement(transfers...))
		b.StartTimer()
		result, err := s.upload(data)
		must(b, err)
		if st := result.Statements[0]; st.Matched != 4750 || st.Suspended != 250 {
			b.Fatalf("%+v", st)
		}
	}
	b.StopTimer()
	s.check()
}

// The page of what waits on suspense suggests for 25 movements at a time.
func BenchmarkSuggest(b *testing.B) {
	s := newShop(b)
	s.db.SetMaxOpenConns(1)
	s.db.SetMaxIdleConns(1)
	s.season(20_000)
	var transfers []bankfake.Transfer
	for i := range 25 {
		transfers = append(transfers, bankfake.Transfer{Amount: 7500, Name: fmt.Sprint("OUDER ", i), Text: "kamp zomer"})
	}
	s.bring(transfers...)
	for b.Loop() {
		rows, _, err := s.svc.Movements(b.Context(), reconcile.Filter{Waiting: true, Limit: 25})
		must(b, err)
		_, err = s.svc.CandidatesOf(b.Context(), rows)
		must(b, err)
	}
}
