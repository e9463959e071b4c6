package questionnaire

import (
	"slices"
	"testing"
)

// Each detail belongs to a mark and looks at an answer that is there, and that everybody on the camp may see.
func TestDetailsTellNoMoreThanTheFiche(t *testing.T) {
	t.Parallel()
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	v := all.Current()
	for mark, d := range details {
		q := v.Question(d.question)
		if _, known := v.Flag(mark); !known || q == nil || q.View.For(Animators) != Whole {
			t.Errorf("%s looks at %s", mark, d.question)
			continue
		}
		for _, name := range []string{d.field, d.where} {
			i := slices.IndexFunc(q.Fields, func(f Field) bool { return f.ID == name })
			if name != "" && (i < 0 || q.Fields[i].View.Code() != "" && q.Fields[i].View.For(Animators) != Whole) {
				t.Errorf("%s looks at %s of %s", mark, name, d.question)
			}
		}
	}
	long := Value{Rows: []Row{{Key: "1", Cells: map[string]Value{"what": {Text: "Noten, en alles waar noten in zitten of waar het bij gelegen kan hebben"}, "severity": {Text: "life-threatening"}}},
		{Key: "2", Cells: map[string]Value{"what": {Text: "Gras"}, "severity": {Text: "mild"}}}}}
	said := v.DetailWords("allergy_life", v.Detail("allergy_life", Answers{"allergy.rows": long}), "nl")
	if want := "Noten, en alles waar noten in zitten of waar het bij gelege…"; said != want {
		t.Errorf("%q, want %q", said, want)
	}
	if said := v.DetailWords("health", v.Detail("health", Answers{"health.list": {Many: []string{"asthma", Other}, More: "hoofdpijn"}}), "en"); said != "asthma, hoofdpijn" {
		t.Errorf("%q", said)
	}
	if !v.Detail("runs", Answers{"incl.run": {Text: "often"}}).Empty() {
		t.Error("a mark that says it all has a detail")
	}
}
