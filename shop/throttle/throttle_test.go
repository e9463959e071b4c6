package throttle_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/throttle"
)

var rule = throttle.Rule{Name: "test", Burst: 3, Every: 10 * time.Minute}

type clock struct{ at atomic.Pointer[time.Time] }

func newClock() *clock {
	c := new(clock)
	start := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	c.at.Store(&start)
	return c
}

func (c *clock) now() time.Time           { return *c.at.Load() }
func (c *clock) forward(by time.Duration) { t := c.now().Add(by); c.at.Store(&t) }

func TestBurstThenOneByOne(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := &throttle.Limiter{DB: pgtest.New(t), Now: c.now}
	for _, step := range []struct {
		forward time.Duration
		wait    time.Duration
	}{
		{0, 0}, {0, 0}, {0, 0}, // the burst
		{0, 10 * time.Minute}, {0, 10 * time.Minute}, // hammering makes it no longer
		{4 * time.Minute, 6 * time.Minute},
		{6 * time.Minute, 0},
		{0, 10 * time.Minute},
		{30 * time.Minute, 0}, {0, 0}, {0, 0}, {0, 10 * time.Minute}, // rested: the whole burst again, not more
		{24 * time.Hour, 0}, {0, 0}, {0, 0}, {0, 10 * time.Minute},
	} {
		c.forward(step.forward)
		wait, err := l.Allow(t.Context(), rule, "an")
		if err != nil || wait != step.wait {
			t.Fatalf("at %v: wait %v %v, want %v", c.now(), wait, err, step.wait)
		}
	}
	if wait, _ := l.Allow(t.Context(), rule, "bo"); wait != 0 {
		t.Error("one subject's tries count for another")
	}
	if wait, _ := l.Allow(t.Context(), throttle.Rule{Name: "tes", Burst: 1, Every: time.Hour}, "tan"); wait != 0 {
		t.Error("one rule's tries count for another")
	}
}

func TestForgetAndSweep(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := &throttle.Limiter{DB: pgtest.New(t), Now: c.now}
	for range 3 {
		_, _ = l.Allow(t.Context(), rule, "an")
	}
	if err := l.Forget(t.Context(), rule, "an"); err != nil {
		t.Fatal(err)
	}
	if wait, err := l.Allow(t.Context(), rule, "an"); wait != 0 || err != nil {
		t.Errorf("after Forget: wait %v %v", wait, err)
	}
	c.forward(5 * time.Minute)
	if n, err := l.Sweep(t.Context()); n != 0 || err != nil {
		t.Errorf("swept %d %v while it still counts", n, err)
	}
	c.forward(5 * time.Minute)
	if n, err := l.Sweep(t.Context()); n != 1 || err != nil {
		t.Errorf("swept %d %v, want 1", n, err)
	}
}

// Two processes, forty tries at the same instant: exactly the burst gets through.
func TestAcrossProcesses(t *testing.T) {
	t.Parallel()
	db, c := pgtest.New(t), newClock()
	var passed atomic.Int32
	var all sync.WaitGroup
	for i := range 40 {
		l := &throttle.Limiter{DB: db, Now: c.now}
		all.Go(func() {
			wait, err := l.Allow(t.Context(), rule, "an")
			if err != nil {
				t.Errorf("try %d: %v", i, err)
			}
			if wait == 0 {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if n := passed.Load(); n != 3 {
		t.Errorf("%d of 40 tries got through, want 3", n)
	}
}
