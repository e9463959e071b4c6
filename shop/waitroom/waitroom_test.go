package waitroom_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/waitroom"
	"joetz/terms/id"
)

var noon = time.Date(2026, 12, 5, 12, 0, 0, 0, time.UTC)

type room struct {
	*waitroom.Service
	t     *testing.T
	clock atomic.Int64
}

// newRoom has that many guardians, numbered from 1, ten minutes before the opening.
func newRoom(t *testing.T, db *sqlx.DB, guardians int) *room {
	t.Helper()
	r := &room{t: t}
	r.at(-10 * time.Minute)
	r.Service = &waitroom.Service{DB: db, Now: func() time.Time { return time.UnixMicro(r.clock.Load()).UTC() }, Settings: waitroom.DefaultSettings}
	if guardians > 0 {
		if _, err := db.Exec(`INSERT INTO guardian (email, created_at) SELECT 'g' || n || '@example.be', now() FROM generate_series(1, $1::int) n`, guardians); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *room) at(d time.Duration) { r.clock.Store(noon.Add(d).UnixMicro()) }

func (r *room) enter(g id.Guardian) waitroom.Place {
	r.t.Helper()
	p, err := r.Enter(context.Background(), noon, g)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

func TestAMorning(t *testing.T) {
	t.Parallel()
	r := newRoom(t, pgtest.New(t), 302)
	r.at(-2 * time.Hour)
	if p := r.enter(1); p.State != waitroom.Early {
		t.Errorf("two hours before: %+v", p)
	}
	r.at(-10 * time.Minute)
	for g := id.Guardian(1); g <= 300; g++ {
		r.enter(g)
	}
	r.at(-9 * time.Minute) // how many wait is counted every other second
	if p := r.enter(7); p.State != waitroom.Waiting || p.Waiting != 300 {
		t.Errorf("looking again: %+v", p)
	}
	r.at(0)
	ahead := make([]int, 0, 300)
	for g := id.Guardian(1); g <= 300; g++ {
		p := r.enter(g)
		if p.State != waitroom.InLine || p.Line != 300 {
			t.Fatalf("guardian %d at the opening: %+v", g, p)
		}
		ahead = append(ahead, p.Ahead)
	}
	if slices.IsSorted(ahead) {
		t.Error("the order is that of coming, not by lot")
	}
	sorted := slices.Sorted(slices.Values(ahead))
	for i, a := range sorted {
		if a != i {
			t.Fatalf("places are not 0 to 299, each once: %v", sorted)
		}
	}
	if late := r.enter(301); late.State != waitroom.InLine || late.Ahead != 300 {
		t.Errorf("who comes after the opening: %+v", late)
	}
	r.at(2 * time.Second) // 50 a second
	in := 0
	for g := id.Guardian(1); g <= 301; g++ {
		p := r.enter(g)
		if p.State == waitroom.In {
			in++
		}
		if early := g <= 300 && ahead[g-1] < 100; early != (p.State == waitroom.In) {
			t.Errorf("guardian %d had %d before them and is %s", g, ahead[min(g, 300)-1], p.State)
		}
	}
	if in != 100 {
		t.Errorf("%d are in after two seconds", in)
	}
	r.at(20 * time.Second)
	if p := r.enter(301); p.State != waitroom.In {
		t.Errorf("the last: %+v", p)
	}
	if p := r.enter(302); p.State != waitroom.InLine || p.Ahead != 0 { // a quiet time saves up nothing: one step of the rate
		t.Errorf("who comes when the line is empty: %+v", p)
	}
	r.at(20*time.Second + 20*time.Millisecond)
	if p := r.enter(302); p.State != waitroom.In {
		t.Errorf("and a moment later: %+v", p)
	}
}

func TestWithoutALineEverybodyWalksIn(t *testing.T) {
	t.Parallel()
	r := newRoom(t, pgtest.New(t), 2)
	r.at(time.Second)
	for _, g := range []id.Guardian{0, 1} {
		if ok, err := r.MayStart(t.Context(), noon, g); err != nil || !ok {
			t.Errorf("nobody waited, guardian %d: %v, %v", g, ok, err)
		}
	}
	r.at(-time.Minute)
	r.enter(1)
	r.at(0)
	for _, g := range []id.Guardian{0, 1, 2} {
		if ok, err := r.MayStart(t.Context(), noon, g); err != nil || ok {
			t.Errorf("there is a line, guardian %d: %v, %v", g, ok, err)
		}
	}
	r.at(r.After)
	if ok, err := r.MayStart(t.Context(), noon, 0); err != nil || !ok {
		t.Errorf("the line is over: %v, %v", ok, err)
	}
}

// Two processes, people who come in around the opening, and everybody looking all the time: each has one place, and the
// number of those who are in is never more than the rate allows.
func TestTwoProcessesDrawOneLot(t *testing.T) {
	t.Parallel()
	const people = 200
	db := pgtest.New(t)
	a, b := newRoom(t, db, people), newRoom(t, db, 0)
	for g := id.Guardian(1); g <= people/2; g++ {
		a.enter(g)
	}
	var crowd sync.WaitGroup
	for g := id.Guardian(1); g <= people; g++ {
		crowd.Go(func() {
			shop := []*room{a, b}[g%2]
			if g == people/2 {
				a.at(0)
				b.at(0)
			}
			if _, err := shop.Enter(context.Background(), noon, g); err != nil {
				t.Error(err)
			}
		})
	}
	crowd.Wait()
	a.at(0)
	b.at(0)
	seen := map[int]bool{}
	for g := id.Guardian(1); g <= people; g++ {
		p, other := a.enter(g), b.enter(g)
		if p != other || p.State != waitroom.InLine || seen[p.Ahead] {
			t.Fatalf("guardian %d: %+v and %+v", g, p, other)
		}
		seen[p.Ahead] = true
	}
	a.at(time.Second)
	in := 0
	for g := id.Guardian(1); g <= people; g++ {
		if a.enter(g).State == waitroom.In {
			in++
		}
	}
	if in != waitroom.DefaultSettings.Rate {
		t.Errorf("%d are in after a second", in)
	}
}
