package invoice_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments/audit"
	"joetz/payments/invoice"
	"joetz/payments/invoice/pdf"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

type words string

func (w words) T(key string, args ...any) string { return messages.T(string(w), key, args...) }

// office is a service on a database with a clock that the test moves, and orders to write documents for.
type office struct {
	*invoice.Service
	db  *sqlx.DB
	now time.Time
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{db: pgtest.New(t), now: time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC)}
	o.Service = &invoice.Service{DB: o.db, Now: func() time.Time { return o.now },
		Enqueue: func(context.Context, *sqlx.Tx, invoice.JobArgs) error { return nil },
		Paper: invoice.Paper{Words: func(lang string) pdf.Words { return words(lang) }, Seller: pdf.Seller{Brand: "JOETZ", Name: "JOETZ vzw",
			Street: "Sint-Jansstraat 32", City: "1000 Brussel", Enterprise: "BE 0123.456.749", Email: "info@joetz.be",
			Payee: "JOETZ vzw", IBAN: "BE68 5390 0754 7034", BIC: "KREDBEBB"}}}
	o.db.MustExec(`
		INSERT INTO season (year) VALUES (2027);
		INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport,
			birth_year_from, birth_year_to) VALUES (1, 'a', 'a', 'Strand', '', 'domestic', 'package', 'BE', 'Bredene', '', '', 2010, 2020);
		INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) VALUES (1, '2027-07-05', '2027-07-09', now());
		INSERT INTO price_list (departure_id, version, base_cents, valid_from) VALUES (1, 1, 21500, now());
		INSERT INTO guardian (email, created_at) VALUES ('ines@example.be', now());
		INSERT INTO policy (hash, version, document, first_at) VALUES ('h', 'v', '', now())`)
	return o
}

// order writes an order with one booking per child; the ids of both.
func (o *office) order(t testing.TB, children int) (id.Order, []id.Booking) {
	t.Helper()
	var order id.Order
	if err := o.db.Get(&order, `
		WITH n AS (SELECT nextval('booking_order_number') AS n)
		INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street,
			payer_postal_code, payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
		SELECT 'V' || n, lpad((n * 100 + CASE n % 97 WHEN 0 THEN 97 ELSE n % 97 END)::text, 12, '0'), 1, $1, 'Inès', 'ines@example.be',
			'', '', '', 'BE', 2, 'transfer', 'h', $1 FROM n RETURNING id`, o.now); err != nil {
		t.Fatal(err)
	}
	bookings := make([]id.Booking, children)
	for i := range bookings {
		if err := o.db.Get(&bookings[i], `
			WITH child AS (
				INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ('Lotte', 'Peeters', '2015-03-01', $2) RETURNING id)
			INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id,
				policy_hash, trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
			SELECT $1, child.id, 1, 'placed', 'base', 'not_needed', 'no', false, 1, 'h', 'domestic', 'package', '2027-02-01', '2027-07-05',
				21500, 21500, 0, 7500, $2 FROM child RETURNING id`, order, o.now); err != nil {
			t.Fatal(err)
		}
	}
	return order, bookings
}

func (o *office) instalment(t testing.TB, order id.Order, b id.Booking, kind, due string, amount money.Cents) id.Instalment {
	t.Helper()
	var key id.Instalment
	if err := o.db.Get(&key, `
		INSERT INTO instalment (order_id, booking_id, kind, due_on, amount_cents, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
		order, b, kind, due, amount, o.now); err != nil {
		t.Fatal(err)
	}
	return key
}

func (o *office) pay(t testing.TB, order id.Order, b id.Booking, i id.Instalment, amount money.Cents) {
	t.Helper()
	if _, err := o.db.Exec(`INSERT INTO allocation (order_id, instalment_id, booking_id, amount_cents, at) VALUES ($1, $2, $3, $4, $5)`,
		order, i, b, amount, o.now); err != nil {
		t.Fatal(err)
	}
}

func (o *office) create(t testing.TB, n invoice.New) id.Invoice {
	t.Helper()
	var key id.Invoice
	if err := pg.InTx(t.Context(), o.db, func(tx *sqlx.Tx) (err error) {
		key, err = o.CreateTx(t.Context(), tx, n)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return key
}

// simple is a document of one line over an instalment that is due on that day.
func (o *office) simple(t testing.TB, kind, due string, amount money.Cents) (id.Invoice, func(money.Cents)) {
	t.Helper()
	order, bookings := o.order(t, 1)
	n := invoice.New{Order: order, Kind: kind, IssuedOn: civil.Of(o.now), DueOn: date(t, due), Payer: payer,
		Lines: []invoice.Line{{Booking: bookings[0], Kind: kind, Description: "Lotte Peeters, Strand", Amount: amount}}}
	var part id.Instalment
	if kind != "credit" {
		part = o.instalment(t, order, bookings[0], kind, due, amount)
		n.Lines[0].Instalment = part
	}
	return o.create(t, n), func(paid money.Cents) { o.pay(t, order, bookings[0], part, paid) }
}

var payer = invoice.Payer{Name: "Inès Van den Bölke", Street: "Kerkstraat 12", PostalCode: "9000", City: "Gent", Country: "BE", Lang: "nl"}

func date(t testing.TB, s string) civil.Date {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (o *office) read(t testing.TB, key id.Invoice) invoice.Invoice {
	t.Helper()
	inv, err := o.ByID(t.Context(), o.db, key)
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func (o *office) numbers(t testing.TB) []string {
	t.Helper()
	var all []string
	if err := o.db.Select(&all, `SELECT format('%s-%s-%s', series, year, number) FROM invoice_number ORDER BY series, year, number`); err != nil {
		t.Fatal(err)
	}
	return all
}

// wrong is what the audit finds of documents, their lines and their numbers; nothing here is in the books.
func (o *office) wrong(t testing.TB) ([]audit.Difference, error) {
	t.Helper()
	var rules []audit.Rule
	for _, r := range audit.Rules() {
		switch r.Code {
		case "invoice_total", "invoice_line_instalment", "numbers_gapless", "numbers_in_order", "invoice_open":
			rules = append(rules, r)
		}
	}
	return audit.Hold(t.Context(), o.db, o.Now(), rules)
}

// clean fails the test when shop fsck would complain.
func (o *office) clean(t testing.TB) {
	t.Helper()
	wrong, err := o.wrong(t)
	if err != nil || len(wrong) > 0 {
		t.Fatalf("check: %v (%v)", wrong, err)
	}
}

func count(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s-%d", prefix, i+1)
	}
	return all
}
