package pg

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

const (
	// catchUp is how long a replica may take to be where the primary was when somebody asked.
	catchUp = 200 * time.Millisecond
	// rest is how long a replica that lagged or failed is left alone.
	rest = 2 * time.Second
	// replicaTime is the limit of one question to a replica: the primary would have answered long before.
	replicaTime = time.Second
)

// Replica is a copy of the database that PostgreSQL keeps by streaming, from which may be read what need not be newer than
// the moment of asking. It may lag, die and come back: then the primary is read.
type Replica struct {
	db, primary *sqlx.DB
	now         func() time.Time
	rested      atomic.Pointer[time.Time] // when it lagged or failed last
}

// OpenReplica prepares to read from the replica at dsn. It need not answer, now or ever. What now says is this machine's
// clock, also in a demo that moved the shop's: it is about a server, not about holidays.
func OpenReplica(dsn string, primary *sqlx.DB, now func() time.Time) (*Replica, error) {
	cfg, err := address(dsn)
	if err != nil {
		return nil, fmt.Errorf("address of the replica: %w", err)
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = replicaTime
	}
	db, err := pool(withDefaults(cfg), cfg.Runtime["pgbouncer"] == "true")
	if err != nil {
		return nil, fmt.Errorf("address of the replica: %w", err)
	}
	return &Replica{db: db, primary: primary, now: now}, nil
}

// Close closes the connections to the replica.
func (r *Replica) Close() error { return r.db.Close() }

// Read lets f read from the replica when it has everything that was committed until now, and else from the primary; f may
// run twice, and sets what it reads. When the primary does not answer f reads whatever the replica has: asOf is then the
// time of the last change in it, and zero otherwise.
func (r *Replica) Read(ctx context.Context, f func(ctx context.Context, q sqlx.QueryerContext) error) (asOf time.Time, err error) {
	if t := r.rested.Load(); t != nil && r.now().Sub(*t) < rest {
		if err := f(ctx, r.primary); !Away(err) {
			return time.Time{}, err
		}
	}
	mark, err := r.position(ctx)
	if err != nil {
		return r.readOld(ctx, f, err)
	}
	if r.has(ctx, mark) {
		limited, cancel := context.WithTimeout(ctx, replicaTime)
		defer cancel()
		if err := f(limited, r.db); err == nil || !r.lost(err) {
			return time.Time{}, err
		}
	}
	now := r.now()
	r.rested.Store(&now)
	return time.Time{}, f(ctx, r.primary)
}

// position is how far the primary is.
func (r *Replica) position(ctx context.Context) (mark string, err error) {
	ctx, cancel := context.WithTimeout(ctx, replicaTime)
	defer cancel()
	err = r.primary.GetContext(ctx, &mark, `SELECT pg_current_wal_lsn()::text`)
	return mark, err
}

// has reports whether the replica has everything up to mark, or gets there within the time to catch up.
func (r *Replica) has(ctx context.Context, mark string) bool {
	ctx, cancel := context.WithTimeout(ctx, catchUp)
	defer cancel()
	for {
		var there bool
		// A replica that was made a primary goes ways of its own.
		err := r.db.GetContext(ctx, &there, `SELECT pg_is_in_recovery() AND coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false)`, mark)
		if err != nil || there {
			return there
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// lost reports whether an error is the replica's own: it is away, or ended the statement because of what it had to replay.
func (r *Replica) lost(err error) bool {
	var e *pq.Error
	return Away(err) || errors.As(err, &e) && e.Code == "40001"
}

// readOld reads what the replica has while the primary is away; why is what the primary said.
func (r *Replica) readOld(ctx context.Context, f func(ctx context.Context, q sqlx.QueryerContext) error, why error) (asOf time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, replicaTime)
	defer cancel()
	var last *time.Time
	if err := r.db.GetContext(ctx, &last, `SELECT pg_last_xact_replay_timestamp() WHERE pg_is_in_recovery()`); err != nil || last == nil {
		return asOf, why
	}
	if err := f(ctx, r.db); err != nil {
		return asOf, errors.Join(why, err)
	}
	return *last, nil
}

// Standing is how a replica is, for who looks after it.
type Standing struct {
	Recovering bool    `db:"recovering"` // it is a replica at all
	Behind     int64   `db:"behind"`     // bytes that it has yet to replay
	Silent     float64 `db:"silent"`     // seconds since the last change that it replayed
}

// Standing asks the replica how it is.
func (r *Replica) Standing(ctx context.Context) (s Standing, err error) {
	mark, err := r.position(ctx)
	if err != nil {
		return s, err
	}
	err = r.db.GetContext(ctx, &s, `SELECT pg_is_in_recovery() AS recovering,
		coalesce(greatest(pg_wal_lsn_diff($1::pg_lsn, pg_last_wal_replay_lsn()), 0), 0)::bigint AS behind,
		coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0)::float8 AS silent`, mark)
	return s, err
}
