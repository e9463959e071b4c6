package mutate_test

import (
	"os"
	"testing"

	"joetz/terms/mutate"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Every number of JOETZ's policy matters: whichever is changed, a case notices.
func TestEveryNumberOfThePolicyIsHeld(t *testing.T) {
	t.Parallel()
	survivors, total := mutate.Survivors(read(t, "../policies/joetz-2027.toml"),
		read(t, "../testdata/vectors.jsonl"), read(t, "../testdata/cases.jsonl"))
	if total < 60 {
		t.Errorf("got %d mutants: numbers are overlooked", total)
	}
	for _, m := range survivors {
		t.Errorf("line %d: %s may become %s, and no case notices", m.Line, m.From, m.To)
	}
}

func TestMutantsChangeOneNumber(t *testing.T) {
	t.Parallel()
	var got []string
	for _, m := range mutate.Mutants([]byte("# 1\nwords = \"60 dagen\"\nfee = \"6.5% of price, at least 25.00\" # 7\nfrom = \"2027-02-28\"\n")) {
		got = append(got, m.To)
	}
	want := []string{`fee = "6.6% of price, at least 25.00"`, `fee = "6.4% of price, at least 25.00"`,
		`fee = "6.5% of price, at least 25.01"`, `fee = "6.5% of price, at least 24.99"`, `from = "2027-03-01"`, `from = "2027-02-27"`}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}
