package migrations_test

import (
	"strings"
	"testing"

	"joetz/migrations/pg/pgtest"
)

// A table to which rows are only added cannot be emptied whole either, not even by way of another table. TRUNCATE asks no trigger
// of a row.
func TestWhatOnlyGrowsIsNeverEmptied(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	var open []string
	if err := db.Select(&open, `SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger g WHERE tgname LIKE '%\_insert\_only'
			AND NOT EXISTS (SELECT 1 FROM pg_trigger e WHERE e.tgrelid = g.tgrelid AND e.tgname LIKE '%\_never\_emptied')`); err != nil || len(open) > 0 {
		t.Errorf("may be emptied: %v %v", open, err)
	}
	for _, emptied := range []string{"fiche_access", "charge, posting, entry CASCADE", "guardian CASCADE"} {
		if _, err := db.Exec(`TRUNCATE ` + emptied); err == nil || !strings.Contains(err.Error(), "insert-only: TRUNCATE refused") {
			t.Errorf("TRUNCATE %s: %v", emptied, err)
		}
	}
}
