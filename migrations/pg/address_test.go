package pg_test

import (
	"strings"
	"testing"

	"joetz/migrations/pg"
)

// What a parser says of an address quotes it, password and all; what we say does not.
func TestAnAddressThatCannotBeReadIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"postgres://shop:kanarie@%zz/x", "postgres://shop:kanarie@ho st/x", "postgres://shop:kanarie/vogel@host/x",
		"postgres://shop:kan%zzarie@host/x", "postgresql://shop:kanarie\x7f@host/x", "kanarie",
	} {
		_, err := pg.Open(t.Context(), dsn)
		_, replica := pg.OpenReplica(dsn, nil, nil)
		for _, err := range []error{err, replica} {
			if err == nil || strings.Contains(err.Error(), "kan") || !strings.Contains(err.Error(), "postgres://user:password@host") {
				t.Errorf("%q: %v", dsn, err)
			}
		}
	}
}
