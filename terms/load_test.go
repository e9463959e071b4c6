package terms_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"joetz/terms"
)

func policyFile(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("policies/joetz-2027.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// lineOf is the line on which the first occurrence of text begins.
func lineOf(file, text string) int { return strings.Count(file[:strings.Index(file, text)], "\n") + 1 }

// What is wrong is refused with the file, the line and the key.
func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to, line, key, what string }{
		"an unknown key":          {`never_above_price = true`, "never_above_price = true\nround_up = true", `round_up`, "cancellation.round_up", "is no key"},
		"an unknown section":      {"[endings]", "[endigns]", "[endigns]", "endigns", "is no key"},
		"a missing key":           {`weekend        = "as_written"`, ``, "[payment]", "payment.weekend", "is missing"},
		"a missing key of a band": {`band   = "deposit"`, ``, "[[cancellation.tables.bands]]", "cancellation.tables[0].bands[0].band", "is missing"},
		"a missing decision":      {"[decisions.deposit_level]", "[clauses.deposit_level2]\ntitle = \"x\"\nwords2 = 1\n[decisions.deposit_levels]", "", "", "is no key"},
		"a number for a text":     {`weekend        = "as_written"`, `weekend = 7`, "weekend = 7", "payment.weekend", ""},
		"a text for a number":     {`max     = 3`, `max = "3"`, `max = "3"`, "payment.instalments.max", ""},
		"a fraction for a number": {`max     = 3`, `max = 2.5`, `max = 2.5`, "payment.instalments.max", ""},
		"a text for a boolean":    {`never_above_price = true`, `never_above_price = "true"`, `never_above_price`, "cancellation.never_above_price", ""},
		"an impossible date":      {`"2026-09-01"`, `"2026-09-31"`, `applies  =`, "applies.from", "2026-09-31"},
		"an amount without cents": {`"50.00, at most price"`, `"50, at most price"`, `"50, at`, "deposit.rules[0].amount", `"50"`},
		"an amount of nonsense":   {`"75% of price, at least deposit"`, `"75% of profit"`, `75% of profit`, "cancellation.tables[1].bands[1].fee", "profit"},
		"a moment of nonsense":    {`"59 days before departure"`, `"59 moons before departure"`, `59 moons`, "cancellation.tables[0].bands[1].from", "moons"},
		"a threshold of nonsense": {`"above 8%"`, `"over 8%"`, `"over 8%"`, "decisions.price_rise_exit_threshold.choice.package", "over 8%"},
		"an unknown trip":         {`trips = ["flight"]`, `trips = ["train"]`, `"train"`, "deposit.rules[2].when.trips[0]", "train"},
		"an unknown choice":       {`"lower_fee"`, `"lowest"`, `"lowest"`, "decisions.gap_policy.choice", "lowest"},
		"an unknown clause":       {`clause = "fee_early"`, `clause = "fee_erly"`, `fee_erly`, "cancellation.tables[0].bands[0].clause", "fee_erly"},
		"an unknown band":         {`band   = "deposit"`, `band = "some"`, `band = "some"`, "cancellation.tables[0].bands[0].band", "some"},
		"a fee of itself":         {`fee    = "price"`, `fee = "cancellation fee"`, `fee = "cancellation fee"`, "cancellation.tables[0].bands[2].fee", "not known here"},
		"too few instalment days": {`earlier = ["2 months before start", "3 months before start"]`, `earlier = ["2 months before start"]`, `earlier =`, "payment.instalments.earlier", "needs 2"},
		"a trip without a table":  {`when = { classes = ["flight"] }`, `when = { classes = ["foreign_coach"] }`, `[[cancellation.tables]]`, "cancellation.tables", "flight"},
		"a band that begins twice": {`from   = "59 days before departure"`, "from = \"59 days before departure\"\nafter = \"59 days before departure\"",
			`after = "59`, "cancellation.tables[0].bands[1].after", "begins once"},
		"no TOML": {"[deposit]", "[deposit", "[deposit\n", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := strings.Replace(policyFile(t), c.from, c.to, 1)
			_, err := terms.Load([]byte(file), "some.toml")
			refused, ok := err.(terms.PolicyErrors)
			if !ok {
				t.Fatalf("got %v, want PolicyErrors", err)
			}
			for _, e := range refused {
				if (c.line == "" || e.Line == lineOf(file, c.line)) && e.Key == c.key && strings.Contains(e.What, c.what) && e.File == "some.toml" ||
					c.key == "" && e.Line > 0 && e.File == "some.toml" {
					return
				}
			}
			t.Errorf("want line %d, key %q, %q; got:\n%v", lineOf(file, c.line), c.key, c.what, err)
		})
	}
}

func TestLoadTellsAllReasonsAtOnce(t *testing.T) {
	t.Parallel()
	file := strings.NewReplacer(`clause = "fee_late"`, `clause = "gone"`, `weekend        = "as_written"`, `weekend = "never"`).Replace(policyFile(t))
	_, err := terms.Load([]byte(file), "some.toml")
	if refused, ok := err.(terms.PolicyErrors); !ok || len(refused) != 4 {
		t.Errorf("want 4 reasons, got:\n%v", err)
	}
	if !strings.Contains(err.Error(), "some.toml:") || !strings.Contains(err.Error(), "payment.weekend: \"never\" is none of: as_written, next_working_day") {
		t.Errorf("got:\n%v", err)
	}
}

// Every required key is required: whichever is taken away, the loader says so.
func TestLoadMissesEveryKey(t *testing.T) {
	t.Parallel()
	optional := []string{"at_once_clause", "costs_clause", "change_clause", "when", "reason", "why", "words", "outcome", "package", "gap_policy"}
	lines := strings.Split(policyFile(t), "\n")
	for i, line := range lines {
		key, _, isKey := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if !isKey || strings.HasPrefix(key, "#") || strings.HasPrefix(line, " ") || contains(optional, key) {
			continue
		}
		without := strings.Join(append(append([]string{}, lines[:i]...), lines[i+1:]...), "\n")
		if _, err := terms.Load([]byte(without), "x.toml"); err == nil && !mayGo(key, line) {
			t.Errorf("line %d, %s: may be taken away unnoticed", i+1, line)
		}
	}
}

// mayGo names the keys whose absence says something: no such limit, no such end of a band.
func mayGo(key, line string) bool {
	switch key {
	case "from", "until", "before", "after", "at_once_from":
		return true
	}
	for _, ending := range []string{"organiser", "price_rise", "nonpayment", "exclusion", "untruthful", "care_refused"} {
		if key == ending && strings.Contains(line, "clause") {
			return true
		}
	}
	return false
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// A policy written out and read again is the same terms, so that New and Load agree.
func TestPolicySurvivesWriting(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/organisers/*.toml")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range append(files, "policies/joetz-2027.toml") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := terms.Parse(data, name)
		if err != nil {
			t.Fatal(err)
		}
		first, err := terms.New(p)
		if err != nil {
			t.Fatal(err)
		}
		written, err := toml.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		second, err := terms.Load(written, name)
		if err != nil {
			t.Fatalf("%v:\n%s", err, written)
		}
		if first.Hash() != second.Hash() {
			t.Errorf("%s: hashes differ", name)
		}
	}
}

func TestVersionAndHash(t *testing.T) {
	t.Parallel()
	a, b := joetz, terms.JOETZ2027()
	if a.Version() != "joetz-2027" || a.Policy().Name != "JOETZ vzw" || len(a.Hash()) != 64 || a.Hash() != b.Hash() {
		t.Errorf("%s %s %s %s", a.Version(), a.Policy().Name, a.Hash(), b.Hash())
	}
	changed, err := terms.Load([]byte(strings.Replace(policyFile(t), "25.00", "25.01", 1)), "x")
	if err != nil || changed.Hash() == a.Hash() {
		t.Errorf("%v: another number, the same hash", err)
	}
}
