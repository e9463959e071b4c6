package medical

import (
	"context"
	"database/sql"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// logLock orders the lines of the access log ("fiche" as a number). A sequence would leave gaps, and gaps are what a
// removed line looks like.
const logLock = 0x6669636865

func lockLog(ctx context.Context, tx *sqlx.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(logLock))
	return err
}

func lastLine(ctx context.Context, tx *sqlx.Tx) (l line, err error) {
	err = tx.GetContext(ctx, &l, `SELECT seq, mac FROM fiche_access ORDER BY seq DESC LIMIT 1`)
	l, _, err = found(l, err)
	return l, err
}

func insertLine(ctx context.Context, tx *sqlx.Tx, l line) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_access (seq, at, actor, role, action, outcome, participant_id, departure_id,
			fiche_id, topics, purpose, request, ip, device, prev, mac)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		l.Seq, l.At, l.Actor, l.Role, l.Action, l.Outcome, orNull(int64(l.Participant)), orNull(int64(l.Departure)), orNull(int64(l.Fiche)),
		pq.Array(l.Topics), l.Purpose, l.Request, l.IP, l.Device, l.Prev, l.MAC)
	return err
}

// logged reports whether a line with that request stands in the log already.
func logged(ctx context.Context, q sqlx.QueryerContext, l line) (yes bool, err error) {
	err = sqlx.GetContext(ctx, q, &yes, `SELECT EXISTS (SELECT 1 FROM fiche_access WHERE departure_id = $1 AND actor = $2 AND request = $3)`,
		l.Departure, l.Actor, l.Request)
	return yes, err
}

func orNull(n int64) sql.NullInt64 { return sql.NullInt64{Int64: n, Valid: n != 0} }

type lineRow struct {
	line
	TopicList pq.StringArray `db:"topics"`
}

const lineColumns = `seq, at, actor, role, action, outcome, coalesce(participant_id, 0) AS participant_id,
	coalesce(departure_id, 0) AS departure_id, coalesce(fiche_id, 0) AS fiche_id, topics, purpose, request, ip, device, prev, mac`

func linesAfter(ctx context.Context, q sqlx.QueryerContext, seq int64, limit int) ([]line, error) {
	var rows []lineRow
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT `+lineColumns+` FROM fiche_access WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, limit); err != nil {
		return nil, err
	}
	lines := make([]line, len(rows))
	for i, r := range rows {
		lines[i] = r.line
		lines[i].Topics = append([]string{}, r.TopicList...)
	}
	return lines, nil
}

type openingRow struct {
	lineRow
	Name string `db:"name"`
}

// openingsOf lists who looked at a child's fiches, newest first: at the fiche itself, or at the list of a camp on which
// the child stood when it was read.
func openingsOf(ctx context.Context, q sqlx.QueryerContext, p id.Participant, limit int) (rows []openingRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT `+lineColumns+`, coalesce((SELECT s.name FROM fiche_staff_name s WHERE 'staff:' || s.staff_id = a.actor), '') AS name
		FROM fiche_access a
		WHERE a.participant_id = $1
		   OR a.participant_id IS NULL AND a.departure_id IN (SELECT f.departure_id FROM fiche f WHERE f.participant_id = $1)
		ORDER BY a.seq DESC LIMIT $2`, p, limit)
	return rows, err
}

// countPrints is how often a camp was printed.
func countPrints(ctx context.Context, q sqlx.QueryerContext, d id.Departure) (n int, err error) {
	err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM fiche_access WHERE departure_id = $1 AND action = 'print' AND outcome = 'allowed' AND participant_id IS NULL`, d)
	return n, err
}
