// Package sealtest looks for words that must not have got out.
//
// Owns: canary words, and the search for them in whatever form they may have taken.
// May import: the standard library. Only tests import it.
// Always true: a word is searched as it is, in either case, in hex, in base64 at each of its three offsets, and in UTF-16.
package sealtest

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf16"
)

// Canary makes a word of small letters that is nowhere else; about says where it is typed in, and makes a find readable.
func Canary(about string) string {
	letters := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(about))
	return "kanarie" + letters + strings.Map(func(r rune) rune { return 'a' + (r-'2')%26 }, rand.Text())
}

// Find looks for a word in any form and names the form in which it is there.
func Find(hay []byte, word string) (form string, found bool) {
	lower := bytes.ToLower(hay)
	for _, f := range forms(word) {
		in := hay
		if f.anyCase {
			in = lower
		}
		if bytes.Contains(in, f.bytes) {
			return f.name, true
		}
	}
	return "", false
}

// Absent fails the test when one of the words is in hay.
func Absent(t testing.TB, where string, hay []byte, words ...string) {
	t.Helper()
	for _, w := range words {
		if form, found := Find(hay, w); found {
			t.Errorf("%s: found %q (%s)", where, w, form)
		}
	}
}

type searched struct {
	name    string
	bytes   []byte
	anyCase bool
}

func forms(word string) []searched {
	word = strings.ToLower(word)
	out := []searched{
		{"as it is", []byte(word), true},
		{"hex", []byte(hex.EncodeToString([]byte(word))), true},
	}
	var wide []byte
	for _, u := range utf16.Encode([]rune(word)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	out = append(out, searched{"UTF-16", wide, true})
	for offset := range 3 {
		for name, enc := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "base64url": base64.URLEncoding} {
			text := enc.EncodeToString([]byte(strings.Repeat("x", offset) + word))
			from := (offset*8 + 5) / 6 // letters that hold bits of what stands before
			to := (offset + len(word)) * 8 / 6
			out = append(out, searched{name, []byte(text[from:to]), false})
		}
	}
	return out
}
