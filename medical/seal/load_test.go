package seal_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"joetz/medical/seal"
)

func TestProductionRefusesWithoutKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, s := range map[string]seal.Source{
		"production with a data directory": {Production: true, DataDir: dir},
		"nowhere to keep one":              {},
	} {
		if _, err := seal.Load(s); !errors.Is(err, seal.ErrNoKeys) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Error("production made a keyset of its own")
	}
}

func TestKeysFromEnvironmentAndFile(t *testing.T) {
	t.Parallel()
	_, text := newRing(t)
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(text+"\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	want := must(seal.Parse(text)).Primary()
	for name, s := range map[string]seal.Source{"text": {Keys: text, Production: true}, "file": {File: file, Production: true}} {
		ring, err := seal.Load(s)
		if err != nil || ring.Primary() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := seal.Load(seal.Source{File: file + "-not"}); err == nil {
		t.Error("a missing file was accepted")
	}
	if _, err := seal.Load(seal.Source{Keys: "rubbish", DataDir: t.TempDir()}); err == nil {
		t.Error("rubbish was replaced by a fresh keyset: every fiche would be lost")
	}
}

// Two shops that start at once on one data directory must end with the same keys.
func TestDemoKeysAreMadeOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wg sync.WaitGroup
	ids := make([]uint32, 8)
	for i := range ids {
		wg.Go(func() {
			ring, err := seal.Load(seal.Source{DataDir: dir})
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = ring.Primary()
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] || id == 0 {
			t.Fatalf("different keysets: %v", ids)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Fatalf("left behind: %v %v", left, err)
	}
	file := filepath.Join(dir, left[0].Name())
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Load(seal.Source{DataDir: dir}); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a keyset that others may read: %v", err)
	}
}
