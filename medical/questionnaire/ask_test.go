package questionnaire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"joetz/medical/questionnaire"
	"joetz/terms/civil"
)

type (
	answers = questionnaire.Answers
	value   = questionnaire.Value
	row     = questionnaire.Row
)

func text(s string) value    { return value{Text: s} }
func many(s ...string) value { return value{Many: s} }
func rows(r ...row) value    { return value{Rows: r} }
func cells(kv ...string) map[string]value {
	out := map[string]value{}
	for i := 0; i < len(kv); i += 2 {
		out[kv[i]] = text(kv[i+1])
	}
	return out
}

var domestic = questionnaire.Facts{Today: civil.Must(2027, 6, 1), Age: 8}

func isAsked(v *questionnaire.Version, f questionnaire.Facts, a answers, id string) (bool, []string) {
	asked, _ := v.Ask(f, a)
	for _, q := range asked {
		if q.ID == id {
			return true, q.Keys
		}
	}
	return false, nil
}

// One line or more for every condition that the questionnaire has.
func TestConditions(t *testing.T) {
	t.Parallel()
	v := v1(t)
	abroad, coach, nine, twelve, ten := domestic, domestic, domestic, domestic, domestic
	abroad.Abroad, coach.Transport, nine.Age, twelve.Age, ten.Age = true, true, 9, 12, 10
	inclusive, inclusiveTen := domestic, ten
	inclusive.Inclusive, inclusiveTen.Inclusive = true, true
	allergy := func(severity string) answers {
		return answers{"allergy.any": text("yes"), "allergy.rows": rows(row{Key: "1", Cells: cells("what", "noten", "severity", "mild")}, row{Key: "2", Cells: cells("what", "wesp", "severity", severity)})}
	}
	medicine := func(kv ...string) answers {
		return answers{"med.any": text("yes"), "med.rows": rows(row{Key: "1", Cells: cells(kv...)})}
	}
	for _, c := range []struct {
		id    string
		facts questionnaire.Facts
		with  answers
		want  bool
	}{
		{"contact.ehic", domestic, nil, false}, {"contact.ehic", abroad, nil, true},
		{"sport.travel", domestic, nil, false}, {"sport.travel", coach, nil, true},
		{"health.period", domestic, nil, false}, {"health.period", nine, nil, true},
		{"consent.photo_own", ten, nil, false}, {"consent.photo_own", twelve, nil, true},
		{"incl.body", ten, nil, false}, {"incl.body", inclusive, nil, false}, {"incl.body", inclusiveTen, nil, true},
		{"incl.comm", domestic, nil, false}, {"incl.comm", inclusive, nil, true},
		{"allergy.rows", domestic, nil, false}, {"allergy.rows", domestic, answers{"allergy.any": text("no")}, false}, {"allergy.rows", domestic, answers{"allergy.any": text("yes")}, true},
		{"allergy.pen", domestic, allergy("serious"), false}, {"allergy.pen", domestic, allergy("life-threatening"), true},
		{"allergy.plan", domestic, allergy("life-threatening"), false},
		{"food.diet_more", domestic, nil, false}, {"food.diet_more", domestic, answers{"food.diet": many("halal")}, true},
		{"health.list", domestic, answers{"health.any": text("yes")}, true}, {"health.list", domestic, answers{"health.any": text("no")}, false},
		{"health.tetanus_year", domestic, answers{"health.tetanus": text("unknown")}, false}, {"health.tetanus_year", domestic, answers{"health.tetanus": text("yes")}, true},
		{"health.recent_more", domestic, answers{"health.recent": text("yes")}, true},
		{"med.label", domestic, medicine("name", "x", "prescription", "no", "who", "child"), false},
		{"med.label", domestic, medicine("name", "x", "prescription", "yes", "who", "child"), true},
		{"med.label", domestic, medicine("name", "x", "prescription", "no", "who", "leader"), true},
		{"med.nursing", domestic, nil, false}, {"med.helper", domestic, answers{"med.any": text("yes"), "med.nursing": text("yes")}, true},
		{"sleep.more", domestic, answers{"sleep.night": many("none")}, false}, {"sleep.more", domestic, answers{"sleep.night": many("dark")}, true}, {"sleep.more", domestic, nil, false},
		{"sleep.toilet_more", domestic, answers{"sleep.toilet": text("yes")}, true},
		{"sport.limits_more", domestic, answers{"sport.limits": text("no")}, false},
		{"social.group_more", domestic, answers{"social.group": text("yes")}, true}, {"social.risk_more", domestic, answers{"social.risk": text("yes")}, true},
		{"care.how", domestic, answers{"care.any": text("no")}, false}, {"care.how", domestic, answers{"care.any": text("yes")}, true},
		{"consent.weight", domestic, answers{"consent.paracetamol": text("no")}, false}, {"consent.weight", domestic, answers{"consent.paracetamol": text("call")}, true},
		{"incl.seizure", inclusive, nil, false}, {"incl.seizure", inclusive, answers{"health.any": text("yes"), "health.list": many("asthma", "epilepsy")}, true},
		// what is no longer asked does not count: the list is still filled in, but health.any says no
		{"incl.seizure", inclusive, answers{"health.any": text("no"), "health.list": many("epilepsy")}, false},
	} {
		if got, _ := isAsked(v, c.facts, c.with, c.id); got != c.want {
			t.Errorf("%s: asked %v, want %v", c.id, got, c.want)
		}
	}
}

func TestRowsFollowPicksAndRows(t *testing.T) {
	t.Parallel()
	v := v1(t)
	a := answers{
		"health.any": text("yes"), "health.list": many("asthma", "skin"),
		"health.rows": rows(row{Key: "skin", Cells: cells("often", "elke dag")}, row{Key: "heart", Cells: cells("often", "nooit")}),
		"med.any":     text("yes"),
		"med.rows": rows(
			row{Key: "1", Cells: map[string]value{"name": text("Ventolin"), "when": many("evening", "needed"), "prescription": text("no"), "who": text("child")}},
			row{Key: "4", Cells: map[string]value{"name": text("Zyrtec"), "when": many("evening"), "prescription": text("yes"), "who": text("child")}}),
		"med.needed": rows(row{Key: "1", Cells: cells("when", "benauwd")}, row{Key: "4", Cells: cells("when", "weg hiermee")}),
	}
	if _, keys := isAsked(v, domestic, a, "health.rows"); !cmp.Equal(keys, []string{"asthma", "skin"}) {
		t.Errorf("per pick: %v", keys)
	}
	if _, keys := isAsked(v, domestic, a, "med.needed"); !cmp.Equal(keys, []string{"1"}) {
		t.Errorf("only if needed: %v", keys)
	}
	if _, keys := isAsked(v, domestic, a, "med.label"); !cmp.Equal(keys, []string{"4"}) {
		t.Errorf("label: %v", keys)
	}
	kept := v.Clean(domestic, a)
	if got := kept["health.rows"].Rows; len(got) != 1 || got[0].Key != "skin" {
		t.Errorf("the row of a pick that is gone is kept")
	}
	if got := kept["med.needed"].Rows; len(got) != 1 || got[0].Cells["when"].Text != "benauwd" {
		t.Errorf("the row of a medicine that is not for need is kept")
	}
}

func TestHiddenAnswersAreNotKept(t *testing.T) {
	t.Parallel()
	v := v1(t)
	kept := v.Clean(domestic, answers{
		"allergy.any": text("no"), "allergy.rows": rows(row{Key: "1", Cells: cells("what", "noten", "severity", "life-threatening")}),
		"allergy.pen": text("yes"), "allergy.pen_where": text("rugzak"),
		"incl.crisis": text("roept"), "unknown.question": text("x"),
		"health.any": text("yes"), "health.list": value{Many: []string{"asthma"}, More: "zonder 'anders' niet gevraagd"},
	})
	want := map[string]bool{"allergy.any": true, "health.any": true, "health.list": true}
	for id := range kept {
		if !want[id] {
			t.Errorf("%s is kept", id)
		}
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("lost: %v", want)
	}
	if kept["health.list"].More != "" {
		t.Error("the text beside a choice that was not made is kept")
	}
}

// Whatever is typed: cleaning twice is cleaning once, nothing unasked stays, checking does not fail over.
func TestCleanIsStable(t *testing.T) {
	t.Parallel()
	v := v1(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := questionnaire.Facts{Today: civil.Must(2027, 6, 1), Age: rapid.IntRange(3, 18).Draw(t, "age"),
			Abroad: rapid.Bool().Draw(t, "abroad"), Transport: rapid.Bool().Draw(t, "coach"), Inclusive: rapid.Bool().Draw(t, "inclusive")}
		a := drawAnswers(t, v)
		asked, kept := v.Ask(facts, a)
		again := v.Clean(facts, kept)
		if !cmp.Equal(kept, again) {
			t.Fatal("a second cleaning changes the answers")
		}
		may := map[string]bool{}
		for _, q := range asked {
			may[q.ID] = true
		}
		for id := range kept {
			if !may[id] {
				t.Fatalf("%s is kept and not asked", id)
			}
		}
		for _, p := range v.Check(facts, kept, "") {
			if !may[p.Question] || p.Key == "" {
				t.Fatalf("a problem with what is not asked: %+v", p)
			}
		}
		for id, value := range kept {
			back, err := questionnaire.Decode(value.Encode())
			if err != nil || !cmp.Equal(back, value) {
				t.Fatalf("%s does not come back: %v", id, err)
			}
		}
	})
}

func drawAnswers(t *rapid.T, v *questionnaire.Version) answers {
	a := answers{}
	for _, q := range v.Questions {
		if rapid.IntRange(0, 3).Draw(t, q.ID) > 0 {
			a[q.ID] = drawValue(t, q.Kind, q.Options, q.Fields)
		}
	}
	return a
}

func drawValue(t *rapid.T, kind questionnaire.Kind, options []questionnaire.Option, fields []questionnaire.Field) value {
	choices := []string{"yes", "no", "unknown", "", "onzin", "2024", "0470 12 34 56", "zéér\x00 lang\r\n"}
	for _, o := range options {
		choices = append(choices, o.Value)
	}
	choice := rapid.SampledFrom(choices)
	switch kind {
	case questionnaire.Many, questionnaire.File:
		return value{Many: rapid.SliceOfN(choice, 0, 4).Draw(t, "many"), More: choice.Draw(t, "more")}
	case questionnaire.Rows, questionnaire.Each:
		var out []row
		for _, key := range rapid.SliceOfN(rapid.SampledFrom([]string{"1", "2", "asthma", "epilepsy", "other", "each", "NIET OK"}), 0, 4).Draw(t, "keys") {
			r := row{Key: key, Cells: map[string]value{"vreemd": text("x")}}
			for _, f := range fields {
				r.Cells[f.ID] = drawValue(t, f.Kind, f.Options, nil)
			}
			out = append(out, r)
		}
		return value{Rows: out}
	}
	return value{Text: choice.Draw(t, "text"), More: choice.Draw(t, "more")}
}
