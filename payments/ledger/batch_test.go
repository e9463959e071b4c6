package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/money"
)

var now = time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)

func entry(source string, postings ...ledger.Posting) ledger.Entry {
	return ledger.Entry{Event: "test", SourceSystem: "bank", SourceID: source, On: civil.Must(2027, 3, 1), Reason: "r" + source, Postings: postings}
}

func move(source string, to, from ledger.Account, amount money.Cents) ledger.Entry {
	e := entry(source)
	e.Move(to, from, amount, 0)
	return e
}

// lines prints the journal.
func lines(t *testing.T, db *sqlx.DB) (all []string) {
	t.Helper()
	err := db.Select(&all, `
		SELECT e.source_id || ' ' || e.reason || ' ' || e.booked_on || ' ' || p.line || ' ' || p.account || ' ' || p.amount_cents
		FROM entry e JOIN posting p ON p.entry_id = e.id ORDER BY e.source_id, p.line`)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Posting many at once leaves the same journal as posting them one by one, repetitions included.
func TestPostAllIsPostForEach(t *testing.T) {
	t.Parallel()
	entries := []ledger.Entry{move("1", ledger.Bank, ledger.Suspense, 7500), entry("nothing"), move("2", ledger.Bank, ledger.Customers, -1), move("1", ledger.Bank, ledger.Suspense, 99)}
	for i := range 50 {
		entries = append(entries, move(fmt.Sprint("n", i), ledger.PaymentCosts, ledger.Bank, money.Cents(i)))
	}
	one, many := pgtest.New(t), pgtest.New(t)
	var want, got int
	for _, run := range []struct {
		db   *sqlx.DB
		post func(ctx context.Context, tx *sqlx.Tx) error
	}{
		{one, func(ctx context.Context, tx *sqlx.Tx) error {
			for _, e := range entries {
				posted, err := ledger.PostTx(ctx, tx, now, e)
				if err != nil {
					return err
				}
				if posted {
					want++
				}
			}
			return nil
		}},
		{many, func(ctx context.Context, tx *sqlx.Tx) (err error) {
			got, err = ledger.PostAllTx(ctx, tx, now, entries)
			return err
		}},
		{many, func(ctx context.Context, tx *sqlx.Tx) error {
			again, err := ledger.PostAllTx(ctx, tx, now, entries)
			if again != 0 {
				t.Errorf("posted %d again", again)
			}
			return err
		}},
	} {
		if err := pg.InTx(t.Context(), run.db, func(tx *sqlx.Tx) error { return run.post(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(lines(t, one), lines(t, many)); d != "" || got != want || want != 51 {
		t.Errorf("posted %d, want %d: %s", got, want, d)
	}
}

// However an entry fails to balance, nothing of its transaction stays.
func TestRefusesWhatDoesNotBalance(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	post := func(entries ...ledger.Entry) func(context.Context, *sqlx.Tx) error {
		return func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := ledger.PostAllTx(ctx, tx, now, entries)
			return err
		}
	}
	good := move("good", ledger.Bank, ledger.Suspense, 5)
	if err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error { return post(good)(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func(ctx context.Context, tx *sqlx.Tx) error{
		"a cent off": post(move("a", ledger.Bank, ledger.Suspense, 5), entry("b", ledger.Posting{Account: ledger.Bank, Amount: 5}, ledger.Posting{Account: ledger.Suspense, Amount: -4})),
		"one line":   post(entry("c", ledger.Posting{Account: ledger.Bank, Amount: 5})),
		"no lines": func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO entry (event, source_system, source_id, booked_on, recorded_at) VALUES ('x', 'x', 'x', now(), now())`)
			return err
		},
		"a line added later": func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO posting (entry_id, line, account, amount_cents) SELECT id, 3, '550', 1 FROM entry WHERE source_id = 'good'`)
			return err
		},
	} {
		err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error { return f(t.Context(), tx) })
		if pg.Constraint(err) != "entry_balanced" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := lines(t, db); len(got) != 2 {
		t.Errorf("the journal has %q", got)
	}
}
