package medical

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

type noteRow struct {
	ID     int64  `db:"id"`
	Sealed []byte `db:"sealed"` // NULL = gone with its fiche
}

// nextNote takes an id before the row exists: the seal names it.
func nextNote(ctx context.Context, tx *sqlx.Tx) (n int64, err error) {
	err = tx.GetContext(ctx, &n, `SELECT nextval(pg_get_serial_sequence('fiche_note', 'id'))`)
	return n, err
}

func insertNote(ctx context.Context, tx *sqlx.Tx, n int64, f id.Fiche, sealed []byte, by id.Staff, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_note (id, fiche_id, sealed, written_by, written_at) OVERRIDING SYSTEM VALUE
		VALUES ($1, $2, $3, $4, $5)`, n, orNull(int64(f)), sealed, by, at)
	return err
}

func notesOf(ctx context.Context, q sqlx.QueryerContext, ids []int64) (rows []noteRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT id, sealed FROM fiche_note WHERE id = ANY ($1)`, pq.Array(ids))
	return rows, err
}

func notesAll(ctx context.Context, tx *sqlx.Tx) (rows []noteRow, err error) {
	err = tx.SelectContext(ctx, &rows, `SELECT id, sealed FROM fiche_note WHERE sealed IS NOT NULL FOR UPDATE`)
	return rows, err
}

func replaceNote(ctx context.Context, tx *sqlx.Tx, n int64, sealed []byte) error {
	_, err := tx.ExecContext(ctx, `UPDATE fiche_note SET sealed = $2 WHERE id = $1`, n, sealed)
	return err
}

func notesSealed(ctx context.Context, q sqlx.QueryerContext) (sealed [][]byte, err error) {
	err = sqlx.SelectContext(ctx, q, &sealed, `SELECT sealed FROM fiche_note WHERE sealed IS NOT NULL`)
	return sealed, err
}
