package explain_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/explain"
)

func catalogue(t *testing.T, name string) map[string]map[string]string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Months              []string
		Words, Text, Errors map[string]string
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return map[string]map[string]string{"words": file.Words, "text": file.Text, "errors": file.Errors}
}

var argument = regexp.MustCompile(`\{([a-z_]+)`)

// Both languages say the same things about the same facts.
func TestLanguagesAgree(t *testing.T) {
	t.Parallel()
	dutch, english := catalogue(t, "nl.toml"), catalogue(t, "en.toml")
	for section := range dutch {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(dutch[section])), slices.Sorted(maps.Keys(english[section]))); diff != "" {
			t.Errorf("%s (-nl +en):\n%s", section, diff)
		}
		for key, text := range dutch[section] {
			if diff := cmp.Diff(arguments(text), arguments(english[section][key])); diff != "" {
				t.Errorf("%s.%s (-nl +en):\n%s", section, key, diff)
			}
		}
	}
}

func arguments(text string) []string {
	var out []string
	for _, match := range argument.FindAllStringSubmatch(text, -1) {
		out = append(out, match[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// A key that Go uses is in the catalogue, and the catalogue has no key that nothing uses.
func TestKeysAreUsed(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	for _, dir := range []string{"..", "../social", "../qualitylabel", "../lint"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
				data, err := os.ReadFile(dir + "/" + f.Name())
				if err != nil {
					t.Fatal(err)
				}
				code.Write(data)
			}
		}
	}
	text := catalogue(t, "nl.toml")["text"]
	composed := regexp.MustCompile(`^(cancel\.(organiser|price_rise|nonpayment|exclusion|untruthful|care_refused)(_keep|_deposit)?|mutuality\.\w+|uitpas\.\w+|lint\.(gap|overlap)_\w+)$`)
	for key := range text {
		if !composed.MatchString(key) && !strings.Contains(code.String(), `"`+key+`"`) {
			t.Errorf("%s: nothing uses it", key)
		}
	}
	for _, match := range regexp.MustCompile(`"((?:quote|part|cancel|rebook|rise|best|income|party|label|lint)\.[a-z_]+)"`).FindAllStringSubmatch(code.String(), -1) {
		if _, ok := text[match[1]]; !ok && match[1] != "lint.gap" && match[1] != "lint.overlap" {
			t.Errorf("%s: not in the catalogue", match[1])
		}
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	reason := func(days int) terms.Reason {
		return terms.Reason{Key: "quote.at_once", Args: []terms.Arg{terms.Count("days", days), terms.Money("amount", 1234_50)}}
	}
	party := func(key string, entitled, total int) terms.Reason {
		return terms.Reason{Key: key, Args: []terms.Arg{terms.Count("entitled", entitled), terms.Count("total", total), terms.Text("share", "50")}}
	}
	household := func(adults, children int) terms.Reason {
		return terms.Reason{Key: "income.limit", Args: []terms.Arg{terms.Count("adults", adults), terms.Count("children", children), terms.Money("amount", 1293_00)}}
	}
	for _, c := range []struct {
		language explain.Language
		reason   terms.Reason
		want     string
	}{
		{explain.Dutch, reason(1), "Je boekt 1 dag voor de start. Je betaalt alles in één keer: €\u00a01.234,50."},
		{explain.Dutch, reason(30), "Je boekt 30 dagen voor de start. Je betaalt alles in één keer: €\u00a01.234,50."},
		{explain.English, reason(0), "You book on the day of the start. You pay everything at once: €1,234.50."},
		{explain.Dutch, terms.Reason{Key: "quote.premium", Args: []terms.Arg{terms.Percent("percent", 6500), terms.Money("base_price", 59500), terms.Money("amount", 3867)}},
			"De annulatieverzekering kost 6,5\u00a0% van de basisprijs (€\u00a0595,00): €\u00a038,67."},
		{explain.English, terms.Reason{Key: "quote.balance", Args: []terms.Arg{terms.On("due", civil.Must(2027, 2, 28)), terms.Money("amount", 100)}},
			"You pay the balance of €1.00 by 28\u00a0February 2027."},
		{explain.Dutch, party("party.share", 1, 1), "1 van de 1 persoon heeft recht of gaat mee om te zorgen: minstens 50 op 100."},
		{explain.Dutch, party("party.below_share", 1, 3), "1 van de 3 personen heeft recht of gaat mee om te zorgen: minder dan 50 op 100."},
		{explain.Dutch, party("party.share", 2, 3), "2 van de 3 personen hebben recht of gaan mee om te zorgen: minstens 50 op 100."},
		{explain.English, party("party.below_share", 0, 3), "Nobody of the 3 people is entitled or comes along to care: fewer than 50 in 100."},
		{explain.English, party("party.share", 1, 2), "1 of the 2 people is entitled or comes along to care: at least 50 in 100."},
		{explain.English, party("party.share", 2, 2), "2 of the 2 people are entitled or come along to care: at least 50 in 100."},
		{explain.Dutch, household(1, 0), "Voor 1 volwassene zonder kinderen is de grens €\u00a01.293,00 per maand."},
		{explain.Dutch, household(2, 1), "Voor 2 volwassenen en 1 kind is de grens €\u00a01.293,00 per maand."},
		{explain.English, household(2, 3), "For 2 adults and 3 children the limit is €1,293.00 a month."},
		{explain.Dutch, terms.Reason{Key: "quote.deposit", Args: []terms.Arg{terms.Word("trip", "flight"), terms.Money("amount", 30000)}},
			"Het voorschot voor een vliegreis is €\u00a0300,00."},
	} {
		if got := c.language.Sentence(c.reason); got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
}
