package account

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

type staffRow struct {
	ID           id.Staff       `db:"id"`
	Email        string         `db:"email"`
	Name         string         `db:"name"`
	Lang         string         `db:"lang"`
	Roles        pq.StringArray `db:"roles"`
	Active       bool           `db:"active"`
	SecondFactor bool           `db:"second_factor"`
	Invited      bool           `db:"invited"`
}

func (r staffRow) toStaff() Staff {
	s := Staff{ID: r.ID, Email: r.Email, Name: r.Name, Lang: r.Lang, Active: r.Active, SecondFactor: r.SecondFactor, Invited: r.Invited}
	for _, role := range r.Roles {
		s.Roles = append(s.Roles, Role(role))
	}
	return s
}

const staffColumns = `m.id, m.email, m.name, m.lang, m.active, m.totp_secret IS NOT NULL AS second_factor, m.password_hash = '' AS invited,
	ARRAY(SELECT r.role FROM staff_role r WHERE r.staff_id = m.id ORDER BY r.role) AS roles`

func staffByID(ctx context.Context, q sqlx.QueryerContext, key id.Staff) (Staff, error) {
	return oneStaff(ctx, q, `SELECT `+staffColumns+` FROM staff m WHERE m.id = $1`, key)
}

func staffByEmail(ctx context.Context, q sqlx.QueryerContext, email string) (Staff, error) {
	return oneStaff(ctx, q, `SELECT `+staffColumns+` FROM staff m WHERE m.email = $1`, email)
}

func oneStaff(ctx context.Context, q sqlx.QueryerContext, query string, arg any) (Staff, error) {
	var row staffRow
	err := sqlx.GetContext(ctx, q, &row, query, arg)
	if errors.Is(err, sql.ErrNoRows) {
		return Staff{}, ErrNoSuchPerson
	}
	if err != nil {
		return Staff{}, fmt.Errorf("read staff: %w", err)
	}
	return row.toStaff(), nil
}

func allStaff(ctx context.Context, q sqlx.QueryerContext) ([]Staff, error) {
	var rows []staffRow
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT `+staffColumns+` FROM staff m ORDER BY NOT m.active, m.name, m.id`); err != nil {
		return nil, fmt.Errorf("read staff: %w", err)
	}
	all := make([]Staff, len(rows))
	for i, row := range rows {
		all[i] = row.toStaff()
	}
	return all, nil
}

func insertStaff(ctx context.Context, q sqlx.QueryerContext, in CreateStaffInput, hash string, now time.Time) (key id.Staff, err error) {
	err = sqlx.GetContext(ctx, q, &key, `INSERT INTO staff (email, name, lang, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5) RETURNING id`, in.Email, in.Name, in.Lang, hash, now)
	if err != nil {
		return 0, fmt.Errorf("insert staff: %w", err)
	}
	return key, nil
}

func replaceRoles(ctx context.Context, q sqlx.ExecerContext, key id.Staff, roles []Role) error {
	names := make(pq.StringArray, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	if _, err := q.ExecContext(ctx, `DELETE FROM staff_role WHERE staff_id = $1 AND role <> ALL ($2)`, key, names); err != nil {
		return fmt.Errorf("remove roles: %w", err)
	}
	if _, err := q.ExecContext(ctx, `INSERT INTO staff_role (staff_id, role) SELECT $1, unnest($2::text[])
		ON CONFLICT DO NOTHING`, key, names); err != nil {
		return fmt.Errorf("add roles: %w", err)
	}
	return nil
}

func setActive(ctx context.Context, q sqlx.ExecerContext, key id.Staff, active bool) error {
	done, err := q.ExecContext(ctx, `UPDATE staff SET active = $2 WHERE id = $1`, key, active)
	return oneRow(done, err, "set active")
}

// factorOf reads the sealed secret, nil when there is none; with lock, two answers at once wait for each other.
func factorOf(ctx context.Context, q sqlx.QueryerContext, key id.Staff, lock bool) (sealed []byte, err error) {
	query := `SELECT totp_secret FROM staff WHERE id = $1`
	if lock {
		query += ` FOR UPDATE`
	}
	if err := sqlx.GetContext(ctx, q, &sealed, query, key); err != nil {
		return nil, fmt.Errorf("read second factor: %w", err)
	}
	return sealed, nil
}

func setFactor(ctx context.Context, q sqlx.ExecerContext, key id.Staff, sealed []byte, step int64) error {
	done, err := q.ExecContext(ctx, `UPDATE staff SET totp_secret = $2, totp_last_step = $3 WHERE id = $1`, key, sealed, step)
	return oneRow(done, err, "set second factor")
}

// useStep takes a time step for good; false when it, or a later one, was used before.
func useStep(ctx context.Context, q sqlx.ExecerContext, key id.Staff, step int64) (bool, error) {
	done, err := q.ExecContext(ctx, `UPDATE staff SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2`, key, step)
	if err != nil {
		return false, fmt.Errorf("use second factor: %w", err)
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

func useRecoveryCode(ctx context.Context, q sqlx.ExecerContext, key id.Staff, hash []byte, now time.Time) (bool, error) {
	done, err := q.ExecContext(ctx, `UPDATE recovery_code SET used_at = $3 WHERE code_hash = $2 AND staff_id = $1 AND used_at IS NULL`, key, hash, now)
	if err != nil {
		return false, fmt.Errorf("use recovery code: %w", err)
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

func replaceRecoveryCodes(ctx context.Context, q sqlx.ExecerContext, key id.Staff, hashes [][]byte, now time.Time) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM recovery_code WHERE staff_id = $1`, key); err != nil {
		return fmt.Errorf("remove recovery codes: %w", err)
	}
	if _, err := q.ExecContext(ctx, `INSERT INTO recovery_code (code_hash, staff_id, created_at)
		SELECT unnest($2::bytea[]), $1, $3`, key, pq.ByteaArray(hashes), now); err != nil {
		return fmt.Errorf("insert recovery codes: %w", err)
	}
	return nil
}

func countSessionTry(ctx context.Context, q sqlx.ExecerContext, hash []byte) error {
	if _, err := q.ExecContext(ctx, `UPDATE session SET tries = tries + 1 WHERE token_hash = $1`, hash); err != nil {
		return fmt.Errorf("count second factor: %w", err)
	}
	return nil
}

func setOffer(ctx context.Context, q sqlx.ExecerContext, hash, offered []byte) error {
	if _, err := q.ExecContext(ctx, `UPDATE session SET totp_offered = $2 WHERE token_hash = $1`, hash, offered); err != nil {
		return fmt.Errorf("offer second factor: %w", err)
	}
	return nil
}

func insertInvitation(ctx context.Context, q sqlx.ExecerContext, hash []byte, key id.Staff, now, until time.Time) error {
	if _, err := q.ExecContext(ctx, `INSERT INTO staff_invitation (token_hash, staff_id, created_at, expires_at)
		VALUES ($1, $2, $3, $4)`, hash, key, now, until); err != nil {
		return fmt.Errorf("insert invitation: %w", err)
	}
	return nil
}

// voidInvitations uses up what is still open.
func voidInvitations(ctx context.Context, q sqlx.ExecerContext, key id.Staff, now time.Time) error {
	if _, err := q.ExecContext(ctx, `UPDATE staff_invitation SET used_at = $2 WHERE staff_id = $1 AND used_at IS NULL`, key, now); err != nil {
		return fmt.Errorf("void invitations: %w", err)
	}
	return nil
}

// runningInvitation reads whom a link is for, or gives ErrInvitationOver.
func runningInvitation(ctx context.Context, q sqlx.QueryerContext, hash []byte, now time.Time, lock bool) (key id.Staff, err error) {
	query := `SELECT i.staff_id FROM staff_invitation i JOIN staff m ON m.id = i.staff_id
		WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2 AND m.active`
	if lock {
		query += ` FOR UPDATE`
	}
	err = sqlx.GetContext(ctx, q, &key, query, hash, now)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrInvitationOver
	}
	if err != nil {
		return 0, fmt.Errorf("read invitation: %w", err)
	}
	return key, nil
}

// putAssignment reports whether anything changed.
func putAssignment(ctx context.Context, q sqlx.ExecerContext, a Assignment) (changed bool, err error) {
	done, err := q.ExecContext(ctx, `INSERT INTO assignment (staff_id, departure_id, lead) VALUES ($1, $2, $3)
		ON CONFLICT (staff_id, departure_id) DO UPDATE SET lead = excluded.lead, removed_at = NULL
			WHERE assignment.removed_at IS NOT NULL OR assignment.lead <> excluded.lead`, a.Staff, a.Departure, a.Lead)
	if err != nil {
		return false, fmt.Errorf("assign: %w", err)
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

func removeAssignment(ctx context.Context, q sqlx.ExecerContext, staff id.Staff, departure id.Departure, now time.Time) error {
	done, err := q.ExecContext(ctx, `UPDATE assignment SET removed_at = $3 WHERE staff_id = $1 AND departure_id = $2 AND removed_at IS NULL`, staff, departure, now)
	if err = oneRow(done, err, "unassign"); errors.Is(err, ErrNoSuchPerson) {
		return ErrNotAssigned
	}
	return err
}

func teamOf(ctx context.Context, q sqlx.QueryerContext, departure id.Departure) (team []TeamMember, err error) {
	if err := sqlx.SelectContext(ctx, q, &team, `SELECT a.staff_id, m.name, m.email, a.lead, m.password_hash = '' AS invited FROM assignment a JOIN staff m ON m.id = a.staff_id
		WHERE a.departure_id = $1 AND a.removed_at IS NULL AND m.active ORDER BY NOT a.lead, m.name, m.id`, departure); err != nil {
		return nil, fmt.Errorf("read team: %w", err)
	}
	return team, nil
}

func insertAssignmentEvent(ctx context.Context, q sqlx.ExecerContext, a Assignment, kind string, by id.Staff, now time.Time) error {
	if _, err := q.ExecContext(ctx, `INSERT INTO assignment_event (departure_id, staff_id, kind, by_staff_id, at) VALUES ($1, $2, $3, nullif($4, 0), $5)`,
		a.Departure, a.Staff, kind, by, now); err != nil {
		return fmt.Errorf("write history of a team: %w", err)
	}
	return nil
}

func assignmentEvents(ctx context.Context, q sqlx.QueryerContext, departure id.Departure) (events []AssignmentEvent, err error) {
	if err := sqlx.SelectContext(ctx, q, &events, `SELECT m.name, e.kind, coalesce(b.name, '') AS by_name, e.at FROM assignment_event e
		JOIN staff m ON m.id = e.staff_id LEFT JOIN staff b ON b.id = e.by_staff_id WHERE e.departure_id = $1 ORDER BY e.id DESC`, departure); err != nil {
		return nil, fmt.Errorf("read history of a team: %w", err)
	}
	return events, nil
}

func lastStep(ctx context.Context, q sqlx.QueryerContext, key id.Staff) (step int64, err error) {
	if err := sqlx.GetContext(ctx, q, &step, `SELECT totp_last_step FROM staff WHERE id = $1`, key); err != nil {
		return 0, fmt.Errorf("read second factor: %w", err)
	}
	return step, nil
}

func withFactor(ctx context.Context, q sqlx.QueryerContext) (people []id.Staff, err error) {
	if err := sqlx.SelectContext(ctx, q, &people, `SELECT id FROM staff WHERE totp_secret IS NOT NULL ORDER BY id`); err != nil {
		return nil, fmt.Errorf("read second factors: %w", err)
	}
	return people, nil
}

// replaceFactor changes the seal, not the secret: the last step stays.
func replaceFactor(ctx context.Context, q sqlx.ExecerContext, key id.Staff, sealed []byte) error {
	done, err := q.ExecContext(ctx, `UPDATE staff SET totp_secret = $2 WHERE id = $1`, key, sealed)
	return oneRow(done, err, "reseal second factor")
}
