package main

import (
	"context"
	"fmt"

	"github.com/caarlos0/env/v11"
)

// showConfig prints every setting, what it is now and what it means, and then what is wrong.
func showConfig(_ context.Context, e environment, _ []string) int {
	values, _ := fromFiles(env.ToMap(e.vars)) // readConfig names what is wrong with the files
	for _, s := range settings {
		value := values[s.name]
		if s.secret {
			value = secret(value).String()
		}
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(e.out, "%-21s %s\n%21s %s\n", s.name, value, "", s.meaning)
	}
	if _, err := readConfig(e.vars); err != nil {
		fmt.Fprintln(e.err, "shop:", err)
		return misuse
	}
	return fine
}
