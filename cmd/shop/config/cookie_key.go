package config

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CookieKey is what SHOP_SECRET holds. A shop for trying out makes a key and keeps it beside its data.
func (c Config) CookieKey() ([]byte, error) {
	if c.Secret != "" || c.Production() {
		return decodeKey(c.Secret.Reveal())
	}
	if c.DataDir == "" {
		return nil, errors.New("SHOP_SECRET is missing, and this account has no home directory to keep one in: set SHOP_SECRET (openssl rand -base64 32), or SHOP_DATA_DIR")
	}
	path := filepath.Join(c.DataDir, "secret")
	if err := makeKey(path); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	key, err := decodeKey(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

func decodeKey(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) < 32 {
		return nil, errors.New("it is not 32 bytes or more in base64 (openssl rand -base64 32)")
	}
	return key, nil
}

// makeKey writes a new key unless there is one. It appears under its name when it is whole: of two shops that start at
// once, one makes it and both read it.
func makeKey(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { // the private server's account passes through it
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	_, err = draft.WriteString(base64.StdEncoding.EncodeToString(key))
	if err := errors.Join(err, draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
