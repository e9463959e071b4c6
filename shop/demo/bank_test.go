package demo_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"joetz/migrations/pg/pgtest"
	"joetz/payments/bank"
	"joetz/payments/paymentstest"
	"joetz/payments/reconcile"
	"joetz/shop/account"
	"joetz/shop/demo"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/terms/money"
)

type anybody struct{}

func (anybody) Identify(context.Context, string) (account.Identity, error) {
	return account.Identity{}, nil
}

// The sample is a statement like the bank's: read in, it pays what families named and leaves the rest to be placed, and
// the next sample goes on from it.
func TestSampleStatementPaysWhatIsOpen(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2027, 3, 10, 9, 0, 0, 0, time.UTC) }
	db, pay := pgtest.New(t), paymentstest.New(now)
	svc := &reconcile.Service{DB: db, Payments: pay, Accounts: []bank.IBAN{"BE68539007547034"}, Now: now}
	app, err := web.New(web.Config{PublicURL: "http://" + webtest.Host, Key: make([]byte, 32), Now: now, Sessions: anybody{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	app.Get(demo.BankPath, (&demo.Handlers{Bank: svc, Account: svc.Accounts[0]}).SampleStatement)
	browser := webtest.New(t, app)
	for range 6 {
		paymentstest.NewOrder(t, db, pay, "An Peeters", "Lotte", money.Cents(7500))
	}
	for day, want := range []struct{ matched, waiting int }{{4, 2}, {2, 0}} { // the two that wait are still open the next day
		data := browser.Get(demo.BankPath).WantStatus(200).Body
		got, err := svc.Import(t.Context(), reconcile.Upload{Name: "a.cod", Data: []byte(data)})
		if err != nil || len(got.Statements) != 1 || got.Statements[0].Matched != want.matched || got.Statements[0].Suspended != want.waiting {
			t.Fatalf("day %d: %+v, %v", day, got, err)
		}
	}
	if o, err := svc.Overview(t.Context()); err != nil || o.Gaps != 0 || o.Waiting != 2 {
		t.Errorf("%+v, %v", o, err)
	}
}
