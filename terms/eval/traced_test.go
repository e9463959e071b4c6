package eval_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"joetz/terms"
)

// Every clause of the policy is what some reason rests on, and the cases show it: no rule is asked without its words, and no words stand in
// the file that nothing follows from.
func TestEveryClauseIsTold(t *testing.T) {
	t.Parallel()
	open := map[string]string{} // the clause as a reason names it -> its key
	for key, c := range terms.JOETZ2027().Policy().Clauses {
		open[c.Title+": “"+c.Words+"”"] = key
	}
	for _, file := range []string{"../testdata/vectors.jsonl", "../testdata/cases.jsonl"} {
		for line := range bytes.Lines(readFile(t, file)) {
			var got struct {
				Out struct{ Because []struct{ Clause string } }
			}
			if err := json.Unmarshal(evaluator().Line(bytes.TrimSpace(line)), &got); err != nil {
				t.Fatal(err)
			}
			for _, r := range got.Out.Because {
				delete(open, r.Clause)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("no reason rests on: %s", strings.Join(slices.Sorted(maps.Values(open)), ", "))
	}
}
