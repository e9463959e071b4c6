package medical

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

type alertRow struct {
	ID        int64        `db:"id"`
	Kind      string       `db:"kind"`
	Key       string       `db:"key"`
	Staff     id.Staff     `db:"staff_id"`
	StaffName string       `db:"staff_name"`
	Departure id.Departure `db:"departure_id"`
	Figure    int          `db:"figure"`
	At        time.Time    `db:"at"`
	HandledAt sql.NullTime `db:"handled_at"`
	Handler   string       `db:"handler_name"`
	Note      int64        `db:"note_id"`
	Total     int          `db:"total"`
}

const alertColumns = `SELECT a.id, a.kind, a.key, coalesce(a.staff_id, 0) AS staff_id, coalesce(s.name, '') AS staff_name, coalesce(a.departure_id, 0) AS departure_id,
	a.figure, a.at, a.handled_at, coalesce(h.name, '') AS handler_name, coalesce(a.note_id, 0) AS note_id, count(*) OVER () AS total
	FROM fiche_alert a LEFT JOIN fiche_staff_name s ON s.staff_id = a.staff_id LEFT JOIN fiche_staff_name h ON h.staff_id = a.handled_by `

// insertAlert tells something once: false when it was told before. What grew since keeps its figure up to date while nobody
// has looked at it.
func insertAlert(ctx context.Context, tx *sqlx.Tx, a alertRow) (n int64, fresh bool, err error) {
	err = tx.GetContext(ctx, &n, `INSERT INTO fiche_alert (kind, key, staff_id, departure_id, figure, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (key) DO NOTHING RETURNING id`, a.Kind, a.Key, orNull(int64(a.Staff)), orNull(int64(a.Departure)), a.Figure, a.At)
	if n, fresh, err = found(n, err); err != nil || fresh {
		return n, fresh, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE fiche_alert SET figure = $2 WHERE key = $1 AND figure < $2 AND handled_at IS NULL`, a.Key, a.Figure)
	return 0, false, err
}

func alertsOpen(ctx context.Context, q sqlx.QueryerContext, limit int) (rows []alertRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, alertColumns+`WHERE a.handled_at IS NULL ORDER BY a.kind <> 'chain', a.at, a.id LIMIT $1`, limit)
	return rows, err
}

func alertByID(ctx context.Context, q sqlx.QueryerContext, n int64) (row alertRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, alertColumns+`WHERE a.id = $1`, n)
	return found(row, err)
}

// handleAlert is guarded: false when it was handled already, or is about oneself.
func handleAlert(ctx context.Context, tx *sqlx.Tx, n int64, by id.Staff, note int64, at time.Time) (bool, error) {
	return changedOne(tx.ExecContext(ctx, `UPDATE fiche_alert SET handled_at = $3, handled_by = $2, note_id = $4
		WHERE id = $1 AND handled_at IS NULL AND staff_id IS DISTINCT FROM $2`, n, by, at, orNull(note)))
}

// unusualRow is a person or a camp that passed a limit, on one day of Belgium.
type unusualRow struct {
	Actor     string       `db:"actor"` // staff:ID; "" for a camp
	Departure id.Departure `db:"departure_id"`
	Day       string       `db:"day"`
	Figure    int          `db:"figure"`
}

// staffReads are the readings of one fiche by staff, since $1, each with its day in Belgium.
const staffReads = `reads AS (SELECT seq, at, actor, role, participant_id, departure_id, (at AT TIME ZONE 'Europe/Brussels') AS local FROM fiche_access
	WHERE at > $1 AND actor LIKE 'staff:%' AND action = 'view' AND outcome = 'allowed' AND participant_id IS NOT NULL)`

// readMany finds who opened the fiches of more than most children within some minutes.
func readMany(ctx context.Context, q sqlx.QueryerContext, since time.Time, most, minutes int) (rows []unusualRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `WITH `+staffReads+`
		SELECT r.actor, 0 AS departure_id, to_char(r.local, 'YYYY-MM-DD') AS day, max(n.figure) AS figure FROM reads r
		CROSS JOIN LATERAL (SELECT count(DISTINCT w.participant_id) AS figure FROM reads w
			WHERE w.actor = r.actor AND w.at > r.at - make_interval(mins => $3) AND w.at <= r.at) n
		WHERE n.figure > $2 GROUP BY r.actor, 3`, since, most, minutes)
	return rows, err
}

// readAtNight finds who opened more than most fiches in one night; the office has no reason to open any. A night belongs to
// the day on which it began.
func readAtNight(ctx context.Context, q sqlx.QueryerContext, since time.Time, most, from, to int) (rows []unusualRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `WITH `+staffReads+`
		SELECT actor, 0 AS departure_id, to_char(local - make_interval(hours => $4), 'YYYY-MM-DD') AS day, count(DISTINCT participant_id) AS figure
		FROM reads WHERE extract(hour FROM local) >= $3 OR extract(hour FROM local) < $4
		GROUP BY actor, 3 HAVING count(DISTINCT participant_id) > CASE WHEN bool_or(role = 'office') THEN 0 ELSE $2 END`, since, most, from, to)
	return rows, err
}

// readOutside finds who opened more than most fiches of one camp on one day before it began or after it ended.
func readOutside(ctx context.Context, q sqlx.QueryerContext, since time.Time, most int) (rows []unusualRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `WITH `+staffReads+`
		SELECT r.actor, r.departure_id, to_char(r.local, 'YYYY-MM-DD') AS day, count(DISTINCT r.participant_id) AS figure
		FROM reads r JOIN fiche_departure d ON d.departure_id = r.departure_id
		WHERE r.role IN ('animator', 'lead') AND (r.local::date < d.starts_on OR r.local::date > d.ends_on)
		GROUP BY r.actor, r.departure_id, 3 HAVING count(DISTINCT r.participant_id) > $2`, since, most)
	return rows, err
}

// refusedOften finds who was refused more than most times on one day.
func refusedOften(ctx context.Context, q sqlx.QueryerContext, since time.Time, most int) (rows []unusualRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT actor, 0 AS departure_id, to_char(at AT TIME ZONE 'Europe/Brussels', 'YYYY-MM-DD') AS day, count(*) AS figure
		FROM fiche_access WHERE at > $1 AND actor LIKE 'staff:%' AND outcome = 'refused' AND action <> 'offline' GROUP BY actor, 3 HAVING count(*) > $2`, since, most)
	return rows, err
}

// printedOften finds camps that were printed more than most times in all, when one of them was since.
func printedOften(ctx context.Context, q sqlx.QueryerContext, since time.Time, most int) (rows []unusualRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT '' AS actor, departure_id, '' AS day, count(*) AS figure FROM fiche_access
		WHERE action = 'print' AND outcome = 'allowed' AND participant_id IS NULL GROUP BY departure_id HAVING count(*) > $2 AND max(at) > $1`, since, most)
	return rows, err
}

// readingLine is one line of what somebody read, for who looks into an alert.
type readingLine struct {
	At          time.Time      `db:"at"`
	Action      string         `db:"action"`
	Outcome     string         `db:"outcome"`
	Participant id.Participant `db:"participant_id"`
	Departure   id.Departure   `db:"departure_id"`
}

func readingsOf(ctx context.Context, q sqlx.QueryerContext, actor string, d id.Departure, from, to time.Time, limit int) (rows []readingLine, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT at, action, outcome, coalesce(participant_id, 0) AS participant_id, coalesce(departure_id, 0) AS departure_id
		FROM fiche_access WHERE at >= $3 AND at < $4 AND (actor = $1 OR $1 = '' AND departure_id = $2 AND action = 'print') ORDER BY seq LIMIT $5`, actor, d, from, to, limit)
	return rows, err
}

func insertVerified(ctx context.Context, tx *sqlx.Tx, at time.Time, head Head, broken []Broken) error {
	var first sql.NullInt64
	if len(broken) > 0 {
		first = sql.NullInt64{Int64: broken[0].Seq, Valid: true}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_verified (at, lines, mac, broken, first_broken) VALUES ($1, $2, $3, $4, $5)`, at, head.Seq, head.MAC, len(broken), first)
	return err
}

type verifiedRow struct {
	At     time.Time     `db:"at"`
	Lines  int64         `db:"lines"`
	MAC    []byte        `db:"mac"`
	Broken int           `db:"broken"`
	First  sql.NullInt64 `db:"first_broken"`
}

func lastVerified(ctx context.Context, q sqlx.QueryerContext) (row verifiedRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT at, lines, mac, broken, first_broken FROM fiche_verified ORDER BY id DESC LIMIT 1`)
	return found(row, err)
}

// longestVerified is the end of the log at its longest: a log that is shorter now lost lines.
func longestVerified(ctx context.Context, q sqlx.QueryerContext) (row verifiedRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT at, lines, mac, broken, first_broken FROM fiche_verified WHERE broken = 0 ORDER BY lines DESC, id DESC LIMIT 1`)
	return found(row, err)
}
