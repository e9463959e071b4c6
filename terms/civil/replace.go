package civil

import "regexp"

var written = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// Replace writes every date YYYY-MM-DD in a text as f does: texts are kept with their dates in that form, which no language
// owns, and shown in the reader's. What looks like a date and is none stays.
func Replace(text string, f func(Date) string) string {
	return written.ReplaceAllStringFunc(text, func(s string) string {
		d, err := Parse(s)
		if err != nil {
			return s
		}
		return f(d)
	})
}
