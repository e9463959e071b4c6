package pdf

import (
	"strings"
	"sync"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// font answers which characters can be printed; bold has the same.
var font = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(liberationsansregular.TTF)
	if err != nil {
		panic(err) // cannot happen: the font is compiled in
	}
	return f
})

func inFont(b *sfnt.Buffer, r rune) bool {
	if r > 0xffff { // fpdf writes two bytes a character
		return false
	}
	glyph, err := font().GlyphIndex(b, r)
	return err == nil && glyph != 0
}

// printable puts a question mark for what the font lacks, so that a name in another script is at least seen to be there.
// The font has every Latin, Greek and Cyrillic letter that Unicode has a code for.
func printable(text string) string {
	var b sfnt.Buffer
	var out strings.Builder
	for _, r := range norm.NFC.String(text) {
		switch {
		case r == '\u00a0' || r == '\u202f':
			out.WriteRune('\u00a0')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			out.WriteByte(' ')
		case inFont(&b, r):
			out.WriteRune(r)
		default:
			out.WriteByte('?')
		}
	}
	return out.String()
}
