package lint

import (
	"io"
	"strings"

	"joetz/terms"
	"joetz/terms/explain"
)

// Write reports what was proven and what was not, for the terms that the title names.
func Write(w io.Writer, l explain.Language, title string, findings []Finding) error {
	var b strings.Builder
	line := func(indent, key string, args ...terms.Arg) {
		b.WriteString(indent + l.Sentence(terms.Reason{Key: key, Args: args}) + "\n")
	}
	line("", "lint.title", terms.Text("title", title))
	for _, check := range Checks {
		proven := true
		for _, f := range findings {
			if f.Check != check {
				continue
			}
			proven = false
			if f.SettledBy == "" {
				line("", "lint.problem", terms.Word("check", string(check)))
			} else {
				line("", "lint.settled", terms.Word("check", string(check)), terms.Text("decision", f.SettledBy))
			}
			line("  ", f.Reason.Key, f.Reason.Args...)
			for _, c := range f.Clauses {
				line("  ", "lint.clause", terms.Text("title", c.Title), terms.Text("words", c.Words))
			}
		}
		if proven {
			line("", "lint.proven", terms.Word("check", string(check)))
		}
	}
	line("", "lint.count", terms.Count("problems", Problems(findings)), terms.Count("settled", len(findings)-Problems(findings)))
	_, err := io.WriteString(w, b.String())
	return err
}
