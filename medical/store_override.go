package medical

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

type overrideRow struct {
	ID          int64          `db:"id"`
	Staff       id.Staff       `db:"staff_id"`
	StaffName   string         `db:"staff_name"`
	Role        string         `db:"role"`
	Booking     id.Booking     `db:"booking_id"`
	Participant id.Participant `db:"participant_id"`
	Departure   id.Departure   `db:"departure_id"`
	Reason      int64          `db:"reason_id"`
	OpenedAt    time.Time      `db:"opened_at"`
	EndsAt      time.Time      `db:"ends_at"`
	ClosedAt    sql.NullTime   `db:"closed_at"`
	ReviewedAt  sql.NullTime   `db:"reviewed_at"`
	Reviewer    string         `db:"reviewer_name"`
	Justified   sql.NullBool   `db:"justified"`
	ReviewNote  int64          `db:"review_note_id"`
	Total       int            `db:"total"`
}

const overrideColumns = `SELECT o.id, o.staff_id, s.name AS staff_name, o.role, o.booking_id, o.participant_id, o.departure_id, o.reason_id, o.opened_at, o.ends_at,
	o.closed_at, o.reviewed_at, coalesce(r.name, '') AS reviewer_name, o.justified, coalesce(o.review_note_id, 0) AS review_note_id, count(*) OVER () AS total
	FROM fiche_override o JOIN fiche_staff_name s ON s.staff_id = o.staff_id LEFT JOIN fiche_staff_name r ON r.staff_id = o.reviewed_by `

func insertOverride(ctx context.Context, tx *sqlx.Tx, o overrideRow) (n int64, err error) {
	err = tx.GetContext(ctx, &n, `INSERT INTO fiche_override (staff_id, role, booking_id, participant_id, departure_id, reason_id, opened_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`, o.Staff, o.Role, o.Booking, o.Participant, o.Departure, o.Reason, o.OpenedAt, o.EndsAt)
	return n, err
}

func overrideOpen(ctx context.Context, q sqlx.QueryerContext, r Reader, subject subjectRow, now time.Time) (open bool, err error) {
	err = sqlx.GetContext(ctx, q, &open, `SELECT EXISTS (SELECT 1 FROM fiche_override WHERE id = $1 AND staff_id = $2 AND role = $3
		AND participant_id = $4 AND departure_id = $5 AND closed_at IS NULL AND ends_at > $6)`,
		r.Override, r.Staff, r.Role.String(), subject.Participant, subject.Departure, now)
	return open, err
}

func overrideByID(ctx context.Context, q sqlx.QueryerContext, n int64) (row overrideRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, overrideColumns+`WHERE o.id = $1`, n)
	return found(row, err)
}

func overridesToReview(ctx context.Context, q sqlx.QueryerContext, limit int) (rows []overrideRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, overrideColumns+`WHERE o.reviewed_at IS NULL ORDER BY o.opened_at, o.id LIMIT $1`, limit)
	return rows, err
}

// countOverrides is how many fiches somebody opened in an emergency in the day before then.
func countOverrides(ctx context.Context, q sqlx.QueryerContext, who id.Staff, now time.Time) (n int, err error) {
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM fiche_override WHERE staff_id = $1 AND opened_at > $2 AND opened_at <= $3`, who, now.AddDate(0, 0, -1), now)
	return n, err
}

func closeOverride(ctx context.Context, tx *sqlx.Tx, n int64, by id.Staff, at time.Time) (bool, error) {
	return changedOne(tx.ExecContext(ctx, `UPDATE fiche_override SET closed_at = $3 WHERE id = $1 AND staff_id = $2 AND closed_at IS NULL AND ends_at > $3`, n, by, at))
}

// reviewOverride is guarded: false when it was looked into already, or is one's own.
func reviewOverride(ctx context.Context, tx *sqlx.Tx, n int64, by id.Staff, justified bool, note int64, at time.Time) (bool, error) {
	return changedOne(tx.ExecContext(ctx, `UPDATE fiche_override SET reviewed_at = $3, reviewed_by = $2, justified = $4, review_note_id = $5
		WHERE id = $1 AND reviewed_at IS NULL AND staff_id <> $2`, n, by, at, justified, orNull(note)))
}

func changedOne(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// guardiansSeeing lists the adults who may read a child's fiche.
func guardiansSeeing(ctx context.Context, q sqlx.QueryerContext, p id.Participant) (all []id.Guardian, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `SELECT guardian_id FROM fiche_guardian WHERE participant_id = $1 AND sees_fiche ORDER BY guardian_id`, p)
	return all, err
}
