package queue

import (
	"context"
	"fmt"
	"time"

	"joetz/terms/id"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

func insertJob(ctx context.Context, q sqlx.ExecerContext, kind, args string, i insertion) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO job (kind, args, unique_key, run_at, max_attempts)
		VALUES ($1, $2, $3, coalesce($4, '-infinity'::timestamptz), $5)
		ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL DO NOTHING`,
		kind, args, i.key, i.runAt, i.attempts)
	return err
}

func insertJobs(ctx context.Context, q sqlx.ExecerContext, kinds, texts []string) error {
	if len(kinds) == 0 {
		return nil
	}
	_, err := q.ExecContext(ctx, `
		INSERT INTO job (kind, args, max_attempts)
		SELECT l.kind, l.args::jsonb, $3::int FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS l (kind, args, line) ORDER BY l.line`,
		pq.Array(kinds), pq.Array(texts), DefaultAttempts)
	if err != nil {
		return fmt.Errorf("%d jobs: %w", len(kinds), err)
	}
	return nil
}

// taken is a job under our lease.
type taken struct {
	ID          id.Job `db:"id"`
	Kind        string `db:"kind"`
	Args        []byte `db:"args"`
	Attempt     int    `db:"attempts"`
	MaxAttempts int    `db:"max_attempts"`
}

// takeDue leases up to n due jobs of these kinds, the longest due first. Several processes never take the same.
func takeDue(ctx context.Context, db *sqlx.DB, worker string, kinds []string, n int, now time.Time, lease time.Duration) ([]taken, error) {
	var jobs []taken
	err := db.SelectContext(ctx, &jobs, `
		UPDATE job SET state = 'running', attempts = attempts + 1, leased_by = $1, leased_until = now() + $2::interval
		WHERE id IN (
			SELECT id FROM job
			WHERE state = 'waiting' AND run_at <= $3 AND kind = ANY ($4)
			ORDER BY run_at, id LIMIT $5
			FOR UPDATE SKIP LOCKED)
		RETURNING id, kind, args, attempts, max_attempts`,
		worker, seconds(lease), now, pq.StringArray(kinds), n)
	return jobs, err
}

// outcome is how an attempt ended.
type outcome struct {
	state string // done, dead, or waiting for another attempt
	runAt *time.Time
	spent int    // attempts used up: 0 when the attempt does not count
	err   string // for the operators
}

// settle records the outcome; false when the lease was lost meanwhile, and with it the right to say anything.
func settle(ctx context.Context, db *sqlx.DB, worker string, j taken, o outcome) (bool, error) {
	res, err := db.ExecContext(ctx, `
		UPDATE job SET state = $4, leased_by = NULL, leased_until = NULL,
			attempts = attempts - 1 + $5,
			run_at = coalesce($6, run_at),
			last_error = coalesce(nullif($7, ''), last_error),
			ended_at = CASE WHEN $4 IN ('done', 'dead') THEN now() END
		WHERE id = $1 AND state = 'running' AND leased_by = $2 AND attempts = $3`,
		j.ID, worker, j.Attempt, o.state, o.spent, o.runAt, o.err)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// extend keeps the leases of the jobs that are still being worked on, and returns those that are still ours.
func extend(ctx context.Context, db *sqlx.DB, worker string, ids []int64, lease time.Duration) ([]int64, error) {
	var held []int64
	err := db.SelectContext(ctx, &held, `
		UPDATE job SET leased_until = now() + $3::interval
		WHERE id = ANY ($1) AND state = 'running' AND leased_by = $2
		RETURNING id`, pq.Int64Array(ids), worker, seconds(lease))
	return held, err
}

// tooLong is what no lease lasts.
const tooLong = 10 * time.Minute

// rescue frees the jobs whose process died: their lease ran out. One that lasts longer than any does is of before the
// database's clock was set back; who still works on such a job renews it, and where not may see it done twice, which it must bear.
func rescue(ctx context.Context, db *sqlx.DB) error {
	_, err := db.ExecContext(ctx, `
		UPDATE job SET leased_by = NULL, leased_until = NULL,
			state = CASE WHEN attempts >= max_attempts THEN 'dead' ELSE 'waiting' END,
			ended_at = CASE WHEN attempts >= max_attempts THEN now() END,
			last_error = 'the process that ran it ended'
		WHERE id IN (SELECT id FROM job WHERE state = 'running' AND (leased_until < now() OR leased_until > now() + $1::interval) FOR UPDATE SKIP LOCKED)`, seconds(tooLong))
	return err
}

// forget deletes jobs that were done long ago. Their unique keys go too; periods do not come again.
func forget(ctx context.Context, db *sqlx.DB, keep time.Duration) error {
	_, err := db.ExecContext(ctx, `
		DELETE FROM job WHERE id IN (
			SELECT id FROM job WHERE state = 'done' AND ended_at < now() - $1::interval
			ORDER BY ended_at LIMIT 1000 FOR UPDATE SKIP LOCKED)`, seconds(keep))
	return err
}

func seconds(d time.Duration) string { return fmt.Sprintf("%f seconds", d.Seconds()) }

// Job is a row of the queue as operators see it.
type Job struct {
	ID        id.Job    `db:"id"`
	Kind      string    `db:"kind"`
	Attempts  int       `db:"attempts"`
	LastError string    `db:"last_error"`
	EndedAt   time.Time `db:"ended_at"`
}

// Dead lists the jobs that were given up, the latest first, at most limit.
func Dead(ctx context.Context, db *sqlx.DB, limit int) ([]Job, error) {
	var jobs []Job
	err := db.SelectContext(ctx, &jobs, `
		SELECT id, kind, attempts, coalesce(last_error, '') AS last_error, ended_at
		FROM job WHERE state = 'dead' ORDER BY ended_at DESC LIMIT $1`, limit)
	return jobs, err
}

// ReviveTx lets a dead job start over; false when it is not dead.
func ReviveTx(ctx context.Context, tx *sqlx.Tx, job id.Job) (bool, error) {
	res, err := tx.ExecContext(ctx, `
		UPDATE job SET state = 'waiting', attempts = 0, run_at = '-infinity', ended_at = NULL
		WHERE id = $1 AND state = 'dead'`, job)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// DeadByID is one job that was given up; ok is false when there is none, or it runs again.
func DeadByID(ctx context.Context, db *sqlx.DB, job id.Job) (j Job, ok bool, err error) {
	var jobs []Job
	err = db.SelectContext(ctx, &jobs, `
		SELECT id, kind, attempts, coalesce(last_error, '') AS last_error, ended_at
		FROM job WHERE state = 'dead' AND id = $1`, job)
	if err != nil || len(jobs) == 0 {
		return Job{}, false, err
	}
	return jobs[0], true, nil
}

// Standing is how much work waits, for who watches over the shop.
type Standing struct {
	Waiting int           `db:"waiting"` // due and not done yet
	Dead    int           `db:"dead"`    // given up: a person decides
	Oldest  time.Duration `db:"-"`       // how long the longest waiting due job has been due
}

// StandingAt counts the jobs at that time on the shop's clock. How long one has been due is told by either clock for itself: since it
// was inserted by the database's, since its time came by the shop's.
func StandingAt(ctx context.Context, db *sqlx.DB, now time.Time) (s Standing, err error) {
	var row struct {
		Standing
		Seconds float64 `db:"seconds"`
	}
	err = db.GetContext(ctx, &row, `
		SELECT count(*) FILTER (WHERE state IN ('waiting', 'running') AND run_at <= $1) AS waiting,
			count(*) FILTER (WHERE state = 'dead') AS dead,
			coalesce(extract(epoch FROM max(least(now() - created_at, CASE WHEN run_at > '-infinity' THEN $1 - run_at END))
				FILTER (WHERE state IN ('waiting', 'running') AND run_at <= $1)), 0)::float8 AS seconds
		FROM job WHERE state <> 'done'`, now)
	s = row.Standing
	s.Oldest = max(0, time.Duration(row.Seconds*float64(time.Second)))
	return s, err
}
