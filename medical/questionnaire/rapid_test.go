package questionnaire_test

import (
	"flag"

	_ "pgregory.net/rapid" // registers the flag
)

// The same cases in each run, so that none fails by chance; who looks for more gives -rapid.seed=N and -rapid.checks=N.
func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}
