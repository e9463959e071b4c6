package questionnaire

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	rowKey   = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	tel      = regexp.MustCompile(`^\+[1-9][0-9]{7,14}$`)
	telNoise = strings.NewReplacer("(0)", "", " ", "", ".", "", "-", "", "/", "", "(", "", ")", "", "\u00a0", "")
)

// cleanText drops what no person types: invalid UTF-8, control characters, space around.
func cleanText(s string) string {
	if plainText(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// plainText reports whether there is nothing to clean: most answers were cleaned when they were kept, and are read often.
func plainText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return s == "" || s[0] != ' ' && s[len(s)-1] != ' '
}

// keptMax bounds what is kept of one text, far above what Check lets pass, so that nobody fills the database.
const keptMax = 4000

func tidyText(kind Kind, s string) string {
	s = cleanText(s)
	if len(s) > keptMax { // in bytes: never fewer than its letters
		if r := []rune(s); len(r) > keptMax {
			s = strings.TrimSpace(string(r[:keptMax]))
		}
	}
	switch kind {
	case Area:
		return s
	case Phone:
		if number, ok := Tel(s); ok {
			return number
		}
	}
	return strings.Join(strings.Fields(s), " ")
}

// Tel reads a telephone number as people write it (0470 12 34 56, +32 (0)470/12.34.56, 0032...) and gives it as a tel:
// link wants it, +32470123456. A number without a country is Belgian.
func Tel(s string) (number string, ok bool) {
	s = telNoise.Replace(s)
	switch {
	case strings.HasPrefix(s, "00"):
		s = "+" + s[2:]
	case strings.HasPrefix(s, "0"):
		s = "+32" + s[1:]
	}
	return s, tel.MatchString(s)
}

// Spaced writes a Belgian number as people read it: +32470123456 is 0470 12 34 56, +3225551212 is 02 555 12 12. Others
// stay as they are.
func Spaced(tel string) string {
	local, belgian := strings.CutPrefix(tel, "+32")
	switch {
	case belgian && len(local) == 9:
		return "0" + local[:3] + " " + local[3:5] + " " + local[5:7] + " " + local[7:]
	case belgian && len(local) == 8 && strings.Contains("2349", local[:1]):
		return "0" + local[:1] + " " + local[1:4] + " " + local[4:6] + " " + local[6:]
	case belgian && len(local) == 8:
		return "0" + local[:2] + " " + local[2:4] + " " + local[4:6] + " " + local[6:]
	}
	return tel
}
