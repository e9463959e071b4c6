package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// longestDir leaves room for "/.s.PGSQL.5432" within the 104 bytes that a unix socket's path may have on macOS (108 on Linux).
const longestDir = 88

// home is the cluster's directory and the account that PostgreSQL runs under.
type home struct {
	dir     string
	account *syscall.Credential // nil: our own
}

// DefaultDir is where a shop keeps what it must not lose when nobody says otherwise: $SHOP_DATA_DIR, /var/lib/shop for
// root, $XDG_DATA_HOME/shop or ~/.local/share/shop for others.
func DefaultDir(getenv func(string) string) (string, error) {
	if dir := getenv("SHOP_DATA_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	if os.Geteuid() == 0 {
		return "/var/lib/shop", nil // not under /root: PostgreSQL's account cannot enter there
	}
	if dir := getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "shop"), nil
	}
	dir, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no home directory for the shop's data, set SHOP_DATA_DIR: %w", err)
	}
	return filepath.Join(dir, ".local", "share", "shop"), nil
}

func openHome(ctx context.Context, dir string) (home, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return home{}, err
	}
	if len(dir) > longestDir {
		return home{}, fmt.Errorf("data directory %s: its path is too long for PostgreSQL's socket (at most %d bytes)", dir, longestDir)
	}
	h := home{dir: dir}
	if err := cmp.Or(os.MkdirAll(filepath.Dir(dir), 0o755), os.MkdirAll(dir, 0o700)); err != nil {
		return home{}, fmt.Errorf("data directory %s cannot be made, choose another with SHOP_DATA_DIR: %w", dir, err)
	}
	if os.Geteuid() == 0 {
		if h.account, err = unprivileged(); err != nil {
			return home{}, err
		}
	}
	if err := h.mine(); err != nil {
		return home{}, err
	}
	// Above is as far as root can judge; whether the account can enter, only the account can tell.
	if out, err := h.command(ctx, "/bin/sh", "-c", `cd "$1" && test -w .`, "sh", dir).CombinedOutput(); err != nil {
		return home{}, fmt.Errorf("data directory %s cannot be used by PostgreSQL's account, choose another with SHOP_DATA_DIR: %w %s",
			dir, err, strings.TrimSpace(string(out)))
	}
	return h, nil
}

// unprivileged is the account that PostgreSQL, which refuses root, runs under when we are root.
func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if errUID == nil && errGID == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("PostgreSQL does not run as root and this machine has no account postgres: run the shop as another user, or set DATABASE_URL")
}

// command prepares a program to run in the directory, under the account, out of reach of the terminal's Ctrl-C: a shop
// that is interrupted finishes its requests first, and needs its database for that.
func (h home) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = "/"
	if h.account == nil { // the account may not be able to enter our own working directory
		cmd.Dir = h.dir
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: h.account}
	cmd.Env = append(os.Environ(), "LC_ALL=C", "PGOPTIONS=") // messages that we read; nobody's settings but ours
	return cmd
}

func (h home) path(name string) string { return filepath.Join(h.dir, name) }

// dsn quotes the directory, which may hold spaces, as lib/pq reads it.
func (h home) dsn(database string) string {
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	return fmt.Sprintf("host='%s' port=5432 user=%s dbname='%s' sslmode=disable", quote.Replace(h.dir), roleName, quote.Replace(database))
}

// lockKind says how many may hold a lock.
type lockKind int

const (
	shared    lockKind = syscall.LOCK_SH
	exclusive lockKind = syscall.LOCK_EX
)

// lock takes the lock file, waiting for those who hold it. Closing the file, or dying, drops it.
func (h home) lock(ctx context.Context, name string, kind lockKind) (*os.File, error) {
	f, err := os.OpenFile(h.path(name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	for !tryLock(f, kind) {
		if err := pause(ctx, 1); err != nil {
			_ = f.Close() // holds nothing
			return nil, fmt.Errorf("data directory %s is held by another process: %w", h.dir, err)
		}
	}
	return f, nil
}

// tryLock takes the lock if it is free. On failure a lock of another kind on the same file is lost.
func tryLock(f *os.File, kind lockKind) bool {
	return syscall.Flock(int(f.Fd()), int(kind)|syscall.LOCK_NB) == nil
}

// pause is some beats of waiting for another process: there is nothing to be told by, so it is asked again.
func pause(ctx context.Context, beats int) error {
	select {
	case <-time.After(time.Duration(beats) * 5 * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
