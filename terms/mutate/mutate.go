// Package mutate changes each number of a policy, a little up and a little down, and asks whether the cases notice.
//
// Owns: the finding of numbers in a policy file.
// Tables: none. May import: terms and below, the standard library.
// Always true: a mutant differs from the policy in one number; texts for people (words, why, titles, names) are left alone.
package mutate

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/eval"
	"joetz/terms/explain"
)

// Mutant is a policy with one number changed.
type Mutant struct {
	Line     int
	From, To string // the line's value before and after
	Policy   []byte
}

var (
	texts   = regexp.MustCompile(`^\s*(words|why|title|name|version|language|law|clause|band|\[)`)
	comment = regexp.MustCompile(`\s#.*$|^#.*$`)
	number  = regexp.MustCompile(`\d{4}-\d{2}-\d{2}|\d+(\.\d+)?`)
)

// Mutants are all of a policy's: for each number one a step higher and one a step lower, where a step is one of its last
// digit, or a day.
func Mutants(policy []byte) []Mutant {
	var out []Mutant
	lines := strings.SplitAfter(string(policy), "\n")
	for i, line := range lines {
		code := comment.ReplaceAllString(strings.TrimRight(line, "\n"), "")
		if texts.MatchString(code) {
			continue
		}
		start := strings.Index(code, "=")
		for _, at := range number.FindAllStringIndex(code, -1) {
			if at[0] < start || start < 0 {
				continue // part of a key
			}
			for _, by := range []int{1, -1} {
				to, ok := step(code[at[0]:at[1]], by)
				if !ok {
					continue
				}
				mutated := code[:at[0]] + to + code[at[1]:]
				out = append(out, Mutant{i + 1, strings.TrimSpace(code), strings.TrimSpace(mutated),
					[]byte(strings.Join(lines[:i], "") + mutated + "\n" + strings.Join(lines[i+1:], ""))})
			}
		}
	}
	return out
}

// step adds so many of the last digit.
func step(s string, by int) (string, bool) {
	if d, err := civil.Parse(s); err == nil {
		return d.AddDays(by).String(), true
	}
	whole, decimals, _ := strings.Cut(s, ".")
	n, err := strconv.Atoi(whole + decimals)
	if err != nil || n+by < 0 {
		return "", false
	}
	digits := fmt.Sprintf("%0*d", len(decimals)+1, n+by)
	at := len(digits) - len(decimals)
	if decimals == "" {
		return digits, true
	}
	return digits[:at] + "." + digits[at:], true
}

// Survivors are the mutants that load and that no case tells from the policy. cases are files of eval's lines with a want.
func Survivors(policy []byte, cases ...[]byte) (survivors []Mutant, total int) {
	mutants := Mutants(policy)
	for _, m := range mutants {
		t, err := terms.Load(m.Policy, "mutant")
		if err != nil {
			continue // refused is noticed
		}
		noticed := false
		for _, file := range cases {
			failed, err := eval.Evaluator{Terms: t, Language: explain.Dutch}.Check(bytes.NewReader(file), io.Discard)
			if noticed = failed > 0 || err != nil; noticed {
				break
			}
		}
		if !noticed {
			survivors = append(survivors, m)
		}
	}
	return survivors, len(mutants)
}
