package medical

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

type recordRow struct {
	ID         int64     `db:"id"`
	Fiche      id.Fiche  `db:"fiche_id"`
	Client     string    `db:"client_id"`
	Sealed     []byte    `db:"sealed"`
	HappenedAt time.Time `db:"happened_at"`
	ReceivedAt time.Time `db:"received_at"`
	Staff      id.Staff  `db:"staff_id"`
	StaffName  string    `db:"name"`
}

func recordRows(ctx context.Context, q sqlx.QueryerContext, fiches []id.Fiche) (rows []recordRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT r.id, r.fiche_id, r.client_id::text AS client_id, r.sealed, r.happened_at, r.received_at, r.staff_id, s.name
		FROM fiche_record r JOIN fiche_staff_name s ON s.staff_id = r.staff_id
		WHERE r.fiche_id = ANY ($1) ORDER BY r.happened_at DESC, r.id DESC`, pq.Array(fiches))
	return rows, err
}

// nextRecord takes an id before the row exists: the seal names it.
func nextRecord(ctx context.Context, tx *sqlx.Tx) (n int64, err error) {
	err = tx.GetContext(ctx, &n, `SELECT nextval(pg_get_serial_sequence('fiche_record', 'id'))`)
	return n, err
}

func insertRecord(ctx context.Context, tx *sqlx.Tx, n int64, f id.Fiche, sealed []byte, r Record) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_record (id, fiche_id, client_id, sealed, happened_at, received_at, staff_id)
		OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3::uuid, $4, $5, $6, $7)`, n, f, r.Client, sealed, r.At, r.ReceivedAt, r.By)
	return err
}

// anyGuardian is an adult who acts for a child: a record at camp may be the first thing in a fiche.
func anyGuardian(ctx context.Context, q sqlx.QueryerContext, p id.Participant) (g id.Guardian, err error) {
	err = sqlx.GetContext(ctx, q, &g, `SELECT guardian_id FROM fiche_guardian WHERE participant_id = $1 ORDER BY sees_fiche DESC, guardian_id LIMIT 1`, p)
	g, _, err = found(g, err)
	return g, err
}
