package config

import (
	"strings"
	"testing"
)

// SHOP_SECRET is 32 bytes or more, or an error that says none of it.
func FuzzCookieKey(f *testing.F) {
	for _, text := range []string{"", "AAAA", strings.Repeat("A", 43) + "=", strings.Repeat("A", 43) + "=\n", strings.Repeat("A", 44), "\x00", strings.Repeat("-", 44)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, err := decodeKey(text)
		switch {
		case err == nil && len(key) < 32:
			t.Fatalf("a key of %d bytes", len(key))
		case err != nil && (key != nil || len(text) > 12 && strings.Contains(err.Error(), text)):
			t.Fatalf("%d bytes, or the error quotes it: %v", len(key), err)
		}
	})
}
