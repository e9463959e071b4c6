package medical

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// held is true while a file needs the fiche f.
const held = `EXISTS (SELECT 1 FROM fiche_hold h WHERE h.fiche_id = f.id AND h.released_at IS NULL)`

// wipePlan: a fiche that nobody needs any more goes some days after it was last changed; another goes some days after the
// camp, or, with consent, when the consent runs out. Of one fiche, or of all with 0.
func wipePlan(ctx context.Context, q sqlx.QueryerContext, after int, only id.Fiche) (plan []Planned, err error) {
	err = sqlx.SelectContext(ctx, q, &plan, `
		SELECT f.id, f.participant_id, f.departure_id, `+held+` AS held, f.keep_until,
		       CASE WHEN wanted THEN greatest(d.ends_on + $1::int, coalesce(f.keep_until, d.ends_on)) + 1
		            ELSE (f.changed_at AT TIME ZONE 'Europe/Brussels')::date + $1::int + 1 END AS wipe_on,
		       CASE WHEN wanted THEN 'retention' ELSE 'not_booked' END AS because
		FROM fiche f
		JOIN fiche_departure d ON d.departure_id = f.departure_id
		CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM fiche_wanted w
			WHERE w.participant_id = f.participant_id AND w.departure_id = f.departure_id) AS wanted) needed
		WHERE f.wiped_at IS NULL AND ($2::bigint = 0 OR f.id = $2)
		ORDER BY wipe_on, f.id`, after, int64(only))
	return plan, err
}

type wipeRow struct {
	Fiche       id.Fiche       `db:"id"`
	Participant id.Participant `db:"participant_id"`
	Departure   id.Departure   `db:"departure_id"`
	Held        bool           `db:"held"`
}

func livingFiches(ctx context.Context, q sqlx.QueryerContext, p id.Participant) (rows []wipeRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT f.id, f.participant_id, f.departure_id, `+held+` AS held FROM fiche f
		WHERE f.participant_id = $1 AND f.wiped_at IS NULL ORDER BY f.id`, p)
	return rows, err
}

// lockForWipe locks a living fiche first and asks whether it is held after, so that it sees what whoever had the lock before placed.
func lockForWipe(ctx context.Context, tx *sqlx.Tx, f id.Fiche) (row wipeRow, ok bool, err error) {
	err = tx.GetContext(ctx, &row, `SELECT id, participant_id, departure_id FROM fiche WHERE id = $1 AND wiped_at IS NULL FOR UPDATE`, f)
	if err == nil {
		err = tx.GetContext(ctx, &row.Held, `SELECT `+held+` FROM fiche f WHERE f.id = $1`, f)
	}
	return found(row, err)
}

func tombstones(ctx context.Context, q sqlx.QueryerContext, since time.Time) (all []Tombstone, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `SELECT fiche_id, wiped_at, because FROM fiche_tombstone WHERE wiped_at >= $1 ORDER BY wiped_at, fiche_id`, since)
	return all, err
}

// holdFiche is safe to call twice for one file.
func holdFiche(ctx context.Context, q sqlx.ExecerContext, f id.Fiche, by id.Staff, reference string, note int64, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO fiche_hold (fiche_id, placed_at, placed_by, reference, placed_note_id) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (fiche_id, reference) WHERE released_at IS NULL DO NOTHING`, f, at, by, reference, orNull(note))
	return err
}

type holdRow struct {
	ID           int64          `db:"id"`
	Fiche        id.Fiche       `db:"fiche_id"`
	Participant  id.Participant `db:"participant_id"`
	Departure    id.Departure   `db:"departure_id"`
	Reference    string         `db:"reference"`
	PlacedAt     time.Time      `db:"placed_at"`
	PlacedBy     string         `db:"placed_by_name"`
	PlacedNote   int64          `db:"placed_note_id"`
	ReleasedAt   sql.NullTime   `db:"released_at"`
	ReleasedBy   string         `db:"released_by_name"`
	ReleasedNote int64          `db:"released_note_id"`
}

const holdColumns = `SELECT h.id, h.fiche_id, f.participant_id, f.departure_id, h.reference, h.placed_at, p.name AS placed_by_name,
	coalesce(h.placed_note_id, 0) AS placed_note_id, h.released_at, coalesce(r.name, '') AS released_by_name, coalesce(h.released_note_id, 0) AS released_note_id
	FROM fiche_hold h JOIN fiche f ON f.id = h.fiche_id JOIN fiche_staff_name p ON p.staff_id = h.placed_by LEFT JOIN fiche_staff_name r ON r.staff_id = h.released_by `

func holdsOf(ctx context.Context, q sqlx.QueryerContext, f id.Fiche) (rows []holdRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, holdColumns+`WHERE h.fiche_id = $1 ORDER BY h.id`, f)
	return rows, err
}

// holdsOpen lists the files that still hold a fiche, the oldest first.
func holdsOpen(ctx context.Context, q sqlx.QueryerContext) (rows []holdRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, holdColumns+`WHERE h.released_at IS NULL AND f.wiped_at IS NULL ORDER BY h.placed_at, h.id`)
	return rows, err
}

func holdByID(ctx context.Context, q sqlx.QueryerContext, n int64) (row holdRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, holdColumns+`WHERE h.id = $1`, n)
	return found(row, err)
}

// releaseHold is guarded: false when it was let go of already.
func releaseHold(ctx context.Context, tx *sqlx.Tx, n int64, by id.Staff, note int64, at time.Time) (bool, error) {
	return changedOne(tx.ExecContext(ctx, `UPDATE fiche_hold SET released_at = $3, released_by = $2, released_note_id = $4 WHERE id = $1 AND released_at IS NULL`, n, by, at, note))
}

// ficheFate is which fiche a child has on a camp, and when it was wiped; the living one goes before.
type ficheFate struct {
	Fiche   id.Fiche     `db:"id"`
	WipedAt sql.NullTime `db:"wiped_at"`
}

func fateOf(ctx context.Context, q sqlx.QueryerContext, p id.Participant, d id.Departure) (row ficheFate, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT id, wiped_at FROM fiche
		WHERE participant_id = $1 AND departure_id = $2 ORDER BY wiped_at IS NULL DESC, id DESC LIMIT 1`, p, d)
	return found(row, err)
}

type keyRow struct {
	Fiche   id.Fiche `db:"fiche_id"`
	Wrapped []byte   `db:"wrapped"`
}

func keysNotUnder(ctx context.Context, tx *sqlx.Tx, key uint32, after id.Fiche, limit int) (rows []keyRow, err error) {
	err = tx.SelectContext(ctx, &rows, `SELECT fiche_id, wrapped FROM fiche_key WHERE keyset_key <> $1 AND fiche_id > $2
		ORDER BY fiche_id LIMIT $3 FOR UPDATE`, int64(key), after, limit)
	return rows, err
}

func replaceKey(ctx context.Context, tx *sqlx.Tx, f id.Fiche, key uint32, wrapped []byte, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE fiche_key SET keyset_key = $2, wrapped = $3, wrapped_at = $4 WHERE fiche_id = $1`, f, int64(key), wrapped, at)
	return err
}

type keyUse struct {
	Key    int64 `db:"keyset_key"`
	Fiches int   `db:"fiches"`
}

func keysInUse(ctx context.Context, q sqlx.QueryerContext) (rows []keyUse, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT keyset_key, count(*) AS fiches FROM fiche_key GROUP BY keyset_key`)
	return rows, err
}

// madeBefore reports whether there is a living fiche with that number which was made before that time.
func madeBefore(ctx context.Context, q sqlx.QueryerContext, f id.Fiche, at time.Time) (older bool, err error) {
	err = sqlx.GetContext(ctx, q, &older, `SELECT EXISTS (SELECT 1 FROM fiche WHERE id = $1 AND wiped_at IS NULL AND created_at <= $2)`, f, at)
	return older, err
}
