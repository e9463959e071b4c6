package online_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/audit"
	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/payments/online"
	"joetz/payments/stripegw"
	"joetz/payments/stripegw/stripefake"
	"joetz/payments/stripegw/stripefake/contract"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// bench is a shop that takes money online: PostgreSQL, the stand-in for Stripe behind HTTP with every exchange checked
// against Stripe's schema, webhooks over HTTP, and jobs in a table, so that a job exists when its transaction commits.
type bench struct {
	*online.Service
	t     *testing.T
	fake  *stripefake.Fake
	order id.Order
	// Two instalments of one booking: 75.00 deposit, 425.00 balance.
	deposit, balance id.Instalment
	booking          id.Booking
	staff            id.Staff

	mu     sync.Mutex
	clock  time.Time
	thanks int // how often the family was thanked
}

const jobTable = `CREATE TABLE test_job (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, args text NOT NULL)`

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, clock: time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC)}
	db := pgtest.New(t)
	db.MustExec(jobTable)
	hooks := httptest.NewServer(http.HandlerFunc(b.listen))
	t.Cleanup(hooks.Close)
	fake, err := stripefake.New(t.Context(), stripefake.Config{
		DB: db, Now: b.now, Key: "sk_test_bench", WebhookURL: hooks.URL, WebhookSecret: "whsec_bench",
	})
	b.must(err)
	api := httptest.NewServer(contract.Load(t).Handler(t, fake.Handler()))
	t.Cleanup(api.Close)
	gateway := stripegw.New(stripegw.Config{Key: "sk_test_bench", URL: api.URL, WebhookSecrets: []string{"whsec_bench"}, Retries: -1, Now: b.now})
	invoices := &invoice.Service{Now: b.now, DB: db, Enqueue: func(context.Context, *sqlx.Tx, invoice.JobArgs) error { return nil }}
	b.fake = fake
	b.Service = &online.Service{
		DB: db, Now: b.now, Log: slog.New(slog.DiscardHandler), Gateway: gateway, Enqueue: enqueue,
		Payments: &payments.Service{Now: b.now, Invoices: invoices, Enqueue: enqueue},
	}
	b.Payments.Recorded = func(_ context.Context, _ *sqlx.Tx, receipts []payments.Receipt) error {
		for _, r := range receipts {
			if r.Method == "stripe" {
				b.set(func() { b.thanks++ })
			}
		}
		return nil
	}
	b.placeOrder()
	return b
}

func enqueue(ctx context.Context, tx *sqlx.Tx, args payments.JobArgs) error {
	text, err := json.Marshal(args)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO test_job (kind, args) VALUES ($1, $2)`, args.Kind(), string(text))
	return err
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock
}

func (b *bench) set(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

func (b *bench) pass(d time.Duration) { b.set(func() { b.clock = b.clock.Add(d) }) }

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) listen(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = b.Hear(r.Context(), body, r.Header.Get("Stripe-Signature"))
	}
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// placeOrder makes an order of one booking that costs 500.00.
func (b *bench) placeOrder() {
	b.t.Helper()
	get := func(into any, query string, args ...any) { b.t.Helper(); b.must(b.DB.Get(into, query, args...)) }
	var holiday, departure, price, guardian, participant int64
	var season int64
	get(&season, `INSERT INTO season (year) VALUES (2027) RETURNING id`)
	get(&holiday, `INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
		VALUES ($1, 'SNEEUW', 'sneeuwpret', 'Sneeuwpret', '', 'foreign_coach', 'package', 'AT', 'Tirol', 'hotel', 'coach', 2010, 2020) RETURNING id`, season)
	get(&departure, `INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) VALUES ($1, '2027-07-01', '2027-07-08', $2) RETURNING id`, holiday, b.now())
	get(&price, `INSERT INTO price_list (departure_id, version, base_cents, valid_from) VALUES ($1, 1, 50000, $2) RETURNING id`, departure, b.now())
	get(&guardian, `INSERT INTO guardian (email, created_at) VALUES ('jan@example.be', $1) RETURNING id`, b.now())
	get(&participant, `INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ('Lotte', 'Peeters', '2015-05-05', $1) RETURNING id`, b.now())
	get(&b.staff, `INSERT INTO staff (email, name, password_hash, created_at) VALUES ('an@example.be', 'An', '', $1) RETURNING id`, b.now())
	b.DB.MustExec(`INSERT INTO policy (hash, version, document, first_at) VALUES ('h', '1', '', $1)`, b.now())
	get(&b.order, `INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street,
			payer_postal_code, payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
		VALUES ('1000001', '260000010173', $1, $2, 'Jan Peeters', 'jan@example.be', 'Straat 1', '1000', 'Brussel', 'BE', 1, 'stripe', 'h', $2) RETURNING id`, guardian, b.now())
	get(&b.booking, `INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id,
			policy_hash, trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
		VALUES ($1, $2, $3, 'placed', 'base', 'not_needed', 'yes', false, $4, 'h', 'foreign_coach', 'package', '2027-03-01', '2027-07-01', 50000, 50000, 0, 7500, $5) RETURNING id`,
		b.order, participant, departure, price, b.now())
	b.tx(func(tx *sqlx.Tx) error {
		_, err := b.Payments.OpenTx(b.t.Context(), tx, b.order, b.payer(), []payments.Opening{{
			Booking: b.booking, Description: "Lotte, Sneeuwpret", Lines: []payments.Line{{Kind: "price", Amount: 500_00}},
			Schedule: []payments.Due{
				{Kind: "deposit", On: civil.Must(2027, 3, 15), Amount: 75_00}, {Kind: "balance", On: civil.Must(2027, 5, 1), Amount: 425_00},
			},
		}})
		return err
	})
	get(&b.deposit, `SELECT id FROM instalment WHERE order_id = $1 AND kind = 'deposit'`, b.order)
	get(&b.balance, `SELECT id FROM instalment WHERE order_id = $1 AND kind = 'balance'`, b.order)
}

func (b *bench) payer() payments.Payer {
	return payments.Payer{Name: "Jan Peeters", Street: "Straat 1", PostalCode: "1000", City: "Brussel", Country: "BE", Lang: "nl"}
}

func (b *bench) tx(f func(tx *sqlx.Tx) error) {
	b.t.Helper()
	b.must(pg.InTx(b.t.Context(), b.DB, f))
}

// ask wants to pay the deposit, or everything.
func (b *bench) ask(all bool) online.StartInput {
	in := online.StartInput{
		Order: b.order, Instalments: []id.Instalment{b.deposit}, Lines: []online.Line{{Name: "Voorschot Lotte", Amount: 75_00}},
		Reference: "1000001", Description: "Bestelling 1000001", Email: "jan@example.be", Lang: "nl",
		SuccessURL: "https://shop.test/betaling/{attempt}", CancelURL: "https://shop.test/betaling/{attempt}?terug=1",
	}
	if all {
		in.Instalments = append(in.Instalments, b.balance)
		in.Lines = append(in.Lines, online.Line{Name: "Saldo Lotte", Amount: 425_00})
	}
	return in
}

// rest wants to pay the balance.
func (b *bench) rest() online.StartInput {
	in := b.ask(false)
	in.Instalments, in.Lines = []id.Instalment{b.balance}, []online.Line{{Name: "Saldo Lotte", Amount: 425_00}}
	return in
}

func (b *bench) start(in online.StartInput) online.Started {
	b.t.Helper()
	st, err := b.Start(b.t.Context(), in)
	b.must(err)
	return st
}

// page is the name of an attempt's pay page, as the stand-in has it.
func (b *bench) page(attempt uuid.UUID) (session string) {
	b.t.Helper()
	b.must(b.DB.Get(&session, `SELECT id FROM stripefake.object WHERE kind = 'checkout.session' AND body->>'client_reference_id' = $1
		ORDER BY body->>'success_url' = 'https://elsewhere.test/' LIMIT 1`, attempt.String())) // the shop's own before a stranger's
	return session
}

func (b *bench) pay(attempt uuid.UUID, m stripefake.Method) {
	b.t.Helper()
	b.must(b.fake.Pay(b.t.Context(), b.page(attempt), m, 0))
}

// work delivers webhooks and does jobs until nothing is left to do, as a shop does that runs on.
func (b *bench) work() {
	b.t.Helper()
	for {
		sent, err := b.fake.Deliver(b.t.Context())
		b.must(err)
		done := b.jobs()
		if sent+done == 0 {
			return
		}
	}
}

type job struct {
	ID   int64  `db:"id"`
	Kind string `db:"kind"`
	Args string `db:"args"`
}

func (b *bench) jobs() (done int) {
	b.t.Helper()
	for {
		var all []job
		b.must(b.DB.Select(&all, `DELETE FROM test_job RETURNING id, kind, args`))
		if len(all) == 0 {
			return done
		}
		for _, j := range all {
			b.must(b.do(j))
			done++
		}
	}
}

func (b *bench) do(j job) error {
	ctx := b.t.Context()
	var args struct {
		Event  string    `json:"event"`
		Order  id.Order  `json:"order"`
		Refund id.Refund `json:"refund"`
	}
	if err := json.Unmarshal([]byte(j.Args), &args); err != nil {
		return err
	}
	switch j.Kind {
	case (online.EventArgs{}).Kind():
		return b.Work(ctx, args.Event)
	case (online.ExpireArgs{}).Kind():
		return b.ExpireOrder(ctx, args.Order)
	case (payments.SendRefundArgs{}).Kind():
		return b.SendRefund(ctx, args.Refund)
	}
	return fmt.Errorf("no handler for %s", j.Kind)
}

func (b *bench) status(attempt uuid.UUID) online.Status {
	b.t.Helper()
	all, err := b.AttemptsOf(b.t.Context(), b.order)
	b.must(err)
	for _, a := range all {
		if a.Attempt == attempt {
			return a.Status
		}
	}
	b.t.Fatalf("no attempt %s", attempt)
	return ""
}

// books is what must be so after every scenario.
type books struct {
	paid      money.Cents // recorded with the order through Stripe
	payments  int         // in so many payments
	allocated money.Cents
	refunded  money.Cents // promised and not failed
	findings  []string
	suspense  money.Cents // debit positive
}

// holds brings the shop up to date with Stripe and compares the books: with what was wanted, and with Stripe's balance.
func (b *bench) holds(want books) {
	b.t.Helper()
	b.work()
	b.must(b.CatchUp(b.t.Context()))
	b.work()
	var got books
	b.must(b.DB.QueryRow(`SELECT coalesce(sum(amount_cents), 0), count(*) FROM payment WHERE order_id = $1 AND method = 'stripe'`, b.order).Scan(&got.paid, &got.payments))
	b.must(b.DB.Get(&got.allocated, `SELECT coalesce(sum(amount_cents), 0) FROM allocation WHERE order_id = $1`, b.order))
	b.must(b.DB.Get(&got.refunded, `SELECT coalesce(sum(amount_cents), 0) FROM refund r WHERE NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')`))
	open, err := b.OpenFindings(b.t.Context())
	b.must(err)
	for _, f := range open {
		got.findings = append(got.findings, f.Code)
	}
	slices.Sort(got.findings)
	balances := b.balances()
	got.suspense = balances[ledger.Suspense]
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("the books say %+v, want %+v", got, want)
	}
	atStripe, err := b.fake.Balance(b.t.Context())
	b.must(err)
	if balances[ledger.StripeBalance] != money.Cents(atStripe) {
		b.t.Errorf("account 5802 holds %v, Stripe %v", balances[ledger.StripeBalance], money.Cents(atStripe))
	}
	found, err := audit.Run(b.t.Context(), b.DB, b.now(), audit.Bank) // no bank file comes in here
	b.must(err)
	for _, d := range found {
		b.t.Error(d)
	}
}

func (b *bench) balances() map[ledger.Account]money.Cents {
	b.t.Helper()
	all, err := ledger.TrialBalance(b.t.Context(), b.DB)
	b.must(err)
	found, sum := map[ledger.Account]money.Cents{}, money.Cents(0)
	for _, a := range all {
		found[a.Account] = a.Amount
		sum += a.Amount
	}
	if sum != 0 {
		b.t.Errorf("the books add up to %v", sum)
	}
	return found
}

// transfer records money that came by bank.
func (b *bench) transfer(amount money.Cents) {
	b.t.Helper()
	b.tx(func(tx *sqlx.Tx) error {
		_, err := b.Payments.ReceiveTx(b.t.Context(), tx, payments.Receipt{
			Order: b.order, Method: "transfer", Amount: amount, ReceivedOn: civil.Of(b.now()), SourceSystem: "bank", SourceID: uuid.NewString(),
		})
		return err
	})
}

func (b *bench) mustFail(err, want error) {
	b.t.Helper()
	if !errors.Is(err, want) {
		b.t.Fatalf("error %v, want %v", err, want)
	}
}

func cents(n int) money.Cents { return money.Cents(n) }

func day(year int, month time.Month, d int) civil.Date { return civil.Must(year, month, d) }
