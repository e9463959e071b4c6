package office

import (
	"strings"
	"testing"

	"joetz/templates/layout"
	"joetz/templates/office"
)

// The office reads what it has to do, never "your proof": those words are for the parent.
func TestProofStateInTheOfficesWords(t *testing.T) {
	t.Parallel()
	for lang, c := range map[string]struct{ want, parents string }{"nl": {"bewijs na te kijken", "je bewijs na"}, "en": {"proof to check", "your proof"}} {
		var out strings.Builder
		if err := office.Proof(office.ProofPage{Page: layout.Page{Lang: lang}, State: "received"}).Render(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), c.want) || strings.Contains(out.String(), c.parents) {
			t.Errorf("%s: not in the office's words", lang)
		}
	}
}
