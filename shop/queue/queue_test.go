package queue_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/queue"

	"github.com/jmoiron/sqlx"
)

type parcel struct {
	Number int `json:"number"`
}

func (parcel) Kind() string { return "test.parcel" }

var noon = time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC)

func runner(db *sqlx.DB, now func() time.Time) *queue.Runner {
	return queue.New(queue.Config{DB: db, Now: now, Log: slog.New(slog.DiscardHandler), Poll: time.Millisecond, Grace: time.Minute})
}

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

func insert(t *testing.T, db *sqlx.DB, args queue.Args, opts ...queue.Option) {
	t.Helper()
	err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error { return queue.InsertTx(t.Context(), tx, args, opts...) })
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sqlx.DB, state string) (n int) {
	t.Helper()
	if err := db.Get(&n, `SELECT count(*) FROM job WHERE state = $1`, state); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestJobExistsWhenItsTransactionCommits(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	undone := errors.New("undone")
	err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		if err := queue.InsertTx(t.Context(), tx, parcel{1}); err != nil {
			t.Fatal(err)
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	insert(t, db, parcel{2})
	var got []int
	r := runner(db, at(noon))
	queue.Handle(r, func(_ context.Context, p parcel) error { got = append(got, p.Number); return nil })
	if n, err := r.RunDue(t.Context()); n != 1 || err != nil || !slices.Equal(got, []int{2}) {
		t.Errorf("ran %d %v, %v; want only parcel 2", n, got, err)
	}
	if n := count(t, db, "done"); n != 1 {
		t.Errorf("%d done jobs", n)
	}
}

// A context that is left open stays with the runner's for as long as the program runs, one for each job.
func TestAHandlersContextEndsWithItsJob(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var handlers context.Context
	r := runner(db, at(noon))
	queue.Handle(r, func(ctx context.Context, _ parcel) error { handlers = ctx; return ctx.Err() })
	insert(t, db, parcel{1})
	if n, err := r.RunDue(t.Context()); n != 1 || err != nil || count(t, db, "done") != 1 {
		t.Fatalf("ran %d: %v", n, err)
	}
	if handlers.Err() == nil {
		t.Error("the context of a job that has ended goes on")
	}
}

func TestJobsWaitForTheShopsClock(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	now := noon
	r := runner(db, func() time.Time { return now })
	queue.Handle(r, func(context.Context, parcel) error { return nil })
	insert(t, db, parcel{1}, queue.At(noon.Add(time.Hour)))
	if n, err := r.RunDue(t.Context()); n != 0 || err != nil {
		t.Errorf("ran %d before the time: %v", n, err)
	}
	now = noon.Add(time.Hour)
	if n, err := r.RunDue(t.Context()); n != 1 || err != nil {
		t.Errorf("ran %d at the time: %v", n, err)
	}
}

func TestKeyMakesAJobTheOnlyOne(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	r := runner(db, at(noon))
	queue.Handle(r, func(context.Context, parcel) error { return nil })
	insert(t, db, parcel{1}, queue.Key("a"))
	insert(t, db, parcel{2}, queue.Key("a"))
	insert(t, db, parcel{3}, queue.Key("b"))
	if n, err := r.RunDue(t.Context()); n != 2 || err != nil {
		t.Errorf("ran %d, want 2: %v", n, err)
	}
	insert(t, db, parcel{4}, queue.Key("a")) // done, and still the only one
	if n, err := r.RunDue(t.Context()); n != 0 || err != nil {
		t.Errorf("ran %d, want 0: %v", n, err)
	}
}

func TestFailingJobIsTriedLaterAndDiesVisibly(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	now := noon
	r := runner(db, func() time.Time { return now })
	broken := errors.New("no answer from the printer")
	queue.Handle(r, func(context.Context, parcel) error { return broken })
	insert(t, db, parcel{1}, queue.Attempts(3))

	for _, pause := range []time.Duration{0, 5 * time.Second, 20 * time.Second} {
		now = now.Add(pause - time.Nanosecond*1000)
		if n, _ := r.RunDue(t.Context()); n != 0 && pause > 0 {
			t.Fatalf("tried again within %v", pause)
		} else if pause == 0 && n == 1 {
			continue
		}
		now = now.Add(time.Microsecond)
		if n, err := r.RunDue(t.Context()); n != 1 || !errors.Is(err, broken) {
			t.Fatalf("after %v: ran %d, %v", pause, n, err)
		}
	}
	dead, err := queue.Dead(t.Context(), db, 10)
	if err != nil || len(dead) != 1 || dead[0].Attempts != 3 || dead[0].LastError != broken.Error() {
		t.Fatalf("dead jobs: %+v, %v", dead, err)
	}

	broken = nil // mended: a person lets it start over
	err = pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		ok, err := queue.ReviveTx(t.Context(), tx, dead[0].ID)
		if !ok {
			t.Error("not revived")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.RunDue(t.Context()); n != 1 || err != nil {
		t.Errorf("revived: ran %d, %v", n, err)
	}
}

func TestGiveUpAndPanic(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	r := runner(db, at(noon))
	queue.Handle(r, func(_ context.Context, p parcel) error {
		if p.Number == 1 {
			return queue.GiveUp(errors.New("no such holiday"))
		}
		panic("nil map")
	})
	insert(t, db, parcel{1})
	insert(t, db, parcel{2})
	if n, err := r.RunDue(t.Context()); n != 2 || err == nil {
		t.Fatalf("ran %d, %v", n, err)
	}
	if dead, waiting := count(t, db, "dead"), count(t, db, "waiting"); dead != 1 || waiting != 1 {
		t.Errorf("%d dead and %d waiting, want 1 and 1", dead, waiting)
	}
}

// Four processes with eight workers each: every job runs exactly once as long as none of them dies.
func TestProcessesShareTheWork(t *testing.T) {
	t.Parallel()
	const jobs = 400
	db := pgtest.New(t)
	err := pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
		for n := range jobs {
			if err := queue.InsertTx(t.Context(), tx, parcel{n}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var seen [jobs]atomic.Int32
	var left atomic.Int32
	left.Store(jobs)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	var processes sync.WaitGroup
	for range 4 {
		r := queue.New(queue.Config{DB: db, Now: at(noon), Log: slog.New(slog.DiscardHandler), Poll: time.Millisecond, Workers: 8, Grace: time.Minute})
		queue.Handle(r, func(_ context.Context, p parcel) error {
			seen[p.Number].Add(1)
			if left.Add(-1) == 0 {
				cancel()
			}
			return nil
		})
		processes.Go(func() {
			if err := r.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	processes.Wait()
	for n := range seen {
		if got := seen[n].Load(); got != 1 {
			t.Errorf("job %d ran %d times", n, got)
		}
	}
	if n := count(t, db, "done"); n != jobs {
		t.Errorf("%d done, want %d", n, jobs)
	}
}

func TestStopLetsTheRunningJobFinish(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	insert(t, db, parcel{1})
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	r := runner(db, at(noon))
	queue.Handle(r, func(ctx context.Context, _ parcel) error {
		stop()
		_, err := db.ExecContext(ctx, `SELECT 1`) // its context still lives
		return err
	})
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "done"); n != 1 {
		t.Errorf("%d done, want 1", n)
	}
}

func TestStopReleasesWhatDoesNotFinish(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	insert(t, db, parcel{1})
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	r := queue.New(queue.Config{DB: db, Now: at(noon), Log: slog.New(slog.DiscardHandler), Grace: time.Millisecond})
	queue.Handle(r, func(ctx context.Context, _ parcel) error {
		stop()
		<-ctx.Done() // a mail server that does not answer
		return ctx.Err()
	})
	_ = r.Run(ctx) // with so short a grace it may also report that the handler is late
	other := runner(db, at(noon))
	ran := make(chan struct{})
	queue.Handle(other, func(context.Context, parcel) error { close(ran); return nil })
	again, enough := context.WithTimeout(t.Context(), 2*time.Minute)
	defer enough()
	go func() { <-ran; enough() }()
	if err := other.Run(again); err != nil {
		t.Error(err)
	}
	var attempts int
	if err := db.Get(&attempts, `SELECT attempts FROM job WHERE state = 'done'`); err != nil || attempts != 1 {
		t.Errorf("the interrupted attempt counted: %d, %v", attempts, err)
	}
}

func TestJobOfADeadProcessIsTakenOver(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	insert(t, db, parcel{1})
	insert(t, db, parcel{2}, queue.Attempts(1))
	// As a process leaves them that was killed: leased, the lease over.
	db.MustExec(`UPDATE job SET state = 'running', attempts = 1, leased_by = 'gone', leased_until = now() - interval '1 s'`)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r := runner(db, at(noon))
	queue.Handle(r, func(_ context.Context, p parcel) error {
		if p.Number != 1 {
			t.Errorf("parcel %d ran, which had no attempt left", p.Number)
		}
		cancel()
		return nil
	})
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if done, dead := count(t, db, "done"), count(t, db, "dead"); done != 1 || dead != 1 {
		t.Errorf("%d done and %d dead, want 1 and 1", done, dead)
	}
}

// The lease of a job that takes long is kept; a job that another process has got is cut off.
func TestLeases(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	insert(t, db, parcel{1})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r := queue.New(queue.Config{DB: db, Now: at(noon), Log: slog.New(slog.DiscardHandler), Poll: time.Millisecond, Lease: 3 * time.Second}) // a slow machine may stand still for a moment
	queue.Handle(r, func(ctx context.Context, _ parcel) error {
		var first, later time.Time
		read := func(to *time.Time) {
			if err := db.GetContext(ctx, to, `SELECT leased_until FROM job`); err != nil {
				t.Error(err)
			}
		}
		for read(&first); !later.After(first) && ctx.Err() == nil; read(&later) {
		}
		db.MustExec(`UPDATE job SET leased_by = 'another', leased_until = now() + interval '5 minutes'`)
		<-ctx.Done()
		cancel()
		return ctx.Err()
	})
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	var by string
	if err := db.Get(&by, `SELECT leased_by FROM job WHERE state = 'running'`); err != nil || by != "another" {
		t.Errorf("the job of another was touched: %q %v", by, err)
	}
}

// A process that loses its database cannot keep its leases, and another one will take its jobs: its handlers are told to stop.
func TestWhoLostTheDatabaseStops(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	open := func() *sqlx.DB {
		db, err := pg.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() }) // one is closed already
		return db
	}
	lost, db := open(), open()
	insert(t, db, parcel{1})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	r := queue.New(queue.Config{DB: lost, Now: at(noon), Log: slog.New(slog.DiscardHandler), Poll: time.Millisecond, Lease: 3 * time.Second, Grace: time.Minute})
	queue.Handle(r, func(mine context.Context, _ parcel) error {
		if err := lost.Close(); err != nil {
			t.Error(err)
		}
		select {
		case <-mine.Done():
		case <-ctx.Done(): // two minutes, of a lease of three seconds
			t.Error("the handler did not hear that its lease was over")
		}
		cancel()
		return mine.Err()
	})
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	again, enough := context.WithTimeout(t.Context(), 2*time.Minute)
	defer enough()
	other := queue.New(queue.Config{DB: db, Now: at(noon), Log: slog.New(slog.DiscardHandler), Poll: time.Millisecond, Lease: 3 * time.Second, Grace: time.Minute})
	queue.Handle(other, func(context.Context, parcel) error { enough(); return nil })
	if err := other.Run(again); err != nil || count(t, db, "done") != 1 {
		t.Errorf("%d jobs were done after it: %v", count(t, db, "done"), err)
	}
}

// While people wait, each look takes one job: others than those that are needed to go on stay where they are.
func TestCrowdComesFirst(t *testing.T) {
	t.Parallel()
	const jobs = 12
	db := pgtest.New(t)
	for n := range jobs {
		insert(t, db, parcel{n})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var looks, taken atomic.Int64
	r := queue.New(queue.Config{DB: db, Now: at(noon), Log: slog.New(slog.DiscardHandler), Poll: time.Millisecond,
		Crowded: func() bool { looks.Add(1); return true }})
	queue.Handle(r, func(context.Context, parcel) error {
		if n := taken.Add(1); n > looks.Load() {
			t.Errorf("%d jobs were taken in %d looks", n, looks.Load())
		} else if n == jobs {
			cancel()
		}
		return nil
	})
	if err := r.Run(ctx); err != nil || taken.Load() != jobs {
		t.Errorf("%d of %d jobs ran: %v", taken.Load(), jobs, err)
	}
}

func TestPeriodicJobRunsOncePerPeriod(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	now := time.Date(2027, 6, 1, 9, 0, 0, 0, time.UTC)
	var ran int
	processes := make([]*queue.Runner, 2)
	for i := range processes {
		processes[i] = runner(db, func() time.Time { return now })
		processes[i].Every(queue.Daily(6, 30), parcel{7})
		queue.Handle(processes[i], func(context.Context, parcel) error { ran++; return nil })
	}
	for _, step := range []struct {
		at   time.Time
		want int
	}{
		{now, 1},
		{now.Add(time.Hour), 1},
		{time.Date(2027, 6, 2, 4, 29, 59, 0, time.UTC), 1}, // 6:29:59 in Belgium
		{time.Date(2027, 6, 2, 4, 30, 0, 0, time.UTC), 2},
		{time.Date(2027, 6, 9, 12, 0, 0, 0, time.UTC), 3}, // a week without the shop is not made up for
	} {
		now = step.at
		for _, r := range processes {
			if _, err := r.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if ran != step.want {
			t.Errorf("at %v it ran %d times, want %d", step.at, ran, step.want)
		}
	}
}

func TestDailyKeepsItsHourOverTheYear(t *testing.T) {
	t.Parallel()
	s := queue.Daily(2, 30) // does not exist on 28 March 2027, comes twice on 31 October
	seen := map[int64]bool{}
	for at := time.Date(2027, 3, 26, 12, 0, 0, 0, time.UTC); at.Before(time.Date(2027, 11, 3, 12, 0, 0, 0, time.UTC)); at = at.Add(10 * time.Minute) {
		start := s(at)
		if start.After(at) {
			t.Fatalf("at %v the period starts later, %v", at, start)
		}
		seen[start.Unix()] = true
	}
	if days := 31 - 25 + 30 + 31 + 30 + 31 + 31 + 30 + 31 + 3; len(seen) != days {
		t.Errorf("%d periods in %d days", len(seen), days)
	}
}

func BenchmarkInsertAndRun(b *testing.B) {
	db := pgtest.New(b)
	ctx, cancel := context.WithCancel(b.Context())
	b.Cleanup(cancel)
	var left atomic.Int64
	left.Store(int64(b.N))
	r := queue.New(queue.Config{DB: db, Now: at(noon), Log: slog.New(slog.DiscardHandler)})
	queue.Handle(r, func(context.Context, parcel) error {
		if left.Add(-1) == 0 {
			cancel()
		}
		return nil
	})
	b.ResetTimer()
	err := pg.InTx(ctx, db, func(tx *sqlx.Tx) error {
		for n := range b.N {
			if err := queue.InsertTx(ctx, tx, parcel{n}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := r.Run(ctx); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
}
