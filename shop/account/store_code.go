package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

type codeRow struct {
	ID        int64      `db:"id"`
	Email     string     `db:"email"`
	CodeHash  []byte     `db:"code_hash"`
	CreatedAt time.Time  `db:"created_at"`
	ExpiresAt time.Time  `db:"expires_at"`
	Attempts  int        `db:"attempts"`
	UsedAt    *time.Time `db:"used_at"`
}

// over reports whether the code can no longer sign anybody in.
func (r *codeRow) over(now time.Time) bool {
	return r.UsedAt != nil || r.Attempts >= codeTries || !now.Before(r.ExpiresAt)
}

func insertCode(ctx context.Context, q sqlx.ExecerContext, email string, flow, code []byte, now, until time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO sign_in_code (email, flow_hash, code_hash, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5)`, email, flow, code, now, until)
	if err != nil {
		return fmt.Errorf("insert code: %w", err)
	}
	return nil
}

// codeByFlow reads a code, nil when there is none; with lock, two answers at once wait for each other.
func codeByFlow(ctx context.Context, q sqlx.QueryerContext, flow []byte, lock bool) (*codeRow, error) {
	query := `SELECT id, email, code_hash, created_at, expires_at, attempts, used_at FROM sign_in_code WHERE flow_hash = $1`
	if lock {
		query += ` FOR UPDATE`
	}
	var row codeRow
	err := sqlx.GetContext(ctx, q, &row, query, flow)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read code: %w", err)
	}
	return &row, nil
}

func countCodeTry(ctx context.Context, q sqlx.ExecerContext, key int64) error {
	if _, err := q.ExecContext(ctx, `UPDATE sign_in_code SET attempts = attempts + 1 WHERE id = $1`, key); err != nil {
		return fmt.Errorf("count code try: %w", err)
	}
	return nil
}

func useCode(ctx context.Context, q sqlx.ExecerContext, key int64, now time.Time) error {
	if _, err := q.ExecContext(ctx, `UPDATE sign_in_code SET used_at = $2 WHERE id = $1`, key, now); err != nil {
		return fmt.Errorf("use code: %w", err)
	}
	return nil
}
