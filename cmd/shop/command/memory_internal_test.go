package command

import "testing"

func TestWhoRunsTheShopSettlesItsMemory(t *testing.T) {
	t.Parallel()
	for vars, want := range map[string]bool{
		"PATH=/bin": false, "GOGC=": false, "GOGCX=1": false, "GOGC=off": true, "GOMEMLIMIT=1GiB": true,
	} {
		if got := memorySettled([]string{"HOME=/", vars}); got != want {
			t.Errorf("%s: got %v, want %v", vars, got, want)
		}
	}
}
