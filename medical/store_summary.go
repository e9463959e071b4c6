package medical

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
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

// begunRow is what a fiche begins with, sealed.
type begunRow struct {
	Fiche     id.Fiche `json:"fiche"`
	KeysetKey uint32   `json:"keyset_key"`
	Wrapped   []byte   `json:"wrapped"`
	Sealed    []byte   `json:"sealed"` // its first topic
	Short     []byte   `json:"short"`  // its summary
	By        string   `json:"by"`
	Care      bool     `json:"care"` // that a review is to be opened
}

// insertBegun writes all that fiches begin with, in one statement: each child that is booked comes here.
func insertBegun(ctx context.Context, tx *sqlx.Tx, all []begunRow, section string, at time.Time) error {
	if len(all) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		WITH begun AS MATERIALIZED (
			SELECT fiche, keyset_key, decode(wrapped, 'base64') AS wrapped, decode(sealed, 'base64') AS sealed, decode(short, 'base64') AS short, "by", care
			FROM json_to_recordset($1::json) AS b (fiche bigint, keyset_key bigint, wrapped text, sealed text, short text, "by" text, care boolean)),
		key AS (INSERT INTO fiche_key (fiche_id, keyset_key, wrapped, wrapped_at) SELECT fiche, keyset_key, wrapped, $3 FROM begun),
		topic AS (
			INSERT INTO fiche_section (fiche_id, section, revision, sealed, saved_at, saved_by) SELECT fiche, $2, 1, sealed, $3, "by" FROM begun),
		review AS (INSERT INTO care_review (fiche_id, opened_at) SELECT fiche, $3 FROM begun WHERE care)
		INSERT INTO fiche_summary (fiche_id, sealed) SELECT fiche, short FROM begun`, pg.Rows[begunRow](all), section, at)
	return err
}
