package animator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"joetz/medical/medicaltest"
)

// TestMedicinesGoHome: at the end of the camp everything that a child brought along is given back, once, and it is written down
// to whom and what stayed. What leaders may give belongs to the camp and is not on the list.
func TestMedicinesGoHome(t *testing.T) {
	t.Parallel()
	w, app := newApp(t)
	amber := visit(t, app, "amber")
	const home = "/animator/kamp/1/naar-huis"
	amber.Open(home).WantStatus(http.StatusOK).WantText("main", "Geen enkel kind bracht geneesmiddelen mee")
	takes(t, w)
	if p := amber.Open("/animator/kamp/1"); strings.Contains(p.Body, "naar-huis") {
		t.Error("on the second day it is too early to give back")
	}
	w.At = medicaltest.Last.AddDays(-1).Start().Add(19 * time.Hour)
	amber.Open("/animator/kamp/1").WantText("main", "Geneesmiddelen mee naar huis")
	p := amber.Open(home).WantText("main", "Van 1 kind moet je dit nog opschrijven").WantText(".medicine h2", "Noa").WantText(".medicine", "Ochtendpil").WantText(".medicine", "Noodpil")
	if strings.Contains(p.Body, "geheimereden") || strings.Contains(p.Text("title"), "Noa") {
		t.Error("the page says why a child takes something, or the tab says which child")
	}
	if p.Count(".medicine input[type=checkbox]") != 2 {
		t.Errorf("%d medicines to give back, want the two that came along", p.Count(".medicine input[type=checkbox]"))
	}
	p = amber.Submit(p, "main form", url.Values{"to": {"Mama"}})
	p.WantStatus(http.StatusUnprocessableEntity).WantText(".summary", "Duid aan wat je meegaf")
	p = amber.Submit(p, "main form", url.Values{"gone": {"1"}, "to": {""}})
	p.WantStatus(http.StatusUnprocessableEntity).WantText(".summary", "Vul dit in")
	again := p
	p = amber.Submit(p, "main form", url.Values{"gone": {"1"}, "to": {"Mama Els"}, "rest": {"De fles is stuk."}})
	p.WantStatus(http.StatusOK).WantText(".records", "Meegegeven aan Mama Els.").WantText(".records", "Mee: Ochtendpil.").WantText(".records", "Niet mee: Noodpil.").
		WantText(".records", "De fles is stuk.").WantText("main", "Van elk kind is opgeschreven").WantNone(".medicine form")
	amber.Submit(again, "main form", url.Values{"gone": {"1"}, "to": {"Mama Els"}, "rest": {"De fles is stuk."}}) // the same page, sent twice
	if n := w.Insert(`SELECT count(*) FROM fiche_record`); n != 1 {
		t.Errorf("%d records of one handing over", n)
	}
	visit(t, app, "lies").Open("/animator/kamp/1/kind/1/verslag").WantText(".records", "Meegegeven aan Mama Els")
	for _, who := range []string{"ander", "nobody"} {
		b := visit(t, app, who)
		if got := b.Get(home).Status; got != http.StatusNotFound {
			t.Errorf("%s: %d", who, got)
		}
	}
}
