package money_test

import (
	"math/big"
	"strings"
	"testing"
	"unicode"

	"joetz/terms/money"
)

// Of what people type, nothing is read as another amount than it says: the digits stay the same and in order, the last two are the
// cents, and an amount as we print it is read back.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"1.234,56", "€ 1.234,50", "1,234.50", "12", "12,5", "0,05", "-3", "−3,10", "1 234,56", "12 50", "12€50", "1.23.456", "1,2,3", "12,345", ".5", "5.", "",
		"1e3", "0x10", "1_000", "+5", "٣", "9223372036854775807", "92233720368547758,07", "EUR 5", "5 EUR", "1\u202f234", "--5", "- 5", "€", "1..2", "1.,2",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := money.Parse(typed)
		if err != nil {
			if got != 0 {
				t.Errorf("%q: %d with an error", typed, got)
			}
			return
		}
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			if unicode.IsLetter(r) && !strings.ContainsRune("EUR", r) {
				t.Errorf("%q was read as %d", typed, got)
			}
			return -1
		}, typed)
		decimals, last := 0, strings.TrimRightFunc(typed, func(r rune) bool { return r < '0' || r > '9' })
		if i := strings.LastIndexAny(last, ".,"); i >= 0 {
			decimals = len(last) - i - 1
		}
		if decimals > 2 {
			decimals = 0 // a point before a group of three
		}
		want, _ := new(big.Int).SetString(digits+strings.Repeat("0", 2-decimals), 10)
		if want == nil || new(big.Int).Abs(big.NewInt(int64(got))).Cmp(want) != 0 {
			t.Errorf("%q was read as %d cents, its digits say %v", typed, got, want)
		}
		for _, lang := range []string{"nl", "en"} {
			if back, err := money.Parse(got.Format(lang)); err != nil || back != got {
				t.Errorf("%d is printed %q and read as %d (%v)", got, got.Format(lang), back, err)
			}
		}
	})
}

func TestParse(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]money.Cents{
		"12": 1200, "12,5": 1250, "12.50": 1250, "1.234,56": 123456, "1,234.56": 123456, "1 234,56": 123456, "1\u202f234": 123400, "€ 1.234,50": 123450,
		"5 EUR": 500, "−€\u00a05,00": -500, "€ -5": -500, "0,05": 5, "12.345": 1234500, "1.234.567": 123456700,
	} {
		if got, err := money.Parse(typed); err != nil || got != want {
			t.Errorf("%q: %d, %v", typed, got, err)
		}
	}
	for _, typed := range []string{
		"", " ", "€", "-", "12 50", "12€50", "1.23.456", "1,2,3", "1234 567", "1 234.567", "1..234", "5.", ".5", "--5", "5-", "1e3", "0x10", "1_000", "+5", "٣",
		"9223372036854775807",
	} {
		if got, err := money.Parse(typed); err == nil {
			t.Errorf("%q was read as %d", typed, got)
		}
	}
}
