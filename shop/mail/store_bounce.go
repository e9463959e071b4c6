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
// back (by, 0 for the program). One that is known already stays as it is.
func (o *Outbox) Bounced(ctx context.Context, q sqlx.ExecerContext, address, why string, by id.Staff) error {
	return insertBounce(ctx, q, address, why, 0, by, o.Now())
}

// Reachable takes an address off the list: a colleague heard or saw that it works. It returns without effect when no mail
// was known to come back.
func (o *Outbox) Reachable(ctx context.Context, q sqlx.ExecerContext, address, why string, by id.Staff) error {
	return deleteBounce(ctx, q, address, why, by, o.Now())
}

// BounceEvent is one line of the history of an address.
type BounceEvent struct {
	Kind string    `db:"kind"` // bounced or reachable
	Code int       `db:"code"` // what the mail server answered; 0 when a colleague said so
	Why  string    `db:"why"`
	By   id.Staff  `db:"staff_id"` // 0 for the mail server
	At   time.Time `db:"at"`
}

// BouncesOf is the history of an address, newest first.
func (o *Outbox) BouncesOf(ctx context.Context, q sqlx.QueryerContext, address string) ([]BounceEvent, error) {
	var all []BounceEvent
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT kind, code, why, coalesce(staff_id, 0) AS staff_id, at FROM mail_bounce_event WHERE address = $1 ORDER BY id DESC LIMIT 50`, strings.ToLower(address))
	if err != nil {
		return nil, fmt.Errorf("mail: history of an address: %w", err)
	}
	return all, nil
}

func insertBounce(ctx context.Context, q sqlx.ExecerContext, address, why string, code int, by id.Staff, at time.Time) error {
	_, err := q.ExecContext(ctx, `
		WITH b AS (INSERT INTO mail_bounce (address, why, at, staff_id, code) VALUES ($1, $2, $3, nullif($4::bigint, 0), $5)
			ON CONFLICT (address) DO NOTHING RETURNING address, why, at, staff_id, code)
		INSERT INTO mail_bounce_event (address, kind, code, why, staff_id, at) SELECT address, 'bounced', code, why, staff_id, at FROM b`,
		strings.ToLower(address), why, at, int64(by), code)
	if err != nil {
		return fmt.Errorf("mail: bounce: %w", err)
	}
	return nil
}

func deleteBounce(ctx context.Context, q sqlx.ExecerContext, address, why string, by id.Staff, at time.Time) error {
	_, err := q.ExecContext(ctx, `
		WITH b AS (DELETE FROM mail_bounce WHERE address = $1 RETURNING address)
		INSERT INTO mail_bounce_event (address, kind, why, staff_id, at) SELECT address, 'reachable', $2, nullif($3::bigint, 0), $4 FROM b`,
		strings.ToLower(address), why, int64(by), at)
	if err != nil {
		return fmt.Errorf("mail: reachable: %w", err)
	}
	return nil
}
