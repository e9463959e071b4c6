package charset_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"joetz/payments/bank/charset"
)

const text = "Lefèvre Zoë, François Müller, hôtel, 1 weekend à Coxyde"

func encode(t *testing.T, e encoding.Encoding) []byte {
	t.Helper()
	out, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGuess(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data  []byte
		exact bool
	}{
		"UTF-8":           {[]byte(text), true},
		"byte order mark": {[]byte("\uFEFF" + text), true},
		"UTF-16 little":   {encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), true},
		"UTF-16 big":      {encode(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)), true},
		"Latin-1":         {encode(t, charmap.ISO8859_1), false},
		"Windows-1252":    {encode(t, charmap.Windows1252), false},
		"code page 850":   {encode(t, charmap.CodePage850), false},
	} {
		if got, exact := charset.Guess(c.data); got != text || exact != c.exact {
			t.Errorf("%s: %q, exact %v", name, got, exact)
		}
	}
	if got, _ := charset.Guess([]byte("\x80 12,50 \x96 \x93kamp\x94")); got != "€ 12,50 – “kamp”" {
		t.Errorf("Windows signs: %q", got)
	}
}

func TestDeclared(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		data []byte
		ok   bool
	}{
		{"", []byte(text), true},
		{"UTF-8", []byte(text), true},
		{"utf-8", encode(t, charmap.ISO8859_1), false},
		{"ISO-8859-1", encode(t, charmap.ISO8859_1), true},
		{"ISO-8859-15", encode(t, charmap.ISO8859_15), true},
		{"windows-1252", encode(t, charmap.Windows1252), true},
		{"IBM850", encode(t, charmap.CodePage850), true},
		{"UTF-16", []byte(text), true}, // so it says, in letters that are not
		{"klingon", encode(t, charmap.ISO8859_1), false},
	} {
		if got, ok := charset.Declared(c.data, c.name); got != text || ok != c.ok {
			t.Errorf("%s: %q, %v", c.name, got, ok)
		}
	}
}

// A file that begins with a mark is known by its first bytes, wherever they are cut.
func TestHeadCutsBetweenLetters(t *testing.T) {
	t.Parallel()
	data := []byte("\uFEFF" + strings.Repeat("ë€", 20))
	for n := range data {
		if n > 0 && len(charset.Head(data, n)) > n {
			t.Fatalf("%d bytes of %d", len(charset.Head(data, n)), n)
		}
		if n >= 4 && !utf8.Valid(charset.Head(data, n)) {
			t.Errorf("cut at %d within a letter", n)
		}
	}
	if latin := []byte("Zo\xeb\xeb\xeb\xeb"); len(charset.Head(latin, 5)) < 2 {
		t.Error("what is not UTF-8 is cut away")
	}
}
