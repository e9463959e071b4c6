package account

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

type sessionRow struct {
	TokenHash      []byte         `db:"token_hash"`
	GuardianID     *id.Guardian   `db:"guardian_id"`
	StaffID        *id.Staff      `db:"staff_id"`
	SecondFactorAt *time.Time     `db:"second_factor_at"`
	CreatedAt      time.Time      `db:"created_at"`
	SeenAt         time.Time      `db:"seen_at"`
	ExpiresAt      time.Time      `db:"expires_at"`
	FirstName      string         `db:"first_name"`
	LastName       string         `db:"last_name"`
	Email          string         `db:"email"`
	Lang           string         `db:"lang"`
	Roles          pq.StringArray `db:"roles"`
	Tries          int            `db:"tries"`
	Offered        []byte         `db:"totp_offered"`
}

func (r *sessionRow) identity() Identity {
	who := Identity{Email: r.Email, Lang: r.Lang, Name: displayName(r.FirstName, r.LastName, r.Email), SignedInAt: r.CreatedAt}
	if r.GuardianID != nil {
		who.GuardianID, who.Roles = *r.GuardianID, []Role{Parent}
		return who
	}
	who.StaffID = *r.StaffID
	if r.SecondFactorAt == nil {
		who.Pending = true
		return who
	}
	who.SecondFactorAt = *r.SecondFactorAt
	for _, role := range r.Roles {
		who.Roles = append(who.Roles, Role(role))
	}
	return who
}

// sessionByHash reads a session with its person, whoever that is; nil when there is none, or nobody active behind it.
func sessionByHash(ctx context.Context, q sqlx.QueryerContext, hash []byte) (*sessionRow, error) {
	found, err := sessionsByHash(ctx, q, []string{string(hash)})
	return found[string(hash)], err
}

// sessionsByHash is sessionByHash for many.
func sessionsByHash(ctx context.Context, q sqlx.QueryerContext, hashes []string) (map[string]*sessionRow, error) {
	keys := make(pq.ByteaArray, len(hashes))
	for i, h := range hashes {
		keys[i] = []byte(h)
	}
	rows, err := q.QueryContext(ctx, `
		SELECT s.token_hash, s.guardian_id, s.staff_id, s.second_factor_at, s.created_at, s.seen_at, s.expires_at, s.tries,
			s.totp_offered, coalesce(g.first_name, '') AS first_name, coalesce(g.last_name, m.name) AS last_name,
			coalesce(g.email, m.email) AS email, coalesce(g.lang, m.lang) AS lang,
			CASE WHEN s.staff_id IS NOT NULL THEN ARRAY(SELECT r.role FROM staff_role r WHERE r.staff_id = s.staff_id ORDER BY r.role) END AS roles
		FROM session s
		LEFT JOIN guardian g ON g.id = s.guardian_id
		LEFT JOIN staff m ON m.id = s.staff_id AND m.active
		WHERE s.token_hash = ANY ((SELECT $1::bytea[])::bytea[]) AND (g.id IS NOT NULL OR m.id IS NOT NULL)`, keys)
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	found := make(map[string]*sessionRow, len(hashes))
	for rows.Next() { // by hand: each page of everybody begins here
		r := &sessionRow{}
		err := rows.Scan(&r.TokenHash, &r.GuardianID, &r.StaffID, &r.SecondFactorAt, &r.CreatedAt, &r.SeenAt, &r.ExpiresAt, &r.Tries,
			&r.Offered, &r.FirstName, &r.LastName, &r.Email, &r.Lang, &r.Roles)
		if err != nil {
			return nil, fmt.Errorf("read session: %w", err)
		}
		found[string(r.TokenHash)] = r
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	return found, nil
}

func insertSession(ctx context.Context, q sqlx.ExtContext, row sessionRow) error {
	_, err := sqlx.NamedExecContext(ctx, q, `
		INSERT INTO session (token_hash, guardian_id, staff_id, second_factor_at, created_at, seen_at, expires_at)
		VALUES (:token_hash, :guardian_id, :staff_id, :second_factor_at, :created_at, :seen_at, :expires_at)`, row)
	if err != nil {
		return fmt.Errorf("insert session: %w", err)
	}
	return nil
}

func touchSession(ctx context.Context, q sqlx.ExecerContext, hash []byte, now time.Time) error {
	if _, err := q.ExecContext(ctx, `UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2`, hash, now); err != nil {
		return fmt.Errorf("touch session: %w", err)
	}
	return nil
}

func deleteSession(ctx context.Context, q sqlx.ExecerContext, hash []byte) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM session WHERE token_hash = $1`, hash); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

func deleteSessionsOf(ctx context.Context, q sqlx.ExecerContext, guardian id.Guardian, staff id.Staff) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM session WHERE guardian_id = $1 OR staff_id = $2`,
		zeroNull(guardian), zeroNull(staff)); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

func sessionsOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian, staff id.Staff, now time.Time) ([]sessionRow, error) {
	var rows []sessionRow
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT token_hash, created_at, seen_at FROM session
		WHERE (guardian_id = $1 OR staff_id = $2 AND second_factor_at IS NOT NULL) AND expires_at > $3 ORDER BY seen_at DESC`,
		zeroNull(guardian), zeroNull(staff), now); err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	return rows, nil
}

func insertBrowser(ctx context.Context, q sqlx.ExecerContext, hash []byte, guardian id.Guardian, staff id.Staff, expires, now time.Time) error {
	if _, err := q.ExecContext(ctx, `INSERT INTO known_browser (token_hash, guardian_id, staff_id, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5)`, hash, zeroNull(guardian), zeroNull(staff), now, expires); err != nil {
		return fmt.Errorf("remember browser: %w", err)
	}
	return nil
}

func extendBrowser(ctx context.Context, q sqlx.ExecerContext, hash []byte, guardian id.Guardian, staff id.Staff, expires, now time.Time) (known bool, err error) {
	done, err := q.ExecContext(ctx, `UPDATE known_browser SET expires_at = $4
		WHERE token_hash = $1 AND (guardian_id = $2 OR staff_id = $3) AND expires_at > $5`,
		hash, zeroNull(guardian), zeroNull(staff), expires, now)
	if err != nil {
		return false, fmt.Errorf("extend browser: %w", err)
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

func browserKnows(ctx context.Context, q sqlx.QueryerContext, hash []byte, email string, staff bool, now time.Time) (known bool, err error) {
	err = sqlx.GetContext(ctx, q, &known, `SELECT EXISTS (
		SELECT 1 FROM known_browser b LEFT JOIN guardian g ON g.id = b.guardian_id LEFT JOIN staff m ON m.id = b.staff_id
		WHERE b.token_hash = $1 AND b.expires_at > $4 AND CASE WHEN $3 THEN m.email ELSE g.email END = $2)`, hash, email, staff, now)
	if err != nil {
		return false, fmt.Errorf("read browser: %w", err)
	}
	return known, nil
}

func deleteBrowsersOf(ctx context.Context, q sqlx.ExecerContext, guardian id.Guardian, staff id.Staff) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM known_browser WHERE guardian_id = $1 OR staff_id = $2`,
		zeroNull(guardian), zeroNull(staff)); err != nil {
		return fmt.Errorf("forget browsers: %w", err)
	}
	return nil
}

// sweep removes what has ended; invitations stay a month longer, so that a late click is told what happened.
func sweep(ctx context.Context, q sqlx.ExecerContext, now time.Time) error {
	for _, query := range [...]string{
		`DELETE FROM session WHERE expires_at <= $1`,
		`DELETE FROM sign_in_code WHERE expires_at <= $1::timestamptz - interval '1 day'`,
		`DELETE FROM known_browser WHERE expires_at <= $1`,
		`DELETE FROM staff_invitation WHERE expires_at <= $1::timestamptz - interval '30 days'`,
	} {
		if _, err := q.ExecContext(ctx, query, now); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return nil
}

// zeroNull writes a zero id as NULL.
func zeroNull[T ~int64](key T) *T {
	if key == 0 {
		return nil
	}
	return &key
}

func zeroTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
