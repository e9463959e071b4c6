package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// install plants programs that answer --version, as a script or, with a link, the way PATH often has them.
func install(t *testing.T, dir, version string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version)
	for _, name := range []string{"postgres", "initdb"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestChoiceOfPrograms(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	install(t, root+"/usr/14/bin", "14.9 (Debian 14.9-1)")
	install(t, root+"/usr/16/bin", "16.2")
	install(t, root+"/usr/9/bin", "9.6.24")
	install(t, root+"/half", "17.1")
	if err := os.Remove(root + "/half/initdb"); err != nil {
		t.Fatal(err)
	}
	install(t, root+"/beta", "18beta1")
	if err := os.MkdirAll(root+"/links", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(root+"/usr/14/bin/postgres", root+"/links/postgres"); err != nil {
		t.Fatal(err)
	}
	everywhere := installed(t.Context(), []string{root + "/usr/*/bin"}, root+"/links:"+root+"/half:"+root+"/beta:/nowhere")

	for _, test := range []struct {
		name  string
		found []programs
		major int
		want  string // directory, or part of the error
	}{
		{"the newest for a new cluster", everywhere, 0, root + "/beta"},
		{"the one that made the cluster", everywhere, 14, root + "/usr/14/bin"},
		{"the maker is gone", everywhere, 15, "made by PostgreSQL 15, this machine has only [18 16 14 9]"},
		{"nothing installed", nil, 0, "PostgreSQL is not installed: "},
		{"nothing installed, says what else helps", nil, 0, "DATABASE_URL"},
		{"too old", installed(t.Context(), []string{root + "/usr/9/bin"}, ""), 0, "too old"},
	} {
		got, err := choose(test.found, test.major)
		switch {
		case err == nil && got.dir != test.want:
			t.Errorf("%s: %s, want %s", test.name, got.dir, test.want)
		case err != nil && !strings.Contains(err.Error(), test.want):
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: more than one line: %v", test.name, err)
		}
	}
}

func TestProgramIsPreferredToAScriptOfItsVersion(t *testing.T) {
	t.Parallel()
	real, err := findPrograms(t.Context(), 0)
	if err != nil {
		t.Skip(err)
	}
	wrapper := t.TempDir()
	install(t, wrapper, fmt.Sprint(real.major, ".0"))
	found := installed(t.Context(), []string{wrapper}, real.dir)
	if got, err := choose(found, 0); err != nil || got.dir != real.dir {
		t.Errorf("got %s, want %s: %v", got.dir, real.dir, err)
	}
}

func TestDefaultDir(t *testing.T) {
	t.Parallel()
	env := func(pairs map[string]string) func(string) string { return func(k string) string { return pairs[k] } }
	if got, err := DefaultDir(env(map[string]string{"SHOP_DATA_DIR": "/srv/shop"})); got != "/srv/shop" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	got, err := DefaultDir(env(map[string]string{"XDG_DATA_HOME": "/srv/data"}))
	want := "/srv/data/shop"
	if os.Geteuid() == 0 {
		want = "/var/lib/shop"
	}
	if got != want || err != nil {
		t.Errorf("got %q, want %q: %v", got, want, err)
	}
}

// Whoever has the database elsewhere installs the client alone, and makes backups with it; of several versions the newest reads all.
func TestToolsOfAClient(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for dir, version := range map[string]string{"15": "15.18 (Debian 15.18-0)", "17": "17.2", "new/bin": "18.0"} {
		install(t, filepath.Join(root, dir), version)
		script := fmt.Sprintf("#!/bin/sh\necho 'pg_dump (PostgreSQL) %s'\n", version)
		if err := os.WriteFile(filepath.Join(root, dir, "pg_dump"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, gone := range []string{"17/postgres", "17/initdb", "new/bin/pg_dump"} { // a client, and a server without it
		if err := os.Remove(filepath.Join(root, gone)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := newestTool(t.Context(), []string{root + "/*/bin"}, root+"/15:"+root+"/17", "pg_dump")
	if err != nil || got != filepath.Join(root, "17/pg_dump") {
		t.Errorf("%s %v", got, err)
	}
	if _, err := newestTool(t.Context(), nil, root+"/nowhere", "pg_dump"); err == nil || !strings.Contains(err.Error(), "its program pg_dump") || !strings.Contains(err.Error(), "postgresql-client") {
		t.Errorf("without any: %v", err)
	}
}
