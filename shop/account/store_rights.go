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

func rightsOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian) (map[id.Participant]Rights, error) {
	var rows []struct {
		Participant id.Participant `db:"participant_id"`
		Rights
	}
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT participant_id, sees_fiche, pays, changes, manages FROM guardianship WHERE guardian_id = $1`, guardian); err != nil {
		return nil, fmt.Errorf("read rights: %w", err)
	}
	out := make(map[id.Participant]Rights, len(rows))
	for _, r := range rows {
		out[r.Participant] = r.Rights
	}
	return out, nil
}

func rightsOn(ctx context.Context, q sqlx.QueryerContext, child id.Participant) (map[id.Guardian]Rights, error) {
	var rows []struct {
		Guardian id.Guardian `db:"guardian_id"`
		Rights
	}
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT guardian_id, sees_fiche, pays, changes, manages FROM guardianship WHERE participant_id = $1`, child); err != nil {
		return nil, fmt.Errorf("read a child's guardians: %w", err)
	}
	out := make(map[id.Guardian]Rights, len(rows))
	for _, r := range rows {
		out[r.Guardian] = r.Rights
	}
	return out, nil
}

func tiesOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian) (map[id.Participant][]Tie, error) {
	var rows []struct {
		Participant id.Participant `db:"participant_id"`
		Guardian    id.Guardian    `db:"guardian_id"`
		FirstName   string         `db:"first_name"`
		LastName    string         `db:"last_name"`
		Email       string         `db:"email"`
		Rights
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT gs.participant_id, gs.guardian_id, g.first_name, g.last_name, g.email, gs.sees_fiche, gs.pays, gs.changes, gs.manages
		FROM guardianship mine JOIN guardianship gs ON gs.participant_id = mine.participant_id JOIN guardian g ON g.id = gs.guardian_id
		WHERE mine.guardian_id = $1 ORDER BY gs.participant_id, gs.guardian_id <> $1, gs.guardian_id`, guardian)
	if err != nil {
		return nil, fmt.Errorf("read ties: %w", err)
	}
	out := map[id.Participant][]Tie{}
	for _, r := range rows {
		out[r.Participant] = append(out[r.Participant], Tie{Guardian: r.Guardian, Name: displayName(r.FirstName, r.LastName, r.Email), Rights: r.Rights})
	}
	return out, nil
}

func lockParticipant(ctx context.Context, q sqlx.QueryerContext, child id.Participant) error {
	var locked id.Participant
	err := sqlx.GetContext(ctx, q, &locked, `SELECT id FROM participant WHERE id = $1 FOR NO KEY UPDATE`, child)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoSuchPerson
	}
	if err != nil {
		return fmt.Errorf("lock child: %w", err)
	}
	return nil
}

func firstNameOf(ctx context.Context, q sqlx.QueryerContext, child id.Participant) (name string, err error) {
	if err = sqlx.GetContext(ctx, q, &name, `SELECT first_name FROM participant WHERE id = $1`, child); err != nil {
		return "", fmt.Errorf("read a child's name: %w", err)
	}
	return name, nil
}

func setRights(ctx context.Context, q sqlx.ExecerContext, child id.Participant, who id.Guardian, r Rights) error {
	done, err := q.ExecContext(ctx, `UPDATE guardianship SET sees_fiche = $3, pays = $4, changes = $5, manages = $6
		WHERE guardian_id = $1 AND participant_id = $2`, who, child, r.SeesFiche, r.Pays, r.Changes, r.Manages)
	return oneRow(done, err, "set rights")
}

func insertGuardianship(ctx context.Context, q sqlx.ExecerContext, child id.Participant, who id.Guardian, r Rights) error {
	_, err := q.ExecContext(ctx, `INSERT INTO guardianship (guardian_id, participant_id, sees_fiche, pays, changes, manages)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (guardian_id, participant_id) DO NOTHING`, who, child, r.SeesFiche, r.Pays, r.Changes, r.Manages)
	if err != nil {
		return fmt.Errorf("insert guardianship: %w", err)
	}
	return nil
}

func deleteGuardianship(ctx context.Context, q sqlx.ExecerContext, child id.Participant, who id.Guardian) error {
	done, err := q.ExecContext(ctx, `DELETE FROM guardianship WHERE guardian_id = $1 AND participant_id = $2`, who, child)
	return oneRow(done, err, "remove guardian")
}

func insertGuardianshipEvent(ctx context.Context, q sqlx.ExecerContext, child id.Participant, kind string, who id.Guardian, actor string, now time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO guardianship_event (participant_id, kind, guardian_id, actor, at) VALUES ($1, $2, nullif($3::bigint, 0), $4, $5)`,
		child, kind, int64(who), actor, now)
	if err != nil {
		return fmt.Errorf("history of child %d: %w", child, err)
	}
	return nil
}

func familyEvents(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian, limit int) (rows []FamilyEvent, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.first_name AS child, e.kind, e.at, e.actor,
			coalesce(nullif(trim(w.first_name || ' ' || w.last_name), ''), split_part(w.email, '@', 1), '') AS who,
			coalesce(nullif(trim(b.first_name || ' ' || b.last_name), ''), split_part(b.email, '@', 1), '') AS by_name
		FROM guardianship gs JOIN guardianship_event e ON e.participant_id = gs.participant_id JOIN participant p ON p.id = e.participant_id
		LEFT JOIN guardian w ON w.id = e.guardian_id
		LEFT JOIN guardian b ON e.actor = 'guardian:' || b.id
		WHERE gs.guardian_id = $1 ORDER BY e.at DESC, e.id DESC LIMIT $2`, guardian, limit)
	if err != nil {
		return nil, fmt.Errorf("history of a family: %w", err)
	}
	return rows, nil
}

const coInvitationColumns = `SELECT id, email, invited_by, sees_fiche, pays, changes, manages, created_at, expires_at FROM guardian_invitation `

func insertCoInvitation(ctx context.Context, tx *sqlx.Tx, hash []byte, inv CoInvitation, children []id.Participant) (key int64, err error) {
	ids := make([]int64, len(children))
	for i, c := range children {
		ids[i] = int64(c)
	}
	err = tx.GetContext(ctx, &key, `
		WITH added AS (INSERT INTO guardian_invitation (token_hash, email, invited_by, sees_fiche, pays, changes, manages, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id),
		children AS (INSERT INTO guardian_invitation_child (invitation_id, participant_id) SELECT added.id, c FROM added, unnest($10::bigint[]) c)
		SELECT id FROM added`, hash, inv.Email, inv.InvitedBy, inv.SeesFiche, inv.Pays, inv.Changes, inv.Manages, inv.CreatedAt, inv.ExpiresAt, pq.Array(ids))
	if err != nil {
		return 0, fmt.Errorf("insert invitation: %w", err)
	}
	return key, nil
}

func coInvitationsSince(ctx context.Context, q sqlx.QueryerContext, by id.Guardian, since time.Time) (n int, err error) {
	if err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM guardian_invitation WHERE invited_by = $1 AND created_at > $2`, by, since); err != nil {
		return 0, fmt.Errorf("count invitations: %w", err)
	}
	return n, nil
}

func revokeCoInvitationsTo(ctx context.Context, q sqlx.ExecerContext, by id.Guardian, email string, now time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE guardian_invitation SET revoked_at = $3 WHERE invited_by = $1 AND email = $2 AND used_at IS NULL AND revoked_at IS NULL`, by, email, now)
	if err != nil {
		return fmt.Errorf("revoke older invitations: %w", err)
	}
	return nil
}

func revokeCoInvitation(ctx context.Context, q sqlx.ExecerContext, by id.Guardian, key int64, now time.Time) error {
	done, err := q.ExecContext(ctx, `UPDATE guardian_invitation SET revoked_at = $3 WHERE invited_by = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL`, by, key, now)
	return oneRow(done, err, "revoke invitation")
}

func useCoInvitation(ctx context.Context, q sqlx.ExecerContext, key int64, now time.Time) error {
	done, err := q.ExecContext(ctx, `UPDATE guardian_invitation SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL`, key, now)
	return oneRow(done, err, "use invitation")
}

func coInvitationsBy(ctx context.Context, q sqlx.QueryerContext, by id.Guardian) (rows []CoInvitation, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, coInvitationColumns+`WHERE invited_by = $1 AND used_at IS NULL AND revoked_at IS NULL ORDER BY id DESC`, by)
	if err != nil {
		return nil, fmt.Errorf("read invitations: %w", err)
	}
	return rows, nil
}

func coInvitationByToken(ctx context.Context, q sqlx.QueryerContext, hash []byte, now time.Time, lock bool) (inv CoInvitation, err error) {
	query := coInvitationColumns + `WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2`
	if lock {
		query += ` FOR UPDATE`
	}
	err = sqlx.GetContext(ctx, q, &inv, query, hash, now)
	if errors.Is(err, sql.ErrNoRows) {
		return inv, ErrFamilyInvitationOver
	}
	if err != nil {
		return inv, fmt.Errorf("read invitation: %w", err)
	}
	return inv, nil
}

// coInvitationChildren lists the children of an invitation that its sender manages now.
func coInvitationChildren(ctx context.Context, q sqlx.QueryerContext, key int64, by id.Guardian) ([]Child, error) {
	var rows []childRow
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.id, p.first_name, p.last_name, p.born_on, gs.sees_fiche
		FROM guardian_invitation_child c JOIN participant p ON p.id = c.participant_id
		JOIN guardianship gs ON gs.participant_id = p.id AND gs.guardian_id = $2 AND gs.manages
		WHERE c.invitation_id = $1 ORDER BY p.born_on, p.id`, key, by)
	if err != nil {
		return nil, fmt.Errorf("read an invitation's children: %w", err)
	}
	children := make([]Child, len(rows))
	for i, r := range rows {
		children[i] = Child(r)
	}
	return children, nil
}
