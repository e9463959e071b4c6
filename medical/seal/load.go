package seal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoKeys is returned by Load in production when no keyset is given: answers about children are not sealed with a key
// that the shop made up.
var ErrNoKeys = errors.New("seal: no keyset: set SHOP_KEYS or SHOP_KEYS_FILE (make one with `shop keys new`)")

// Source says where the keyset comes from; the first that is set counts.
type Source struct {
	Keys       string // the keyset itself (SHOP_KEYS)
	File       string // a file with it (SHOP_KEYS_FILE)
	DataDir    string // outside production: the directory in which a demo keeps its own
	Production bool
}

// demoFile is readable by its owner only.
const demoFile = "keys.json"

// Load gives the keyring. Outside production it makes a keyset in the data directory when there is none.
func Load(s Source) (*Keyring, error) {
	switch {
	case s.Keys != "":
		return Parse(s.Keys)
	case s.File != "":
		text, err := os.ReadFile(s.File)
		if err != nil {
			return nil, fmt.Errorf("seal: read the keyset: %w", err)
		}
		return Parse(strings.TrimSpace(string(text)))
	case s.Production, s.DataDir == "":
		return nil, ErrNoKeys
	}
	return loadDemo(filepath.Join(s.DataDir, demoFile))
}

func loadDemo(path string) (*Keyring, error) {
	if err := makeOnce(path); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("seal: read the keyset: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("seal: %s may be read by others: chmod 600 it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("seal: read the keyset: %w", err)
	}
	return Parse(strings.TrimSpace(string(text)))
}

// makeOnce writes a whole new keyset file or leaves the one that is there: the file appears under its name only when it is
// complete and on disk, and of two shops that start together one wins.
func makeOnce(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	text, err := Generate()
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 0600
	if err != nil {
		return fmt.Errorf("seal: make the keyset: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(text + "\n")
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("seal: make the keyset: %w", err)
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("seal: make the keyset: %w", err)
	}
	return nil
}
