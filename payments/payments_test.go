package payments_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/payments/paymentstest"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

var clock = time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)

// shop is a payments service on a database of its own, with an order of some bookings.
type shop struct {
	t        testing.TB
	db       *sqlx.DB
	svc      *payments.Service
	order    id.Order
	bookings []id.Booking
	jobs     []payments.JobArgs
}

func newShop(t testing.TB, db *sqlx.DB, children int) *shop {
	s := &shop{t: t, db: db}
	now := func() time.Time { return clock }
	s.svc = &payments.Service{
		Now:      now,
		Invoices: &invoice.Service{Now: now, Enqueue: func(context.Context, *sqlx.Tx, invoice.JobArgs) error { return nil }},
		Enqueue: func(_ context.Context, _ *sqlx.Tx, args payments.JobArgs) error {
			s.jobs = append(s.jobs, args)
			return nil
		},
	}
	s.order, s.bookings = insertOrder(t, db, children)
	return s
}

// insertOrder writes the rows that payments points at and does not own.
func insertOrder(t testing.TB, db *sqlx.DB, children int) (order id.Order, bookings []id.Booking) {
	t.Helper()
	var n int64
	must(t, db.Get(&n, `SELECT nextval('booking_order_number')`))
	var departure, list int64
	must(t, db.Get(&departure, `
		WITH s AS (INSERT INTO season (year) VALUES ($1) RETURNING id),
		h AS (INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
			SELECT id, 'H' || $1, 'h' || $1, 't', 'd', 'domestic', 'none', 'BE', 'x', 'y', 'z', 2010, 2020 FROM s RETURNING id)
		INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, '2027-07-05', '2027-07-09', now() FROM h RETURNING id`, n))
	must(t, db.Get(&list, `INSERT INTO price_list (departure_id, version, base_cents, valid_from) VALUES ($1, 1, 33500, now()) RETURNING id`, departure))
	must(t, db.Get(&order, `
		WITH g AS (INSERT INTO guardian (email, created_at) VALUES ('p' || $1::text || '@example.be', now()) RETURNING id),
		p AS (INSERT INTO policy (hash, version, document, first_at) VALUES ('test', 'test', '', now()) ON CONFLICT DO NOTHING)
		INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code,
			payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
		SELECT 'V' || $1::text, lpad($1::text, 12, '0'), id, now(), 'An Peeters', 'an@example.be', 'Kerkstraat 1', '3000', 'Leuven', 'BE', 1, 'transfer', 'test', now() FROM g RETURNING id`, n))
	for i := range children {
		var b id.Booking
		must(t, db.Get(&b, `
			WITH p AS (INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ('Kind' || $3::text, 'Peeters', '2017-02-03', now()) RETURNING id)
			INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id, policy_hash,
				trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
			SELECT $1, id, $2, 'placed', 'base', 'not_needed', 'no', false, $4, 'test', 'domestic', 'none', '2026-12-01', '2027-07-05', 33500, 33500, 0, 5000, now() FROM p RETURNING id`,
			order, departure, i, list))
		bookings = append(bookings, b)
	}
	return order, bookings
}

func (s *shop) tx(f func(ctx context.Context, tx *sqlx.Tx) error) {
	s.t.Helper()
	ctx := context.Background()
	must(s.t, pg.InTx(ctx, s.db, func(tx *sqlx.Tx) error { return f(ctx, tx) }))
}

// open charges every booking price + premium with a deposit and a balance in shares.
func (s *shop) open(price, premium, deposit money.Cents, shares int) {
	s.t.Helper()
	var openings []payments.Opening
	for _, b := range s.bookings {
		o := payments.Opening{Booking: b, Description: "x", Lines: []payments.Line{{Kind: "price", Amount: price}, {Kind: "premium", Amount: premium}}}
		o.Schedule = append(o.Schedule, payments.Due{Kind: "deposit", On: civil.Must(2026, 12, 15), Amount: deposit})
		for i, part := range (price + premium - deposit).Share(shares) {
			o.Schedule = append(o.Schedule, payments.Due{Kind: "balance", On: civil.Must(2027, 6, 5).AddMonths(i - shares + 1), Amount: part})
		}
		openings = append(openings, o)
	}
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := s.svc.OpenTx(ctx, tx, s.order, payments.Payer{Name: "An", Country: "BE", Lang: "nl"}, openings)
		return err
	})
}

func (s *shop) receive(amount money.Cents, source string) (got payments.Received) {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		got, err = s.svc.ReceiveTx(ctx, tx, payments.Receipt{Order: s.order, Method: "transfer", Amount: amount,
			ReceivedOn: civil.Must(2026, 12, 2), SourceSystem: "bank", SourceID: fmt.Sprint(s.order, ":", source)})
		return err
	})
	return got
}

func (s *shop) close(booking id.Booking, fee, premium money.Cents) (closed payments.Closed) {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		if err := payments.LockOrderTx(ctx, tx, s.order); err != nil {
			return err
		}
		closed, err = paymentstest.CloseTx(ctx, tx, s.svc, payments.Closing{Order: s.order, Booking: booking, Payer: payments.Payer{Name: "An", Country: "BE", Lang: "nl"},
			Description: "x", Fee: fee, Premium: premium, Actor: "system"})
		return err
	})
	return closed
}

// check holds the books against the rows: nothing may differ after any step.
func (s *shop) check() {
	s.t.Helper()
	balances, err := ledger.TrialBalance(context.Background(), s.db)
	must(s.t, err)
	var total money.Cents
	byCode := map[ledger.Account]money.Cents{}
	for _, b := range balances {
		total += b.Amount
		byCode[b.Account] = b.Amount
	}
	if total != 0 {
		s.t.Fatalf("the ledger adds up to %v", total)
	}
	for _, q := range []struct {
		name, sql string
		want      money.Cents
	}{
		{"bank", `SELECT coalesce(sum(amount_cents), 0) FROM payment`, byCode[ledger.Bank]},
		{"customers", `SELECT coalesce((SELECT sum(total_cents) FROM invoice), 0) - coalesce((SELECT sum(amount_cents) FROM payment), 0)
			+ coalesce((SELECT sum(amount_cents) FROM refund), 0) - coalesce((SELECT sum(amount_cents) FROM small_difference), 0)`, byCode[ledger.Customers]},
		{"refunds under way", `SELECT -coalesce(sum(amount_cents), 0) FROM refund`, byCode[ledger.RefundTransit]},
		{"charges = schedule", `SELECT coalesce((SELECT sum(amount_cents) FROM instalment WHERE void_at IS NULL), 0)`, s.sum(`SELECT coalesce(sum(amount_cents), 0) FROM charge`)},
		{"no void instalment keeps money", `SELECT coalesce((SELECT sum(a.amount_cents) FROM allocation a JOIN instalment i ON i.id = a.instalment_id WHERE i.void_at IS NOT NULL), 0)`, 0},
	} {
		if got := s.sum(q.sql); got != q.want {
			s.t.Fatalf("%s: rows say %v, the books %v", q.name, got, q.want)
		}
	}
	if over := s.sum(`SELECT count(*) FROM (SELECT i.id FROM instalment i JOIN allocation a ON a.instalment_id = i.id GROUP BY i.id, i.amount_cents
		HAVING sum(a.amount_cents) > i.amount_cents OR sum(a.amount_cents) < 0) x`); over != 0 {
		s.t.Fatalf("%d instalments hold more than they ask, or less than nothing", over)
	}
	if byCode[ledger.AdvancesInvoiced] > 0 || byCode[ledger.AdvancesReceived] > 0 || byCode[ledger.Insurer] > 0 {
		s.t.Fatalf("an advance account stands on the wrong side: %v", byCode)
	}
}

func (s *shop) sum(query string) (n money.Cents) {
	s.t.Helper()
	must(s.t, s.db.Get(&n, query))
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDepositPaidThenOneOfTwoCancels(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 2)
	s.open(33500, 2500, 5000, 3)
	s.check()
	if got := s.receive(10000, "1"); got.Allocated != 10000 || got.Credit != 0 {
		t.Fatalf("two deposits of 50.00: %+v", got)
	}
	s.check()
	// Domestic, more than 60 days before: the fee is the deposit, nothing goes back and nothing remains due.
	if got := s.close(s.bookings[0], 5000, 0); got.Refund != 0 || got.Outstanding != 0 {
		t.Fatalf("fee 50.00 on 50.00 paid: %+v", got)
	}
	s.check()
	st, err := s.svc.StatementsOf(context.Background(), s.db, s.bookings)
	must(t, err)
	if a, b := st[s.bookings[0]], st[s.bookings[1]]; a.State(civil.Must(2026, 12, 3)) != "paid" || a.Charged != 5000 || b.Charged != 36000 || b.Paid != 5000 {
		t.Fatalf("after: %+v %+v", a, b)
	}
}

func TestRefundGoesBackOnNewestPayment(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.receive(5000, "1")
	s.receive(28500, "2")
	got := s.close(s.bookings[0], 5000, 0)
	s.check()
	if got.Refund != 28500 || len(got.Refunds) != 1 {
		t.Fatalf("335.00 paid, fee 50.00: %+v", got)
	}
	d, err := s.svc.RefundByID(context.Background(), s.db, got.Refunds[0])
	must(t, err)
	if want := fmt.Sprint(s.order, ":2"); d.Source != want || d.State != "requested" {
		t.Fatalf("refund goes back on %q (%s), want the newest payment %q", d.Source, d.State, want)
	}
}

func TestBalanceIsInvoicedOnceWithMoneyThatWasThere(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 2)
	s.open(33500, 2500, 5000, 3)
	if due, err := s.svc.OrdersToInvoice(context.Background(), s.db, 10); err != nil || len(due) != 0 {
		t.Fatalf("half a year before, and nothing paid: %v %v", due, err)
	}
	s.receive(15000, "1") // both deposits and 50.00 of the first child's balance
	for _, want := range []int{1, 0} {
		due, err := s.svc.OrdersToInvoice(context.Background(), s.db, 10)
		must(t, err)
		if len(due) != want {
			t.Fatalf("%d orders to invoice, want %d", len(due), want)
		}
		s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := s.svc.InvoiceBalanceTx(ctx, tx, s.order, payments.Payer{Name: "An", Country: "BE", Lang: "nl"}, nil, nil)
			return err
		})
		s.check()
	}
	if got := s.sum(`SELECT sum(total_cents) FROM invoice`); got != 2*36000 {
		t.Fatalf("invoiced %v in all, want 720.00", got)
	}
	if got := s.sum(`SELECT -sum(amount_cents) FROM posting WHERE account = '461'`); got != 15000 {
		t.Fatalf("received advance %v, want 150.00", got)
	}
	if got := s.sum(`SELECT -sum(amount_cents) FROM posting WHERE account = '4891'`); got != 5000 {
		t.Fatalf("premiums %v, want 50.00", got)
	}
}

func TestSameMoneyTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.receive(5000, "1")
	if got := s.receive(5000, "1"); !got.Repeated {
		t.Fatalf("second arrival: %+v", got)
	}
	s.check()
	if got := s.sum(`SELECT sum(amount_cents) FROM payment`); got != 5000 {
		t.Fatalf("recorded %v", got)
	}
}

// Whatever a family pays and in whatever order it cancels, no cent appears or disappears.
func TestMoneyIsConserved(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := newShop(t, db, rapid.IntRange(1, 3).Draw(rt, "children"))
		price := money.Cents(rapid.Int64Range(1000, 120000).Draw(rt, "price"))
		premium := money.Cents(rapid.SampledFrom([]int64{0, 2500, 7312}).Draw(rt, "premium"))
		deposit := min(price, money.Cents(rapid.SampledFrom([]int64{5000, 10000, 30000}).Draw(rt, "deposit")))
		s.open(price, premium, deposit, rapid.IntRange(1, 3).Draw(rt, "instalments"))
		left := append([]id.Booking(nil), s.bookings...)
		for i := range rapid.IntRange(0, 6).Draw(rt, "steps") {
			if len(left) > 0 && rapid.IntRange(0, 3).Draw(rt, "what") == 0 {
				fee := money.Cents(rapid.Int64Range(0, int64(price)).Draw(rt, "fee"))
				paid := s.paid(left[0])
				kept := rapid.SampledFrom([]money.Cents{0, premium}).Draw(rt, "kept")
				got := s.close(left[0], fee, kept)
				if fee+kept+got.Refund != paid+got.Outstanding {
					rt.Fatalf("fee %v + refund %v is not paid %v + outstanding %v", fee+kept, got.Refund, paid, got.Outstanding)
				}
				left = left[1:]
			} else {
				s.receive(money.Cents(rapid.Int64Range(1, 150000).Draw(rt, "amount")), fmt.Sprint(i))
			}
			s.check()
		}
	})
}

func (s *shop) paid(b id.Booking) money.Cents {
	st, err := s.svc.StatementsOf(context.Background(), s.db, []id.Booking{b})
	must(s.t, err)
	return st[b].Paid
}

func TestBooksRefuseChangeAndImbalance(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.receive(33500, "all")
	refund := s.close(s.bookings[0], 5000, 0).Refunds[0]
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		return s.svc.RefundStepTx(ctx, tx, payments.RefundStep{Refund: refund, State: "sent", SourceID: "m"})
	})
	for _, table := range []string{"charge", "payment", "allocation", "refund", "refund_step", "entry", "posting", "invoice", "invoice_line"} {
		column := map[string]string{"entry": "booked_on", "refund_step": "state", "invoice": "total_cents"}[table]
		if column == "" {
			column = "amount_cents"
		}
		for _, q := range []string{`UPDATE ` + table + ` SET ` + column + ` = ` + column, `DELETE FROM ` + table} {
			if _, err := s.db.Exec(q); err == nil || !strings.Contains(err.Error(), "insert-only") {
				t.Errorf("%s: %v", q, err)
			}
		}
	}
	for name, q := range map[string]string{
		"an entry of nothing":       `INSERT INTO entry (event, source_system, source_id, booked_on, recorded_at) VALUES ('x', 'test', '2', '2026-12-02', now())`,
		"a cent more in an old one": `INSERT INTO posting (entry_id, line, account, amount_cents) SELECT min(id), 99, '550', 1 FROM entry`,
	} {
		if _, err := s.db.Exec(q); pg.Constraint(err) != "entry_balanced" {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := pg.InTx(context.Background(), s.db, func(tx *sqlx.Tx) error {
		_, err := ledger.PostTx(context.Background(), tx, clock, ledger.Entry{Event: "x", SourceSystem: "test", SourceID: "1", On: civil.Of(clock),
			Postings: []ledger.Posting{{Account: ledger.Bank, Amount: 100}, {Account: ledger.Customers, Amount: -99}}})
		return err
	})
	if pg.Constraint(err) != "entry_balanced" {
		t.Fatalf("an entry that misses a cent: %v", err)
	}
}
