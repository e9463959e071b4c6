package embedded_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"joetz/migrations/pg/embedded"
)

// Whoever runs a shop of their own and once calls it as root keeps their data: root takes nothing over, and says whose it is.
func TestRootTakesNobodysData(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root could take it")
	}
	dir := made(t)
	const somebody = 65533
	for _, path := range []string{dir, filepath.Join(dir, "data")} {
		if err := os.Chown(path, somebody, somebody); err != nil {
			t.Fatal(err)
		}
	}
	_, err := embedded.Start(t.Context(), config(dir))
	if err == nil || !strings.Contains(err.Error(), "belongs to the account number 65533") {
		t.Errorf("got %v", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || s.Uid != somebody {
		t.Errorf("it was taken away: %+v", info.Sys())
	}
}

// A disk that is full, and one that can only be read, are told in one line that says what to do.
func TestDisksThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for options, want := range map[string]string{"size=8m": "make room", "ro": "can only be read"} {
		dir := folder(t)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		var flags uintptr
		if options == "ro" {
			flags, options = syscall.MS_RDONLY, ""
		}
		if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, options); err != nil {
			t.Skipf("no disk can be made here: %v", err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
		s, err := embedded.Start(t.Context(), config(dir))
		skipWithout(t, err)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "SHOP_DATA_DIR") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", options, err)
		}
		if err == nil {
			stop(t, s)
		}
	}
}
