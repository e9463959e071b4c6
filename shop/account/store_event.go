package account

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func insertEvent(ctx context.Context, q sqlx.ExecerContext, kind string, who Identity, by id.Staff, now time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO sign_in_event (kind, guardian_id, staff_id, by_staff_id, at) VALUES ($1, $2, $3, $4, $5)`,
		kind, zeroNull(who.GuardianID), zeroNull(who.StaffID), zeroNull(by), now)
	if err != nil {
		return fmt.Errorf("note %s: %w", kind, err)
	}
	return nil
}
