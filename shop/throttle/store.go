package throttle

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// take counts one try where it fits: one statement, so that the row's lock decides between processes.
func take(ctx context.Context, q sqlx.ExtContext, key []byte, rule Rule, now time.Time) (freeAt time.Time, ok bool, err error) {
	latest := now.Add(time.Duration(rule.Burst) * rule.Every)
	err = sqlx.GetContext(ctx, q, &freeAt, `
		INSERT INTO rate_limit AS r (key, free_at) VALUES ($1, $2::timestamptz + $3 * interval '1 microsecond')
		ON CONFLICT (key) DO UPDATE SET free_at = greatest(r.free_at, $2::timestamptz) + $3 * interval '1 microsecond'
			WHERE greatest(r.free_at, $2::timestamptz) + $3 * interval '1 microsecond' <= $4::timestamptz
		RETURNING free_at`, key, now, rule.Every.Microseconds(), latest)
	if err == nil {
		return freeAt, true, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, fmt.Errorf("count a try: %w", err)
	}
	freeAt, err = readFreeAt(ctx, q, key)
	return freeAt, false, err
}

func readFreeAt(ctx context.Context, q sqlx.QueryerContext, key []byte) (at time.Time, err error) {
	err = sqlx.GetContext(ctx, q, &at, `SELECT free_at FROM rate_limit WHERE key = $1`, key)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read the tries: %w", err)
	}
	return at, nil
}

func remove(ctx context.Context, q sqlx.ExecerContext, key []byte) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM rate_limit WHERE key = $1`, key); err != nil {
		return fmt.Errorf("forget the tries: %w", err)
	}
	return nil
}

func sweep(ctx context.Context, q sqlx.ExecerContext, now time.Time) (int64, error) {
	done, err := q.ExecContext(ctx, `DELETE FROM rate_limit WHERE free_at <= $1`, now)
	if err != nil {
		return 0, fmt.Errorf("sweep the tries: %w", err)
	}
	return done.RowsAffected()
}
