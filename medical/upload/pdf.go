package upload

import (
	"bytes"
	"compress/zlib"
	"io"
)

// What a PDF may not have in it, by the names that PDF 2.0 (ISO 32000-2) gives them: scripts (12.6.4.17), starting a program
// (12.6.4.6), files that come along (7.11.4), and two kinds of content that bring scripts of their own.
var acts = [][]byte{[]byte("JavaScript"), []byte("Launch"), []byte("EmbeddedFile"), []byte("EmbeddedFiles"), []byte("RichMedia"), []byte("XFA")}

const (
	mostUnpacked = 64 << 20 // of all packed objects together
	atOnce       = 32 << 10
	longestName  = 3 * 127 // each sign of a name may be written in three
)

// cleanPDF cannot draw a PDF anew. One that only shows is handed out as a download, which a browser never runs in our pages; one that
// also acts is refused: the program that the office opens it with may be an old one.
func cleanPDF(data []byte) ([]byte, string, error) {
	tail := data[max(0, len(data)-2048):]
	switch {
	case !bytes.Contains(tail, []byte("%%EOF")):
		return nil, "", ErrDamaged
	case bytes.Contains(tail, []byte("/Encrypt")):
		return nil, "", ErrLocked
	case names(data, acts):
		return nil, "", ErrActive
	}
	if err := lookIntoPacked(data); err != nil {
		return nil, "", err
	}
	return data, PDF, nil
}

// lookIntoPacked looks into the streams that objects are packed in. Programs pack those in one way only; what is packed in another
// cannot be looked into, and is taken for damaged.
func lookIntoPacked(data []byte) error {
	keyword, end := []byte("stream"), []byte("end")
	var unpack io.ReadCloser
	left := mostUnpacked
	for {
		at := bytes.Index(data, keyword)
		if at < 0 {
			return nil
		}
		about, rest := data[:at], data[at+len(keyword):]
		data = rest
		if bytes.HasSuffix(about, end) || !names(about, [][]byte{[]byte("ObjStm")}) || !names(about, [][]byte{[]byte("Filter")}) {
			continue
		}
		packed := bytes.NewReader(bytes.TrimLeft(rest, "\r\n"))
		var err error
		if unpack == nil {
			unpack, err = zlib.NewReader(packed)
		} else {
			err = unpack.(zlib.Resetter).Reset(packed, nil)
		}
		if err != nil {
			return ErrDamaged
		}
		if err := search(unpack, &left); err != nil {
			return err
		}
	}
}

// search reads to the end, piece by piece, and takes what it read off left.
func search(r io.Reader, left *int) error {
	piece, kept := make([]byte, longestName+atOnce), 0
	for {
		n, err := io.ReadFull(r, piece[kept:])
		if *left -= n; *left < 0 {
			return ErrDamaged
		}
		whole := piece[:kept+n]
		if names(whole, acts) {
			return ErrActive
		}
		switch err {
		case nil:
			kept = copy(piece, whole[len(whole)-longestName:])
		case io.EOF, io.ErrUnexpectedEOF:
			return nil // a stream without an end is read by others as far as it goes, too
		default:
			return ErrDamaged
		}
	}
}

// names reports whether one of the names stands there, as it is or with signs in hexadecimal (#4a for J).
func names(data []byte, wanted [][]byte) bool {
	for {
		at := bytes.IndexByte(data, '/')
		if at < 0 {
			return false
		}
		data = data[at+1:]
		for _, name := range wanted {
			if isName(data, name) {
				return true
			}
		}
	}
}

func isName(data, name []byte) bool {
	for _, want := range name {
		sign, width := signOf(data)
		if width == 0 || sign != want {
			return false
		}
		data = data[width:]
	}
	return len(data) == 0 || bytes.IndexByte([]byte("\x00\t\n\f\r ()<>[]{}/%"), data[0]) >= 0
}

// signOf reads the first sign of what is left of a name, and how many bytes it takes.
func signOf(data []byte) (sign byte, width int) {
	if len(data) >= 3 && data[0] == '#' {
		if high, low := bytes.IndexByte(hexDigits, lower(data[1])), bytes.IndexByte(hexDigits, lower(data[2])); high >= 0 && low >= 0 {
			return byte(high<<4 | low), 3
		}
	}
	if len(data) == 0 {
		return 0, 0
	}
	return data[0], 1
}

var hexDigits = []byte("0123456789abcdef")

func lower(b byte) byte {
	if 'A' <= b && b <= 'F' {
		return b + 'a' - 'A'
	}
	return b
}
