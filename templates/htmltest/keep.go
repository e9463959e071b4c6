package htmltest

import (
	"os"
	"path/filepath"
	"testing"

	"joetz/templates/assets"
)

// Keep writes a page and every asset to a directory, so that a person can look at it in a browser; "" keeps nothing.
func Keep(t testing.TB, dir, name, html string) {
	t.Helper()
	if dir == "" {
		return
	}
	write := func(name string, body []byte) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(name, []byte(html))
	for _, asset := range assets.Names() {
		f, _ := assets.Lookup(asset)
		write(f.URL, f.Raw)
	}
}
