// Package findtest makes a shop with very many families, for tests and benchmarks of what must stay fast.
//
// Owns: nothing. May import: shop/find/many, sqlx.
// Always true: the rows are those that the shop would have written, made in SQL because writing them one by one takes hours.
package findtest

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/shop/find/many"
)

// Many fills a migrated database as many.Statements say.
func Many(t testing.TB, db *sqlx.DB, bookings int) {
	t.Helper()
	for _, statement := range many.Statements(bookings) {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v\n%.200s", err, statement)
		}
	}
}
