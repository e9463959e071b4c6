package mail

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// nobody stands in the place of an address that was forgotten: no mail goes there.
const nobody = "gewist@example.invalid"

const empty = `UPDATE mail SET to_name = '', to_address = '` + nobody + `', subject = '', body_text = '', body_html = '', last_error = '', secret = true WHERE `

// ForgetTx empties every mail to an address or about these orders, and forgets when mail to the address came back. One that
// still waits goes out first, and is emptied in that moment.
func (o *Outbox) ForgetTx(ctx context.Context, tx *sqlx.Tx, address string, orders []id.Order) error {
	keys := make(pq.Int64Array, len(orders))
	for i, order := range orders {
		keys[i] = int64(order)
	}
	address = strings.ToLower(address)
	// In this order: one that leaves meanwhile is waited for by the first, and has left for the second.
	if _, err := tx.ExecContext(ctx, `UPDATE mail SET forget = true WHERE (lower(to_address) = $1 OR order_id = ANY ($2)) AND sent_at IS NULL AND dead_at IS NULL`, address, keys); err != nil {
		return fmt.Errorf("mail: forget the mails of a family: %w", err)
	}
	if _, err := tx.ExecContext(ctx, empty+`(lower(to_address) = $1 OR order_id = ANY ($2)) AND (sent_at IS NOT NULL OR dead_at IS NOT NULL)`, address, keys); err != nil {
		return fmt.Errorf("mail: forget the mails of a family: %w", err)
	}
	for _, table := range []string{"mail_bounce", "mail_bounce_event"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE address = $1`, address); err != nil {
			return fmt.Errorf("mail: forget an address: %w", err)
		}
	}
	return nil
}

// ForgetLate empties the mails about orders of families that were forgotten, which were written in that moment or since, and
// reports how many. One that still waits goes out first. Safe twice.
func (o *Outbox) ForgetLate(ctx context.Context, db *sqlx.DB) (emptied int64, err error) {
	const theirs = `order_id IN (SELECT order_id FROM mail_forgotten_order) AND `
	if _, err := db.ExecContext(ctx, `UPDATE mail SET forget = true WHERE `+theirs+`NOT forget AND sent_at IS NULL AND dead_at IS NULL`); err != nil {
		return 0, fmt.Errorf("mail: forget late mails: %w", err)
	}
	done, err := db.ExecContext(ctx, empty+theirs+`to_address <> '`+nobody+`' AND (sent_at IS NOT NULL OR dead_at IS NOT NULL)`)
	if err != nil {
		return 0, fmt.Errorf("mail: forget late mails: %w", err)
	}
	return done.RowsAffected()
}

// ForgetOld empties the mails from before a moment that have left, or never will, and reports how many. Safe twice.
func (o *Outbox) ForgetOld(ctx context.Context, db *sqlx.DB, before time.Time) (emptied int64, err error) {
	done, err := db.ExecContext(ctx, empty+`id IN (SELECT id FROM mail WHERE created_at < $1 AND to_address <> '`+nobody+`' AND (sent_at IS NOT NULL OR dead_at IS NOT NULL)
		ORDER BY created_at LIMIT 5000)`, before)
	if err != nil {
		return 0, fmt.Errorf("mail: forget old mails: %w", err)
	}
	return done.RowsAffected()
}
