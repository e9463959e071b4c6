package accounting

import (
	"testing"

	"joetz/templates/layout"
)

// What a reader names in thousandths is told in euros, and a day in words; parts of a cent, and what is no amount, stay as the file has them.
func TestAmountsOfProblemsInEuros(t *testing.T) {
	t.Parallel()
	p := layout.Page{Lang: "nl"}
	for text, want := range map[string]string{"10000.000": "€\u00a010.000,00", "-0.010": "−€\u00a00,01", "3112.92": "€\u00a03.112,92", "1.005": "1.005", "000100003157": "000100003157", "26.11.2026": "26.11.2026", "2026-11-26": "26 november 2026", "": ""} {
		if got := asRead(p, text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
