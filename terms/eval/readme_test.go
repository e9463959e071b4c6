package eval_test

import (
	"bytes"
	"strings"
	"testing"
)

// The examples of README.md are the specification: each of them holds.
func TestReadmeExamples(t *testing.T) {
	t.Parallel()
	var examples strings.Builder
	blocks := strings.Split(string(readFile(t, "../README.md")), "```jsonl\n")
	for _, block := range blocks[1:] {
		lines, _, closed := strings.Cut(block, "```")
		if !closed {
			t.Fatal("a block without end")
		}
		examples.WriteString(lines)
	}
	if n := strings.Count(examples.String(), "\n"); n < 30 {
		t.Errorf("only %d examples", n)
	}
	var report bytes.Buffer
	if failed, err := evaluator().Check(strings.NewReader(examples.String()), &report); failed > 0 || err != nil {
		t.Errorf("%v\n%s", err, report.String())
	}
}
