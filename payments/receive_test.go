package payments_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/ledger"
	"joetz/payments/paymentstest"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// books is everything that receiving money writes, but for the ids.
func books(t testing.TB, db *sqlx.DB) (rows []string) {
	t.Helper()
	must(t, db.Select(&rows, `
		SELECT 'payment ' || order_id || ' ' || amount_cents || ' ' || source_id FROM payment
		UNION ALL SELECT 'allocation ' || instalment_id || ' ' || sum(amount_cents) FROM allocation GROUP BY instalment_id
		UNION ALL SELECT 'posting ' || p.account || ' ' || coalesce(p.booking_id, 0) || ' ' || sum(p.amount_cents) FROM posting p GROUP BY p.account, p.booking_id
		ORDER BY 1`))
	return rows
}

// Receiving many at once leaves the same books as receiving them one after the other, whatever comes in.
func TestReceiveAllIsReceiveForEach(t *testing.T) {
	t.Parallel()
	type world struct {
		db     *sqlx.DB
		svc    *payments.Service
		orders []paymentstest.Order
	}
	now := newShop(t, pgtest.New(t), 1).svc.Now
	worlds := make([]world, 2)
	for i := range worlds {
		w := &worlds[i]
		w.db, w.svc = pgtest.New(t), paymentstest.New(now)
		for n := range 3 {
			w.orders = append(w.orders, paymentstest.NewOrder(t, w.db, w.svc, "An", fmt.Sprint("Kind", n), money.Cents(1000*(n+1))))
		}
	}
	ctx, batch := context.Background(), 0
	rapid.Check(t, func(r *rapid.T) {
		batch++
		type in struct {
			order, amount int
			source        string
		}
		var ins []in
		for range rapid.IntRange(1, 6).Draw(r, "receipts") {
			ins = append(ins, in{rapid.IntRange(0, 2).Draw(r, "order"), rapid.IntRange(1, 900).Draw(r, "amount"), fmt.Sprint(batch, "/", rapid.IntRange(0, 4).Draw(r, "source"))})
		}
		var got [2][]payments.Received
		for i, w := range worlds {
			var receipts []payments.Receipt
			for _, x := range ins {
				receipts = append(receipts, payments.Receipt{Order: w.orders[x.order].ID, Method: "transfer", Amount: money.Cents(x.amount),
					ReceivedOn: civil.Must(2026, 12, 2), SourceSystem: "bank", SourceID: x.source})
			}
			must(t, pg.InTx(ctx, w.db, func(tx *sqlx.Tx) (err error) {
				if i == 0 {
					got[i], err = w.svc.ReceiveAllTx(ctx, tx, receipts)
					return err
				}
				got[i] = nil
				for _, rc := range receipts {
					one, err := w.svc.ReceiveTx(ctx, tx, rc)
					if err != nil {
						return err
					}
					got[i] = append(got[i], one)
				}
				return nil
			}))
		}
		for i := range got {
			for j := range got[i] {
				got[i][j].Payment = 0 // a repetition uses up a number
			}
		}
		if d := cmp.Diff(got[1], got[0]); d != "" {
			r.Fatal(d)
		}
		if d := cmp.Diff(books(t, worlds[1].db), books(t, worlds[0].db)); d != "" {
			r.Fatal(d)
		}
	})
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	o := paymentstest.NewOrder(t, s.db, s.svc, "An", "Lotte", 7500)
	withdraw := func(payment id.Payment, amount money.Cents) error {
		ctx := context.Background()
		return pg.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
			_, err := s.svc.WithdrawTx(ctx, tx, payments.Withdrawal{Payment: payment, Amount: amount, To: ledger.Suspense, Reason: "van iemand anders"})
			return err
		})
	}
	balance := func(account ledger.Account) money.Cents {
		return s.sum(`SELECT coalesce(sum(amount_cents), 0) FROM posting WHERE account = '` + string(account) + `'`)
	}
	var got payments.Received
	s.tx(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		got, err = s.svc.ReceiveTx(ctx, tx, payments.Receipt{Order: o.ID, Method: "transfer", Amount: 8000, ReceivedOn: civil.Must(2026, 12, 2), SourceSystem: "bank", SourceID: "1"})
		return err
	})
	for _, step := range []struct {
		amount                   money.Cents
		err                      error
		credit, paid, suspense   money.Cents
		invoicedAdv, receivedAdv money.Cents
	}{
		{8001, payments.ErrWithdrawTooHigh, 500, 7500, 0, 0, -7500},
		{0, payments.ErrWithdrawTooHigh, 500, 7500, 0, 0, -7500},
		{300, nil, 200, 7500, -300, 0, -7500},     // of the credit
		{1200, nil, 0, 6500, -1500, -1000, -6500}, // the rest of it, and of what it paid
		{6500, nil, 0, 0, -8000, -7500, 0},        // all
		{1, payments.ErrWithdrawTooHigh, 0, 0, -8000, -7500, 0},
	} {
		if err := withdraw(got.Payment, step.amount); !errors.Is(err, step.err) {
			t.Errorf("%v: %v, want %v", step.amount, err, step.err)
		}
		credit, err := s.svc.CreditOf(context.Background(), s.db, o.ID)
		must(t, err)
		paid := s.sum(`SELECT coalesce(sum(amount_cents), 0) FROM allocation`)
		if d := cmp.Diff([]money.Cents{step.credit, step.paid, step.suspense, step.invoicedAdv, step.receivedAdv},
			[]money.Cents{credit, paid, balance(ledger.Suspense), balance(ledger.AdvancesInvoiced), balance(ledger.AdvancesReceived)}); d != "" {
			t.Errorf("%v: %s", step.amount, d)
		}
	}
	if err := withdraw(got.Payment+99, 1); !errors.Is(err, payments.ErrNoPayment) {
		t.Errorf("no such payment: %v", err)
	}
}
