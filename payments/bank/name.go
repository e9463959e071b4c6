package bank

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// particles stand before many Belgian names, or around them in what payers write; they tell nobody apart.
var particles = []string{"DE", "VAN", "DER", "DEN", "LE", "LA", "EL", "EN", "MR", "MEVR", "DHR", "VOOR", "KAMP"}

// NameWords are the words of names, each once, as banks write them: in capitals, without accents, in any order. Initials
// and particles are left out.
func NameWords(names ...string) (words []string) {
	for _, name := range names {
		plain := strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return unicode.ToUpper(r)
		}, norm.NFD.String(name))
		for _, w := range strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if len(w) > 1 && !slices.Contains(particles, w) && !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return words
}
