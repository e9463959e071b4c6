package command

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
)

// A backup that is not one, was cut off or was changed gives an error and never a byte that the key does not vouch for; a file of
// keys that is none gives an error that quotes no key.
func FuzzBackup(f *testing.F) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		f.Fatal(err)
	}
	const dump = "PGDMP of a database"
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, id.Recipient())
	if err != nil {
		f.Fatal(err)
	}
	if _, err := io.WriteString(w, dump); err != nil {
		f.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	good := sealed.Bytes()
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 1
	for _, raw := range [][]byte{good, good[:len(good)-1], good[:40], flipped, nil, []byte("PGDMP"), []byte(id.String()), []byte(id.String()[:60]), []byte("AGE-SECRET-KEY-1\n#")} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if out, err := age.Decrypt(bytes.NewReader(raw), id); err == nil {
			if read, err := io.ReadAll(out); err == nil && string(read) != dump {
				t.Fatalf("a dump that nobody made: %q", read)
			}
		}
		name := filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readIdentities(name); err != nil && len(raw) > 40 && bytes.Contains([]byte(err.Error()), raw[20:40]) {
			t.Fatalf("the error quotes a key: %v", err)
		}
	})
}
