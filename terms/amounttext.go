package terms

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"joetz/terms/money"
)

var baseNames = [baseCount]string{ofPrice: "price", ofBasePrice: "base price", ofExtras: "extras", ofTotal: "total",
	ofInvoice: "invoice", ofPaid: "paid", ofDeposit: "deposit", ofRemainder: "remainder", ofCancellation: "cancellation fee"}

// UnmarshalText reads an amount as README.md writes its grammar.
func (a *Amount) UnmarshalText(text []byte) error {
	got, err := parseAmount(string(text))
	if err == nil {
		*a = got
	}
	return err
}

func parseAmount(s string) (Amount, error) {
	clauses := strings.Split(s, ", ")
	parts, err := parseSum(clauses[0])
	if err != nil {
		return Amount{}, fmt.Errorf("%q: %w", s, err)
	}
	a := Amount{parts: parts}
	for _, c := range clauses[1:] {
		what, atMost := strings.CutPrefix(c, "at most ")
		if !atMost {
			var atLeast bool
			if what, atLeast = strings.CutPrefix(c, "at least "); !atLeast {
				return Amount{}, fmt.Errorf("%q: after the comma comes \"at least\" or \"at most\"", s)
			}
		}
		if parts, err = parseSum(what); err != nil {
			return Amount{}, fmt.Errorf("%q: %w", s, err)
		}
		a.limits = append(a.limits, limit{atMost, parts})
	}
	return a, nil
}

func parseSum(s string) ([]part, error) {
	if s == "nothing" {
		return []part{{}}, nil
	}
	var parts []part
	for term := range strings.SplitSeq(s, " + ") {
		p, err := parsePart(term)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func parsePart(s string) (part, error) {
	percent := money.Hundred
	name := s
	if number, of, ok := strings.Cut(s, "% of "); ok {
		p, err := parsePercent(number)
		if err != nil {
			return part{}, err
		}
		percent, name = p, of
	}
	for b := ofPrice; b < baseCount; b++ {
		if baseNames[b] == name {
			return part{base: b, percent: percent}, nil
		}
	}
	flat, err := parseEuros(s)
	if err != nil {
		return part{}, fmt.Errorf("%q is neither an amount like 50.00 nor a percentage of %s", s, strings.Join(baseNames[1:], ", "))
	}
	return part{flat: flat}, nil
}

var errNumber = errors.New("not a plain number")

// parseEuros reads "50.00": always two decimals, so that nobody reads cents for euros.
func parseEuros(s string) (money.Cents, error) {
	whole, decimals, ok := strings.Cut(s, ".")
	n, err := strconv.ParseUint(whole+decimals, 10, 40)
	if !ok || len(decimals) != 2 || err != nil || (whole != "0" && strings.HasPrefix(whole, "0")) || whole == "" {
		return 0, errNumber
	}
	return money.Cents(n), nil
}

// parsePercent reads "6.5": at most three decimals, above 0 and at most 1000.
func parsePercent(s string) (money.MilliPercent, error) {
	whole, decimals, dot := strings.Cut(s, ".")
	if dot && decimals == "" || len(decimals) > 3 || whole == "" || len(whole) > 4 {
		return 0, fmt.Errorf("%q: %w", s, errNumber)
	}
	n, err := strconv.ParseUint(whole+(decimals + "000")[:3], 10, 32)
	if err != nil || n == 0 || n > 1_000_000 {
		return 0, fmt.Errorf("%q: %w above 0 and at most 1000", s, errNumber)
	}
	return money.MilliPercent(n), nil
}

// MarshalText writes the amount as UnmarshalText reads it.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// String is the amount in the words of the policy language.
func (a Amount) String() string {
	if !a.IsSet() {
		return ""
	}
	s := sumString(a.parts)
	for _, l := range a.limits {
		if l.atMost {
			s += ", at most " + sumString(l.parts)
		} else {
			s += ", at least " + sumString(l.parts)
		}
	}
	return s
}

func sumString(parts []part) string {
	terms := make([]string, len(parts))
	for i, p := range parts {
		switch {
		case p == part{}:
			terms[i] = "nothing"
			if len(parts) > 1 {
				terms[i] = "0.00"
			}
		case p.base == none:
			terms[i] = p.flat.String()
		case p.percent == money.Hundred:
			terms[i] = baseNames[p.base]
		default:
			terms[i] = percentString(p.percent) + "% of " + baseNames[p.base]
		}
	}
	return strings.Join(terms, " + ")
}

// percentString writes 6500 as "6.5".
func percentString(p money.MilliPercent) string {
	s := fmt.Sprintf("%d.%03d", p/1000, p%1000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
