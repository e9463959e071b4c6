package terms

import (
	"fmt"
	"strings"
)

// PolicyError is one reason why a policy is refused, and where it stands.
type PolicyError struct {
	File string // empty for a policy that was no file
	Line int    // 0 where it is not known
	Key  string // such as cancellation.tables[0].bands[1].fee
	What string
}

// Error is one line: file, line, key, what.
func (e PolicyError) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:", e.Line)
	}
	if b.Len() > 0 {
		b.WriteString(" ")
	}
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	return b.String() + e.What
}

// PolicyErrors are all the reasons why a policy is refused.
type PolicyErrors []PolicyError

// Error is one line per reason.
func (e PolicyErrors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// refusals collects the reasons while a policy is looked through.
type refusals struct{ errs PolicyErrors }

func (r *refusals) add(key, format string, args ...any) {
	r.errs = append(r.errs, PolicyError{Key: key, What: fmt.Sprintf(format, args...)})
}

func (r *refusals) require(ok bool, key, format string, args ...any) {
	if !ok {
		r.add(key, format, args...)
	}
}

// choose maps a word onto one of the values it may have.
func choose[T any](r *refusals, key, got string, allowed map[string]T) T {
	v, ok := allowed[got]
	if !ok {
		r.add(key, "%q is none of: %s", got, strings.Join(sortedKeys(allowed), ", "))
	}
	return v
}
