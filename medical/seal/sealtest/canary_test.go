package sealtest_test

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"joetz/medical/seal/sealtest"
)

// A search that finds nothing proves something only when it finds what is there.
func TestFindsEveryForm(t *testing.T) {
	t.Parallel()
	word := sealtest.Canary("allergie")
	for before := range 4 {
		text := strings.Repeat("é", before)[:before] + word + " en meer"
		for name, hay := range map[string]string{
			"plain": text, "upper": strings.ToUpper(text), "title": strings.ToUpper(text[:before+1]) + text[before+1:],
			"hex": hex.EncodeToString([]byte(text)), "bytea": `\x` + strings.ToUpper(hex.EncodeToString([]byte(text))),
			"base64": base64.StdEncoding.EncodeToString([]byte(text)), "base64url": base64.RawURLEncoding.EncodeToString([]byte(text)),
			"url": url.QueryEscape(text),
		} {
			if _, found := sealtest.Find([]byte("voor "+hay+" na"), word); !found {
				t.Errorf("%s at offset %d: not found", name, before)
			}
		}
	}
	if form, found := sealtest.Find([]byte("niets te melden "+sealtest.Canary("allergie")), word); found {
		t.Errorf("found as %s what is not there", form)
	}
}
