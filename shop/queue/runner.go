package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// Config is what a Runner needs. Zero values of all after Log take the default named there.
type Config struct {
	DB  *sqlx.DB
	Now func() time.Time
	Log *slog.Logger

	Workers int           // jobs at once in this process: 4
	Poll    time.Duration // how often it looks for due jobs: 100 ms
	Lease   time.Duration // how long a dead process keeps its jobs: 30 s
	Grace   time.Duration // how long a stop waits for running jobs: 5 s
	// Crowded tells that people wait for the shop: as long as they do, one job is taken at each look and no more, so that
	// work goes on, after theirs. nil: never.
	Crowded func() bool
	// Observe, when set, hears how each attempt ended.
	Observe func(kind string, how Outcome)
}

const (
	keepDone = 14 * 24 * time.Hour
	saving   = 5 * time.Second // for writing down how a job ended, also while stopping
)

// Runner works on jobs of the kinds that Handle gave it.
type Runner struct {
	cfg      Config
	worker   string
	handlers map[string]handler
	periodic []periodic
	wake     chan struct{}
	away     bool // the database did not answer when dispatch asked last

	mu      sync.Mutex
	running map[*inWork]bool
}

type handler func(ctx context.Context, args []byte) error

// New makes a Runner without handlers.
func New(cfg Config) *Runner {
	cfg.Workers = or(cfg.Workers, 4)
	cfg.Poll = or(cfg.Poll, 100*time.Millisecond)
	cfg.Lease = or(cfg.Lease, 30*time.Second)
	cfg.Grace = or(cfg.Grace, 5*time.Second)
	if cfg.Crowded == nil {
		cfg.Crowded = func() bool { return false }
	}
	host, _ := os.Hostname() // only to recognise the process in the table
	return &Runner{
		cfg:      cfg,
		worker:   host + ":" + strconv.Itoa(os.Getpid()) + ":" + strconv.FormatUint(rand.Uint64(), 36),
		handlers: map[string]handler{},
		wake:     make(chan struct{}, 1),
		running:  map[*inWork]bool{},
	}
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Handle registers f for the jobs of T's kind. It is called before Run; a second handler of a kind panics.
//
// An error of f, or a panic, is tried again later. GiveUp marks an error that no repetition will mend. f stops early when
// its context ends: the process is going down, another one has taken the job, or may soon, since the lease could not be kept.
func Handle[T Args](r *Runner, f func(ctx context.Context, args T) error) {
	var zero T
	kind := zero.Kind()
	if _, twice := r.handlers[kind]; twice {
		panic("queue: two handlers for " + kind)
	}
	r.handlers[kind] = func(ctx context.Context, text []byte) error {
		var args T
		if err := json.Unmarshal(text, &args); err != nil {
			return GiveUp(fmt.Errorf("arguments: %w", err))
		}
		return f(ctx, args)
	}
}

// Wake makes the Runner look for due jobs now: for a caller who has just committed one that somebody waits for.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default: // it was already called and not heard yet
	}
}

// Run works until ctx ends. Then it takes no more jobs, lets the running ones finish for the time of grace, and hands
// those that do not back to the queue. It returns when no handler runs any more.
func (r *Runner) Run(ctx context.Context) error {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var handlers, keeper sync.WaitGroup
	keeper.Go(func() { r.keepLeases(work) })
	r.dispatch(ctx, work, &handlers)

	finished := make(chan struct{})
	go func() { handlers.Wait(); close(finished) }()
	select {
	case <-finished:
	case <-time.After(r.cfg.Grace):
		cut() // handlers see their context end, and their jobs are released
		select {
		case <-finished:
		case <-time.After(r.cfg.Grace): // their jobs are freed when the leases run out
			return fmt.Errorf("%w: %s", errStuck, r.stuckKinds())
		}
	}
	cut()
	keeper.Wait()
	return nil
}

var errStuck = errors.New("queue: a handler does not stop when its context ends, and is left behind")

func (r *Runner) kinds() []string { return slices.Sorted(maps.Keys(r.handlers)) }

// dispatch takes jobs as workers become free, until ctx ends.
func (r *Runner) dispatch(ctx, work context.Context, handlers *sync.WaitGroup) {
	kinds := r.kinds()
	tick := time.NewTicker(r.cfg.Poll)
	defer tick.Stop()
	free := make(chan struct{}, r.cfg.Workers) // one token per free worker
	for range r.cfg.Workers {
		free <- struct{}{}
	}
	for {
		n, wake := len(free), r.wake
		if r.cfg.Crowded() {
			n, wake = min(n, 1), nil
		}
		jobs, left := r.due(ctx, kinds, n)
		for _, j := range jobs {
			<-free
			handlers.Go(func() {
				_ = r.work(work, j, left) // it has recorded and logged its end
				free <- struct{}{}
				r.Wake() // there may be more than there were workers
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-wake:
		}
	}
}

// due inserts the periodic jobs whose time has come and takes up to n due jobs; left tells how long they are ours. A database
// that is away is looked for again at the next tick.
func (r *Runner) due(ctx context.Context, kinds []string, n int) (jobs []taken, left func() time.Duration) {
	if ctx.Err() != nil || n == 0 {
		return nil, nil
	}
	if err := r.insertPeriodic(ctx); err != nil {
		if ctx.Err() == nil {
			r.report(err)
		}
		return nil, nil
	}
	// Not bound to ctx: a stop in the middle would leave jobs leased that nobody works on.
	take, cancel := context.WithTimeout(context.WithoutCancel(ctx), saving)
	defer cancel()
	jobs, left, err := r.take(take, kinds, n)
	r.report(err)
	return jobs, left
}

// report logs once that the database went away and once that it is back, not ten times a second.
func (r *Runner) report(err error) {
	if away := err != nil; away != r.away {
		r.away = away
		if away {
			r.cfg.Log.Warn("jobs cannot be read, looking again and again", "error", err)
		} else {
			r.cfg.Log.Info("jobs can be read again")
		}
	}
}
