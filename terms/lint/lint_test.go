package lint_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"joetz/terms"
	"joetz/terms/explain"
	"joetz/terms/lint"
)

const joetzFile = "../policies/joetz-2027.toml"

// changed is a policy file in which each pair's first text is replaced by its second.
func changed(t *testing.T, name string, pairs ...string) terms.Terms {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%s has no %q", name, pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	got, err := terms.Load([]byte(text), name)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// without takes a decision out of the file.
func without(t *testing.T, decision string) terms.Terms {
	t.Helper()
	data, err := os.ReadFile(joetzFile)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "[decisions."+decision+"]\n")
	section, _, _ := strings.Cut(rest, "\n[")
	return changed(t, joetzFile, "[decisions."+decision+"]\n"+section+"\n", "")
}

// problems are the sentences about what no decision settles, of one check.
func problems(policy terms.Terms, check lint.Check) []string {
	var out []string
	for _, f := range lint.Run(policy) {
		if f.SettledBy == "" && f.Check == check {
			out = append(out, explain.English.Sentence(f.Reason))
		}
	}
	return out
}

func TestJOETZHasNoProblem(t *testing.T) {
	t.Parallel()
	findings := lint.Run(terms.JOETZ2027())
	if n := lint.Problems(findings); n != 0 {
		t.Errorf("%d problems: %+v", n, findings)
	}
	settled := map[string]bool{}
	for _, f := range findings {
		settled[f.SettledBy] = true
	}
	for _, name := range []string{"gap_policy", "schedule_inversion", "rebooking_needs_approval"} {
		if !settled[name] {
			t.Errorf("the decision %s settles nothing", name)
		}
	}
}

// JOETZ's own words leave day 60 open, for each of the three scales.
func TestJOETZWithoutGapPolicyIsOpenOnDay60(t *testing.T) {
	t.Parallel()
	got := problems(without(t, "gap_policy"), lint.Coverage)
	want := []string{
		"Day 60 before the departure lies in no band of table “domestic” (cancelling). The days beside it cost €50.00 and €200.00 for a price of €400.00.",
		"Day 60 before the departure lies in no band of table “foreign_coach” (cancelling). The days beside it cost €100.00 and €300.00 for a price of €400.00.",
		"Day 60 before the departure lies in no band of table “flight” (cancelling). The days beside it cost €300.00 and €400.00 for a price of €400.00.",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Each check, broken once in JOETZ's policy.
func TestEachCheckFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		check lint.Check
		pairs []string
		want  string
	}{
		"an open day":       {lint.Coverage, []string{`after  = "30 days before`, `after  = "29 days before`, `choice = "lower_fee"`, `choice = "lower_fee"`}, "Day 29"},
		"a day in two":      {lint.Coverage, []string{`until  = "30 days before`, `until  = "28 days before`}, "Days 29 to 28 before the departure lie in more than one"},
		"open to the end":   {lint.Coverage, []string{`after  = "30 days before departure"`, `after  = "30 days before departure"` + "\nuntil = \"departure\""}, "From -1 days before"},
		"open at the start": {lint.Coverage, []string{`before = "60 days before departure"`, `before = "60 days before departure"` + "\nfrom = \"100 days before departure\""}, "until 101 days"},
		"a fee that falls":  {lint.Monotone, []string{`fee    = "75% of price, at least deposit"`, `fee    = "5% of price"`}, "a coach trip abroad"},
		"a falling end":     {lint.Monotone, []string{`fee    = "price"`, `fee    = "45% of price"`}, "29 days before"},
		"above the price":   {lint.Ceiling, []string{`never_above_price = true`, `never_above_price = false`, `fee    = "price"`, `fee    = "price + 10.00"`}, "a holiday in Belgium"},
		"a large deposit":   {lint.Deposits, []string{`"300.00, at most price"`, `"300.00"`}, "For a holiday by plane of €299.99 the deposit is €300.00."},
		"crossing parts":    {lint.DueDates, []string{`["2 months before start", "3 months before start"]`, `["3 months before start", "2 months before start"]`}, "before an earlier part"},
		"a free detour":     {lint.Rebooking, []string{"[decisions.rebooking_needs_approval]\nchoice = true", "[decisions.rebooking_needs_approval]\nchoice = false"}, "Changing first (€25.00) and cancelling then (€50.00) saves €325.00."},
		"10 % of a package": {lint.Thresholds, []string{`package = "above 8%"`, `package = "above 10%"`}, "above 8% (€32.00 of €400.00). These terms say 10%."},
		"too late a rise":   {lint.Thresholds, []string{`"20 days before departure"`, `"19 days before departure"`}, "fewer than 20 days"},
		"no reminder":       {lint.Thresholds, []string{`reminders = 1`, `reminders = 0`}, "asks 1 free reminder"},
		"a short grace":     {lint.Thresholds, []string{`days = 14 }`, `days = 13 }`}, "13 days"},
		"a kept advance":    {lint.Thresholds, []string{"[decisions.deposit_returned_on_default]\nchoice = true", "[decisions.deposit_returned_on_default]\nchoice = false"}, "black list"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy := changed(t, joetzFile, c.pairs...)
			var all []string
			for _, f := range lint.Run(policy) {
				if f.Check == c.check {
					all = append(all, explain.English.Sentence(f.Reason))
				}
			}
			if !strings.Contains(strings.Join(all, "\n"), c.want) {
				t.Errorf("want %q, got:\n%s", c.want, strings.Join(all, "\n"))
			}
		})
	}
}

// What is known of other organisers' texts is found in them.
func TestOtherOrganisers(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"crejaksie":           "Day 35|Day 25|Day 10|falls from €37.99",
		"alplinjen":           "Day 30|falls from €499.99 to €249.99",
		"summer-sports-weeks": "Day 15 before the departure lies in more than one",
		"common-ground":       "5\u00a0June 2025 lies in no band",
		"ruf-2003":            "the deposit is €150.00",
		"sporta":              "These terms say 10%",
		"pgl":                 "These terms say 10%",
		"koning-kevin":        "These terms give 1 reminder and 7 days",
		"y-camps":             "saves €287.50",
	} {
		var all []string
		for _, f := range lint.Run(changed(t, "../testdata/organisers/"+name+".toml")) {
			all = append(all, explain.English.Sentence(f.Reason))
		}
		for _, part := range strings.Split(want, "|") {
			if !strings.Contains(strings.Join(all, "\n"), part) {
				t.Errorf("%s: want %q, got:\n%s", name, part, strings.Join(all, "\n"))
			}
		}
	}
}

// Every report is whole, in both languages: no hole in a sentence, a line for every check.
func TestReportsAreWhole(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/organisers/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, joetzFile) {
		findings := lint.Run(changed(t, name))
		for _, language := range []explain.Language{explain.Dutch, explain.English} {
			var report bytes.Buffer
			if err := lint.Write(&report, language, name, findings); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(report.String(), "{}") || strings.Contains(report.String(), "\n  \n") {
				t.Errorf("%s, %s:\n%s", name, language.Code(), report.String())
			}
		}
	}
}

// A season over the new year is looked at too: nothing is proven of no departures.
func TestWinterSeason(t *testing.T) {
	t.Parallel()
	policy := changed(t, joetzFile, `law      = "BE"`, "law = \"BE\"\nseason = { from = \"20 December\", until = \"10 January\" }",
		`after  = "30 days before`, `after  = "29 days before`)
	var all []string
	for _, f := range lint.Run(policy) {
		all = append(all, explain.English.Sentence(f.Reason))
	}
	if !strings.Contains(strings.Join(all, "\n"), "Day 29") {
		t.Errorf("day 29 is open and was not found:\n%s", strings.Join(all, "\n"))
	}
}
