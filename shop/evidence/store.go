package evidence

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

type fileRow struct {
	ID      int64      `db:"id"`
	Booking id.Booking `db:"booking_id"`
	Key     []byte     `db:"data_key"`
	Sealed  []byte     `db:"sealed"`
	Type    string     `db:"type"`
	Bytes   int        `db:"bytes"`
	Sum     []byte     `db:"sha256"`
	At      time.Time  `db:"uploaded_at"`
	By      string     `db:"uploaded_by"`
}

func countFiles(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, sum []byte) (n int, known bool, err error) {
	err = q.QueryRowxContext(ctx, `SELECT count(*), coalesce(bool_or(sha256 = $2), false) FROM evidence_file WHERE booking_id = $1`, booking, sum).Scan(&n, &known)
	if err != nil {
		return 0, false, fmt.Errorf("evidence: files of booking %d: %w", booking, err)
	}
	return n, known, nil
}

func nextFile(ctx context.Context, q sqlx.QueryerContext) (file int64, err error) {
	if err = sqlx.GetContext(ctx, q, &file, `SELECT nextval(pg_get_serial_sequence('evidence_file', 'id'))`); err != nil {
		return 0, fmt.Errorf("evidence: number of a file: %w", err)
	}
	return file, nil
}

func insertFile(ctx context.Context, tx *sqlx.Tx, r fileRow) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO evidence_file (id, booking_id, data_key, sealed, type, bytes, sha256, uploaded_at, uploaded_by)
		OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.ID, r.Booking, r.Key, r.Sealed, r.Type, r.Bytes, r.Sum, r.At, r.By)
	if err != nil {
		return fmt.Errorf("evidence: keep a file of booking %d: %w", r.Booking, err)
	}
	return nil
}

func entriesOf(ctx context.Context, q sqlx.QueryerContext, bookings []id.Booking) (map[id.Booking][]Entry, error) {
	var rows []Entry
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT id, booking_id, type, uploaded_at FROM evidence_file WHERE booking_id = ANY ($1) ORDER BY id`, pq.Array(numbers(bookings)))
	if err != nil {
		return nil, fmt.Errorf("evidence: files: %w", err)
	}
	all := map[id.Booking][]Entry{}
	for _, r := range rows {
		all[r.Booking] = append(all[r.Booking], r)
	}
	return all, nil
}

func fileByID(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, file int64) (r fileRow, err error) {
	err = sqlx.GetContext(ctx, q, &r, `SELECT id, booking_id, data_key, sealed, type FROM evidence_file WHERE id = $1 AND booking_id = $2`, file, booking)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNoFile
	}
	if err != nil {
		return r, fmt.Errorf("evidence: file %d: %w", file, err)
	}
	return r, nil
}

func deleteFile(ctx context.Context, tx *sqlx.Tx, booking id.Booking, file int64) error {
	res, err := tx.ExecContext(ctx, `DELETE FROM evidence_file WHERE id = $1 AND booking_id = $2`, file, booking)
	if err != nil {
		return fmt.Errorf("evidence: remove file %d: %w", file, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNoFile)
	}
	return nil
}

func deleteFiles(ctx context.Context, tx *sqlx.Tx, bookings []id.Booking) (int, error) {
	res, err := tx.ExecContext(ctx, `DELETE FROM evidence_file WHERE booking_id = ANY ($1)`, pq.Array(numbers(bookings)))
	if err != nil {
		return 0, fmt.Errorf("evidence: wipe files: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}

func allKeys(ctx context.Context, q sqlx.QueryerContext) (rows []fileRow, err error) {
	if err = sqlx.SelectContext(ctx, q, &rows, `SELECT id, data_key FROM evidence_file ORDER BY id`); err != nil {
		return nil, fmt.Errorf("evidence: keys: %w", err)
	}
	return rows, nil
}

func replaceKey(ctx context.Context, db *sqlx.DB, file int64, old, wrapped []byte) error {
	if _, err := db.ExecContext(ctx, `UPDATE evidence_file SET data_key = $3 WHERE id = $1 AND data_key = $2`, file, old, wrapped); err != nil {
		return fmt.Errorf("evidence: rewrap file %d: %w", file, err)
	}
	return nil
}

func numbers(bookings []id.Booking) []int64 {
	all := make([]int64, len(bookings))
	for i, b := range bookings {
		all[i] = int64(b)
	}
	return all
}
