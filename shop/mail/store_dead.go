package mail

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// Dead is a message that will not leave any more.
type Dead struct {
	ID      id.Mail   `db:"id"`
	Kind    string    `db:"kind"`
	Order   id.Order  `db:"order_id"` // 0 when it is about no order
	To      string    `db:"to_address"`
	Name    string    `db:"to_name"`
	Subject string    `db:"subject"`
	Why     string    `db:"last_error"`
	DeadAt  time.Time `db:"dead_at"`
	Total   int       `db:"total"` // how many there are, in each row
}

// DeadSince lists the messages about orders that were given up since then, the newest first, at most limit. Sign-in codes
// that ran out are nobody's work.
func (o *Outbox) DeadSince(ctx context.Context, q sqlx.QueryerContext, since time.Time, limit int) ([]Dead, error) {
	var rows []Dead
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT id, kind, coalesce(order_id, 0) AS order_id, to_address, to_name, subject, last_error, dead_at, count(*) OVER () AS total
		FROM mail WHERE dead_at > $1 AND NOT secret ORDER BY dead_at DESC, id DESC LIMIT $2`, since, limit)
	if err != nil {
		return nil, fmt.Errorf("mail: dead: %w", err)
	}
	return rows, nil
}
