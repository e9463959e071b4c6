package money

import (
	"errors"
	"strconv"
	"strings"
)

// ErrPercent is returned by ParsePercent for text that is no percentage.
var ErrPercent = errors.New("money: not a percentage")

// ParsePercent reads a percentage as people type it, exactly: "7,5", "2.01", "-3 %". At most three decimals, and at most a
// thousand percent either way.
func ParsePercent(s string) (MilliPercent, error) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(strings.ReplaceAll(s, "−", "-")), "%"))
	s, negative := strings.CutPrefix(s, "-")
	whole, decimals, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if whole == "" || len(decimals) > 3 {
		return 0, ErrPercent
	}
	n, err := strconv.ParseUint(whole+(decimals + "000")[:3], 10, 63)
	if err != nil || n > uint64(10*Hundred) {
		return 0, ErrPercent
	}
	if negative {
		return -MilliPercent(n), nil
	}
	return MilliPercent(n), nil
}
