package worklist_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/worklist"
	"joetz/terms/civil"
	"joetz/terms/id"
)

var now = time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC)

// desk is a list with two colleagues, Bo (1) and Cis (2), and a clock that the test moves.
func desk(t *testing.T) (w *worklist.Service, move func(time.Duration)) {
	t.Helper()
	db := pgtest.New(t)
	if _, err := db.Exec(`INSERT INTO staff (email, name, password_hash, created_at) VALUES ('bo@example.be', 'Bo', 'x', now()), ('cis@example.be', 'Cis', 'x', now())`); err != nil {
		t.Fatal(err)
	}
	at := now
	return &worklist.Service{DB: db, Now: func() time.Time { return at }, Log: slog.New(slog.DiscardHandler)}, func(d time.Duration) { at = at.Add(d) }
}

func items(kind worklist.Kind, all ...worklist.Item) worklist.Source {
	return func(_ context.Context, limit int) (worklist.Found, error) {
		for i := range all {
			all[i].Kind = kind
		}
		return worklist.Found{Items: all[:min(limit, len(all))], Total: len(all)}, nil
	}
}

func keys(b worklist.Board) (all []string) {
	for _, e := range b.Entries {
		all = append(all, e.Key)
	}
	return all
}

// What has a day is as urgent as its day; what has none becomes urgent as it waits.
func TestMostUrgentFirst(t *testing.T) {
	t.Parallel()
	w, _ := desk(t)
	w.Add(worklist.Care, items(worklist.Care,
		worklist.Item{Key: "waits a week", Since: now.AddDate(0, 0, -7)}, worklist.Item{Key: "new", Since: now}))
	w.Add(worklist.Refund, items(worklist.Refund,
		worklist.Item{Key: "tomorrow", Since: now, Due: civil.Of(now).AddDays(1)}, worklist.Item{Key: "long late", Since: now, Due: civil.Of(now).AddDays(-30)},
		worklist.Item{Key: "next month", Since: now.AddDate(0, -6, 0), Due: civil.Of(now).AddDays(30)}))
	b, err := w.Look(t.Context(), "", worklist.Only{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"long late", "waits a week", "tomorrow", "new", "next month"}, keys(b)); diff != "" {
		t.Error(diff)
	}
	b, err = w.Look(t.Context(), worklist.Refund, worklist.Only{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := []worklist.Count{{Kind: worklist.Care, Total: 2}, {Kind: worklist.Refund, Total: 3}}
	if diff := cmp.Diff(want, b.Counts); diff != "" || b.Total != 3 || len(b.Entries) != 3 {
		t.Errorf("total %d, %d shown: %s", b.Total, len(b.Entries), diff)
	}
}

// Hundreds of items come in pages; what a source did not hand over is counted, and found under its own kind.
func TestOverfull(t *testing.T) {
	t.Parallel()
	w, _ := desk(t)
	many := make([]worklist.Item, 500)
	for i := range many {
		many[i] = worklist.Item{Key: fmt.Sprint(i), Since: now.AddDate(0, 0, i-500)}
	}
	w.Add(worklist.Overdue, items(worklist.Overdue, many...))
	seen := map[string]bool{}
	b := worklist.Board{Last: 1}
	for page := 1; page <= b.Last; page++ {
		var err error
		if b, err = w.Look(t.Context(), "", worklist.Only{}, page); err != nil {
			t.Fatal(err)
		}
		for _, k := range keys(b) {
			seen[k] = true
		}
	}
	if b.Total != 500 || len(seen)+b.Hidden != 500 || b.Hidden == 0 || !seen["0"] {
		t.Errorf("total %d, seen %d, hidden %d", b.Total, len(seen), b.Hidden)
	}
	if b, err := w.Look(t.Context(), worklist.Overdue, worklist.Only{}, 99); err != nil || b.Hidden != 0 || b.Page != b.Last || len(b.Entries) == 0 {
		t.Errorf("alone: page %d of %d, hidden %d (%v)", b.Page, b.Last, b.Hidden, err)
	}
}

func TestOneBrokenSourceHidesNoOther(t *testing.T) {
	t.Parallel()
	w, _ := desk(t)
	w.Add(worklist.Proof, func(context.Context, int) (worklist.Found, error) { return worklist.Found{}, errors.New("broken") })
	w.Add(worklist.Care, items(worklist.Care, worklist.Item{Key: "one", Since: now}))
	b, err := w.Look(t.Context(), "", worklist.Only{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := []worklist.Count{{Kind: worklist.Care, Total: 1}, {Kind: worklist.Proof, Failed: true}}
	if diff := cmp.Diff(want, b.Counts); diff != "" || len(b.Entries) != 1 {
		t.Errorf("%d shown: %s", len(b.Entries), diff)
	}
}

// Of many who take an item at once one has it; it is free again after an hour, or when they let go, not when others do.
func TestClaim(t *testing.T) {
	t.Parallel()
	w, move := desk(t)
	w.Add(worklist.Care, items(worklist.Care, worklist.Item{Key: "booking:1", Since: now}))
	var took atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		for _, who := range []id.Staff{1, 2} {
			all.Go(func() {
				switch err := w.Take(t.Context(), who, worklist.Care, "booking:1"); {
				case err == nil:
					took.Or(1 << who)
				case !errors.Is(err, worklist.ErrClaimed):
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	if got := took.Load(); got != 1<<1 && got != 1<<2 {
		t.Fatalf("taken by %b", got)
	}
	b, err := w.Look(t.Context(), "", worklist.Only{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	owner := b.Entries[0].Claim.Staff
	other := 3 - owner
	if err := w.Release(t.Context(), other, worklist.Care, "booking:1"); err != nil {
		t.Fatal(err)
	}
	if err := w.Take(t.Context(), other, worklist.Care, "booking:1"); !errors.Is(err, worklist.ErrClaimed) {
		t.Errorf("after another let go: %v", err)
	}
	move(worklist.ClaimLasts)
	if b, err = w.Look(t.Context(), "", worklist.Only{}, 1); err != nil || b.Entries[0].Claim.Staff != 0 {
		t.Errorf("after an hour: %+v %v", b.Entries[0].Claim, err)
	}
	if err := w.Take(t.Context(), other, worklist.Care, "booking:1"); err != nil {
		t.Errorf("after an hour: %v", err)
	}
	if err := w.Take(t.Context(), other, "no such kind", "x"); err == nil {
		t.Error("took an item of an unknown kind")
	}
}

// A colleague looks at what is late only, or at what they took; the counts stay those of everything.
func TestSift(t *testing.T) {
	t.Parallel()
	w, move := desk(t)
	many := make([]worklist.Item, 250)
	for i := range many {
		many[i] = worklist.Item{Key: fmt.Sprint(i), Since: now, Due: civil.Of(now).AddDays(i - 230)}
	}
	w.Add(worklist.Request, items(worklist.Request, many...))
	w.Add(worklist.Refund, items(worklist.Refund, worklist.Item{Key: "new", Since: now}, worklist.Item{Key: "old", Since: now.AddDate(0, 0, -9)}))
	for _, key := range []string{"249", "3"} {
		if err := w.Take(t.Context(), 1, worklist.Request, key); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Take(t.Context(), 2, worklist.Refund, "new"); err != nil {
		t.Fatal(err)
	}
	sift := func(kind worklist.Kind, only worklist.Only) worklist.Board {
		t.Helper()
		b, err := w.Look(t.Context(), kind, only, 1)
		if err != nil {
			t.Fatal(err)
		}
		if b.Counts[0].Total != 250 || b.Counts[1].Total != 2 {
			t.Errorf("counts %+v", b.Counts)
		}
		return b
	}
	if b := sift("", worklist.Only{Late: true}); b.Total != 231 || b.Hidden != 0 {
		t.Errorf("%d late, %d hidden", b.Total, b.Hidden)
	}
	if diff := cmp.Diff([]string{"old"}, keys(sift(worklist.Refund, worklist.Only{Late: true}))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"3", "249"}, keys(sift("", worklist.Only{Of: 1}))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"3"}, keys(sift("", worklist.Only{Of: 1, Late: true}))); diff != "" {
		t.Error(diff)
	}
	move(worklist.ClaimLasts)
	if b := sift("", worklist.Only{Of: 1}); len(b.Entries) != 0 {
		t.Errorf("an hour later: %v", keys(b))
	}
}
