package queue

import (
	"context"
	"errors"
	"slices"
	"time"

	"joetz/terms/id"
)

// inWork is a job that a handler of this process works on.
type inWork struct {
	cancel context.CancelFunc // ends the handler's context
	lease  *time.Timer        // calls cancel when the lease is over
}

// leasing prepares a question to the database that leases jobs. left tells how long they are ours from when it is asked on, by this
// process's own clock: counted from before the question, so never longer than the database counts, and a tenth shorter, in which
// handlers stop. A process that lost its database so lets go of its jobs before another one takes them.
func (r *Runner) leasing(ctx context.Context) (question context.Context, cancel context.CancelFunc, left func() time.Duration) {
	clock, end := context.WithTimeout(context.WithoutCancel(ctx), r.cfg.Lease)
	until, _ := clock.Deadline() // has the monotonic clock in it
	end()
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
func (r *Runner) begin(ctx context.Context, job id.Job, left func() time.Duration) (_ context.Context, cancel context.CancelFunc) {
	ctx, cancel = context.WithCancel(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[job] = &inWork{cancel: cancel, lease: time.AfterFunc(left(), cancel)}
	return ctx, cancel
}

func (r *Runner) end(job id.Job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[job].lease.Stop()
	delete(r.running, job)
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
	ids := make([]int64, 0, len(r.running))
	for job := range r.running {
		ids = append(ids, int64(job))
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
	for _, job := range ids {
		switch w := r.running[id.Job(job)]; {
		case w == nil: // it has ended meanwhile
		case slices.Contains(held, job):
			w.lease.Reset(left())
		default:
			w.cancel() // another process has it: this one must not go on
		}
	}
	return nil
}
