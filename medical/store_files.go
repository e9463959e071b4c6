package medical

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// nextFile takes an id before the row exists: the seal names it.
func nextFile(ctx context.Context, tx *sqlx.Tx) (file int64, err error) {
	err = tx.GetContext(ctx, &file, `SELECT nextval(pg_get_serial_sequence('fiche_upload', 'id'))`)
	return file, err
}

func insertFile(ctx context.Context, tx *sqlx.Tx, file int64, f id.Fiche, sealed []byte, by string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_upload (id, fiche_id, sealed, uploaded_at, uploaded_by)
		OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5)`, file, f, sealed, at, by)
	return err
}

func countFiles(ctx context.Context, tx *sqlx.Tx, f id.Fiche) (n int, err error) {
	err = tx.GetContext(ctx, &n, `SELECT count(*) FROM fiche_upload WHERE fiche_id = $1`, f)
	return n, err
}

func deleteFile(ctx context.Context, tx *sqlx.Tx, f id.Fiche, file int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM fiche_upload WHERE id = $1 AND fiche_id = $2`, file, f)
	return err
}

func fileOf(ctx context.Context, q sqlx.QueryerContext, f id.Fiche, file int64) (sealed []byte, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &sealed, `SELECT sealed FROM fiche_upload WHERE id = $1 AND fiche_id = $2`, file, f)
	return found(sealed, err)
}
