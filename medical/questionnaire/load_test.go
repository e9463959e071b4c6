package questionnaire_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"joetz/medical/questionnaire"
)

func v1(t testing.TB) *questionnaire.Version {
	t.Helper()
	c, err := questionnaire.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.Version(1)
}

type sourceQuestion struct {
	ID, Type, Section, Scope, View string
	ShowIf                         *string `json:"show_if"`
	Required                       bool
	Label                          map[string]string
}

func source(t testing.TB) []sourceQuestion {
	t.Helper()
	raw, err := os.ReadFile("testdata/source.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	var s struct{ Questions []sourceQuestion }
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s.Questions
}

// Every question of the source is asked of the same people under the same condition and shown to the same readers.
func TestVersionAgreesWithItsSource(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("versions/v1.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Questions []sourceQuestion }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	mine := map[string]sourceQuestion{}
	for _, q := range file.Questions {
		mine[q.ID] = q
	}
	want := source(t)
	if len(want) != 90 || len(mine) != 90 {
		t.Fatalf("%d and %d questions, want 90", len(want), len(mine))
	}
	v := v1(t)
	for _, w := range want {
		m := mine[w.ID]
		if m.Type != w.Type || m.Section != w.Section || m.Scope != w.Scope || m.View != w.View || m.Required != w.Required {
			t.Errorf("%s: %+v differs from its source %+v", w.ID, m, w)
		}
		if (m.ShowIf == nil) != (w.ShowIf == nil) || m.ShowIf != nil && *m.ShowIf != *w.ShowIf {
			t.Errorf("%s: condition differs from its source", w.ID)
		}
		if q := v.Question(w.ID); q == nil || q.Label.NL == "" || q.Label.EN == "" || q.Label.NL == q.Label.EN {
			t.Errorf("%s: not loaded, or not in two languages", w.ID)
		}
	}
}

// The hash is written down here a second time: a change of a live version must be meant by two people.
func TestLiveVersionNeverChanges(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("versions/v1.json")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(raw)
	const frozen = "820a4399ec191ba03f8185bbdd9efe8725ff6a3599f02c3ab6fcaaff745758cc"
	if got := hex.EncodeToString(sum[:]); got != frozen {
		t.Errorf("version 1 is live and was changed (%s): make a version 2", got)
	}
	if v := v1(t); !v.Live || v.Hash != frozen {
		t.Errorf("version 1: live %v, hash %s", v.Live, v.Hash)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("versions/v1.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"misspelt key":             {`"show_if": "age>=9"`, `"showif": "age>=9"`, "showif"},
		"unknown type":             {`"type": "ynu"`, `"type": "ynx"`, "health.tetanus"},
		"unknown view":             {`"view": "S>L"`, `"view": "S>X"`, "S>X"},
		"unknown scope":            {`"scope": "inclusive"`, `"scope": "some"`, "incl.comm"},
		"condition on a later one": {`"show_if": "camp.abroad"`, `"show_if": "med.any=yes"`, "contact.ehic"},
		"condition not understood": {`"show_if": "age>=9"`, `"show_if": "age>9"`, "health.period"},
		"condition on no option":   {`"show_if": "food.diet non-empty"`, `"show_if": "food.diet has wine"`, "wine"},
		"condition on no field":    {`"any row severity=life-threatening"`, `"any row sevrity=mild"`, "sevrity"},
		"one language only":        {`"en": "GP phone"`, `"en": ""`, "contact.gp_phone"},
		"field view without note":  {`"view": "A (reason: L)"`, `"view": "A"`, "med.rows"},
		"note without field view":  {`"view": "A+K(food)"`, `"view": "A (todo: L)"`, "allergy.rows"},
		"id outside its section":   {`"id": "sport.swim"`, `"id": "swim.sport"`, "swim.sport"},
		"twice":                    {`"id": "sport.tired"`, `"id": "sport.limits"`, "sport.limits"},
		"option without a value":   {`"value": "armbands"`, `"value": ""`, "sport.swim"},
		"no words for unknown":     {`{"value": "unknown"`, `{"value": "maybe"`, "yes_no"},
		"flag on nothing":          {`"if": "med.any=yes"`, `"if": "med.some=yes"`, "medicine"},
		"flag of no level":         {`"level": "red", "if": "allergy.pen=yes"`, `"level": "pink", "if": "allergy.pen=yes"`, "pen"},
		"third language":           {`["nl", "en"]`, `["nl", "en", "fr"]`, "nl and en"},
	} {
		text := strings.Replace(string(raw), c.old, c.new, 1)
		if text == string(raw) {
			t.Errorf("%s: nothing was changed: fix the test", name)
			continue
		}
		if _, err := questionnaire.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error about %q", name, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	raw, err := os.ReadFile("versions/v1.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"questionnaire":"medical","version":1,"languages":["nl","en"]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := questionnaire.Parse(text)
		if (v == nil) == (err == nil) {
			t.Fatalf("%v, %v", v, err)
		}
	})
}
