package fsck_test

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
	"joetz/payments/books"
	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/payments/paymentstest"
	"joetz/payments/reconcile"
	"joetz/shop/fsck"
	"joetz/terms/civil"
	"joetz/terms/money"
)

var now = time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)

const ours = bank.IBAN("BE68539007547034")

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// season is a small shop in which everything happened once: two bookings paid by bank, one of them too much, one cancelled
// with its refund out and back, one paid at Stripe whose payout is on its way, money on suspense, numbers given.
func season(t *testing.T) *sqlx.DB {
	t.Helper()
	db, ctx, clock := pgtest.New(t), context.Background(), func() time.Time { return now }
	pay := paymentstest.New(clock)
	staff := paymentstest.Staff(t, db, "Boekhouding")
	a := paymentstest.NewOrder(t, db, pay, "An Peeters", "Lotte", 335_00)
	b := paymentstest.NewOrder(t, db, pay, "Jan Maes", "Noor", 335_00)
	c := paymentstest.NewOrder(t, db, pay, "Els Wouters", "Finn", 100_00)
	for _, o := range []paymentstest.Order{a, b, c} {
		db.MustExec(`INSERT INTO checkout (token_hash, status, held_until, created_at) VALUES (decode(md5($1::text), 'hex'), 'placed', $2, $2)`, o.Reference, now)
		db.MustExec(`UPDATE booking_order SET checkout_id = (SELECT max(id) FROM checkout) WHERE id = $1`, o.ID)
		db.MustExec(`INSERT INTO place (departure_id, number, booking_id) SELECT departure_id, 1, id FROM booking WHERE id = $1`, o.Booking)
		db.MustExec(`INSERT INTO place (departure_id, number) SELECT departure_id, 2 FROM booking WHERE id = $1`, o.Booking)
	}
	svc := &reconcile.Service{DB: db, Payments: pay, Accounts: []bank.IBAN{ours}, Now: clock}
	number, balance := 0, money.Cents(1000_00)
	bring := func(transfers ...bankfake.Transfer) {
		number++
		st := bankfake.Statement{Account: ours, Holder: "JOETZ VZW", Date: civil.Must(2027, 3, 1).AddDays(number), Number: number, Opening: balance, Transfers: transfers}
		balance = st.Closing()
		file, err := bankfake.CODA(st)
		must(t, err)
		_, err = svc.Import(ctx, reconcile.Upload{Name: "a.cod", Data: file, By: staff})
		must(t, err)
	}
	bring(bankfake.Transfer{Amount: 335_00, Reference: a.OGM}, bankfake.Transfer{Amount: 340_00, Reference: b.OGM}, bankfake.Transfer{Amount: 12_00, Text: "geen idee"})
	var closed payments.Closed
	tx(t, db, func(tx *sqlx.Tx) (err error) {
		must(t, payments.LockOrderTx(ctx, tx, b.ID))
		closed, err = paymentstest.CloseTx(ctx, tx, pay, payments.Closing{Order: b.ID, Booking: b.Booking, Payer: payments.Payer{Name: "Jan Maes", Country: "BE", Lang: "nl"}, Description: "kamp", Fee: 50_00, Actor: "system"})
		return err
	})
	db.MustExec(`UPDATE place SET booking_id = NULL WHERE booking_id = $1`, b.Booking)
	db.MustExec(`UPDATE booking SET status = 'cancelled', cancelled_at = $2, cancelled_by = 'customer' WHERE id = $1`, b.Booking, now)
	bring(bankfake.Transfer{Amount: -285_00, EndToEndID: payments.RefundEndToEnd(closed.Refunds[0])})
	stripe(t, db, pay, c)
	_, err := (&invoice.Service{DB: db, Now: clock}).Number(ctx)
	must(t, err)
	must(t, (&books.Service{DB: db, Now: func() time.Time { return now.AddDate(0, 2, 0) }}).Close(ctx, books.Closing{
		Until: civil.Must(2027, 3, 31), By: staff, LeftOpen: []string{"bank_file", "suspense"}, Note: "wordt nagevraagd",
	}))
	return db
}

// stripe pays an order at Stripe: 100.00 with 1.75 of fee, and a payout of what is left is on its way.
func stripe(t *testing.T, db *sqlx.DB, pay *payments.Service, o paymentstest.Order) {
	t.Helper()
	const attempt = "8c8a32a8-6f7b-4c1e-9d2b-0a1b2c3d4e5f"
	db.MustExec(`INSERT INTO payment_attempt (id, order_id, amount_cents, status, request, session_id, payment_intent, charge_id, fee_cents, created_at, expires_at, changed_at, looked_at)
		VALUES ($1, $2, 10000, 'paid', '{}', 'cs_1', 'pi_1', 'ch_1', 175, $3, $3, $3, $3)`, attempt, o.ID, now)
	db.MustExec(`INSERT INTO payment_attempt_instalment (attempt_id, instalment_id, released_at) SELECT $1, id, $3 FROM instalment WHERE order_id = $2`, attempt, o.ID, now)
	tx(t, db, func(tx *sqlx.Tx) error {
		_, err := pay.ReceiveTx(t.Context(), tx, payments.Receipt{Order: o.ID, Method: "stripe", Amount: 100_00, Fee: 1_75, ReceivedOn: civil.Of(now), SourceSystem: "stripe", SourceID: "pi_1"})
		must(t, err)
		e := ledger.Entry{Event: "stripe_payout", SourceSystem: "stripe", SourceID: "txn_2", On: civil.Of(now)}
		e.Move(ledger.PayoutTransit, ledger.StripeBalance, 98_25, 0)
		_, err = ledger.PostTx(t.Context(), tx, now, e)
		return err
	})
	db.MustExec(`INSERT INTO stripe_movement (id, category, source_id, description, amount_cents, fee_cents, net_cents, currency, against, made_at, available_at, recorded_at)
		VALUES ('txn_1', 'charge', 'ch_1', '', 10000, 175, 9825, 'eur', '400', $1, $1, $1), ('txn_2', 'payout', 'po_1', '', -9825, 0, -9825, 'eur', '5801', $1, $1, $1)`, now)
	db.MustExec(`INSERT INTO stripe_payout (id, amount_cents, status, automatic, reconciled, failure, descriptor, arrives_on, made_at, changed_at)
		VALUES ('po_1', 9825, 'in_transit', true, true, '', 'STRIPE', $1::timestamptz, $1, $1)`, now)
	db.MustExec(`INSERT INTO stripe_payout_movement (movement_id, payout_id) VALUES ('txn_1', 'po_1')`)
}

func tx(t *testing.T, db *sqlx.DB, f func(tx *sqlx.Tx) error) {
	t.Helper()
	must(t, pg.InTx(t.Context(), db, f))
}

func TestASoundShopHasNoDifference(t *testing.T) {
	t.Parallel()
	found, err := fsck.Run(t.Context(), season(t), now)
	must(t, err)
	for _, d := range found {
		t.Error(d)
	}
}

// faults breaks each rule once: the statement that a bug, a bad disk or a hand in the database would amount to.
var faults = map[string]string{
	"entry_balanced":        `UPDATE posting SET amount_cents = amount_cents + 1 WHERE (entry_id, line) = (SELECT entry_id, line FROM posting WHERE account = '657' LIMIT 1)`,
	"instalments":           `UPDATE instalment SET amount_cents = amount_cents + 1 WHERE id = (SELECT min(id) FROM instalment)`,
	"charge_reversed":       `UPDATE charge SET amount_cents = amount_cents + 1 WHERE reverses_id IS NOT NULL`,
	"same_order":            `UPDATE charge SET order_id = order_id + 1 WHERE id = (SELECT min(id) FROM charge)`,
	"allocated":             `UPDATE allocation SET amount_cents = amount_cents + 1 WHERE id = (SELECT min(id) FROM allocation)`,
	"allocation_instalment": `UPDATE allocation SET instalment_id = (SELECT max(id) FROM instalment) WHERE id = (SELECT min(id) FROM allocation)`,
	"payment_left":          `UPDATE payment SET amount_cents = 100 WHERE id = (SELECT payment_id FROM refund)`,
	"credit":                `DELETE FROM refund`,
	"customer":              `DELETE FROM invoice_line WHERE invoice_id = (SELECT min(id) FROM invoice)`,
	"counterpart":           `UPDATE posting SET booking_id = NULL WHERE account = '743'`,
	"advances":              `DELETE FROM allocation`,
	"premium":               `UPDATE posting SET account = '4891' WHERE account = '743'`,
	"payment_booked":        `UPDATE payment SET source_id = 'elsewhere' WHERE id = (SELECT min(id) FROM payment)`,
	"refunds":               `DELETE FROM refund_step`,
	"period_balance":        `UPDATE period_balance SET balance_cents = 1 WHERE account = '700'`,
	"period_late":           `UPDATE entry SET recorded_at = '2027-06-01T00:00:00Z' WHERE id = (SELECT min(id) FROM entry)`,

	"difference_booked": `INSERT INTO small_difference (order_id, amount_cents, at) SELECT min(id), -1, '2027-03-02' FROM booking_order`,
	"difference_paid":   `INSERT INTO small_difference (order_id, instalment_id, amount_cents, at) SELECT order_id, id, 9999900, '2027-03-02' FROM instalment WHERE id = (SELECT min(id) FROM instalment)`,
	"order_credit":      `INSERT INTO order_credit SELECT min(id), 1 FROM booking_order`,

	"invoice_total":  `UPDATE invoice SET total_cents = total_cents + 1 WHERE id = (SELECT min(id) FROM invoice)`,
	"invoice_booked": `UPDATE entry SET source_id = '999' WHERE event = 'invoice' AND id = (SELECT min(id) FROM entry WHERE event = 'invoice')`,
	"invoice_line_instalment": `INSERT INTO invoice_line (invoice_id, position, booking_id, instalment_id, kind, description, amount_cents)
		SELECT invoice_id, 9, booking_id, instalment_id, kind, description, amount_cents FROM invoice_line WHERE invoice_id = (SELECT min(id) FROM invoice)`,
	"numbers_gapless":  `DELETE FROM invoice_number WHERE number = 1`,
	"numbers_in_order": `INSERT INTO invoice_waiting SELECT min(id) FROM invoice`,
	"invoice_open":     `INSERT INTO invoice_open SELECT min(id), '2027-04-01', 1 FROM invoice`,

	"bank_file":       `UPDATE bank_file SET content = content || '\x20' WHERE id = (SELECT min(id) FROM bank_file)`,
	"statement":       `UPDATE bank_statement SET closing_cents = closing_cents + 1 WHERE id = (SELECT min(id) FROM bank_statement)`,
	"bank_account":    `DELETE FROM bank_movement WHERE text = 'geen idee'`,
	"match_left":      `UPDATE movement_match SET amount_cents = amount_cents + 1 WHERE id = (SELECT min(id) FROM movement_match)`,
	"match_undone":    `INSERT INTO movement_match (movement_id, target, account, amount_cents, how, undoes_id, at) SELECT movement_id, 'account', '757', 1, 'costs', id, at FROM movement_match LIMIT 1`,
	"suspense":        `UPDATE posting SET account = '757' WHERE account = '499'`,
	"payment_matched": `DELETE FROM movement_match WHERE target = 'order'`,
	"match_order":     `UPDATE movement_match SET order_id = order_id + 1 WHERE id = (SELECT min(id) FROM movement_match)`,
	"refund_at_bank":  `DELETE FROM movement_match WHERE target = 'refund'`,
	"refund_batch":    `INSERT INTO refund_batch (message_id, execute_on, refunds, total_cents, content, staff_id, at) VALUES ('m', '2027-03-02', 1, 5, '', 1, '2027-03-02')`,
	"payout_transit":  `UPDATE stripe_movement SET against = '657' WHERE id = 'txn_2'`,

	"stripe_balance":      `UPDATE stripe_movement SET net_cents = net_cents + 1, amount_cents = amount_cents + 1 WHERE id = 'txn_1'`,
	"attempt_paid":        `UPDATE payment_attempt SET payment_intent = 'pi_other'`,
	"attempt_instalments": `UPDATE payment_attempt_instalment SET released_at = NULL`,
	"payout":              `DELETE FROM stripe_payout_movement`,
	"movement_booked":     `UPDATE entry SET source_id = 'txn_9' WHERE source_id = 'txn_2'`,

	"booking_place":   `UPDATE place SET departure_id = departure_id + 1, number = 9 WHERE booking_id = (SELECT min(booking_id) FROM place)`,
	"place_booking":   `UPDATE place SET booking_id = 999 WHERE number = 2 AND departure_id = (SELECT min(departure_id) FROM place)`,
	"sold":            `DELETE FROM place WHERE booking_id = (SELECT min(booking_id) FROM place)`,
	"hold":            `UPDATE place SET checkout_id = 999, held_until = '2027-03-02T10:00:00Z' WHERE number = 2 AND departure_id = (SELECT min(departure_id) FROM place)`,
	"checkout_placed": `UPDATE checkout SET status = 'open' WHERE id = (SELECT min(id) FROM checkout)`,
	"priced":          `DELETE FROM charge WHERE booking_id = (SELECT min(id) FROM booking)`,
}

// Every rule finds the fault that was planted for it, and names a row.
func TestEveryRuleFindsItsFault(t *testing.T) {
	t.Parallel()
	db := season(t)
	for _, r := range fsck.Rules() {
		fault, planted := faults[r.Code]
		if !planted {
			t.Errorf("no fault is planted for rule %s", r.Code)
			continue
		}
		found := plant(t, db, fault, r)
		if len(found) == 0 {
			t.Errorf("%s (%s) does not find its fault", r.Code, r.Says)
		}
		for _, d := range found {
			if d.Object == "" || d.Detail == "" {
				t.Errorf("%s: %+v names nothing", r.Code, d)
			}
		}
	}
	if len(faults) != len(fsck.Rules()) {
		t.Errorf("%d faults for %d rules", len(faults), len(fsck.Rules()))
	}
}

// plant makes a fault behind the back of every trigger and constraint that refuses it, and takes it away again.
func plant(t *testing.T, db *sqlx.DB, fault string, rule audit.Rule) []audit.Difference {
	t.Helper()
	tx, err := db.BeginTxx(t.Context(), nil)
	must(t, err)
	defer func() { must(t, tx.Rollback()) }()
	for _, do := range []string{`SET LOCAL session_replication_role = replica`, fault} {
		if _, err := tx.Exec(do); err != nil {
			t.Fatalf("%s: %v", rule.Code, err)
		}
	}
	found, err := audit.HoldTx(t.Context(), tx, now, []audit.Rule{rule})
	must(t, err)
	return found
}
