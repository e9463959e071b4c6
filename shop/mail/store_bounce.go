package mail

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// Bounced records that no mail reaches an address: the mail server refused it for good, or a colleague saw a message come
// back (by, 0 for the program).
func (o *Outbox) Bounced(ctx context.Context, q sqlx.ExecerContext, address, why string, by id.Staff) error {
	return insertBounce(ctx, q, address, why, by, o.Now())
}

// Reachable takes an address off the list: it was mended, or a message arrived.
func (o *Outbox) Reachable(ctx context.Context, q sqlx.ExecerContext, address string) error {
	return deleteBounce(ctx, q, address)
}

func insertBounce(ctx context.Context, q sqlx.ExecerContext, address, why string, by id.Staff, at time.Time) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO mail_bounce (address, why, at, staff_id) VALUES ($1, $2, $3, nullif($4::bigint, 0)) ON CONFLICT (address) DO NOTHING`,
		strings.ToLower(address), why, at, int64(by))
	if err != nil {
		return fmt.Errorf("mail: bounce: %w", err)
	}
	return nil
}

func deleteBounce(ctx context.Context, q sqlx.ExecerContext, address string) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM mail_bounce WHERE address = $1`, strings.ToLower(address)); err != nil {
		return fmt.Errorf("mail: reachable: %w", err)
	}
	return nil
}
