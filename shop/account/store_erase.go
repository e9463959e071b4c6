package account

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func forgetGuardian(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, email string, now time.Time) error {
	nobody := fmt.Sprintf("gewist-%d@example.invalid", guardian)
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`UPDATE guardian_invitation SET revoked_at = $2 WHERE (invited_by = $1 OR email = $3) AND used_at IS NULL AND revoked_at IS NULL`, []any{guardian, now, email}},
		{`UPDATE guardian_invitation SET email = $2 WHERE email = $1`, []any{email, nobody}},
		{`DELETE FROM sign_in_code WHERE email = $1`, []any{email}},
		{`UPDATE guardian SET email = $2, first_name = '', last_name = '', phone = '', street = '', postal_code = '', city = '', password_hash = NULL
			WHERE id = $1`, []any{guardian, nobody}},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("forget guardian %d: %w", guardian, err)
		}
	}
	return nil
}

func forgetChild(ctx context.Context, tx *sqlx.Tx, child id.Participant) error {
	done, err := tx.ExecContext(ctx, `UPDATE participant SET first_name = 'Gewist', last_name = '-', born_on = date_trunc('year', born_on)::date WHERE id = $1`, child)
	return oneRow(done, err, "forget child")
}
