package social

import (
	"strings"

	"joetz/terms"
)

// Result is what a proof says.
type Result string

// The results of a proof.
const (
	Yes       Result = "yes"
	No        Result = "no"
	Ask       Result = "ask"       // staff judge, and record why
	Whole     Result = "household" // everybody on the household certificate
	ToBeTried Result = "test"      // the proof has to be computed with
)

var results = []Result{Yes, No, Ask, Whole, ToBeTried}

// Mutuality reads the code on a mutuality's sticker, such as 121/121: it ends in 1 where there is an increased allowance.
// Halves that disagree on that are for staff. The error is a terms.Problem.
func (r *Rules) Mutuality(code string) (Result, []terms.Reason, error) {
	code = strings.TrimSpace(code)
	first, second, both := strings.Cut(code, "/")
	first, second = strings.TrimSpace(first), strings.TrimSpace(second)
	if !both {
		second = first
	}
	if !digits(first, 3) || !digits(second, 3) {
		return "", nil, terms.Problem{Code: BadCode, Field: "code"}
	}
	result := No
	switch one, two := first[2] == '1', second[2] == '1'; {
	case one != two:
		result = Ask
	case one:
		result = Yes
	}
	return result, r.because("mutuality", "mutuality."+string(result), terms.Text("code", code)), nil
}

// UiTPAS reads a card's number: 13 digits of which the second-last is 1 where the card has the social tariff. The error
// is a terms.Problem.
func (r *Rules) UiTPAS(number string) (Result, []terms.Reason, error) {
	number = strings.ReplaceAll(strings.TrimSpace(number), " ", "")
	if !digits(number, 13) {
		return "", nil, terms.Problem{Code: BadNumber, Field: "number"}
	}
	result := No
	if number[11] == '1' {
		result = Yes
	}
	return result, r.because("uitpas", "uitpas."+string(result)), nil
}

func (r *Rules) because(clause, key string, args ...terms.Arg) []terms.Reason {
	return []terms.Reason{{Clause: r.clauses[clause], Key: key, Args: args}}
}

func digits(s string, n int) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) == n
}
