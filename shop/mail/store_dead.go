package mail

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/queue"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// ErrHandled is the fault for a mail that was given up and that somebody saw to already, or that was not given up.
var ErrHandled error = fault.New(fault.Conflict, "mail.handled")

// Dead is a message that will not leave any more.
type Dead struct {
	ID      id.Mail   `db:"id"`
	Order   id.Order  `db:"order_id"`
	To      string    `db:"to_address"`
	Name    string    `db:"payer_name"`
	Phone   string    `db:"payer_phone"`
	Subject string    `db:"subject"`
	DeadAt  time.Time `db:"dead_at"`
	Total   int       `db:"total"` // how many there are, in each row
}

// DeadSince lists the messages about orders that were given up since then and that nobody saw to, the oldest first, at most
// limit. Not those that are useless by now, and not those to an address that the worklist asks to mend: when it is good again,
// they are here.
func (o *Outbox) DeadSince(ctx context.Context, q sqlx.QueryerContext, since time.Time, limit int) ([]Dead, error) {
	var rows []Dead
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT m.id, m.order_id, m.to_address, p.payer_name, p.payer_phone, m.subject, m.dead_at, count(*) OVER () AS total
		FROM mail m JOIN mail_phone p ON p.mail_id = m.id
		WHERE m.dead_at > $1 AND m.handled_at IS NULL AND NOT m.secret AND NOT p.bounced AND (m.useless_after IS NULL OR m.useless_after > $3)
		ORDER BY m.dead_at, m.id LIMIT $2`, since, limit, o.Now())
	if err != nil {
		return nil, fmt.Errorf("mail: dead: %w", err)
	}
	return rows, nil
}

// DeadByID is a message about an order that was given up and that nobody saw to; ErrHandled for another.
func (o *Outbox) DeadByID(ctx context.Context, q sqlx.QueryerContext, key id.Mail) (Dead, error) {
	var rows []Dead
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT m.id, m.order_id, m.to_address, p.payer_name, p.payer_phone, m.subject, m.dead_at, 1 AS total
		FROM mail m JOIN mail_phone p ON p.mail_id = m.id WHERE m.id = $1 AND m.handled_at IS NULL AND NOT m.secret`, key)
	if err != nil {
		return Dead{}, fmt.Errorf("mail: dead %d: %w", key, err)
	}
	if len(rows) == 0 {
		return Dead{}, ErrHandled
	}
	return rows[0], nil
}

// Resend sends a message that was given up once more, as another message with the same words and files. Asking twice sends
// once: ErrHandled.
func (o *Outbox) Resend(ctx context.Context, db *sqlx.DB, key id.Mail, by id.Staff) (fresh id.Mail, err error) {
	err = pg.InTx(ctx, db, func(tx *sqlx.Tx) error {
		if err := o.handleTx(ctx, tx, key, by); err != nil {
			return err
		}
		if fresh, err = copyMail(ctx, tx, key, o.Now()); err != nil {
			return err
		}
		return queue.InsertTx(ctx, tx, SendArgs{Mail: fresh}, queue.Attempts(attempts))
	})
	return fresh, err
}

// Handled says that the family heard what the message said in another way.
func (o *Outbox) Handled(ctx context.Context, db *sqlx.DB, key id.Mail, by id.Staff) error {
	return pg.InTx(ctx, db, func(tx *sqlx.Tx) error { return o.handleTx(ctx, tx, key, by) })
}

func (o *Outbox) handleTx(ctx context.Context, tx *sqlx.Tx, key id.Mail, by id.Staff) error {
	res, err := tx.ExecContext(ctx, `UPDATE mail SET handled_at = $2, handled_by = $3 WHERE id = $1 AND dead_at IS NOT NULL AND handled_at IS NULL AND NOT secret AND order_id IS NOT NULL`, key, o.Now(), by)
	if err != nil {
		return fmt.Errorf("mail %d: handled: %w", key, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		if err != nil {
			return err
		}
		return ErrHandled
	}
	return nil
}

func copyMail(ctx context.Context, tx *sqlx.Tx, key id.Mail, now time.Time) (fresh id.Mail, err error) {
	err = tx.GetContext(ctx, &fresh, `
		INSERT INTO mail (kind, lang, order_id, from_name, from_address, to_name, to_address, subject, body_text, body_html, created_at, useless_after)
		SELECT kind, lang, order_id, from_name, from_address, to_name, to_address, subject, body_text, body_html, $2, useless_after FROM mail WHERE id = $1 RETURNING id`, key, now)
	if err != nil {
		return 0, fmt.Errorf("mail %d: again: %w", key, err)
	}
	for _, query := range []string{
		`INSERT INTO mail_attachment (mail_id, position, name, media_type, content_id, content, invoice_id, file_id)
			SELECT $2, position, name, media_type, content_id, content, invoice_id, file_id FROM mail_attachment WHERE mail_id = $1`,
		`UPDATE mail SET resent_as = $2 WHERE id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, query, key, fresh); err != nil {
			return 0, fmt.Errorf("mail %d: again: %w", key, err)
		}
	}
	return fresh, nil
}
