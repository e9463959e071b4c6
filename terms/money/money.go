// Package money is the shop's one notion of money: whole euro cents.
//
// Owns: the type Cents and every rounding of it.
// May import: the standard library.
// Always true: no float ever touches an amount; every division names its rounding; parsing returns errors, never a guess.
package money

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Cents is an amount in whole euro cents. It scans from and writes to a bigint column as it is.
type Cents int64

// Rounding says which way a division that does not come out goes.
type Rounding uint8

const (
	// Down drops the fraction: towards minus infinity for what the customer owes (WER VI.37: in doubt for the consumer).
	Down Rounding = iota
	// Up takes the next cent.
	Up
	// HalfUp rounds half a cent up.
	HalfUp
)

// MilliPercent is a percentage in thousandths of a percent: 6.5 % is 6500, 100 % is 100000.
type MilliPercent int64

// Hundred is 100 %.
const Hundred MilliPercent = 100_000

// Percent takes p of c, rounded as r says. Only an answer beyond int64 overflows.
func (c Cents) Percent(p MilliPercent, r Rounding) Cents {
	if c < -percentSafe || c > percentSafe {
		whole, rest := c/Cents(Hundred), c%Cents(Hundred)
		return whole*Cents(p) + Cents(divide(int64(rest)*int64(p), int64(Hundred), r))
	}
	return Cents(divide(int64(c)*int64(p), int64(Hundred), r))
}

// percentSafe is the largest sum whose product with ten times a hundred percent fits.
const percentSafe = math.MaxInt64 / (10 * Cents(Hundred))

// Share divides c into n equal parts, rounded down; the rest is in the last: 164.99 in 3 is 54.99, 54.99, 55.01.
// It panics when n is not positive.
func (c Cents) Share(n int) []Cents {
	if n <= 0 {
		panic("money: share in " + strconv.Itoa(n))
	}
	parts := make([]Cents, n)
	each := Cents(divide(int64(c), int64(n), Down))
	for i := range parts {
		parts[i] = each
	}
	parts[n-1] = c - each*Cents(n-1)
	return parts
}

func divide(a, b int64, r Rounding) int64 {
	q, rest := a/b, a%b
	if rest < 0 { // Go truncates towards zero; make q the floor
		q, rest = q-1, rest+b
	}
	switch {
	case rest == 0 || r == Down:
		return q
	case r == Up || 2*rest >= b:
		return q + 1
	}
	return q
}

// String prints the amount as a plain decimal, 1234.50, for logs and files. Pages use Format.
func (c Cents) String() string {
	sign, n := "", uint64(c)
	if c < 0 {
		sign, n = "-", uint64(-(c+1))+1
	}
	var room [24]byte // the longest, -92233720368547758.08, has 21
	b := strconv.AppendUint(append(room[:0], sign...), n/100, 10)
	return string(append(b, '.', byte('0'+n%100/10), byte('0'+n%10)))
}

// Format writes the amount for people: "€ 1.234,50" in Dutch (nl), "€1,234.50" in English (en).
func (c Cents) Format(lang string) string {
	thousands, decimal, lead := ".", ",", "€\u00a0"
	if lang == "en" {
		thousands, decimal, lead = ",", ".", "€"
	}
	s := strings.TrimPrefix(c.String(), "-")
	whole, cents, _ := strings.Cut(s, ".")
	var b strings.Builder
	b.Grow(len("−€\u00a0") + len(s) + len(whole)/3)
	if c < 0 {
		b.WriteString("−")
	}
	b.WriteString(lead)
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousands)
		}
		b.WriteRune(d)
	}
	b.WriteString(decimal)
	b.WriteString(cents)
	return b.String()
}

// ErrSyntax is returned by Parse for text that is no amount.
var ErrSyntax = errors.New("money: not an amount")

// Parse reads an amount as people type it: "12", "12,5", "€ 1.234,50", "1,234.50", "1 234,50". The last point or comma that is
// followed by one or two digits is the decimal sign; the others, and spaces, must stand before groups of three: what "12 50" means
// is not guessed. The currency stands before or behind the amount.
func Parse(s string) (Cents, error) {
	s, negative := bare(strings.NewReplacer("\u00a0", " ", "\u202f", " ", "−", "-").Replace(s))
	whole, decimals := s, ""
	if i := strings.LastIndexAny(s, ".,"); i >= 0 && len(s)-i-1 <= 2 {
		whole, decimals = s[:i], s[i+1:]
		if decimals == "" {
			return 0, ErrSyntax
		}
	}
	kinds := 0
	for _, separator := range separators {
		kinds += min(strings.Count(whole, separator), 1)
	}
	groups := strings.FieldsFunc(whole, func(r rune) bool { return strings.ContainsRune(" .,", r) })
	if kinds > 1 || len(groups) == 0 || len(strings.Join(groups, ".")) != len(whole) {
		return 0, ErrSyntax
	}
	for i, g := range groups {
		if len(groups) > 1 && (i > 0 && len(g) != 3 || i == 0 && len(g) > 3) {
			return 0, ErrSyntax
		}
	}
	for len(decimals) < 2 {
		decimals += "0"
	}
	n, err := strconv.ParseUint(strings.Join(groups, "")+decimals, 10, 63)
	if err != nil || n > math.MaxInt64/1000 {
		return 0, ErrSyntax
	}
	if negative {
		return -Cents(n), nil
	}
	return Cents(n), nil
}

// separators stand between groups of digits.
var separators = [...]string{" ", ".", ","}

// bare is an amount without what stands around its digits: spaces, one currency, one sign before them.
func bare(s string) (digits string, negative bool) {
	currency := false
	for {
		before := s
		s = strings.TrimSpace(s)
		if !negative && strings.HasPrefix(s, "-") {
			s, negative = s[1:], true
		}
		for _, name := range [...]string{"€", "EUR"} {
			if without := strings.TrimSuffix(strings.TrimPrefix(s, name), name); !currency && without != s {
				s, currency = without, true
			}
		}
		if s == before {
			return s, negative
		}
	}
}
