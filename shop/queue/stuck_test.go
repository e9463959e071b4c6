package queue_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/queue"
)

// book is a log that may be read while it is written.
type book struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *book) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(line)
}

func (b *book) count(words string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Count(b.text.String(), words)
}

// A handler that goes on though its time is over cannot be stopped: it is told once and counted, the job is done by somebody else (here
// by the same process, with another worker), neither end brings the other down, and the process ends without waiting for it.
func TestAHandlerThatDoesNotStop(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	insert(t, db, parcel{1})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	log := &book{}
	var (
		mu       sync.Mutex
		outcomes = map[queue.Outcome]int{}
		tries    int
	)
	observe := func(_ string, how queue.Outcome) {
		mu.Lock()
		defer mu.Unlock()
		outcomes[how]++
	}
	r := queue.New(queue.Config{DB: db, Now: at(noon), Log: slog.New(slog.NewTextHandler(log, nil)), Poll: time.Millisecond, Lease: 3 * time.Second, Grace: time.Millisecond, Observe: observe})
	goOn, second := make(chan struct{}), make(chan struct{})
	queue.Handle(r, func(mine context.Context, _ parcel) error {
		mu.Lock()
		tries++
		first := tries == 1
		mu.Unlock()
		if !first {
			close(second)
			return nil
		}
		db.MustExec(`UPDATE job SET leased_by = 'another', leased_until = now() - interval '1 s'`) // as it stands when the lease was over
		<-mine.Done()
		<-goOn // and on it goes
		return nil
	})
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	for r.Working(queue.Working{}).Stuck == 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	<-second
	for count(t, db, "done") == 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	if w := r.Working(queue.Working{}); w.Stuck != 1 || w.Handlers < 1 || w.Longest <= 0 {
		t.Errorf("what is told of the one that goes on: %+v", w)
	}
	cancel()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "test.parcel") {
		t.Errorf("how the runner ended: %v", err)
	}
	if n := log.count("does not stop"); n != 1 {
		t.Errorf("it was told %d times", n)
	}
	close(goOn)
	for r.Working(queue.Working{}).Handlers > 0 {
		time.Sleep(time.Millisecond)
	}
	mu.Lock()
	defer mu.Unlock()
	if outcomes[queue.Done] != 1 {
		t.Errorf("the outcomes: %v", outcomes)
	}
}

// The database's clock is set back by an hour: the job of a process that died is not kept for that hour.
func TestALeaseOfAnotherTimeIsOver(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	insert(t, db, parcel{1})
	db.MustExec(`UPDATE job SET state = 'running', attempts = 1, leased_by = 'gone', leased_until = now() + interval '1 hour'`)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r := runner(db, at(noon))
	queue.Handle(r, func(context.Context, parcel) error { cancel(); return nil })
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "done"); n != 1 {
		t.Errorf("%d done", n)
	}
}

// How long a job has been due is right though the database's clock is an hour off the shop's, either way.
func TestStandingBetweenTwoClocks(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	insert(t, db, parcel{1}, queue.At(noon))
	for name, c := range map[string]struct {
		inserted string // before now, by the database's clock
		now      time.Time
		want     time.Duration
	}{
		"the database's is ahead":      {"1 hour", noon.Add(time.Minute), time.Minute},
		"the database's is behind":     {"1 hour", noon.Add(2 * time.Minute), 2 * time.Minute},
		"inserted after its time came": {"0 s", noon.Add(time.Hour), 0},
	} {
		db.MustExec(`UPDATE job SET created_at = now() - $1::interval`, c.inserted)
		s, err := queue.StandingAt(t.Context(), db, c.now)
		if err != nil || s.Waiting != 1 {
			t.Fatal(err, s)
		}
		if c.want == 0 {
			if s.Oldest > 30*time.Minute {
				t.Errorf("%s: due for %v", name, s.Oldest)
			}
		} else if s.Oldest != c.want {
			t.Errorf("%s: due for %v, want %v", name, s.Oldest, c.want)
		}
	}
}
