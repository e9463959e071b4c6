// Package charset turns the bytes of a bank file into text, whatever the bank's system wrote.
//
// Owns: the guess between encodings that no file declares.
// May import: the standard library, golang.org/x/text.
// Always true: the result is valid UTF-8; UTF-8 input comes back unchanged, without its byte order mark.
package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// Guess decodes bytes that name no encoding: UTF-8 or UTF-16 when they are that, else code page 850 or Windows-1252 (of
// which ISO 8859-1 is a part), whichever gives letters. exact is false when the encoding was a guess.
func Guess(data []byte) (text string, exact bool) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return decode(data, unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)), true
	case len(data) > 3 && data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0: // UTF-16 without its mark: both formats begin in ASCII
		return decode(data, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)), true
	case len(data) > 3 && data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		return decode(data, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)), true
	case utf8.Valid(data):
		return strings.TrimPrefix(string(data), "\uFEFF"), true
	case looksLike850(data):
		return decode(data, charmap.CodePage850), false
	}
	return decode(data, charmap.Windows1252), false
}

// Head is the first bytes of a file, n at most, not cut within a letter of UTF-8.
func Head(data []byte, n int) []byte {
	if len(data) <= n {
		return data
	}
	for cut := n; cut > n-utf8.UTFMax; cut-- {
		if utf8.Valid(data[:cut]) {
			return data[:cut]
		}
	}
	return data[:n]
}

// looksLike850 counts: the accented letters of Dutch, French and German are bytes 80 to A5 in code page 850 and C0 to FF
// in Windows-1252. The typographic signs that Windows-1252 has between 80 and 9F do not count.
func looksLike850(data []byte) bool {
	dos, windows := 0, 0
	for _, b := range data {
		switch {
		case b >= 0xC0:
			windows++
		case b == 0x80 || b >= 0x91 && b <= 0x97 || b == 0x85: // € ‘ ’ “ ” • – — …; Ç æ Æ ô ö ò û ù, à
			dos++
			windows++
		case b > 0x80 && b <= 0xA5:
			dos += 2
		}
	}
	return dos > 2*windows
}

// Declared decodes bytes that say what they are. ok is false when that name is unknown or does not fit; the text is then
// a guess.
func Declared(data []byte, name string) (text string, ok bool) {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) || name == "" || strings.EqualFold(name, "utf-8") {
		return Guess(data)
	}
	enc, err := ianaindex.IANA.Encoding(name)
	if err != nil || enc == nil {
		text, _ = Guess(data)
		return text, false
	}
	if strings.EqualFold(name, "iso-8859-1") { // what calls itself Latin-1 often has Windows' euro sign
		enc = charmap.Windows1252
	}
	if strings.HasPrefix(strings.ToLower(name), "utf-16") { // no byte order mark, so these bytes were readable as ASCII
		return Guess(data)
	}
	return decode(data, enc), true
}

func decode(data []byte, enc encoding.Encoding) string {
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(out)
}
