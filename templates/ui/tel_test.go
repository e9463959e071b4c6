package ui_test

import (
	"testing"

	"joetz/templates/ui"
)

func TestTel(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"0484 55 66 77": "tel:0484556677", "+32 (0)9/223.45.67": "tel:+3292234567", "0470\u00a0123456": "tel:0470123456"} {
		if got := string(ui.Tel(typed)); got != want {
			t.Errorf("%q calls %q", typed, got)
		}
	}
}
