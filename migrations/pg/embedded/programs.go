package embedded

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
)

// ErrNotInstalled is returned on a machine without PostgreSQL.
var ErrNotInstalled = errors.New("PostgreSQL is not installed")

// programs is one installation of PostgreSQL on this machine.
type programs struct {
	dir    string // holds postgres and initdb
	major  int
	script bool // postgres is somebody's wrapper
}

func (p programs) path(name string) string { return filepath.Join(p.dir, name) }

// places are where packagers put the server's programs, which they mostly keep out of PATH.
var places = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // the PostgreSQL project's packages for Red Hat
	"/usr/lib/postgresql*/bin",  // SUSE
	"/usr/libexec/postgresql*",  // Alpine
	"/opt/homebrew/opt/postgresql*/bin",
	"/usr/local/opt/postgresql*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/usr/local/pgsql/bin", // built from source
}

// oldestMajor is the first version that has all that the migrations use.
const oldestMajor = 13

// findPrograms finds the installation to run: the one that made the cluster (major), or the newest for a new one (0).
func findPrograms(ctx context.Context, major int) (programs, error) {
	return choose(installed(ctx, places, os.Getenv("PATH")), major)
}

func choose(found []programs, major int) (programs, error) {
	var versions []int
	for _, p := range found { // best first
		if p.major == major || major == 0 && p.major >= oldestMajor {
			return p, nil
		}
		versions = append(versions, p.major)
	}
	switch {
	case len(found) == 0:
		return programs{}, fmt.Errorf("%w: %s, or set DATABASE_URL to a server elsewhere", ErrNotInstalled, howToInstall(0))
	case major != 0:
		return programs{}, fmt.Errorf("the shop's data was made by PostgreSQL %d, this machine has only %v: %s, or set DATABASE_URL to a server elsewhere",
			major, versions, howToInstall(major))
	}
	return programs{}, fmt.Errorf("PostgreSQL %v is too old, the shop needs %d or newer: %s, or set DATABASE_URL to a server elsewhere",
		versions, oldestMajor, howToInstall(0))
}

func howToInstall(major int) string {
	command, join := "apt install postgresql", "-"
	if runtime.GOOS == "darwin" {
		command, join = "brew install postgresql", "@"
	}
	if major == 0 {
		return command
	}
	return command + join + strconv.Itoa(major)
}

// folders are where programs may be: the packagers' places, then PATH.
func folders(places []string, path string) (dirs []string) {
	for _, pattern := range places {
		match, _ := filepath.Glob(pattern) // the patterns are well-formed
		dirs = append(dirs, match...)
	}
	return append(dirs, filepath.SplitList(path)...)
}

// newestTool finds one program, of whichever installation, complete or not; of equal versions the first.
func newestTool(ctx context.Context, places []string, path, name string) (tool string, err error) {
	best := 0
	for _, dir := range folders(places, path) {
		file, err := exec.LookPath(filepath.Join(dir, name))
		if err != nil || !filepath.IsAbs(file) {
			continue
		}
		if major := versionOf(ctx, file); major > best {
			tool, best = file, major
		}
	}
	if tool == "" {
		return "", fmt.Errorf("%w with its program %s: %s (or its client alone: postgresql-client)", ErrNotInstalled, name, howToInstall(0))
	}
	return tool, nil
}

var versionLine = regexp.MustCompile(`^\w+ \(PostgreSQL\) (\d+)`)

// versionOf asks a program for its major version; 0 when it does not say.
func versionOf(ctx context.Context, file string) int {
	out, err := exec.CommandContext(ctx, file, "--version").Output() //nolint:gosec // PATH is the operator's own
	m := versionLine.FindSubmatch(out)
	if err != nil || m == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(m[1])) // digits
	return major
}

// installed lists what is there: newest first, and of equal versions a program before a script around one, since a
// script may start the server as a process that we would not see die.
func installed(ctx context.Context, places []string, path string) []programs {
	var found []programs
	seen := map[string]bool{}
	for _, dir := range folders(places, path) {
		// PATH often has links: the directory that counts is the one where the program's neighbours are.
		target, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
		if err != nil || seen[target] {
			continue
		}
		seen[target] = true
		if p, ok := examine(ctx, filepath.Dir(target)); ok {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b programs) int {
		if a.major != b.major {
			return cmp.Compare(b.major, a.major)
		}
		return cmp.Compare(btoi(a.script), btoi(b.script))
	})
	return found
}

func examine(ctx context.Context, dir string) (programs, bool) {
	p := programs{dir: dir}
	if _, err := exec.LookPath(p.path("initdb")); err != nil {
		return p, false
	}
	p.major = versionOf(ctx, p.path("postgres"))
	p.script = isScript(p.path("postgres"))
	return p, p.major > 0
}

func isScript(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 2)
	n, _ := f.Read(head) // a file of one byte is no script either
	return bytes.Equal(head[:n], []byte("#!"))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
