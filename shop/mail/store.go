package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/queue"
	"joetz/terms/id"
)

// insertMail writes a message. isNew is false when the job that writes it wrote the same one before; key is that one then.
func insertMail(ctx context.Context, tx *sqlx.Tx, from Address, m Message, at time.Time) (key id.Mail, isNew bool, err error) {
	job := int64(queue.JobOf(ctx))
	err = tx.GetContext(ctx, &key, `
		INSERT INTO mail (kind, lang, order_id, from_name, from_address, to_name, to_address,
			subject, body_text, body_html, secret, created_at, useless_after, job_id)
		VALUES ($1, $2, NULLIF($3::bigint, 0), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULLIF($14::bigint, 0))
		ON CONFLICT (job_id, md5(kind || ' ' || coalesce(order_id, 0) || ' ' || to_address || ' ' || subject || ' ' || body_text)) WHERE job_id IS NOT NULL
		DO NOTHING RETURNING id`,
		m.Kind, m.Lang, int64(m.Order), from.Name, from.Email, m.To.Name, m.To.Email,
		m.Subject, m.Text, m.HTML, m.Secret, at, sql.NullTime{Time: m.Until, Valid: !m.Until.IsZero()}, job)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.GetContext(ctx, &key, `SELECT id FROM mail WHERE job_id = $1 AND kind = $2 AND coalesce(order_id, 0) = $3 AND to_address = $4 AND subject = $5 AND body_text = $6`,
			job, m.Kind, int64(m.Order), m.To.Email, m.Subject, m.Text)
		if err != nil {
			return 0, false, fmt.Errorf("mail %s of job %d: %w", m.Kind, job, err)
		}
		return key, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("mail %s: %w", m.Kind, err)
	}
	for i, a := range m.Attachments {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO mail_attachment (mail_id, position, name, media_type, content_id, content, invoice_id, file_id)
			VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7::bigint, 0), NULLIF($8::bigint, 0))`,
			key, i, a.Name, a.Type, a.ContentID, a.Content, int64(a.Invoice), int64(a.File)); err != nil {
			return 0, false, fmt.Errorf("mail %d: attachment %d: %w", key, i, err)
		}
	}
	return key, true, nil
}

type mailRow struct {
	ID          id.Mail      `db:"id"`
	Key         string       `db:"message_key"`
	Kind        string       `db:"kind"`
	Lang        string       `db:"lang"`
	Order       id.Order     `db:"order_id"`
	FromName    string       `db:"from_name"`
	FromAddress string       `db:"from_address"`
	ToName      string       `db:"to_name"`
	ToAddress   string       `db:"to_address"`
	Subject     string       `db:"subject"`
	Text        string       `db:"body_text"`
	HTML        string       `db:"body_html"`
	Letter      string       `db:"letter"`
	Version     int          `db:"version"`
	CreatedAt   time.Time    `db:"created_at"`
	Until       sql.NullTime `db:"useless_after"`
	Attempts    int          `db:"attempts"`
	LastError   string       `db:"last_error"`
	SentAt      sql.NullTime `db:"sent_at"`
	DeadAt      sql.NullTime `db:"dead_at"`
}

func (r mailRow) toMail() Mail {
	return Mail{ID: r.ID, Kind: r.Kind, Lang: r.Lang, Order: r.Order,
		From: Address{r.FromName, r.FromAddress}, To: Address{r.ToName, r.ToAddress},
		Subject: r.Subject, Text: r.Text, HTML: r.HTML, Letter: r.Letter, Version: r.Version, At: r.CreatedAt, Until: r.Until.Time,
		Attempts: r.Attempts, LastError: r.LastError, SentAt: r.SentAt.Time, DeadAt: r.DeadAt.Time, key: r.Key}
}

func mailByID(ctx context.Context, q sqlx.QueryerContext, key id.Mail) (Mail, error) {
	var row mailRow
	if err := sqlx.GetContext(ctx, q, &row, `
		SELECT id, message_key, kind, lang, coalesce(order_id, 0) AS order_id, from_name, from_address, to_name, to_address,
			subject, body_text, body_html, created_at, useless_after, attempts, last_error, sent_at, dead_at
		FROM mail WHERE id = $1`, key); err != nil {
		return Mail{}, fmt.Errorf("mail %d: %w", key, err)
	}
	return row.toMail(), nil
}

// latestMails leaves the bodies out: a list does not show them, and they are the bulk of the table.
func latestMails(ctx context.Context, q sqlx.QueryerContext, before id.Mail, limit int) ([]Mail, error) {
	var rows []mailRow
	if err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT id, message_key, kind, lang, coalesce(order_id, 0) AS order_id, from_name, from_address, to_name, to_address,
			subject, created_at, useless_after, attempts, last_error, sent_at, dead_at
		FROM mail WHERE $1::bigint = 0 OR id < $1 ORDER BY id DESC LIMIT $2`, int64(before), limit); err != nil {
		return nil, fmt.Errorf("mails: %w", err)
	}
	return toMails(rows), nil
}

func mailsOfOrder(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Mail, error) {
	var rows []mailRow
	if err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT m.id, m.message_key, m.kind, m.lang, m.order_id, m.from_name, m.from_address, m.to_name, m.to_address,
			m.subject, m.created_at, m.useless_after, m.attempts, m.last_error, m.sent_at, m.dead_at, coalesce(l.name, '') AS letter, coalesce(l.version, 0) AS version
		FROM mail m LEFT JOIN mail_letter l ON l.mail_id = m.id WHERE m.order_id = $1 ORDER BY m.created_at, m.id`, order); err != nil {
		return nil, fmt.Errorf("mails of order %d: %w", order, err)
	}
	return toMails(rows), nil
}

func toMails(rows []mailRow) []Mail {
	mails := make([]Mail, len(rows))
	for i, r := range rows {
		mails[i] = r.toMail()
	}
	return mails
}

type attachmentRow struct {
	Position  int        `db:"position"`
	Name      string     `db:"name"`
	Type      string     `db:"media_type"`
	ContentID string     `db:"content_id"`
	Content   []byte     `db:"content"`
	Invoice   id.Invoice `db:"invoice_id"`
}

func attachmentsOf(ctx context.Context, q sqlx.QueryerContext, key id.Mail) ([]Attachment, error) {
	var rows []attachmentRow
	if err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT a.position, a.name, a.media_type, a.content_id, coalesce(a.content, f.content) AS content, coalesce(a.invoice_id, 0) AS invoice_id
		FROM mail_attachment a LEFT JOIN mail_file f ON f.id = a.file_id WHERE a.mail_id = $1 ORDER BY a.position`, key); err != nil {
		return nil, fmt.Errorf("mail %d: attachments: %w", key, err)
	}
	all := make([]Attachment, len(rows))
	for i, r := range rows {
		all[i] = Attachment{Name: r.Name, Type: r.Type, ContentID: r.ContentID, Content: r.Content, Invoice: r.Invoice}
	}
	return all, nil
}

// The three ends of an attempt. None touches a message that was sent meanwhile by another process, whose answer counts.

func markSent(ctx context.Context, db *sqlx.DB, key id.Mail, at time.Time) error {
	_, err := db.ExecContext(ctx, `
		UPDATE mail SET sent_at = $2, attempts = attempts + 1, last_error = '', dead_at = NULL,
			body_text = CASE WHEN secret OR forget THEN '' ELSE body_text END,
			body_html = CASE WHEN secret OR forget THEN '' ELSE body_html END,
			subject = CASE WHEN forget THEN '' ELSE subject END, to_name = CASE WHEN forget THEN '' ELSE to_name END,
			to_address = CASE WHEN forget THEN '`+nobody+`' ELSE to_address END, secret = secret OR forget
		WHERE id = $1 AND sent_at IS NULL`, key, at)
	if err != nil {
		return fmt.Errorf("mail %d: mark sent: %w", key, err)
	}
	return nil
}

func markFailed(ctx context.Context, db *sqlx.DB, key id.Mail, why string) error {
	_, err := db.ExecContext(ctx, `
		UPDATE mail SET attempts = attempts + 1, last_error = $2 WHERE id = $1 AND sent_at IS NULL`, key, why)
	if err != nil {
		return fmt.Errorf("mail %d: mark failed: %w", key, err)
	}
	return nil
}

func markDead(ctx context.Context, db *sqlx.DB, key id.Mail, why string, at time.Time) error {
	_, err := db.ExecContext(ctx, `
		UPDATE mail SET dead_at = $3, last_error = $2,
			body_text = CASE WHEN secret OR forget THEN '' ELSE body_text END,
			body_html = CASE WHEN secret OR forget THEN '' ELSE body_html END,
			subject = CASE WHEN forget THEN '' ELSE subject END, to_name = CASE WHEN forget THEN '' ELSE to_name END,
			to_address = CASE WHEN forget THEN '`+nobody+`' ELSE to_address END, secret = secret OR forget
		WHERE id = $1 AND sent_at IS NULL AND dead_at IS NULL`, key, why, at)
	if err != nil {
		return fmt.Errorf("mail %d: mark dead: %w", key, err)
	}
	return nil
}

// earlierWaits reports whether an earlier message about the same order to the same reader, no older than since, has still to
// leave.
func earlierWaits(ctx context.Context, q sqlx.QueryerContext, m Mail, since time.Time) (waits bool, err error) {
	if m.Order == 0 {
		return false, nil
	}
	err = sqlx.GetContext(ctx, q, &waits, `
		SELECT EXISTS (SELECT 1 FROM mail WHERE order_id = $1 AND to_address = $2 AND id < $3 AND sent_at IS NULL AND dead_at IS NULL AND created_at > $4)`,
		m.Order, m.To.Email, m.ID, since)
	if err != nil {
		return false, fmt.Errorf("mail %d: %w", m.ID, err)
	}
	return waits, nil
}

// HeldUp is how many messages the mail server did not take since long, and since when; zero when none.
type HeldUp struct {
	Mails int       `db:"mails"`
	Since time.Time `db:"since"`
}

// HeldUpBefore counts the messages from before that time that were tried in vain and wait.
func HeldUpBefore(ctx context.Context, db *sqlx.DB, before time.Time) (h HeldUp, err error) {
	err = db.GetContext(ctx, &h, `
		SELECT count(*) AS mails, coalesce(min(created_at), $1) AS since
		FROM mail WHERE sent_at IS NULL AND dead_at IS NULL AND attempts > 0 AND created_at < $1`, before)
	if err != nil {
		return h, fmt.Errorf("mails that wait: %w", err)
	}
	return h, nil
}

// Standing is how many mails wait and how many were refused, for who watches over the shop.
type Standing struct {
	Waiting int `db:"waiting"`
	Refused int `db:"refused"`
}

// StandingOf counts the mails that are not sent.
func StandingOf(ctx context.Context, db *sqlx.DB) (s Standing, err error) {
	err = db.GetContext(ctx, &s, `
		SELECT count(*) FILTER (WHERE dead_at IS NULL) AS waiting, count(*) FILTER (WHERE dead_at IS NOT NULL) AS refused
		FROM mail WHERE sent_at IS NULL`)
	return s, err
}

func sentTo(ctx context.Context, q sqlx.QueryerContext, email string) (rows []Sent, err error) {
	if err = sqlx.SelectContext(ctx, q, &rows, `SELECT kind, subject, created_at, sent_at FROM mail WHERE to_address = $1 ORDER BY id DESC`, email); err != nil {
		return nil, fmt.Errorf("mails to a reader: %w", err)
	}
	return rows, nil
}
