package bank

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// Three, four and five digits with at most one separator between the groups: that is how the twelve are written. Other
	// groupings are telephone and account numbers.
	ogmInText  = regexp.MustCompile(`\d{3}\s*[/.\-]?\s*\d{4}\s*[/.\-]?\s*\d{5}`)
	rfInText   = regexp.MustCompile(`(?i)\bRF\d{2}(?: ?[A-Z0-9]{1,4}){1,6}\b`)
	ibanStarts = regexp.MustCompile(`(?i)\b[A-Z]{2}\d{2}`)
	ibanBlanks = strings.Repeat("|", 64)
)

// FindReferences returns the structured references in free text whose check digits are right, each once, in the order
// written: twelve digits, or RF and what follows. One in a hundred random numbers passes the check, so a caller must also
// know the reference, and two different ones are for a person to judge.
func FindReferences(freeText string) []string {
	text := hideIBANs(freeText)
	type hit struct {
		at  int
		ref string
	}
	var hits []hit
	for at := 0; at < len(text); {
		span := ogmInText.FindStringIndex(text[at:])
		if span == nil {
			break
		}
		from, to := at+span[0], at+span[1]
		if digitAt(text, from-1) || digitAt(text, to) { // a longer number: none of its digits start a reference
			for at = from + 1; digitAt(text, at); {
				at++
			}
			continue
		}
		at = to
		if ogm, err := ParseOGM(strings.Join(strings.Fields(text[from:to]), "")); err == nil {
			hits = append(hits, hit{from, ogm.Digits()})
		}
	}
	for _, span := range rfInText.FindAllStringIndex(text, -1) {
		if ref := longestRF(text[span[0]:span[1]]); ref != "" {
			hits = append(hits, hit{span[0], ref})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.at - b.at })
	var refs []string
	for _, h := range hits {
		if !slices.Contains(refs, h.ref) {
			refs = append(refs, h.ref)
		}
	}
	return refs
}

// hideIBANs blanks the account numbers in a text: a Belgian one ends in twelve digits that carry the same check as an OGM
// and must not be read as one.
func hideIBANs(text string) string {
	for _, span := range ibanStarts.FindAllStringIndex(text, -1) {
		if to := ibanEnd(text, span[0]); to > 0 {
			text = text[:span[0]] + ibanBlanks[:to-span[0]] + text[to:]
		}
	}
	return text
}

// ibanEnd is where the IBAN that starts at from ends, 0 when there is none: as many letters and digits as its country
// has, single spaces between them.
func ibanEnd(text string, from int) int {
	want, known := ibanLength[strings.ToUpper(text[from:from+2])]
	if !known {
		return 0
	}
	to, have := from, 0
	for ; have < want; to++ {
		switch {
		case to >= len(text) || to-from >= len(ibanBlanks):
			return 0
		case text[to] == ' ':
			if text[to-1] == ' ' {
				return 0
			}
		case text[to] >= 0x80:
			return 0
		default:
			have++
		}
	}
	if _, err := ParseIBAN(text[from:to]); err != nil || digitAt(text, to) {
		return 0
	}
	return to
}

// longestRF drops words from the end until the check digits fit, since ordinary words may follow the reference.
func longestRF(s string) string {
	for {
		if ref, err := ParseRF(s); err == nil {
			return ref
		}
		cut := strings.LastIndexByte(s, ' ')
		if cut < 0 {
			return ""
		}
		s = s[:cut]
	}
}

func digitAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
