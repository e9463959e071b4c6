// Command mutate shows that every number of JOETZ's policy is held by a case: go run ./cmd/mutate, from the root.
//
// Owns: nothing. Tables: none. May import: everything of ours.
// Always true: it exits 1 when a number may change and no case notices.
package main

import (
	"fmt"
	"os"

	"joetz/terms/mutate"
)

func main() {
	files := make([][]byte, 3)
	for i, name := range []string{"terms/policies/joetz-2027.toml", "terms/testdata/vectors.jsonl", "terms/testdata/cases.jsonl"} {
		data, err := os.ReadFile(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		files[i] = data
	}
	survivors, total := mutate.Survivors(files[0], files[1:]...)
	for _, m := range survivors {
		fmt.Printf("line %d: %s  ->  %s: no case notices\n", m.Line, m.From, m.To)
	}
	fmt.Printf("%d of %d mutants noticed\n", total-len(survivors), total)
	if len(survivors) > 0 {
		os.Exit(1)
	}
}
