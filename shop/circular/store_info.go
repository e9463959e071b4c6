package circular

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/shop/mail"
	"joetz/terms/civil"
	"joetz/terms/id"
)

const infoColumns = `
	SELECT l.departure_id, l.subject_nl, l.body_nl, l.subject_en, l.body_en, coalesce(l.file_id, 0) AS file_id, l.changed_at, l.ready_at,
		coalesce((SELECT a.name FROM dossier_actor a WHERE a.kind = 'staff' AND a.id = l.staff_id), '') AS staff_name,
		coalesce((SELECT a.name FROM dossier_actor a WHERE a.kind = 'staff' AND a.id = l.ready_by), '') AS ready_name,
		coalesce((SELECT f.name FROM circular_file f WHERE f.id = l.file_id), '') AS file_name,
		(SELECT count(*) FROM info_letter_sent s WHERE s.departure_id = l.departure_id) AS sent,
		(SELECT count(DISTINCT f.order_id) FROM circular_family f WHERE f.departure_id = l.departure_id AND f.status = 'placed' AND f.bounce = ''
			AND NOT EXISTS (SELECT 1 FROM info_letter_sent s WHERE s.departure_id = f.departure_id AND s.order_id = f.order_id)) AS waiting
	FROM info_letter l WHERE l.departure_id = $1`

func infoOf(ctx context.Context, q sqlx.QueryerContext, d id.Departure) (l Info, err error) {
	err = sqlx.GetContext(ctx, q, &l, infoColumns, d)
	if errors.Is(err, sql.ErrNoRows) {
		return l, ErrNoInfo
	}
	if err != nil {
		return l, fmt.Errorf("circular: info letter of %d: %w", d, err)
	}
	return l, nil
}

// lockInfo reads the letter of a departure and keeps it as it is; a zero one when there is none.
func lockInfo(ctx context.Context, tx *sqlx.Tx, d id.Departure) (Info, error) {
	if err := exec(ctx, tx, `SELECT 1 FROM info_letter WHERE departure_id = $1 FOR UPDATE`, d); err != nil {
		return Info{}, err
	}
	l, err := infoOf(ctx, tx, d)
	if errors.Is(err, ErrNoInfo) {
		return Info{}, nil
	}
	return l, err
}

func writeInfo(ctx context.Context, tx *sqlx.Tx, by id.Staff, d id.Departure, w Words, file mail.FileID, now time.Time) error {
	return exec(ctx, tx, `
		INSERT INTO info_letter (departure_id, subject_nl, body_nl, subject_en, body_en, file_id, staff_id, changed_at)
		VALUES ($1, $2, $3, $4, $5, nullif($6::bigint, 0), $7, $8)
		ON CONFLICT (departure_id) DO UPDATE SET subject_nl = excluded.subject_nl, body_nl = excluded.body_nl, subject_en = excluded.subject_en, body_en = excluded.body_en,
			file_id = excluded.file_id, staff_id = excluded.staff_id, changed_at = excluded.changed_at, ready_at = NULL, ready_by = NULL`,
		d, w.SubjectNL, w.BodyNL, w.SubjectEN, w.BodyEN, int64(file), by, now)
}

func readyInfo(ctx context.Context, tx *sqlx.Tx, by id.Staff, d id.Departure, now time.Time) error {
	return exec(ctx, tx, `UPDATE info_letter SET ready_at = $2, ready_by = $3 WHERE departure_id = $1`, d, now, by)
}

func infoSources(ctx context.Context, q sqlx.QueryerContext, d id.Departure) ([]InfoSource, error) {
	var all []InfoSource
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT o.departure_id, o.title, o.starts_on FROM info_letter l JOIN info_departure o ON o.departure_id = l.departure_id
		WHERE l.departure_id <> $1
		ORDER BY (o.code, o.title) IN (SELECT m.code, m.title FROM info_departure m WHERE m.departure_id = $1) DESC,
			o.title IN (SELECT m.title FROM info_departure m WHERE m.departure_id = $1) DESC, o.starts_on DESC, o.departure_id LIMIT 40`, d)
	if err != nil {
		return nil, fmt.Errorf("circular: info letters to copy: %w", err)
	}
	return all, nil
}

// infoTask is a family whose letter is due.
type infoTask struct {
	Departure id.Departure `db:"departure_id"`
	Order     id.Order     `db:"order_id"`
}

func infoTodo(ctx context.Context, q sqlx.QueryerContext, from, to civil.Date, after infoTask, limit int) ([]infoTask, error) {
	var all []infoTask
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT DISTINCT f.departure_id, f.order_id
		FROM info_letter l JOIN info_departure d ON d.departure_id = l.departure_id JOIN circular_family f ON f.departure_id = l.departure_id
		WHERE l.ready_at IS NOT NULL AND d.starts_on BETWEEN $1 AND $2 AND f.status = 'placed' AND f.bounce = '' AND f.payer_email <> ''
			AND NOT EXISTS (SELECT 1 FROM info_letter_sent s WHERE s.departure_id = f.departure_id AND s.order_id = f.order_id)
			AND (f.departure_id, f.order_id) > ($3, $4)
		ORDER BY 1, 2 LIMIT $5`, from, to, after.Departure, after.Order, limit)
	if err != nil {
		return nil, fmt.Errorf("circular: whose info letter is due: %w", err)
	}
	return all, nil
}

// takeInfo says that a family has its letter; false when another process said so.
func takeInfo(ctx context.Context, tx *sqlx.Tx, t infoTask, now time.Time) (bool, error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO info_letter_sent (departure_id, order_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, t.Departure, t.Order, now)
	if err != nil {
		return false, fmt.Errorf("circular: info letter of order %d: %w", t.Order, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func setInfoMail(ctx context.Context, tx *sqlx.Tx, t infoTask, key id.Mail) error {
	return exec(ctx, tx, `UPDATE info_letter_sent SET mail_id = $3 WHERE departure_id = $1 AND order_id = $2`, t.Departure, t.Order, key)
}

func infoSentTo(ctx context.Context, q sqlx.QueryerContext, orders []id.Order) ([]InfoSent, error) {
	keys := make([]int64, len(orders))
	for i, o := range orders {
		keys[i] = int64(o)
	}
	var all []InfoSent
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT s.departure_id, s.order_id, s.mail_id, s.at, d.title, d.starts_on
		FROM info_letter_sent s JOIN info_departure d ON d.departure_id = s.departure_id
		WHERE s.order_id = ANY ($1) AND s.mail_id IS NOT NULL ORDER BY s.at DESC, s.mail_id DESC`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("circular: info letters of a family: %w", err)
	}
	return all, nil
}

type infoMissingRow struct {
	InfoSource
	Draft bool `db:"draft"`
	Going int  `db:"going"`
	Total int  `db:"total"`
}

func infoMissing(ctx context.Context, q sqlx.QueryerContext, from, to civil.Date, limit int) ([]infoMissingRow, error) {
	var rows []infoMissingRow
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT d.departure_id, d.title, d.starts_on, d.going, l.departure_id IS NOT NULL AS draft, count(*) OVER () AS total
		FROM info_departure d LEFT JOIN info_letter l ON l.departure_id = d.departure_id
		WHERE d.starts_on BETWEEN $1 AND $2 AND l.ready_at IS NULL AND d.going > 0 ORDER BY d.starts_on, d.departure_id LIMIT $3`, from, to, limit)
	if err != nil {
		return nil, fmt.Errorf("circular: departures without an info letter: %w", err)
	}
	return rows, nil
}
