// Package paymentstest makes orders that owe money, for tests of whoever moves it.
//
// Owns: the rows under an order that such tests point at and do not look at. No tables.
// May import: payments and below, migrations/pg; only tests import it.
// Always true: an order comes with its booking, its invoice and its schedule, as the shop would have written them.
package paymentstest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/invoice"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// New is a payments service whose jobs go nowhere.
func New(now func() time.Time) *payments.Service {
	return &payments.Service{
		Now:      now,
		Invoices: &invoice.Service{Now: now, Enqueue: func(context.Context, *sqlx.Tx, invoice.JobArgs) error { return nil }},
		Enqueue:  func(context.Context, *sqlx.Tx, payments.JobArgs) error { return nil },
	}
}

// CloseTx ends one booking. The caller holds the order's lock.
func CloseTx(ctx context.Context, tx *sqlx.Tx, s *payments.Service, c payments.Closing) (payments.Closed, error) {
	all, err := s.CloseAllTx(ctx, tx, c)
	if err != nil {
		return payments.Closed{}, err
	}
	return all[0], nil
}

// Order is an order of one child.
type Order struct {
	ID        id.Order
	Booking   id.Booking
	OGM       string // twelve digits
	Reference string
}

// NewOrder writes an order of one child that owes amount, all of it due on 1 April 2027, and invoices it.
func NewOrder(t testing.TB, db *sqlx.DB, s *payments.Service, payer, child string, amount money.Cents) Order {
	t.Helper()
	var n int64
	must(t, db.Get(&n, `SELECT nextval('booking_order_number')`))
	ogm, err := bank.NewOGM(uint64(n))
	must(t, err)
	o := Order{OGM: ogm.Digits(), Reference: fmt.Sprint("V", n)}
	must(t, db.Get(&o.ID, `
		WITH g AS (INSERT INTO guardian (email, created_at) VALUES ('p' || $1::text || '@example.be', now()) RETURNING id),
		p AS (INSERT INTO policy (hash, version, document, first_at) VALUES ('test', 'test', '', now()) ON CONFLICT DO NOTHING)
		INSERT INTO booking_order (reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code,
			payer_city, payer_country, instalments, payment_method, policy_hash, terms_accepted_at)
		SELECT $2, $3, id, now(), $4, 'p@example.be', 'Kerkstraat 1', '3000', 'Leuven', 'BE', 1, 'transfer', 'test', now() FROM g RETURNING id`,
		n, o.Reference, o.OGM, payer))
	must(t, db.Get(&o.Booking, `
		WITH s AS (INSERT INTO season (year) VALUES ($1::int) RETURNING id),
		h AS (INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
			SELECT id, 'H' || $1::int, 'h' || $1::int, 't', 'd', 'domestic', 'none', 'BE', 'x', 'y', 'z', 2010, 2020 FROM s RETURNING id),
		d AS (INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, '2027-07-05', '2027-07-09', now() FROM h RETURNING id),
		l AS (INSERT INTO price_list (departure_id, version, base_cents, valid_from) SELECT id, 1, 33500, now() FROM d RETURNING id),
		k AS (INSERT INTO participant (first_name, last_name, born_on, created_at) VALUES ($3, 'Peeters', '2017-02-03', now()) RETURNING id)
		INSERT INTO booking (order_id, participant_id, departure_id, status, category, evidence, photo_consent, insured, price_list_id, policy_hash,
			trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, premium_cents, deposit_cents, placed_at)
		SELECT $2, k.id, d.id, 'placed', 'base', 'not_needed', 'no', false, l.id, 'test', 'domestic', 'none', '2026-12-01', '2027-07-05', 33500, 33500, 0, 5000, now()
		FROM k, d, l RETURNING id`, n, o.ID, child))
	ctx := context.Background()
	must(t, pg.InTx(ctx, db, func(tx *sqlx.Tx) error {
		_, err := s.OpenTx(ctx, tx, o.ID, payments.Payer{Name: payer, Country: "BE", Lang: "nl"}, []payments.Opening{{
			Booking: o.Booking, Description: "kamp", Lines: []payments.Line{{Kind: "price", Amount: amount}},
			Schedule: []payments.Due{{Kind: "full", On: civil.Must(2027, 4, 1), Amount: amount}},
		}})
		return err
	}))
	return o
}

// Staff writes somebody of the organiser.
func Staff(t testing.TB, db *sqlx.DB, name string) (staff id.Staff) {
	t.Helper()
	must(t, db.Get(&staff, `INSERT INTO staff (email, name, password_hash, created_at) VALUES (lower($1) || '@example.be', $1, '', now()) RETURNING id`, name))
	return staff
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
