package money_test

import (
	"fmt"
	"testing"

	"joetz/terms/money"
)

// Every percentage of three decimals is read as it stands; a fraction of two would miss some (16,1 and 2,01 among them).
func TestEveryPercentage(t *testing.T) {
	t.Parallel()
	for n := range int(money.Hundred) + 1 {
		text := fmt.Sprintf("%d,%03d", n/1000, n%1000)
		if got, err := money.ParsePercent(text); err != nil || got != money.MilliPercent(n) {
			t.Fatalf("%s is read as %d: %v", text, got, err)
		}
	}
}

func TestParsePercent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]money.MilliPercent{"7,5": 7500, "2.01": 2010, " 16,1 % ": 16100, "-3": -3000, "−0,5%": -500, "0": 0, "100": 100_000} {
		if got, err := money.ParsePercent(text); err != nil || got != want {
			t.Errorf("%q is %d, want %d: %v", text, got, want, err)
		}
	}
	for _, text := range []string{"", "%", "-", ",5", "7,5,1", "1.2345", "zeven", "1 000", "+7", "--7", "7e1", "1001", "99999999999999999999", "7%%", "0x10", "1_0"} {
		if got, err := money.ParsePercent(text); err == nil {
			t.Errorf("%q is read as %d", text, got)
		}
	}
}
