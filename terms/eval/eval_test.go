package eval_test

import (
	"bytes"
	"os"
	"testing"

	"joetz/terms"
	"joetz/terms/eval"
	"joetz/terms/explain"
)

func evaluator() eval.Evaluator {
	return eval.Evaluator{Terms: terms.JOETZ2027(), Language: explain.Dutch}
}

// The 600 cases come from an independent implementation of the contract.
func TestAgreesWithTheIndependentImplementation(t *testing.T) {
	t.Parallel()
	cases, err := os.ReadFile("../testdata/cases.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var report bytes.Buffer
	failed, err := evaluator().Check(bytes.NewReader(cases), &report)
	if err != nil || failed > 0 {
		t.Errorf("%d differ, %v:\n%s", failed, err, report.String())
	}
	if want := "600 of 600 agree\n"; report.String() != want {
		t.Errorf("got %q, want %q", report.String(), want)
	}
}
