package reconcile_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/payments/reconcile"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

var clock = time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)

const ours = bank.IBAN("BE68539007547034")

// shop is the service on a database of its own, with a bank that goes on from its last statement.
type shop struct {
	t       testing.TB
	db      *sqlx.DB
	pay     *payments.Service
	svc     *reconcile.Service
	payouts []reconcile.Payout
	staff   id.Staff
	number  int
	balance money.Cents
}

func newShop(t testing.TB) *shop {
	t.Helper()
	now := func() time.Time { return clock }
	s := &shop{t: t, db: pgtest.New(t), balance: 100_000}
	s.pay = &payments.Service{
		Now:      now,
		Invoices: &invoice.Service{Now: now, Enqueue: func(context.Context, *sqlx.Tx, invoice.JobArgs) error { return nil }},
		Enqueue:  func(context.Context, *sqlx.Tx, payments.JobArgs) error { return nil },
	}
	s.svc = &reconcile.Service{DB: s.db, Payments: s.pay, Accounts: []bank.IBAN{ours}, Now: now}
	s.svc.Payouts = func(context.Context, civil.Date, civil.Date) ([]reconcile.Payout, error) { return s.payouts, nil }
	must(t, s.db.Get(&s.staff, `INSERT INTO staff (email, name, password_hash, created_at) VALUES ('b@example.be', 'Boekhouding', '', now()) RETURNING id`))
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// order is an order of one child that owes amount, invoiced.
type order struct {
	id        id.Order
	booking   id.Booking
	ogm       string
	reference string
}

func (s *shop) order(payer, child string, amount money.Cents) order {
	s.t.Helper()
	var n int64
	must(s.t, s.db.Get(&n, `SELECT nextval('booking_order_number')`))
	ogm, err := bank.NewOGM(uint64(n))
	must(s.t, err)
	o := order{ogm: ogm.Digits(), reference: fmt.Sprint("V", n)}
	must(s.t, s.db.Get(&o.id, `
		WITH g AS (INSERT INTO guardian (email, created_at) VALUES ('p' || $1::text || '@example.be', now()) RETURNING id),
		p AS (INSERT INTO policy (hash, version, document, first_at) VALUES ('test', 'test', '', now()) ON CONFLICT DO NOTHING)
		INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code,
			payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
		SELECT $2, $3, id, now(), $4, 'p@example.be', 'Kerkstraat 1', '3000', 'Leuven', 'BE', 1, 'transfer', 'test', now() FROM g RETURNING id`,
		n, o.reference, o.ogm, payer))
	must(s.t, s.db.Get(&o.booking, `
		WITH s AS (INSERT INTO season (year) VALUES ($1::int) RETURNING id),
		h AS (INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
			SELECT id, 'H' || $1::int, 'h' || $1::int, 't', 'd', 'domestic', 'none', 'BE', 'x', 'y', 'z', 2010, 2020 FROM s RETURNING id),
		d AS (INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, '2027-07-05', '2027-07-09', now() FROM h RETURNING id),
		l AS (INSERT INTO price_list (departure_id, version, base_cents, valid_from) SELECT id, 1, 33500, now() FROM d RETURNING id),
		k AS (INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ($3, 'Peeters', '2017-02-03', now()) RETURNING id)
		INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id, policy_hash,
			trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
		SELECT $2, k.id, d.id, 'placed', 'base', 'not_needed', 'no', false, l.id, 'test', 'domestic', 'none', '2026-12-01', '2027-07-05', 33500, 33500, 0, 5000, now()
		FROM k, d, l RETURNING id`, n, o.id, child))
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := s.pay.OpenTx(ctx, tx, o.id, payments.Payer{Name: payer, Country: "BE", Lang: "nl"}, []payments.Opening{{
			Booking: o.booking, Description: "kamp", Lines: []payments.Line{{Kind: "price", Amount: amount}},
			Schedule: []payments.Due{{Kind: "full", On: civil.Must(2027, 4, 1), Amount: amount}},
		}})
		return err
	})
	return o
}

func (s *shop) tx(f func(ctx context.Context, tx *sqlx.Tx) error) {
	s.t.Helper()
	ctx := context.Background()
	must(s.t, pg.InTx(ctx, s.db, func(tx *sqlx.Tx) error { return f(ctx, tx) }))
}

// statement is the bank's next one.
func (s *shop) statement(transfers ...bankfake.Transfer) bankfake.Statement {
	s.number++
	st := bankfake.Statement{Account: ours, Holder: "JOETZ VZW", Date: civil.Must(2027, 3, 1).AddDays(s.number), Number: s.number, Opening: s.balance, Transfers: transfers}
	s.balance = st.Closing()
	return st
}

func coda(t testing.TB, statements ...bankfake.Statement) []byte {
	t.Helper()
	data, err := bankfake.CODA(statements...)
	must(t, err)
	return data
}

func (s *shop) upload(data []byte) (reconcile.Result, error) {
	return s.svc.Import(context.Background(), reconcile.Upload{Name: "a.cod", Data: data, By: s.staff})
}

// bring imports the bank's next statement with these transfers and checks the books.
func (s *shop) bring(transfers ...bankfake.Transfer) reconcile.StatementResult {
	s.t.Helper()
	result, err := s.upload(coda(s.t, s.statement(transfers...)))
	must(s.t, err)
	s.check()
	if len(result.Statements) != 1 || result.Statements[0].Skipped != "" {
		s.t.Fatalf("%+v", result)
	}
	return result.Statements[0]
}

// matches tells how each movement was matched, in the order of the statements: "structured V1000001 75.00", or "- 75.00" for
// what waits on suspense.
func (s *shop) matches() (all []string) {
	s.t.Helper()
	must(s.t, s.db.Select(&all, `
		SELECT CASE WHEN x.id IS NULL THEN '- ' || (m.money_cents / 100.0)::numeric(12, 2)
			ELSE x.how || ' ' || coalesce(o.reference, x.account, 'refund') || ' ' || (x.amount_cents / 100.0)::numeric(12, 2) END
		FROM bank_movement m LEFT JOIN movement_match x ON x.movement_id = m.id LEFT JOIN booking_order o ON o.id = x.order_id
		WHERE m.money_cents <> 0 ORDER BY m.id, x.id`))
	return all
}

func (s *shop) open(o order) (open money.Cents) {
	s.t.Helper()
	must(s.t, s.db.Get(&open, `SELECT open_cents FROM order_open WHERE order_id = $1`, o.id))
	return open
}

func (s *shop) cents(query string, args ...any) (c money.Cents) {
	s.t.Helper()
	must(s.t, s.db.Get(&c, query, args...))
	return c
}

func (s *shop) balanceOf(account ledger.Account) money.Cents {
	return s.cents(`SELECT coalesce(sum(amount_cents), 0) FROM posting WHERE account = $1`, account)
}

// check holds the books against what the bank said: nothing may be lost, doubled or unexplained after any step.
func (s *shop) check() {
	s.t.Helper()
	for _, c := range []struct {
		name      string
		got, want money.Cents
	}{
		{"the journal adds up to nothing", s.cents(`SELECT coalesce(sum(amount_cents), 0) FROM posting`), 0},
		{"550 is what the statements moved", s.balanceOf(ledger.Bank), s.cents(`SELECT coalesce(sum(closing_cents - opening_cents), 0) FROM bank_statement`)},
		{"movements stand for all of it", s.cents(`SELECT coalesce(sum(money_cents), 0) FROM bank_movement`), s.balanceOf(ledger.Bank)},
		{"499 is what has no match", -s.balanceOf(ledger.Suspense),
			s.cents(`SELECT coalesce((SELECT sum(money_cents) FROM bank_movement), 0) - coalesce((SELECT sum(amount_cents) FROM movement_match), 0)`)},
		{"payments are the orders' matches", s.cents(`SELECT coalesce((SELECT sum(amount_cents) FROM payment), 0) - coalesce((SELECT sum(amount_cents) FROM payment_withdrawal), 0)`),
			s.cents(`SELECT coalesce(sum(amount_cents), 0) FROM movement_match WHERE target = 'order'`)},
		{"400 is invoices less payments and refunds", s.balanceOf(ledger.Customers), s.cents(`
			SELECT coalesce((SELECT sum(total_cents) FROM invoice), 0) - coalesce((SELECT sum(amount_cents) FROM payment), 0)
				+ coalesce((SELECT sum(amount_cents) FROM payment_withdrawal), 0)
				+ coalesce((SELECT sum(amount_cents) FROM refund r WHERE NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')), 0)`)},
		{"461 is what instalments were paid with", -s.balanceOf(ledger.AdvancesReceived), s.cents(`
			SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a JOIN instalment i ON i.id = a.instalment_id WHERE i.kind <> 'fee'`)},
	} {
		if c.got != c.want {
			s.t.Errorf("%s: %v, not %v", c.name, c.got, c.want)
		}
	}
	if s.t.Failed() {
		s.t.FailNow()
	}
}
