package requests

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/shop/worklist"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// nextNumber gives a file number; who asks at the same time waits for the commit, so that none is given twice.
func nextNumber(ctx context.Context, tx *sqlx.Tx, year int) (string, error) {
	var n int
	err := tx.GetContext(ctx, &n, `INSERT INTO request_series AS s (year, last) VALUES ($1, 1)
		ON CONFLICT (year) DO UPDATE SET last = s.last + 1 RETURNING last`, year)
	if err != nil {
		return "", fmt.Errorf("requests: number: %w", err)
	}
	return fmt.Sprintf("K%d-%04d", year, n), nil
}

func insertRequest(ctx context.Context, tx *sqlx.Tx, r Request) (key int64, err error) {
	err = tx.GetContext(ctx, &key, `
		INSERT INTO family_request (number, kind, guardian_id, booking_id, status, opened_at, waiting_since, answer_by, leaves_at, fetcher_name, fetcher_phone)
		VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		r.Number, string(r.Kind), r.Guardian, int64(r.Booking), r.Status, r.OpenedAt, r.WaitingSince, r.AnswerBy, r.LeavesAt, r.FetcherName, r.FetcherPhone)
	if err != nil {
		return 0, fmt.Errorf("requests: insert %s: %w", r.Number, err)
	}
	return key, nil
}

func insertMessage(ctx context.Context, tx *sqlx.Tx, request int64, actor, body string, now time.Time) (key int64, err error) {
	err = tx.GetContext(ctx, &key, `INSERT INTO request_message (request_id, actor, body, at) VALUES ($1, $2, $3, $4) RETURNING id`, request, actor, body, now)
	if err != nil {
		return 0, fmt.Errorf("requests: message of %d: %w", request, err)
	}
	return key, nil
}

func insertFile(ctx context.Context, tx *sqlx.Tx, message int64, name, kind string, sealed []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO request_file (message_id, name, media_type, sealed) VALUES ($1, $2, $3, $4)`, message, name, kind, sealed)
	if err != nil {
		return fmt.Errorf("requests: file of message %d: %w", message, err)
	}
	return nil
}

const requestColumns = `
	SELECT id, number, kind, guardian_id, coalesce(booking_id, 0) AS booking_id, status, opened_at, waiting_since, answer_by, answered_at, read_at,
		closed_at, leaves_at, fetcher_name, fetcher_phone, agreed_at FROM family_request `

func requestByID(ctx context.Context, q sqlx.QueryerContext, key int64, lock bool) (r Request, err error) {
	query := requestColumns + `WHERE id = $1`
	if lock {
		query += ` FOR UPDATE`
	}
	err = sqlx.GetContext(ctx, q, &r, query, key)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("requests: read %d: %w", key, err)
	}
	return r, nil
}

func requestsOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian) (all []Request, err error) {
	if err = sqlx.SelectContext(ctx, q, &all, requestColumns+`WHERE guardian_id = $1 ORDER BY opened_at DESC, id DESC`, guardian); err != nil {
		return nil, fmt.Errorf("requests: of guardian %d: %w", guardian, err)
	}
	return all, nil
}

func messagesOf(ctx context.Context, q sqlx.QueryerContext, request int64) (all []Message, err error) {
	if err = sqlx.SelectContext(ctx, q, &all, `SELECT id, actor, body, at FROM request_message WHERE request_id = $1 ORDER BY id`, request); err != nil {
		return nil, fmt.Errorf("requests: messages of %d: %w", request, err)
	}
	keys, at := make([]int64, len(all)), make(map[int64]int, len(all))
	for i, m := range all {
		keys[i], at[m.ID] = m.ID, i
	}
	var files []File
	if err = sqlx.SelectContext(ctx, q, &files, `SELECT id, message_id, name, media_type FROM request_file WHERE message_id = ANY ($1) ORDER BY id`, pq.Array(keys)); err != nil {
		return nil, fmt.Errorf("requests: files of %d: %w", request, err)
	}
	for _, f := range files {
		all[at[f.Message]].Files = append(all[at[f.Message]].Files, f)
	}
	return all, nil
}

func fileOf(ctx context.Context, q sqlx.QueryerContext, request, file int64) (f File, sealed []byte, err error) {
	var row struct {
		File
		Sealed []byte `db:"sealed"`
	}
	err = sqlx.GetContext(ctx, q, &row, `SELECT f.id, f.message_id, f.name, f.media_type, f.sealed FROM request_file f
		JOIN request_message m ON m.id = f.message_id WHERE f.id = $1 AND m.request_id = $2`, file, request)
	if errors.Is(err, sql.ErrNoRows) {
		return f, nil, ErrNotFound
	}
	if err != nil {
		return f, nil, fmt.Errorf("requests: file %d: %w", file, err)
	}
	return row.File, row.Sealed, nil
}

func change(ctx context.Context, q sqlx.ExecerContext, what, query string, args ...any) error {
	if _, err := q.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("requests: %s %v: %w", what, args[0], err)
	}
	return nil
}

func markRead(ctx context.Context, q sqlx.ExecerContext, key int64, now time.Time) error {
	return change(ctx, q, "read", `UPDATE family_request SET read_at = $2 WHERE id = $1`, key, now)
}

func reopen(ctx context.Context, q sqlx.ExecerContext, key int64, now time.Time, by civil.Date) error {
	return change(ctx, q, "reopen", `UPDATE family_request SET status = 'open', waiting_since = $2, answer_by = $3, closed_at = NULL WHERE id = $1`, key, now, by)
}

func answered(ctx context.Context, q sqlx.ExecerContext, key int64, status string, now time.Time) error {
	return change(ctx, q, "answer", `UPDATE family_request SET status = $2, answered_at = $3, closed_at = CASE WHEN $2 = 'closed' THEN $3::timestamptz END WHERE id = $1`, key, status, now)
}

func closeRequest(ctx context.Context, q sqlx.ExecerContext, key int64, now time.Time) error {
	return change(ctx, q, "close", `UPDATE family_request SET status = 'closed', closed_at = $2 WHERE id = $1`, key, now)
}

func agree(ctx context.Context, q sqlx.ExecerContext, key int64, yes bool, by id.Staff, now time.Time) error {
	return change(ctx, q, "agree", `UPDATE family_request SET agreed_at = CASE WHEN $2 THEN coalesce(agreed_at, $3) END,
		agreed_by = CASE WHEN $2 THEN coalesce(agreed_by, $4) END WHERE id = $1`, key, yes, now, by)
}

func emptyRequests(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian) error {
	if err := change(ctx, tx, "files of", `DELETE FROM request_file WHERE message_id IN (
		SELECT m.id FROM request_message m JOIN family_request r ON r.id = m.request_id WHERE r.guardian_id = $1)`, guardian); err != nil {
		return err
	}
	if err := change(ctx, tx, "words of", `UPDATE request_message SET body = '' WHERE request_id IN (SELECT id FROM family_request WHERE guardian_id = $1)`, guardian); err != nil {
		return err
	}
	return change(ctx, tx, "names of", `UPDATE family_request SET fetcher_name = '-', fetcher_phone = '-' WHERE guardian_id = $1 AND kind = 'leaving'`, guardian)
}

// Row is a request in the office's list.
type Row struct {
	Request
	Subject string `db:"subject"` // who wrote
	Child   string `db:"child"`
	Title   string `db:"title"`
	Total   int    `db:"total"`
}

const rowQuery = `
	SELECT r.id, r.number, r.kind, r.guardian_id, coalesce(r.booking_id, 0) AS booking_id, r.status, r.opened_at, r.waiting_since, r.answer_by,
		r.answered_at, r.read_at, r.closed_at, r.leaves_at, r.fetcher_name, r.fetcher_phone, r.agreed_at,
		coalesce(nullif(trim(g.first_name || ' ' || g.last_name), ''), split_part(g.email, '@', 1)) AS subject,
		coalesce(b.first_name || ' ' || b.last_name, '') AS child, coalesce(b.title, '') AS title, count(*) OVER () AS total
	FROM family_request r JOIN guardian g ON g.id = r.guardian_id LEFT JOIN booking_overview b ON b.id = r.booking_id `

// List gives the requests with that status ("" for all), those to be answered first on top, at most limit.
func (s *Service) List(ctx context.Context, status string, limit int) (rows []Row, err error) {
	err = s.DB.SelectContext(ctx, &rows, rowQuery+`WHERE $1 = '' OR r.status = $1
		ORDER BY r.status <> 'open', CASE WHEN r.status = 'open' THEN r.answer_by END, r.opened_at DESC LIMIT $2`, status, limit)
	if err != nil {
		return nil, fmt.Errorf("requests: list: %w", err)
	}
	return rows, nil
}

// Waiting are the requests that wait for the office: a source of the worklist.
func (s *Service) Waiting(ctx context.Context, limit int) (worklist.Found, error) {
	return s.waiting(ctx, worklist.Request, `r.kind NOT IN ('complaint', 'undelivered')`, limit)
}

// WaitingComplaints are the complaints that wait for the office: a source of the worklist.
func (s *Service) WaitingComplaints(ctx context.Context, limit int) (worklist.Found, error) {
	return s.waiting(ctx, worklist.Complaint, `r.kind IN ('complaint', 'undelivered')`, limit)
}

func (s *Service) waiting(ctx context.Context, kind worklist.Kind, which string, limit int) (found worklist.Found, err error) {
	var rows []Row
	if err = s.DB.SelectContext(ctx, &rows, rowQuery+`WHERE r.status = 'open' AND `+which+` ORDER BY r.answer_by, r.id LIMIT $1`, limit); err != nil {
		return found, fmt.Errorf("requests: waiting: %w", err)
	}
	for _, r := range rows {
		found.Total = r.Total
		found.Items = append(found.Items, worklist.Item{Kind: kind, Key: fmt.Sprintf("request:%d", r.ID), Subject: r.Subject, Detail: r.Number + detail(r.Title),
			Args: []any{r.AnswerBy}, Since: r.WaitingSince, Due: r.AnswerBy, Path: OfficePath(r.ID)})
	}
	return found, nil
}

func detail(title string) string {
	if title == "" {
		return ""
	}
	return ", " + title
}
