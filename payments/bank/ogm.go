package bank

import (
	"errors"
	"fmt"
	"strings"
)

// OGM is a Belgian structured communication (gestructureerde mededeling): twelve digits, the last two of which check the
// first ten. It is kept and stored as its twelve digits, leading zeros included.
type OGM string

// MaxOGMBase is the largest number that fits before the check digits.
const MaxOGMBase = 9_999_999_999

// ErrOGM is returned for text or a number that is no structured communication.
var ErrOGM = errors.New("bank: not a structured communication")

// NewOGM makes the structured communication of a number from 1 to MaxOGMBase.
func NewOGM(base uint64) (OGM, error) {
	if base < 1 || base > MaxOGMBase {
		return "", fmt.Errorf("%w: base %d is not in 1..%d", ErrOGM, base, uint64(MaxOGMBase))
	}
	return OGM(fmt.Sprintf("%010d%02d", base, ogmCheck(base))), nil
}

// ogmCheck is the rest of the division by 97; nobody writes 00, so a rest of nothing is 97.
func ogmCheck(base uint64) uint64 {
	if rest := base % 97; rest != 0 {
		return rest
	}
	return 97
}

// ParseOGM reads a structured communication as people and banks write it: +++260/0000/10173+++, ***260/0000/10173***,
// 260-0000-10173, 260 0000 10173 or twelve bare digits. Wrong check digits are an error.
func ParseOGM(s string) (OGM, error) {
	s = strings.TrimSpace(s)
	for _, mark := range []string{"+++", "***"} {
		if strings.HasPrefix(s, mark) || strings.HasSuffix(s, mark) {
			s = strings.TrimSuffix(strings.TrimPrefix(s, mark), mark)
			break
		}
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0/.-", r) {
			return -1
		}
		return r
	}, s)
	if !validOGM(digits) {
		return "", fmt.Errorf("%w: %q", ErrOGM, s)
	}
	return OGM(digits), nil
}

// validOGM reports whether s is twelve digits of which the last two check the others. Ten zeros are refused: the
// formula allows them, and every empty form field would be a reference.
func validOGM(s string) bool {
	if len(s) != 12 {
		return false
	}
	var n uint64
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		n = n*10 + uint64(s[i]-'0')
	}
	base := n / 100
	return base > 0 && n%100 == ogmCheck(base)
}

// Digits is the twelve digits, as they are stored and put in payment files.
func (o OGM) Digits() string { return string(o) }

// String is the way it is printed for people: +++260/0000/10173+++.
func (o OGM) String() string {
	if len(o) != 12 {
		return string(o)
	}
	return "+++" + string(o[:3]) + "/" + string(o[3:7]) + "/" + string(o[7:]) + "+++"
}
