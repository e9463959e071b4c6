package reconcile_test

import (
	"context"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/audit"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/ledger"
	"joetz/payments/paymentstest"
	"joetz/payments/reconcile"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

var clock = time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)

// readAt is when bank files are read: after every statement that a test makes, as no bank dates one ahead.
var readAt = clock.AddDate(1, 0, 0)

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
	s.pay = paymentstest.New(now)
	s.svc = &reconcile.Service{DB: s.db, Payments: s.pay, Accounts: []bank.IBAN{ours}, Now: func() time.Time { return readAt }}
	s.svc.Payouts = func(context.Context, civil.Date, civil.Date) ([]reconcile.Payout, error) { return s.payouts, nil }
	s.staff = paymentstest.Staff(t, s.db, "Boekhouding")
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type order = paymentstest.Order

func (s *shop) order(payer, child string, amount money.Cents) order {
	s.t.Helper()
	return paymentstest.NewOrder(s.t, s.db, s.pay, payer, child, amount)
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
			ELSE x.how || ' ' || coalesce(o.Reference, x.account, 'refund') || ' ' || (x.amount_cents / 100.0)::numeric(12, 2) END
		FROM bank_movement m LEFT JOIN movement_match x ON x.movement_id = m.id LEFT JOIN booking_order o ON o.ID = x.order_id
		WHERE m.money_cents <> 0 ORDER BY m.id, x.id`))
	return all
}

func (s *shop) open(o order) (open money.Cents) {
	s.t.Helper()
	must(s.t, s.db.Get(&open, `SELECT open_cents FROM order_open WHERE order_id = $1`, o.ID))
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
	found, err := audit.Run(context.Background(), s.db, clock, audit.Stripe) // payouts are a list here
	must(s.t, err)
	for _, d := range found {
		s.t.Error(d)
	}
	if s.t.Failed() {
		s.t.FailNow()
	}
}
