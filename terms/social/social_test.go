package social_test

import (
	"errors"
	"testing"

	"joetz/terms"
	"joetz/terms/money"
	"joetz/terms/social"
)

// The limits that the brochure prints, and those that its two extra sums lead to.
func TestIncomeLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ adults, children, limit int }{
		{1, 0, 1293}, {2, 0, 1939}, {2, 1, 2327}, {2, 2, 2715}, {1, 1, 1681}, {1, 2, 2068}, // printed
		{3, 0, 2586}, {4, 0, 3233}, {3, 1, 2974}, {3, 2, 3362}, {2, 3, 3103}, {2, 4, 3491}, {1, 3, 2456}, {1, 4, 2844}, {1, 5, 3232},
	} {
		limit := money.Cents(c.limit) * 100
		for income, want := range map[money.Cents]bool{12 * limit: true, 12*limit + 1: false, 0: true, -1_000_00: true} {
			got, err := social.Brochure.Income(social.Household{Adults: c.adults, Children: c.children, Income: income})
			if err != nil || got.LimitMonth != limit || got.Entitled != want {
				t.Errorf("%d adults, %d children, %v: got %v %v %v, want %v %v", c.adults, c.children, income, got.LimitMonth, got.Entitled, err, limit, want)
			}
		}
	}
}

// The brochure's and our own worked examples.
func TestIncomeExamples(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		adults, children int
		income           money.Cents
		want             bool
	}{
		"woman alone":                           {1, 0, 15_516_00, true},
		"woman alone, a euro more":              {1, 0, 15_517_00, false},
		"couple with 8 and 11":                  {2, 2, 32_580_00, true},
		"couple with 8 and 15":                  {3, 1, 35_600_00, true},
		"mother with 3 and 6":                   {1, 2, 24_816_00, true},
		"mother with 3 and 6, the bullets' sum": {1, 2, 24_828_00, false},
		"mother with 4 small children":          {1, 4, 34_100_00, true},
		"couple, grandmother, 2 under 14":       {3, 2, 40_344_00, true},
	} {
		got, err := social.Brochure.Income(social.Household{Adults: c.adults, Children: c.children, Income: c.income})
		if err != nil || got.Entitled != c.want {
			t.Errorf("%s: got %v %v, want %v", name, got.Entitled, err, c.want)
		}
	}
}

func TestMutuality(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]social.Result{"121/121": social.Yes, "141/141": social.Yes, "110/110": social.No, "111/110": social.Ask,
		"110/111": social.Ask, "111": social.Yes, "110": social.No, " 121/121 ": social.Yes, "121 / 121": social.Yes, "121/131": social.Yes} {
		if got, _, err := social.Brochure.Mutuality(code); got != want || err != nil {
			t.Errorf("%q: got %v %v, want %v", code, got, err, want)
		}
	}
	for _, code := range []string{"", "/", "12/121", "121/12", "1211/121", "121/121/121", "abc", "12a/121", "١٢١/١٢١", "121-121"} {
		_, _, err := social.Brochure.Mutuality(code)
		wantProblem(t, code, err, social.BadCode)
	}
}

func TestUiTPAS(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]social.Result{"1823816752717": social.Yes, "1823816752701": social.No, "0604273764600": social.No, " 1823816752717 ": social.Yes} {
		if got, _, err := social.Brochure.UiTPAS(number); got != want || err != nil {
			t.Errorf("%q: got %v %v, want %v", number, got, err, want)
		}
	}
	for _, number := range []string{"", "12345", "182381675271", "18238167527170", "18238167527a7"} {
		_, _, err := social.Brochure.UiTPAS(number)
		wantProblem(t, number, err, social.BadNumber)
	}
}

func wantProblem(t *testing.T, what string, err error, want terms.Code) {
	t.Helper()
	var p terms.Problem
	if !errors.As(err, &p) || p.Code != want {
		t.Errorf("%q: got %v, want %v", what, err, want)
	}
}

// The brochure's cases (their letters) and the bounds of its two shares.
func TestParties(t *testing.T) {
	t.Parallel()
	person := func(s social.Setting, entitled, companions, others int) social.Party {
		return social.Party{Setting: s, Entitled: entitled, Companions: companions, Others: others}
	}
	house := func(entitled, companions, others int) social.Party {
		return social.Party{Setting: social.Holiday, House: true, Entitled: entitled, Companions: companions, Others: others}
	}
	for name, c := range map[string]struct {
		party           social.Party
		allowed         bool
		social, regular int
	}{
		"C: 14 on a day trip":         {person(social.GroupDayTrip, 8, 2, 4), true, 14, 0},
		"C: 70 % exactly":             {person(social.GroupDayTrip, 6, 1, 3), true, 10, 0},
		"C: 2 guides in 10":           {person(social.GroupDayTrip, 5, 2, 3), true, 10, 0},
		"C: 66.7 %":                   {person(social.GroupDayTrip, 5, 1, 3), false, 0, 9},
		"C: 69.2 %":                   {person(social.GroupDayTrip, 7, 2, 4), false, 0, 13},
		"D: mother, 4, brother, wife": {house(5, 2, 0), true, 7, 0},
		"D: would go anyway":          {house(5, 0, 2), true, 7, 0},
		"D: would go anyway, heads":   {person(social.Holiday, 5, 0, 2), true, 5, 2},
		"E: blind child and parent":   {person(social.Holiday, 1, 1, 0), true, 2, 0},
		"E: and a third":              {person(social.Holiday, 1, 1, 1), true, 2, 1},
		"E: and a fourth":             {person(social.Holiday, 1, 1, 2), true, 2, 2},
		"E: and a fifth":              {person(social.Holiday, 1, 1, 3), false, 0, 5},
		"G: half":                     {house(2, 0, 2), true, 4, 0},
		"G: half of 6":                {person(social.Holiday, 3, 0, 3), true, 3, 3},
		"G: 3 of 7":                   {person(social.Holiday, 3, 0, 4), false, 0, 7},
		"nobody entitled":             {person(social.Holiday, 0, 2, 0), false, 0, 2},
	} {
		got, err := social.Brochure.Party(c.party)
		if err != nil || got.Allowed != c.allowed || got.Social != c.social || got.Regular != c.regular {
			t.Errorf("%s: got %+v %v, want %v %d %d", name, got, err, c.allowed, c.social, c.regular)
		}
	}
	_, err := social.Brochure.Party(person(social.Holiday, 0, 0, 0))
	wantProblem(t, "nobody", err, social.EmptyParty)
	_, err = social.Brochure.Party(person(social.Holiday, 1, -1, 0))
	wantProblem(t, "fewer than none", err, social.Negative)
}

// 5 of the 13 items is deprivation, 7 severe; under 20 % of the possible work is very low.
func TestPovertyCriteria(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p    social.Poverty
		want social.Result
	}{
		"nothing":            {social.Poverty{}, social.No},
		"4 items":            {social.Poverty{Lacking: 4}, social.No},
		"5 items":            {social.Poverty{Lacking: 5}, social.Ask},
		"6 items":            {social.Poverty{Lacking: 6}, social.Ask},
		"7 items":            {social.Poverty{Lacking: 7}, social.Yes},
		"poor by income":     {social.Poverty{MonthlyPoor: true}, social.Yes},
		"4.7 of 24 months":   {social.Poverty{MonthsWorked10: 47, MonthsPossible: 24}, social.Yes},
		"20 % exactly":       {social.Poverty{MonthsWorked10: 48, MonthsPossible: 24}, social.No},
		"5 of 24 months":     {social.Poverty{MonthsWorked10: 50, MonthsPossible: 24}, social.No},
		"nobody can work":    {social.Poverty{MonthsPossible: 0}, social.No},
		"no work whatsoever": {social.Poverty{MonthsPossible: 12}, social.Yes},
	} {
		if got := social.Brochure.Poverty(c.p); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	want := map[string]social.Result{"mutuality_sticker": social.ToBeTried, "tax_assessment": social.ToBeTried, "debt_mediation": social.Whole,
		"budget_help_large_debts": social.Yes, "budget_help_small_debts": social.Ask, "budget_help_no_debts": social.ToBeTried, "uitpas": social.ToBeTried,
		"foster_child": social.Yes, "asylum_card": social.Yes, "asylum_annex_26": social.Ask, "poverty_criteria": social.ToBeTried, "recently_divorced": social.No}
	got := social.Brochure.Evidence()
	if len(got) != len(want) {
		t.Errorf("got %d kinds, want %d", len(got), len(want))
	}
	for _, e := range got {
		if e.Result != want[e.Name] || social.Brochure.Clause(e).Words == "" {
			t.Errorf("%+v, want %v", e, want[e.Name])
		}
	}
	if year, provisional := social.ValidIn(2026, 2027); year != 2027 || !provisional {
		t.Errorf("shown in November for July: got %d %v", year, provisional)
	}
	if _, provisional := social.ValidIn(2027, 2027); provisional {
		t.Error("shown in the year itself: not provisional")
	}
}
