package questionnaire_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/medical/questionnaire"
)

// problems of one question, as "form field: message".
func problems(v *questionnaire.Version, f questionnaire.Facts, a answers, id string) (out []string) {
	for _, p := range v.Check(f, a, strings.Split(id, ".")[0]) {
		if p.Question == id {
			out = append(out, strings.TrimPrefix(p.Name(), id)+": "+strings.TrimPrefix(p.Key, "questionnaire."))
		}
	}
	return out
}

func TestCheck(t *testing.T) {
	t.Parallel()
	v := v1(t)
	inclusive := domestic
	inclusive.Inclusive = true
	person := func(key, phone string) row {
		return row{Key: key, Cells: cells("name", "Els", "relation", "mother", "phone", phone)}
	}
	medicine := func(kv ...string) answers {
		r := row{Key: "1", Cells: cells("name", "Ventolin", "reason", "astma", "dose", "2 pufjes", "route", "inhaled", "storage", "room", "who", "child", "prescription", "no")}
		r.Cells["when"] = many("evening")
		for i := 0; i < len(kv); i += 2 {
			r.Cells[kv[i]] = value{Text: kv[i+1]}
			if kv[i] == "when" {
				r.Cells["when"] = many(strings.Split(kv[i+1], " ")...)
			}
		}
		return answers{"med.any": text("yes"), "med.rows": rows(r)}
	}
	for name, c := range map[string]struct {
		facts questionnaire.Facts
		with  answers
		id    string
		want  []string
	}{
		"required":             {domestic, nil, "contact.gp_name", []string{": required"}},
		"optional":             {domestic, nil, "contact.fund_no", nil},
		"not asked":            {domestic, nil, "contact.ehic", nil},
		"choice needed":        {domestic, nil, "allergy.any", []string{": choice_needed"}},
		"no such choice":       {domestic, answers{"allergy.any": text("maybe")}, "allergy.any", []string{": choice_needed"}},
		"unknown is no answer": {domestic, answers{"allergy.any": text("unknown")}, "allergy.any", []string{": choice_needed"}},
		"unknown is one here":  {domestic, answers{"health.tetanus": text("unknown")}, "health.tetanus", nil},
		"no such option":       {domestic, answers{"sport.swim": text("butterfly")}, "sport.swim", []string{": choice_needed"}},
		"no such option among": {domestic, answers{"food.diet": many("halal", "wine")}, "food.diet", []string{": choice_needed"}},
		"none and another":     {domestic, answers{"sleep.night": many("none", "dark")}, "sleep.night", []string{": none_and_other"}},
		"other without words":  {domestic, answers{"contact.fund": text("other")}, "contact.fund", []string{".more: more_needed"}},
		"other with words":     {domestic, answers{"contact.fund": value{Text: "other", More: "Mutualité neutre"}}, "contact.fund", nil},
		"year too early":       {domestic, answers{"health.tetanus": text("yes"), "health.tetanus_year": text("2016")}, "health.tetanus_year", []string{": number"}},
		"year first allowed":   {domestic, answers{"health.tetanus": text("yes"), "health.tetanus_year": text("2017")}, "health.tetanus_year", nil},
		"year to come":         {domestic, answers{"health.tetanus": text("yes"), "health.tetanus_year": text("2028")}, "health.tetanus_year", []string{": number"}},
		"weight no number":     {domestic, answers{"consent.paracetamol": text("yes"), "consent.weight": text("30 kg")}, "consent.weight", []string{": number"}},
		"weight too low":       {domestic, answers{"consent.paracetamol": text("yes"), "consent.weight": text("7")}, "consent.weight", []string{": number"}},
		"weight":               {domestic, answers{"consent.paracetamol": text("yes"), "consent.weight": text("8")}, "consent.weight", nil},
		"line of 200":          {domestic, answers{"contact.gp_name": text(strings.Repeat("é", 200))}, "contact.gp_name", nil},
		"line of 201":          {domestic, answers{"contact.gp_name": text(strings.Repeat("é", 201))}, "contact.gp_name", []string{": too_long"}},
		"area of 501":          {domestic, answers{"food.eating": text(strings.Repeat("é", 501))}, "food.eating", []string{": too_long"}},
		"care may be longer":   {domestic, answers{"care.any": text("yes"), "care.how": text(strings.Repeat("é", 2000))}, "care.how", nil},
		"not signed":           {domestic, nil, "consent.truth", []string{": sign_needed"}},
		"signed with no":       {domestic, answers{"consent.truth": text("no")}, "consent.truth", []string{": choice_needed"}},
		"signed":               {domestic, answers{"consent.truth": text("yes")}, "consent.truth", nil},
		"one person of two":    {domestic, answers{"contact.persons": rows(person("1", "0470 12 34 56"))}, "contact.persons", []string{": rows_min"}},
		"five persons":         {domestic, answers{"contact.persons": rows(person("1", "0470123456"), person("2", "0470123456"), person("3", "0470123456"), person("4", "0470123456"), person("5", "0470123456"))}, "contact.persons", []string{": rows_max"}},
		"phone wrong in a row": {domestic, answers{"contact.persons": rows(person("1", "0470 12 34 56"), person("2", "bel mama"))}, "contact.persons", []string{".2.phone: phone"}},
		"row half filled in":   {domestic, answers{"contact.pickup": rows(row{Key: "1", Cells: cells("name", "Opa")})}, "contact.pickup", []string{".1.phone: required"}},
		"no rows is fine":      {domestic, nil, "contact.pickup", nil},
		"a row per pick":       {domestic, answers{"health.any": text("yes"), "health.list": many("asthma")}, "health.rows", []string{".asthma.often: required", ".asthma.signs: required", ".asthma.todo: required", ".asthma.call112: required"}},
		"medicine":             {domestic, medicine(), "med.rows", nil},
		"hour needed":          {domestic, medicine("when", "hour"), "med.rows", []string{".1.hour: required"}},
		"hour wrong":           {domestic, medicine("when", "hour", "hour", "25:00"), "med.rows", []string{".1.hour: time"}},
		"hour":                 {domestic, medicine("when", "hour", "hour", "16:30"), "med.rows", nil},
		"days wrong way":       {domestic, medicine("from", "2027-07-05", "to", "2027-07-04"), "med.rows", []string{".1.to: date_order"}},
		"no such day":          {domestic, medicine("from", "2027-02-30"), "med.rows", []string{".1.from: date"}},
		"label when a leader":  {domestic, medicine("who", "leader"), "med.label", []string{".1.file: file_needed"}},
		"no label":             {domestic, medicine(), "med.label", nil},
		"need without limits":  {domestic, medicine("when", "needed"), "med.needed", []string{".1.when: required", ".1.max_per_day: required", ".1.hours_between: required"}},
		"each not answered": {inclusive, nil, "incl.wash", []string{".each.wash: choice_needed", ".each.dress: choice_needed", ".each.teeth: choice_needed",
			".each.toilet: choice_needed", ".each.eat: choice_needed", ".each.drink: choice_needed"}},
		"each but one": {inclusive, answers{"incl.wash": rows(row{Key: "each", Cells: cells("wash", "alone", "dress", "help", "teeth", "prompt", "toilet", "do_for", "eat", "alone")})}, "incl.wash", []string{".each.drink: choice_needed"}},
	} {
		if got := problems(v, c.facts, c.with, c.id); !cmp.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestTel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed, want string
		ok          bool
	}{
		{"0470 12 34 56", "+32470123456", true}, {"0470/12.34.56", "+32470123456", true}, {"+32 470 12 34 56", "+32470123456", true},
		{"+32 (0)470 12 34 56", "+32470123456", true}, {"0032 470 12 34 56", "+32470123456", true}, {"02 555 12 12", "+3225551212", true},
		{"+31 6 12345678", "+31612345678", true}, {"070 245 245", "+3270245245", true},
		{"", "", false}, {"bel mama", "", false}, {"112", "", false}, {"+32", "", false}, {"0470 12 34 56 of 0471", "", false}, {"+0470123456", "", false},
	} {
		got, ok := questionnaire.Tel(c.typed)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%q: got %q %v, want %q %v", c.typed, got, ok, c.want, c.ok)
		}
	}
}
