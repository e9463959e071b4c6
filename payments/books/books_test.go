package books_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/audit"
	"joetz/payments/books"
	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/payments/paymentstest"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

var march31 = civil.Must(2027, 3, 31)

type bench struct {
	t     *testing.T
	db    *sqlx.DB
	pay   *payments.Service
	svc   *books.Service
	now   time.Time
	staff id.Staff
	order paymentstest.Order
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, db: pgtest.New(t), now: time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return b.now }
	b.pay, b.svc = paymentstest.New(clock), &books.Service{DB: b.db, Now: clock}
	b.staff = paymentstest.Staff(t, b.db, "Boekhouding")
	b.order = paymentstest.NewOrder(t, b.db, b.pay, "An Peeters", "Lotte", 335_00)
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) number() {
	b.t.Helper()
	_, err := (&invoice.Service{DB: b.db, Now: b.svc.Now}).Number(b.t.Context())
	b.must(err)
}

func (b *bench) receive(source string, amount money.Cents, on civil.Date) {
	b.t.Helper()
	b.must(pg.InTx(b.t.Context(), b.db, func(tx *sqlx.Tx) error {
		_, err := b.pay.ReceiveTx(b.t.Context(), tx, payments.Receipt{Order: b.order.ID, Method: "stripe", Amount: amount, ReceivedOn: on, SourceSystem: "stripe", SourceID: source})
		return err
	}))
}

func TestCloseFreezesAMonth(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	closing := books.Closing{Until: march31, By: b.staff}
	if err := b.svc.Close(ctx, closing); !errors.Is(err, books.ErrNotOver) {
		t.Errorf("the month still runs: %v", err)
	}
	b.now = b.now.AddDate(0, 1, 0) // 2 April
	if err := b.svc.Close(ctx, books.Closing{Until: civil.Must(2027, 4, 30), By: b.staff}); !errors.Is(err, books.ErrNotOver) {
		t.Errorf("a month is skipped: %v", err)
	}
	if err := b.svc.Close(ctx, closing); !errors.Is(err, books.ErrHindered) {
		t.Errorf("a document waits for its number: %v", err)
	}
	b.number()
	b.must(b.svc.Close(ctx, closing))
	if err := b.svc.Close(ctx, closing); !errors.Is(err, books.ErrNotOver) {
		t.Errorf("closed twice: %v", err)
	}
	_, err := b.db.Exec(`INSERT INTO entry (event, source_system, source_id, booked_on, recorded_at) VALUES ('x', 'x', 'x', '2027-03-31', now())`)
	if pg.Constraint(err) != "entry_period_open" {
		t.Errorf("an entry of a closed month: %v", err)
	}
	if _, err := b.db.Exec(`UPDATE period_close SET note = 'x'`); err == nil {
		t.Error("a close was edited")
	}
	if _, err := b.db.Exec(`DELETE FROM period_balance`); err == nil {
		t.Error("a close's balances were deleted")
	}
	b.receive("late", 100_00, civil.Must(2027, 3, 30)) // Stripe tells in April what happened in March
	b.receive("today", 20_00, civil.Must(2027, 4, 2))
	lines, count, sum, err := b.svc.Lines(ctx, books.LineQuery{Account: string(ledger.StripeBalance)})
	b.must(err)
	if count != 2 || sum != 120_00 || lines[0].On != civil.Must(2027, 4, 1) || lines[0].HappenedOn != civil.Must(2027, 3, 30) || !lines[1].HappenedOn.IsZero() {
		t.Errorf("%d lines of %v: %+v", count, sum, lines)
	}
	b.sound()
}

func (b *bench) sound() {
	b.t.Helper()
	found, err := audit.Run(b.t.Context(), b.db, b.now, audit.Bank, audit.Stripe)
	b.must(err)
	for _, d := range found {
		b.t.Error(d)
	}
}

// What is not finished must be seen and explained.
func TestCloseWithSomethingLeftOpen(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	b.number()
	b.db.MustExec(`INSERT INTO stripe_finding (code, object_id, found_at) VALUES ('dispute_opened', 'dp_1', $1)`, b.now)
	b.now = b.now.AddDate(0, 1, 0)
	for name, c := range map[string]struct {
		closing books.Closing
		want    error
	}{
		"not seen":    {books.Closing{Note: "x"}, books.ErrOutdated},
		"more seen":   {books.Closing{LeftOpen: []string{"findings", "suspense"}, Note: "x"}, books.ErrOutdated},
		"not said":    {books.Closing{LeftOpen: []string{"findings"}}, books.ErrNote},
		"a lot later": {books.Closing{LeftOpen: []string{"findings"}, Note: "x", Until: civil.Must(2027, 2, 28)}, books.ErrNotOver},
	} {
		if c.closing.Until.IsZero() {
			c.closing.Until = march31
		}
		c.closing.By = b.staff
		if err := b.svc.Close(ctx, c.closing); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	b.must(b.svc.Close(ctx, books.Closing{Until: march31, LeftOpen: []string{"findings"}, Note: "Stripe antwoordt nog", By: b.staff}))
	closed, next, _, err := b.svc.Months(ctx)
	b.must(err)
	if len(closed) != 1 || closed[0].Note != "Stripe antwoordt nog" || len(closed[0].LeftOpen) != 1 || next != civil.Must(2027, 4, 30) {
		t.Errorf("%+v, next %v", closed, next)
	}
}

// While a month is closed, money keeps coming in: each entry is before the close or after it, never in the closed month.
func TestCloseWhileMoneyComesIn(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	b.number()
	b.now = b.now.AddDate(0, 1, 0)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			err := pg.InTx(context.WithoutCancel(ctx), b.db, func(tx *sqlx.Tx) error {
				e := ledger.Entry{Event: "test", SourceSystem: "bank", SourceID: fmt.Sprint(i), On: march31}
				e.Move(ledger.BadDebts, ledger.Differences, 1, 0)
				_, err := ledger.PostTx(ctx, tx, b.now, e)
				return err
			})
			if err != nil && pg.Constraint(err) != "entry_period_open" {
				t.Error(err)
			}
		})
	}
	group.Go(func() {
		if err := b.svc.Close(ctx, books.Closing{Until: march31, By: b.staff}); err != nil {
			t.Error(err)
		}
	})
	group.Wait()
	b.sound()
}

// The price is an advance until the holiday has taken place, and revenue then, paid or not; nothing is left twice.
func TestPerformed(t *testing.T) {
	t.Parallel()
	b, ctx := newBench(t), t.Context()
	b.receive("deposit", 100_00, civil.Must(2027, 3, 2))
	perform := func() {
		t.Helper()
		b.must(pg.InTx(ctx, b.db, func(tx *sqlx.Tx) error {
			return b.pay.PerformTx(ctx, tx, b.order.ID, []payments.Performed{{Booking: b.order.Booking, EndedOn: civil.Must(2027, 7, 9)}})
		}))
	}
	holds := func(want map[ledger.Account]money.Cents) {
		t.Helper()
		got, err := ledger.BookingBalances(ctx, b.db, b.order.Booking)
		b.must(err)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", got, want)
		}
		b.sound()
	}
	holds(map[ledger.Account]money.Cents{"400": 235_00, "460": -235_00, "461": -100_00})
	b.now = time.Date(2027, 7, 10, 5, 0, 0, 0, time.UTC)
	perform()
	holds(map[ledger.Account]money.Cents{"400": 235_00, "700": -335_00})
	perform()
	b.receive("late", 235_00, civil.Must(2027, 7, 10))
	perform()
	holds(map[ledger.Account]money.Cents{"700": -335_00})
	list, err := b.svc.DeferredAt(ctx, civil.Must(2027, 7, 8))
	b.must(err)
	if len(list) != 1 || list[0].Invoiced != 235_00 || list[0].Received != 100_00 || list[0].Revenue != 0 {
		t.Errorf("the day before its end: %+v", list)
	}
}
