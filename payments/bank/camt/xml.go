package camt

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"

	"joetz/payments/bank/charset"
)

// Each of these takes a few kilobytes in memory and some hundred bytes in a bank's file. A file in which they are much smaller is
// of nobody's bank: of four megabytes it would make four gigabytes.
var costly = map[string]bool{"Stmt": true, "Ntfctn": true, "Rpt": true, "Bal": true, "Ntry": true, "TxDtls": true}

const (
	costlyBytes = 128  // of text for each, at the least
	costlyFree  = 1000 // of them in any file
)

// maxDepth is far above the deepest path of any camt message, which is about twenty.
const maxDepth = 64

var (
	errDocType = errors.New("a document type declaration, which no bank writes")
	errDepth   = errors.New("elements nested absurdly deep")
	errHollow  = errors.New("more entries than fit in a file of that size")

	declaration = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._:\-]+)["']`)
)

// guard passes tokens on and stops at what only an attacker writes. Entities of one's own need a document type, so
// refusing that is enough against entity bombs.
type guard struct {
	raw   *xml.Decoder
	depth int
	left  int // of the costly elements
}

func (g *guard) Token() (xml.Token, error) {
	token, err := g.raw.RawToken()
	switch token := token.(type) {
	case xml.Directive:
		return nil, errDocType
	case xml.StartElement:
		if g.depth++; g.depth > maxDepth {
			return nil, errDepth
		}
		if costly[token.Name.Local] {
			if g.left--; g.left < 0 {
				return nil, errHollow
			}
		}
	case xml.EndElement:
		g.depth--
	}
	return token, err
}

// line is where the reader stands in the file.
func (g *guard) line() int {
	no, _ := g.raw.InputPos()
	return no
}

// decoder prepares a file for reading. honest is false when the text is not in the encoding that it declares.
func decoder(data []byte) (g *guard, d *xml.Decoder, honest bool) {
	text, honest := decode(data)
	raw := xml.NewDecoder(strings.NewReader(text))
	raw.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // decode did it
	g = &guard{raw: raw, left: costlyFree + len(text)/costlyBytes}
	return g, xml.NewTokenDecoder(g), honest
}

// decode gives the file as UTF-8 without what precedes and follows the XML, and with blanks for the control characters
// that XML forbids and payers' banks let through.
func decode(data []byte) (text string, honest bool) {
	name := ""
	if m := declaration.FindSubmatch(data[:min(len(data), 256)]); m != nil {
		name = string(m[1])
	}
	text, honest = charset.Declared(data, name)
	text = strings.TrimLeft(text, "\uFEFF \t\r\n")
	text = strings.TrimRight(text, "\x00\x1a \t\r\n")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, text), honest
}
