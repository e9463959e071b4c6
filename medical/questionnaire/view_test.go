package questionnaire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"joetz/medical/questionnaire"
)

// The rule as written down (who sees a view code), against every question of the source.
func TestWhoSeesWhichQuestion(t *testing.T) {
	t.Parallel()
	const (
		no          = questionnaire.Nothing
		instruction = questionnaire.Instruction
		whole       = questionnaire.Whole
	)
	rule := map[string][4]questionnaire.Sight{ // animators, leads, care team, kitchen
		"A":                {whole, whole, no, no},
		"A+K":              {whole, whole, no, whole},
		"A+K(food)":        {whole, whole, no, whole},
		"A (reason: L)":    {whole, whole, no, no},
		"L":                {no, whole, no, no},
		"S":                {no, no, whole, no},
		"S>A":              {instruction, instruction, whole, no},
		"S>A(instruction)": {instruction, instruction, whole, no},
		"S>L":              {no, instruction, whole, no},
	}
	v := v1(t)
	for _, s := range source(t) {
		want, ok := rule[s.View]
		if !ok {
			t.Fatalf("%s: no rule for view %q", s.ID, s.View)
		}
		q := v.Question(s.ID)
		for i, a := range []questionnaire.Audience{questionnaire.Animators, questionnaire.Leads, questionnaire.CareTeam, questionnaire.Kitchen} {
			got, sight := q.Reduce(value{Text: "geheim", More: "geheim", Many: []string{"geheim"}}, a)
			if sight != want[i] || q.View.For(a) != want[i] {
				t.Errorf("%s for audience %d: %v, want %v", s.ID, a, sight, want[i])
			}
			if sight != whole && !got.Empty() {
				t.Errorf("%s for audience %d: sight %v comes with the answer", s.ID, a, sight)
			}
		}
		if q.View.For(0) != no || q.View.For(9) != no {
			t.Errorf("%s: shown to an audience that nobody knows", s.ID)
		}
	}
}

func TestFieldsThatFewerSee(t *testing.T) {
	t.Parallel()
	v := v1(t)
	med := rows(row{Key: "1", Cells: cells("name", "Rilatine", "reason", "geheim", "vreemd", "geheim")})
	for a, want := range map[questionnaire.Audience]string{questionnaire.Animators: "", questionnaire.Leads: "geheim"} {
		got, _ := v.Question("med.rows").Reduce(med, a)
		if c := got.Rows[0].Cells; c["reason"].Text != want || c["name"].Text != "Rilatine" || c["vreemd"].Text != "" {
			t.Errorf("audience %d: reason %q", a, c["reason"].Text)
		}
	}
	allergies := rows(row{Key: "1", Cells: cells("kind", "insect", "what", "wesp")}, row{Key: "2", Cells: cells("kind", "food", "what", "noten")})
	got, sight := v.Question("allergy.rows").Reduce(allergies, questionnaire.Kitchen)
	if sight != questionnaire.Whole || len(got.Rows) != 1 || got.Rows[0].Cells["what"].Text != "noten" {
		t.Errorf("the kitchen sees %d rows", len(got.Rows))
	}
}

func TestAnswersDoNotPrint(t *testing.T) {
	t.Parallel()
	const canary = "kanariewoord"
	a := answers{"allergy.pen_where": value{Text: canary, More: canary, Many: []string{canary}, Rows: []row{{Key: canary, Cells: cells(canary, canary)}}}}
	in := struct {
		Answers answers
		Value   value
		Row     row
	}{a, a["allergy.pen_where"], a["allergy.pen_where"].Rows[0]}
	var out bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("x", "a", a, "v", in.Value, "r", in.Row, "in", in, "p", &in)
	}
	fmt.Fprintf(&out, "%v %+v %#v %s %q %v %+v %#v %d %x", in, in, in, in.Value, in.Value, a, a, a, in.Row, in.Row)
	if err := json.NewEncoder(&out).Encode(in); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.Contains(s, canary) || strings.Contains(s, "pen_where") || strings.Contains(s, "6b616e61726965") {
		t.Errorf("prints: %s", s)
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	v := v1(t)
	for name, c := range map[string]struct {
		with answers
		want string
	}{
		"nothing": {answers{"allergy.any": text("no"), "sleep.night": many("none"), "sport.swim": text("100m")}, ""},
		"nuts": {answers{"allergy.any": text("yes"), "allergy.rows": rows(row{Key: "1", Cells: cells("severity", "life-threatening")})},
			"allergy_life/2"},
		"mild":                            {answers{"allergy.any": text("yes"), "allergy.rows": rows(row{Key: "1", Cells: cells("severity", "mild")})}, "allergy/1"},
		"epilepsy":                        {answers{"health.any": text("yes"), "health.list": many("epilepsy")}, "seizure/2 health/1"},
		"insulin":                         {answers{"med.any": text("yes"), "med.rows": rows(row{Key: "1", Cells: cells("route", "injection")})}, "injection/2 medicine/1"},
		"runs off":                        {answers{"incl.run": text("sometimes")}, "runs/2"},
		"swims badly, afraid of the dark": {answers{"sport.swim": text("no"), "sleep.night": many("dark")}, "swim/1 night/1"},
	} {
		var got []string
		for _, f := range v.Flags(domestic, c.with) {
			got = append(got, fmt.Sprintf("%s/%d", f.ID, f.Level))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: got %q, want %q", name, s, c.want)
		}
	}
}
