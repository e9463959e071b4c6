package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// Tel is the address that calls a number: what people typed without spaces and signs, as RFC 3966 wants it.
func Tel(phone string) templ.SafeURL {
	return templ.SafeURL("tel:" + strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, strings.Replace(phone, "(0)", "", 1))) // the zero is not dialled from abroad
}
