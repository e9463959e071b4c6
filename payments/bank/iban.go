package bank

import (
	"errors"
	"fmt"
	"strings"
)

// IBAN is an account number that passed its check, in capitals without spaces.
type IBAN string

// ErrIBAN is returned for text that is no IBAN.
var ErrIBAN = errors.New("bank: not an IBAN")

// ibanLength is the registered length per country. A country that is not listed may have any length of 15 to 34.
var ibanLength = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
	"CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
	"FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
	"IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20,
	"LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24,
	"PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
	"TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}

// ParseIBAN reads an account number as people write it, spaces, points and lower case allowed, and checks country length
// and check digits.
func ParseIBAN(s string) (IBAN, error) {
	v := strings.NewReplacer(".", "", "-", "").Replace(compact(s))
	v = strings.TrimPrefix(v, "IBAN:")
	v = strings.TrimPrefix(v, "IBAN")
	if len(v) < 15 || len(v) > 34 || v[0] < 'A' || v[1] < 'A' || !mod97(v) {
		return "", fmt.Errorf("%w: %q", ErrIBAN, s)
	}
	if n, known := ibanLength[v[:2]]; known && n != len(v) {
		return "", fmt.Errorf("%w: %q has %d characters, %s has %d", ErrIBAN, s, len(v), v[:2], n)
	}
	return IBAN(v), nil
}

// Country is the two letters that it starts with; "" for the zero IBAN.
func (i IBAN) Country() string {
	if len(i) < 2 {
		return ""
	}
	return string(i[:2])
}

// Plain is the IBAN without spaces, as it is stored and put in payment files.
func (i IBAN) Plain() string { return string(i) }

// String is the IBAN in groups of four, as it is printed for people.
func (i IBAN) String() string {
	var b strings.Builder
	for n, c := range string(i) {
		if n > 0 && n%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Mask shows the country, check digits and last four characters only: "BE68 •••• •••• 7034".
func (i IBAN) Mask() string {
	if len(i) < 9 {
		return strings.Repeat("•", len(i))
	}
	head, tail := i[:4], i[len(i)-4:]
	return string(head) + strings.Repeat(" ••••", (len(i)-5)/4) + " " + string(tail)
}
