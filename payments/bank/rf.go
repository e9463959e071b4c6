package bank

import (
	"errors"
	"fmt"
	"strings"
)

// ErrRF is returned for text that is no ISO 11649 creditor reference.
var ErrRF = errors.New("bank: not an RF creditor reference")

// ParseRF reads an ISO 11649 creditor reference (RF, two check digits, at most 21 letters and digits), spaces and lower
// case allowed, and returns it in capitals without spaces.
func ParseRF(s string) (string, error) {
	ref := compact(s)
	if len(ref) < 5 || len(ref) > 25 || !strings.HasPrefix(ref, "RF") || !mod97(ref) {
		return "", fmt.Errorf("%w: %q", ErrRF, s)
	}
	return ref, nil
}

// ParseReference reads a structured reference of either kind and returns it as it is compared: twelve digits, or RF and
// what follows in capitals.
func ParseReference(s string) (string, error) {
	if ogm, err := ParseOGM(s); err == nil {
		return ogm.Digits(), nil
	}
	return ParseRF(s)
}

// compact drops white space and raises letters, the way account numbers and references are compared.
func compact(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

func alphanumeric(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// mod97 is the ISO 7064 test that IBAN and RF share: the first four characters moved to the end, A to Z as 10 to 35, the
// number leaves 1 after division by 97. The two check characters must be digits of 02 to 98.
func mod97(s string) bool {
	if len(s) < 5 || !alphanumeric(s) || s[2] > '9' || s[3] > '9' {
		return false
	}
	if check := int(s[2]-'0')*10 + int(s[3]-'0'); check < 2 || check > 98 {
		return false
	}
	return rest97(s[4:]+s[:4]) == 1
}

func rest97(s string) int {
	rest := 0
	for i := range len(s) {
		if c := s[i]; c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}
