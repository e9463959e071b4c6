package config

import (
	"fmt"
	"io"

	"github.com/caarlos0/env/v11"
)

// List prints every setting, what it is now and what it means; secrets are hidden.
func List(w io.Writer, vars []string) {
	values, _ := fromFiles(env.ToMap(vars)) // readConfig names what is wrong with the files
	for _, s := range settings {
		value := values[s.name]
		if s.secret {
			value = Secret(value).String()
		}
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(w, "%-21s %s\n%21s %s\n", s.name, value, "", s.meaning)
	}
}
