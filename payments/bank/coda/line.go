package coda

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"joetz/payments/bank/charset"
	"joetz/terms/civil"
)

// width is the length of every record, in characters.
const width = 128

// line is one record. Positions are the standard's: from 1, both ends included.
type line struct {
	no    int    // in the file, from 1
	cells []rune // at least width of them; blanks beyond what was there
	short bool   // fewer than width characters
	long  bool   // something other than blanks beyond width
	bytes bool   // the bank counted bytes, not characters: cells are bytes of UTF-8
}

// split cuts a file into records. Line ends may be CRLF, LF, CR or, when every record is whole, none.
func split(data []byte) []line {
	text, _ := charset.Guess(data)
	text = strings.TrimRight(text, "\x1a\x00") // end-of-file mark of old systems
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if n := utf8.RuneCountInString(text); !strings.Contains(text, "\n") && n > width && n%width == 0 {
		text = chunk(text)
	}
	var lines []line
	for i, s := range strings.Split(text, "\n") {
		if strings.TrimSpace(s) != "" {
			lines = append(lines, newLine(i+1, s))
		}
	}
	return lines
}

func chunk(text string) string {
	var b strings.Builder
	for i, r := range []rune(text) {
		if i > 0 && i%width == 0 {
			b.WriteByte('\n')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func newLine(no int, s string) line {
	l := line{no: no, cells: []rune(s)}
	if len(l.cells) < width && len(s) == width {
		l.bytes, l.cells = true, make([]rune, width)
		for i := range len(s) {
			l.cells[i] = rune(s[i])
		}
	}
	l.short = len(l.cells) < width
	l.long = len(l.cells) > width && strings.TrimSpace(string(l.cells[width:])) != ""
	for len(l.cells) < width {
		l.cells = append(l.cells, ' ')
	}
	return l
}

// at is the character at one position.
func (l line) at(pos int) rune { return l.cells[pos-1] }

// raw is the field with its blanks.
func (l line) raw(from, to int) string {
	if !l.bytes {
		return string(l.cells[from-1 : to])
	}
	b := make([]byte, 0, to-from+1)
	for _, c := range l.cells[from-1 : to] {
		b = append(b, byte(c))
	}
	return strings.ToValidUTF8(string(b), "")
}

// text is the field without blanks around it.
func (l line) text(from, to int) string { return strings.TrimSpace(l.raw(from, to)) }

// account is the field without any blanks.
func (l line) account(from, to int) string { return strings.Join(strings.Fields(l.raw(from, to)), "") }

// id is the record's kind: its first digit, and for movements and information the second too.
func (l line) id() string {
	if c := l.at(1); c == '2' || c == '3' {
		return string(l.cells[:2])
	}
	return string(l.cells[:1])
}

// number reads a field of digits only.
func (l line) number(from, to int) (int64, bool) {
	n, err := strconv.ParseUint(l.raw(from, to), 10, 63)
	return int64(n), err == nil
}

// date reads DDMMYY. Zeros and blanks are no date; an impossible one is not ok. CODA is younger than 1980.
func (l line) date(from int) (d civil.Date, ok bool) {
	s := l.text(from, from+5)
	if s == "" || s == "000000" {
		return civil.Date{}, true
	}
	if len(s) != 6 {
		return civil.Date{}, false
	}
	century := "20"
	if s[4] >= '8' {
		century = "19"
	}
	d, err := civil.Parse(century + s[4:6] + "-" + s[2:4] + "-" + s[0:2])
	return d, err == nil
}
