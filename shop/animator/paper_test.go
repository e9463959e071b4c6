package animator_test

import (
	"net/http"
	"strings"
	"testing"

	"joetz/medical/medicaltest"
)

// The kitchen gets first names and food: of all words that a parent typed, only those.
func TestKitchenList(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	w.AskEverything()
	canaries := w.FillIn()
	lou := w.AddChild("Loïc", medicaltest.First.AddMonths(-12*9))
	w.Book(lou, w.Here, "placed")
	p := visit(t, app, "amber").Open("/animator/kamp/1/keuken").WantStatus(http.StatusOK)
	p.WantText(".kitchen", "Noa").WantText(".notice", "Loïc").WantText(".kitchen", "halal")
	seen := 0
	for _, word := range canaries {
		food := strings.HasPrefix(word, "kanariefood") && !strings.HasPrefix(word, "kanariefoodeating") || strings.HasPrefix(word, "kanarieallergyrows")
		if got := strings.Contains(p.Body, word); got && !food {
			t.Errorf("the kitchen reads %s", word)
		} else if got {
			seen++
		}
	}
	if seen == 0 || strings.Contains(p.Body, "Peeters") {
		t.Errorf("%d words about food; or a last name", seen)
	}
	for _, who := range []string{"ander", "nobody"} {
		if got := visit(t, app, who).Get("/animator/kamp/1/keuken").Status; got != 404 {
			t.Errorf("%s: %d", who, got)
		}
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	w.FillIn()
	takes(t, w)
	lou := w.AddChild("Loïc", medicaltest.First.AddMonths(-12*9))
	w.Book(lou, w.Here, "placed")
	lies := visit(t, app, "lies")
	p := lies.Open("/animator/kamp/1/afdruk").WantStatus(http.StatusOK).WantNone(".paper")
	p = lies.Submit(p, "main form", nil)
	p.WantText(".stamp", "Afdruk 1, Lies").WantText(".paper-list", "Noa").WantText(".paper", "Loïc")
	p.WantText(".paper-dose", "08:00: Ochtendpil, 1 tablet").WantText(".paper-list", "Enkel bij nood: Noodpil, 1 tablet. bij kramp. Hoogstens 1 keer")
	if n := p.Count(".paper-child"); n != 1 {
		t.Errorf("%d children on sheets of their own", n)
	}
	lies.Submit(lies.Open("/animator/kamp/1/afdruk"), "main form", nil).WantText(".stamp", "Afdruk 2, Lies")
	if n := w.Insert(`SELECT count(*) FROM fiche_access WHERE action = 'print' AND outcome = 'allowed'`); n != 2 {
		t.Errorf("%d prints in the log", n)
	}
	amber := visit(t, app, "amber")
	if got := amber.Get("/animator/kamp/1/afdruk").Status; got != 404 {
		t.Errorf("an animator sees the print page: %d", got)
	}
}
