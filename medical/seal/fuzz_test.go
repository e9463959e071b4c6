package seal_test

import (
	"strings"
	"testing"

	"joetz/medical/seal"
)

// Whatever stands in SHOP_KEYS, the answer is a keyring that opens what it sealed, or an error that says none of it: a keyset that
// lost a letter is still most of a secret.
func FuzzKeyring(f *testing.F) {
	good := must(seal.Generate())
	for _, text := range []string{good, "", "{}", `{"format":1,"seal":{},"log":{}}`, strings.Replace(good, "ENABLED", "DISABLED", 1), good[:len(good)/2], "null", "\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ring, err := seal.Parse(text)
		if err != nil {
			for at := 0; at+12 <= len(text); at += 12 {
				if strings.Contains(err.Error(), text[at:at+12]) {
					t.Fatalf("the error quotes the keyset: %v", err)
				}
			}
			return
		}
		sealed, err := ring.Seal([]byte("x"), []byte("here"))
		if err != nil {
			t.Fatalf("a keyring that does not seal: %v", err)
		}
		if plain, err := ring.Open(sealed, []byte("here")); err != nil || string(plain) != "x" {
			t.Fatalf("a keyring that does not open what it sealed: %v", err)
		}
	})
}
