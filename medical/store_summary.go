package medical

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// sumOfSections is over the names and the sealed contents of all topics of a fiche.
const sumOfSections = `(SELECT sha256(string_agg(convert_to(section, 'UTF8') || sha256(sealed), ''::bytea ORDER BY section)) FROM fiche_section WHERE fiche_id = `

// sumOfOne is sumOfSections of a fiche with one topic.
func sumOfOne(section string, sealed []byte) []byte {
	one := sha256.Sum256(sealed)
	sum := sha256.Sum256(slices.Concat([]byte(section), one[:]))
	return sum[:]
}

type summaryRow struct {
	Fiche  id.Fiche `db:"fiche_id"`
	Sealed []byte   `db:"sealed"` // NULL when there is none
	Sum    []byte   `db:"sum"`    // of the topics as they are now; NULL when there are none
}

func summariesOf(ctx context.Context, q sqlx.QueryerContext, fiches []id.Fiche) (rows []summaryRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT f.id AS fiche_id, s.sealed, `+sumOfSections+`f.id) AS sum
		FROM unnest($1::bigint[]) AS f (id) LEFT JOIN fiche_summary s ON s.fiche_id = f.id`, pq.Array(fiches))
	return rows, err
}

func saveSummary(ctx context.Context, tx *sqlx.Tx, f id.Fiche, sealed []byte) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_summary (fiche_id, sealed) VALUES ($1, $2)
		ON CONFLICT (fiche_id) DO UPDATE SET sealed = excluded.sealed`, f, sealed)
	return err
}

// insertBegun writes all that a fiche begins with.
func insertBegun(ctx context.Context, tx *sqlx.Tx, f id.Fiche, keysetKey uint32, wrapped []byte, section string, sealed, short []byte, by string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		WITH key AS (INSERT INTO fiche_key (fiche_id, keyset_key, wrapped, wrapped_at) VALUES ($1, $2, $3, $8)),
		topic AS (INSERT INTO fiche_section (fiche_id, section, revision, sealed, saved_at, saved_by) VALUES ($1, $4, 1, $5, $8, $7))
		INSERT INTO fiche_summary (fiche_id, sealed) VALUES ($1, $6)`, f, int64(keysetKey), wrapped, section, sealed, short, by, at)
	return err
}
