package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"joetz/terms/id"
)

// ErrGiveUp is in the chain of every error that GiveUp marked.
var ErrGiveUp = errors.New("given up")

// GiveUp marks an error that repeating cannot mend: the job is dead at once.
func GiveUp(err error) error { return fmt.Errorf("%w: %w", ErrGiveUp, err) }

// later is a job whose turn has not come.
type later struct{ pause time.Duration }

func (l later) Error() string { return fmt.Sprintf("not yet, again in %v", l.pause) }

// Later is the answer of a handler whose work has to wait for something else: the job is tried again after the pause, and
// this was no attempt.
func Later(pause time.Duration) error { return later{pause} }

// retryAfter is the pause after the nth attempt failed: 5 s, 20 s, 80 s, ... at most 6 hours.
func retryAfter(n int) time.Duration {
	pause, most := 5*time.Second, 6*time.Hour
	for ; n > 1 && pause < most; n-- {
		pause *= 4
	}
	return min(pause, most)
}

// Outcome is how an attempt at a job ended, in a word for figures.
type Outcome string

// The outcomes of an attempt.
const (
	Done       Outcome = "done"
	Failed     Outcome = "failed"      // it is tried again
	GivenUp    Outcome = "given_up"    // a person decides
	Postponed  Outcome = "postponed"   // its turn has not come
	HandedBack Outcome = "handed_back" // the process stops, or lost the lease in time
	Lost       Outcome = "lost"        // its end could not be written down, or another process has the job
)

// work runs one job and records how it ended; left tells how long it is ours. It returns the handler's error.
func (r *Runner) work(ctx context.Context, j taken, left func() time.Duration) error {
	ctx, w := r.begin(ctx, j, left)
	defer w.cancel() // not before it was asked how the job ended
	err := r.attempt(ctx, j)
	r.end(w)

	save, done := context.WithTimeout(context.WithoutCancel(ctx), saving)
	defer done()
	ours, saveErr := settle(save, r.cfg.DB, r.worker, j, r.judge(ctx, j, err))
	log, how := r.cfg.Log.With("job", j.ID, "kind", j.Kind, "attempt", j.Attempt), Done
	switch {
	case saveErr != nil:
		how = Lost
		log.Error("job's end not recorded, it will run again", "error", saveErr)
	case !ours:
		how = Lost
		log.Warn("job's lease was lost while it ran")
	case err != nil && ctx.Err() != nil:
		how = HandedBack
		log.Info("job handed back")
	case errors.As(err, &later{}): // its turn comes
		how = Postponed
	case err != nil && (errors.Is(err, ErrGiveUp) || j.Attempt >= j.MaxAttempts):
		how = GivenUp
		log.Error("job is dead", "error", err)
	case err != nil:
		how = Failed
		log.Warn("job failed, will be tried again", "error", err)
	}
	if r.cfg.Observe != nil {
		r.cfg.Observe(j.Kind, how)
	}
	return err
}

// judge says what becomes of the job after this attempt.
func (r *Runner) judge(ctx context.Context, j taken, err error) outcome {
	switch {
	case err == nil:
		return outcome{state: "done", spent: 1}
	case ctx.Err() != nil: // we are stopping: the failure is ours and not the job's
		return outcome{state: "waiting"}
	}
	if wait := (later{}); errors.As(err, &wait) {
		at := r.cfg.Now().Add(wait.pause)
		return outcome{state: "waiting", runAt: &at}
	}
	if errors.Is(err, ErrGiveUp) || j.Attempt >= j.MaxAttempts {
		return outcome{state: "dead", spent: 1, err: short(err)}
	}
	at := r.cfg.Now().Add(retryAfter(j.Attempt))
	return outcome{state: "waiting", spent: 1, runAt: &at, err: short(err)}
}

func (r *Runner) attempt(ctx context.Context, j taken) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.cfg.Log.Error("job panicked", "job", j.ID, "kind", j.Kind, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.handlers[j.Kind](context.WithValue(ctx, jobKey{}, j.ID), j.Args)
}

type jobKey struct{}

// JobOf is the job that a handler works on, the same when it runs again; 0 outside of one. With it, what was written by an
// attempt whose end was lost is recognised by the next.
func JobOf(ctx context.Context) id.Job {
	job, _ := ctx.Value(jobKey{}).(id.Job)
	return job
}

// short keeps what fits an operator's line.
func short(err error) string {
	const longest = 500
	text := []rune(err.Error())
	if len(text) > longest {
		return string(text[:longest]) + "…"
	}
	return string(text)
}

// RunDue works in this goroutine until no job is due, and returns how many it ran and what failed: for commands, and for
// tests that have moved the clock.
func (r *Runner) RunDue(ctx context.Context) (ran int, failed error) {
	if err := r.insertPeriodic(ctx); err != nil {
		return 0, err
	}
	keeping, stop := context.WithCancel(ctx)
	defer stop()
	go r.repeatedly(keeping, func(ctx context.Context) { r.tell(ctx, r.extendLeases(ctx)) })
	for {
		jobs, left, err := r.take(ctx, r.kinds(), 1)
		if err != nil || len(jobs) == 0 {
			return ran, errors.Join(failed, err)
		}
		ran++
		if err := r.work(ctx, jobs[0], left); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s %d: %w", jobs[0].Kind, jobs[0].ID, err))
		}
	}
}
