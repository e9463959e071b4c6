package invoice_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/errgroup"

	"joetz/migrations/pg"
	"joetz/payments/invoice"
	"joetz/terms/civil"
)

// 200 bookings at once, a tenth of them rolled back, while four processes give numbers: every document gets one number,
// without gap or double.
func TestConcurrentNumbersHaveNoGap(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	order, bookings := o.order(t, 1)
	errRolledBack := errors.New("rolled back")
	g, ctx := errgroup.WithContext(t.Context())
	for i := range 200 {
		g.Go(func() error {
			err := pg.InTx(ctx, o.db, func(tx *sqlx.Tx) error {
				_, err := o.CreateTx(ctx, tx, invoice.New{Order: order, Kind: "full", IssuedOn: civil.Must(2027, 2, 1), DueOn: civil.Must(2027, 2, 15),
					Payer: payer, Lines: []invoice.Line{{Booking: bookings[0], Kind: "full", Amount: 100}}})
				if err == nil && i%10 == 0 {
					return errRolledBack
				}
				return err
			})
			if errors.Is(err, errRolledBack) {
				return nil
			}
			return err
		})
		if i%50 == 0 {
			g.Go(func() error {
				for range 10 {
					if _, err := o.Number(ctx); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Number(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(count("V-2027", 180), o.numbers(t)); diff != "" {
		t.Error(diff)
	}
	o.clean(t)
}

func TestEachSeriesAndYearCountsFromOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.now = time.Date(2027, 12, 31, 22, 59, 0, 0, time.UTC) // 23:59 in Belgium
	last, _ := o.simple(t, "deposit", "2028-01-14", 7500)
	o.now = o.now.Add(2 * time.Minute)
	first, _ := o.simple(t, "deposit", "2028-01-14", 7500)
	balance, _ := o.simple(t, "balance", "2028-06-05", 14000)
	fee, _ := o.simple(t, "fee", "2028-06-05", 5000)
	credit, _ := o.simple(t, "credit", "2028-01-01", -7500)
	if n, err := o.Number(t.Context()); err != nil || n != 5 {
		t.Fatalf("numbered %d (%v)", n, err)
	}
	got := []string{o.read(t, last).Number, o.read(t, first).Number, o.read(t, balance).Number, o.read(t, fee).Number, o.read(t, credit).Number}
	want := []string{"VV-2027-00001", "VV-2028-00001", "V-2028-00001", "V-2028-00002", "CN-2028-00001"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	again, _ := o.simple(t, "deposit", "2028-01-14", 7500)
	if _, err := o.Number(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := o.read(t, again).Number; got != "VV-2028-00002" {
		t.Errorf("the next: got %s", got)
	}
	o.clean(t)
}

// What follows from a number fails, as a crash would make it: no number was given, and the next attempt gives the same.
func TestCrashWhileNumbering(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for range 3 {
		o.simple(t, "deposit", "2027-02-15", 7500)
	}
	errCrash := errors.New("crash")
	var heard []string
	o.Numbered = func(_ context.Context, _ *sqlx.Tx, given []invoice.Given) error {
		heard = nil
		for _, g := range given {
			heard = append(heard, g.Number)
		}
		return errCrash
	}
	if _, err := o.Number(t.Context()); !errors.Is(err, errCrash) {
		t.Fatalf("got %v", err)
	}
	if got := o.numbers(t); len(got) != 0 {
		t.Fatalf("numbers stayed: %v", got)
	}
	failed := slices.Clone(heard)
	o.Numbered = func(ctx context.Context, _ *sqlx.Tx, given []invoice.Given) error {
		heard = nil
		for _, g := range given {
			heard = append(heard, g.Number)
		}
		return nil
	}
	if n, err := o.Number(t.Context()); err != nil || n != 3 {
		t.Fatalf("numbered %d (%v)", n, err)
	}
	if diff := cmp.Diff(failed, heard); diff != "" {
		t.Error(diff)
	}
	if n, err := o.Number(t.Context()); err != nil || n != 0 {
		t.Errorf("a job that runs twice numbered %d more (%v)", n, err)
	}
	o.clean(t)
}

func TestNumbersFollowInBatches(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	order, bookings := o.order(t, 1)
	const size = 1201
	if err := pg.InTx(t.Context(), o.db, func(tx *sqlx.Tx) error {
		for range size {
			if _, err := o.CreateTx(t.Context(), tx, invoice.New{Order: order, Kind: "full", IssuedOn: civil.Must(2027, 2, 1), DueOn: civil.Must(2027, 2, 15),
				Payer: payer, Lines: []invoice.Line{{Booking: bookings[0], Kind: "full", Amount: 100}}}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	calls := 0
	o.Numbered = func(context.Context, *sqlx.Tx, []invoice.Given) error { calls++; return nil }
	if n, err := o.Number(t.Context()); err != nil || n != size || calls != 3 {
		t.Fatalf("numbered %d in %d batches (%v)", n, calls, err)
	}
	if diff := cmp.Diff(count("V-2027", size), o.numbers(t)); diff != "" {
		t.Error(diff)
	}
}

// The check for shop fsck finds what the constraints cannot forbid.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	key, _ := o.simple(t, "deposit", "2027-02-15", 7500)
	o.simple(t, "deposit", "2027-02-15", 7500)
	if _, err := o.Number(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.clean(t)
	for _, c := range []struct{ damage, repair string }{
		{`UPDATE invoice_series SET last = 3`, `UPDATE invoice_series SET last = 2`},
		{fmt.Sprintf(`ALTER TABLE invoice_number DISABLE TRIGGER ALL; DELETE FROM invoice_number WHERE invoice_id = %d`, key),
			fmt.Sprintf(`INSERT INTO invoice_number VALUES (%d, 'VV', 2027, 1, now(), 0)`, key)},
		{fmt.Sprintf(`ALTER TABLE invoice_line DISABLE TRIGGER ALL; UPDATE invoice_line SET amount_cents = 7499 WHERE invoice_id = %d`, key),
			fmt.Sprintf(`UPDATE invoice_line SET amount_cents = 7500 WHERE invoice_id = %d`, key)},
	} {
		o.db.MustExec(c.damage)
		if wrong, err := o.wrong(t); err != nil || len(wrong) == 0 {
			t.Errorf("not found: %s (%v)", c.damage, err)
		}
		o.db.MustExec(c.repair)
		o.clean(t)
	}
}
