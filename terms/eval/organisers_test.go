package eval_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"joetz/terms"
	"joetz/terms/eval"
	"joetz/terms/explain"
)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Each organiser's policy gives what its own page says, worked out by hand.
func TestOtherOrganisers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/organisers/*.toml")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d policies, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".toml"), func(t *testing.T) {
			t.Parallel()
			policy, err := terms.Load(readFile(t, name), name)
			if err != nil {
				t.Fatal(err)
			}
			var report bytes.Buffer
			cases := readFile(t, strings.TrimSuffix(name, ".toml")+".jsonl")
			failed, err := eval.Evaluator{Terms: policy, Language: explain.English}.Check(bytes.NewReader(cases), &report)
			if err != nil || failed > 0 || len(cases) == 0 {
				t.Errorf("%v\n%s", err, report.String())
			}
		})
	}
}

// YES Events asks at least 99 euro: to the letter also of a holiday that costs 80.
func TestAFeeMayBeAboveThePriceWhereThePolicySaysSo(t *testing.T) {
	t.Parallel()
	text := string(readFile(t, "../testdata/organisers/yes-events.toml"))
	policy, err := terms.Load([]byte(strings.Replace(text, "never_above_price = true", "never_above_price = false", 1)), "x")
	if err != nil {
		t.Fatal(err)
	}
	line := `{"id":"x","op":"cancel","in":{"trip":"domestic","booked_on":"2026-06-01","departs_on":"2027-08-01","on":"2027-07-18","by":"customer","base_price":8000,"price":8000,"insurance":false,"deposit_paid":true,"claim":false,"paid":8000,"costs":0},"want":{"fee":9900,"outstanding":1900}}`
	var report bytes.Buffer
	if failed, err := (eval.Evaluator{Terms: policy, Language: explain.Dutch}).Check(strings.NewReader(line), &report); failed > 0 || err != nil {
		t.Error(report.String(), err)
	}
}

// The vectors of edges.md, section M, and of the owner's decisions.
func TestVectors(t *testing.T) {
	t.Parallel()
	var report bytes.Buffer
	failed, err := evaluator().Check(bytes.NewReader(readFile(t, "../testdata/vectors.jsonl")), &report)
	if err != nil || failed > 0 {
		t.Errorf("%v\n%s", err, report.String())
	}
}

// The check itself notices what differs.
func TestCheckNoticesDifferences(t *testing.T) {
	t.Parallel()
	in := `"op":"uitpas","in":{"number":"1823816752711"}`
	for want, line := range map[string]string{
		`line 1: "a": result: want "no", got "yes"`:                `{"id":"a",` + in + `,"want":{"result":"no"}}`,
		`line 1: "a": want error bad_number, got {"result":"yes"}`: `{"id":"a",` + in + `,"want":{"error":"bad_number"}}`,
		`line 1: "a": want an answer, got error invalid on op`:     `{"id":"a","op":"x","in":{},"want":{"result":"no"}}`,
		`line 1: "a": more: want 1, got null`:                      `{"id":"a",` + in + `,"want":{"more":1}}`,
		`line 1: "a": no want to compare with`:                     `{"id":"a",` + in + `}`,
		`line 1: null: no want to compare with`:                    `{`,
		`line 1: "a": want error bad_code, got invalid`:            `{"id":"a","op":"x","in":{},"want":{"error":"bad_code"}}`,
	} {
		var report bytes.Buffer
		failed, err := evaluator().Check(strings.NewReader(line+"\n\n"), &report)
		if failed != 1 || err != nil || report.String() != want+"\n0 of 1 agree\n" {
			t.Errorf("got %d, %v, %q; want %q", failed, err, report.String(), want)
		}
	}
}
