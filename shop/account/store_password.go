package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// guardianPassword reads the hash of an address; nothing, and no error, when nobody has it or no password was set.
func guardianPassword(ctx context.Context, q sqlx.QueryerContext, email string) (id.Guardian, string, error) {
	var row struct {
		ID   id.Guardian `db:"id"`
		Hash string      `db:"hash"`
	}
	err := sqlx.GetContext(ctx, q, &row, `SELECT id, coalesce(password_hash, '') AS hash FROM guardian WHERE email = $1`, email)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, "", fmt.Errorf("read password: %w", err)
	}
	return row.ID, row.Hash, nil
}

func setGuardianPassword(ctx context.Context, q sqlx.ExecerContext, key id.Guardian, hash *string) error {
	done, err := q.ExecContext(ctx, `UPDATE guardian SET password_hash = $2 WHERE id = $1`, key, hash)
	return oneRow(done, err, "set password")
}

func deleteOtherSessions(ctx context.Context, q sqlx.ExecerContext, key id.Guardian, keep []byte) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM session WHERE guardian_id = $1 AND token_hash <> $2`, key, keep); err != nil {
		return fmt.Errorf("end other sessions: %w", err)
	}
	return nil
}

// staffPassword is guardianPassword for staff; nobody inactive is found.
func staffPassword(ctx context.Context, q sqlx.QueryerContext, email string) (id.Staff, string, error) {
	var row struct {
		ID   id.Staff `db:"id"`
		Hash string   `db:"hash"`
	}
	err := sqlx.GetContext(ctx, q, &row, `SELECT id, password_hash AS hash FROM staff WHERE email = $1 AND active`, email)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, "", fmt.Errorf("read password: %w", err)
	}
	return row.ID, row.Hash, nil
}

func setStaffPassword(ctx context.Context, q sqlx.ExecerContext, key id.Staff, hash string) error {
	done, err := q.ExecContext(ctx, `UPDATE staff SET password_hash = $2 WHERE id = $1`, key, hash)
	return oneRow(done, err, "set password")
}
