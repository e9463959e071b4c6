package medical

import (
	"bytes"
	"testing"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"

	"github.com/jmoiron/sqlx"
)

// The summary that a fiche begins with stands for its topic as the database sees it: else lists would open the topic each time.
func TestSumOfOneIsTheSumOfSections(t *testing.T) {
	t.Parallel()
	sealed := []byte{1, 2, 3, 0, 255}
	err := pg.InTx(t.Context(), pgtest.New(t), func(tx *sqlx.Tx) error {
		for _, statement := range []string{`CREATE TEMP TABLE fiche_section (fiche_id bigint, section text, sealed bytea)`, `INSERT INTO fiche_section VALUES (1, 'care', '\x01020300ff')`} {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		var want []byte
		if err := tx.Get(&want, `SELECT `+sumOfSections+`1)`); err != nil {
			return err
		}
		if got := sumOfOne("care", sealed); !bytes.Equal(got, want) {
			t.Errorf("%x, the database says %x", got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
