package medical

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

type bundleRow struct {
	ID        int64        `db:"id"`
	Staff     id.Staff     `db:"staff_id"`
	Departure id.Departure `db:"departure_id"`
	Sealed    []byte       `db:"sealed"`
	MadeAt    time.Time    `db:"made_at"`
	ExpiresAt time.Time    `db:"expires_at"`
}

// nextBundle takes an id before the row exists: the seal names it.
func nextBundle(ctx context.Context, tx *sqlx.Tx) (n int64, err error) {
	err = tx.GetContext(ctx, &n, `SELECT nextval(pg_get_serial_sequence('fiche_bundle', 'id'))`)
	return n, err
}

func insertBundle(ctx context.Context, tx *sqlx.Tx, b bundleRow) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_bundle (id, staff_id, departure_id, sealed, made_at, expires_at)
		OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6)`, b.ID, b.Staff, b.Departure, b.Sealed, b.MadeAt, b.ExpiresAt)
	return err
}

func bundleOf(ctx context.Context, q sqlx.QueryerContext, n int64, who id.Staff) (row bundleRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT id, staff_id, departure_id, sealed, made_at, expires_at FROM fiche_bundle WHERE id = $1 AND staff_id = $2`, n, who)
	return found(row, err)
}

func bundleByID(ctx context.Context, q sqlx.QueryerContext, n int64) (row bundleRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT id, staff_id, departure_id, sealed, made_at, expires_at FROM fiche_bundle WHERE id = $1`, n)
	return found(row, err)
}

// dropBundles removes the keys of packs that ended so long ago that no report will come any more.
func dropBundles(ctx context.Context, q sqlx.ExecerContext, before time.Time) error {
	_, err := q.ExecContext(ctx, `DELETE FROM fiche_bundle WHERE expires_at < $1`, before)
	return err
}

func bundlesAll(ctx context.Context, tx *sqlx.Tx) (rows []bundleRow, err error) {
	err = tx.SelectContext(ctx, &rows, `SELECT id, staff_id, departure_id, sealed, made_at, expires_at FROM fiche_bundle FOR UPDATE`)
	return rows, err
}

func replaceBundle(ctx context.Context, tx *sqlx.Tx, n int64, sealed []byte) error {
	_, err := tx.ExecContext(ctx, `UPDATE fiche_bundle SET sealed = $2 WHERE id = $1`, n, sealed)
	return err
}

func bundlesSealed(ctx context.Context, q sqlx.QueryerContext) (sealed [][]byte, err error) {
	err = sqlx.SelectContext(ctx, q, &sealed, `SELECT sealed FROM fiche_bundle`)
	return sealed, err
}
