package questionnaire_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/medical/questionnaire"
)

func TestDecodeForm(t *testing.T) {
	t.Parallel()
	v := v1(t)
	form, err := url.ParseQuery(strings.Join([]string{
		"med.any=yes", "med.rows.key=1", "med.rows.key=3", "med.rows.key=NIET OK", "med.rows.1.name=+Ventolin++spray%0D%0A", "med.rows.1.when=evening", "med.rows.1.when=needed",
		"med.rows.3.name=Zyrtec%00", "med.rows.2.name=zonder sleutel", "med.label.key=1", "med.label.1.file=41", "med.nursing=no", "sport.swim=25m",
	}, "&"))
	if err != nil {
		t.Fatal(err)
	}
	got := v.Clean(domestic, v.Decode("med", form))
	want := answers{
		"med.any": text("yes"), "med.nursing": text("no"),
		"med.rows": rows(row{Key: "1", Cells: map[string]value{"name": text("Ventolin spray"), "when": many("evening", "needed")}},
			row{Key: "3", Cells: cells("name", "Zyrtec")}),
	}
	if !cmp.Equal(got, want) { // the label is not asked: neither prescribed nor given by a leader; sport is another page
		t.Errorf("got %d answers, %d rows", len(got), len(got["med.rows"].Rows))
	}
	phone := v.Clean(domestic, v.Decode("contact", url.Values{"contact.gp_phone": {"02/555 12 12"}, "contact.fund": {"other"}, "contact.fund.more": {"iets"}}))
	if phone["contact.gp_phone"].Text != "+3225551212" || phone["contact.fund"].More != "iets" {
		t.Error("a telephone number or a text beside a choice is lost")
	}
}

func TestRowKeys(t *testing.T) {
	t.Parallel()
	have := []row{{Key: "1"}, {Key: "7"}, {Key: "asthma"}}
	if got := questionnaire.NextKey(have); got != "8" {
		t.Errorf("next key %q", got)
	}
	if got := questionnaire.NextKey(nil); got != "1" {
		t.Errorf("first key %q", got)
	}
	if left := questionnaire.Without(have, "7"); len(left) != 2 || len(have) != 3 || have[1].Key != "7" {
		t.Error("removing a row")
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	v := v1(t)
	a := v.Clean(domestic, answers{
		"health.any": text("yes"), "health.list": value{Many: []string{"asthma", "other"}, More: "coeliakie"},
		"health.rows": rows(row{Key: "asthma", Cells: cells("often", "soms")}, row{Key: "other", Cells: cells("often", "altijd")}),
		"med.any":     text("yes"), "med.rows": rows(row{Key: "2", Cells: map[string]value{"name": text("Ventolin"), "when": many("evening", "needed"), "from": text("2027-07-05")}}),
		"med.needed": rows(row{Key: "2", Cells: cells("max_per_day", "4")}), "consent.paracetamol": text("yes"), "consent.weight": text("34"),
	})
	for id, want := range map[string][]questionnaire.Shown{
		"health.any":  {{Text: "ja"}},
		"health.list": {{Text: "astma, coeliakie"}},
		"health.rows": {{Key: "asthma", Row: "astma", Label: "Hoe vaak komt het voor?", Text: "soms"}, {Key: "other", Row: "coeliakie", Label: "Hoe vaak komt het voor?", Text: "altijd"}},
		"med.rows": {{Key: "2", Row: "Ventolin", Label: "Naam en sterkte", Text: "Ventolin"}, {Key: "2", Row: "Ventolin", Label: "Wanneer?", Text: "'s avonds, enkel bij nood"},
			{Key: "2", Row: "Ventolin", Label: "Vanaf welke dag? Leeg is vanaf de eerste dag.", Text: "5/7/2027"}},
		"med.needed":     {{Key: "2", Row: "Ventolin", Label: "Hoeveel keer per dag, hoogstens?", Text: "4"}},
		"consent.weight": {{Text: "34\u00a0kg"}},
		"sport.swim":     nil,
	} {
		if got := v.Lines(v.Question(id), a, "nl"); !cmp.Equal(got, want) {
			t.Errorf("%s: %s", id, cmp.Diff(want, got))
		}
	}
	if got := v.Lines(v.Question("health.any"), a, "en"); got[0].Text != "yes" {
		t.Errorf("English: %v", got)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("med.any=yes&med.rows.key=1&med.rows.1.name=x&med.rows.1.when=needed", 9, true)
	f.Add("incl.wash.each.wash=alone&health.list=epilepsy&health.any=yes", 12, true)
	v := v1(f)
	f.Fuzz(func(t *testing.T, query string, age int, inclusive bool) {
		form, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		facts := domestic
		facts.Age, facts.Inclusive = age, inclusive
		a := answers{}
		for _, s := range v.Sections {
			for id, value := range v.Decode(s.ID, form) {
				a[id] = value
			}
		}
		kept := v.Clean(facts, a)
		if !cmp.Equal(kept, v.Clean(facts, kept)) {
			t.Fatal("a second cleaning changes the answers")
		}
		v.Check(facts, kept, "")
		for _, q := range v.Questions {
			v.Lines(q, kept, "nl")
		}
	})
}
