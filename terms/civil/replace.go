package civil

import "regexp"

var word = regexp.MustCompile(`[\pL\d-]+`)

// Replace writes every date YYYY-MM-DD in a text as f does: texts are kept with their dates in that form, which no language
// owns, and shown in the reader's. What looks like a date and is none stays, as does a date inside a code (NU-2027-07-05).
func Replace(text string, f func(Date) string) string {
	return word.ReplaceAllStringFunc(text, func(s string) string {
		d, err := Parse(s)
		if err != nil {
			return s
		}
		return f(d)
	})
}
