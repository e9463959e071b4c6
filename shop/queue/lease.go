package queue

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"joetz/terms/id"
)

// inWork is a handler of this process that works on a job.
type inWork struct {
	job    id.Job
	kind   string
	begun  time.Time          // on the process's own clock
	cancel context.CancelFunc // ends the handler's context
	lease  *time.Timer        // calls cancel when the lease is over
	unseen func() bool        // lets it stop without being watched any more
	stuck  bool               // it goes on although its context ended
}

// moment is now on the process's own monotonic clock, which Config.Now need not be.
func moment(ctx context.Context) time.Time {
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), time.Hour)
	defer end()
	in, _ := ctx.Deadline()
	return in.Add(-time.Hour)
}

// leasing prepares a question to the database that leases jobs. left tells how long they are ours from when it is asked on, by this
// process's own clock: counted from before the question, so never longer than the database counts, and a tenth shorter, in which
// handlers stop. A process that lost its database so lets go of its jobs before another one takes them.
func (r *Runner) leasing(ctx context.Context) (question context.Context, cancel context.CancelFunc, left func() time.Duration) {
	until := moment(ctx).Add(r.cfg.Lease)
	question, cancel = context.WithDeadline(ctx, until)
	return question, cancel, func() time.Duration { return time.Until(until) - r.cfg.Lease/10 }
}

// take leases up to n due jobs.
func (r *Runner) take(ctx context.Context, kinds []string, n int) (jobs []taken, left func() time.Duration, err error) {
	ctx, cancel, left := r.leasing(ctx)
	defer cancel()
	jobs, err = takeDue(ctx, r.cfg.DB, r.worker, kinds, n, r.cfg.Now(), r.cfg.Lease)
	return jobs, left, err
}

// begin notes that a handler works on a job, until end is called. Its context ends when the lease does, or by cancel.
func (r *Runner) begin(ctx context.Context, j taken, left func() time.Duration) (context.Context, *inWork) {
	ctx, cancel := context.WithCancel(ctx)
	w := &inWork{job: j.ID, kind: j.Kind, begun: moment(ctx), cancel: cancel, lease: time.AfterFunc(left(), cancel)}
	w.unseen = context.AfterFunc(ctx, func() { time.AfterFunc(r.cfg.Grace, func() { r.notice(w) }) })
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[w] = true
	return ctx, w
}

func (r *Runner) end(w *inWork) {
	w.lease.Stop()
	w.unseen()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, w)
	if w.stuck {
		r.cfg.Log.Warn("job's handler has stopped after all", "job", w.job, "kind", w.kind, "after", time.Since(w.begun).Round(time.Second))
	}
}

// notice tells, once, of a handler whose context ended and that goes on all the same: nothing can stop it but the end of the process.
func (r *Runner) notice(w *inWork) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.running[w] {
		return
	}
	w.stuck = true
	r.cfg.Log.Error("job's handler does not stop, though its time is over: it takes up a worker until this process ends",
		"job", w.job, "kind", w.kind, "for", time.Since(w.begun).Round(time.Second))
}

// Working is what the handlers of one or more Runners of a process do.
type Working struct {
	Handlers int           // that are at work
	Longest  time.Duration // how long the one that began first has been at it
	Stuck    int           // that go on although their context ended; nothing can stop them but the end of the process
}

// Working looks at the handlers of this Runner, and adds those of w.
func (r *Runner) Working(w Working) Working {
	r.mu.Lock()
	defer r.mu.Unlock()
	for h := range r.running {
		w.Handlers++
		w.Longest = max(w.Longest, time.Since(h.begun))
		if h.stuck {
			w.Stuck++
		}
	}
	return w
}

// stuckKinds are the kinds of the handlers that go on, each once.
func (r *Runner) stuckKinds() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	kinds := map[string]bool{}
	for h := range r.running {
		kinds[h.kind] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(kinds)), ", ")
}

// keepLeases extends the leases of the jobs in work, frees the jobs of dead processes and forgets old ones, until ctx ends.
func (r *Runner) keepLeases(ctx context.Context) {
	r.keep(ctx)
	r.repeatedly(ctx, r.keep)
}

func (r *Runner) keep(ctx context.Context) {
	r.tell(ctx, errors.Join(r.extendLeases(ctx), rescue(ctx, r.cfg.DB), forget(ctx, r.cfg.DB, keepDone)))
}

// repeatedly does what has to be done thrice while a lease lasts.
func (r *Runner) repeatedly(ctx context.Context, do func(context.Context)) {
	tick := time.NewTicker(r.cfg.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do(ctx)
		}
	}
}

func (r *Runner) tell(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		r.cfg.Log.Warn("job leases not kept", "error", err)
	}
}

func (r *Runner) extendLeases(ctx context.Context) error {
	r.mu.Lock()
	ids, mine := make([]int64, 0, len(r.running)), make([]*inWork, 0, len(r.running))
	for w := range r.running {
		ids, mine = append(ids, int64(w.job)), append(mine, w)
	}
	r.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	ctx, cancel, left := r.leasing(ctx)
	defer cancel()
	held, err := extend(ctx, r.cfg.DB, r.worker, ids, r.cfg.Lease)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range mine {
		switch {
		case !r.running[w]: // it has ended meanwhile
		case slices.Contains(held, int64(w.job)):
			w.lease.Reset(left())
		default:
			w.cancel() // another process has it: this one must not go on
		}
	}
	return nil
}
