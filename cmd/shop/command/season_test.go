package command

import (
	"strings"
	"testing"

	"joetz/migrations/pg/pgtest"
)

// A made-up year is sound by every rule, its first month closes, and a shop with bookings takes none.
func TestSeasonIsSoundAndCloses(t *testing.T) {
	t.Parallel()
	vars := []string{"DATABASE_URL=" + pgtest.DSN(t), "SHOP_DATA_DIR=" + t.TempDir(), "SHOP_NOW=2026-11-26T10:00:00+01:00"}
	shop := func(args ...string) (status int, said string) {
		var out strings.Builder
		status = Run(t.Context(), Environment{Vars: vars, Out: &out, Err: &out}, append([]string{"seed"}, args...))
		return status, out.String()
	}
	status, said := shop("--season", "110", "--close")
	if status != fine || !strings.Contains(said, "110 bookings") || !strings.Contains(said, "closed up to 2025-12-31") {
		t.Fatalf("%d %s", status, said)
	}
	if status, said := shop("--season", "5"); status != failed || !strings.Contains(said, "bookings already") {
		t.Errorf("a second season: %d %s", status, said)
	}
	for _, wrong := range [][]string{{}, {"--season", "0"}, {"--season", "x"}, {"--season", "3", "more"}} {
		if status, said := shop(wrong...); status != misuse {
			t.Errorf("%v: %d %s", wrong, status, said)
		}
	}
}
