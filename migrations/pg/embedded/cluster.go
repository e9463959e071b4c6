package embedded

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	_ "github.com/lib/pq" // the driver that DSN is written for
)

const (
	roleName     = "shop"
	databaseName = "shop"
)

// majorVersion is the version that made the cluster, 0 when there is none yet.
func (h home) majorVersion() int {
	text, err := os.ReadFile(h.path("data/PG_VERSION"))
	if err != nil {
		return 0 // no cluster; or a broken one, which postgres itself describes best
	}
	major, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return major
}

// makeCluster makes the cluster when there is none. It is made beside its place and moved there when it is whole, so that
// a half-made one is never taken for a cluster. A directory that is there, whatever is in it, is left alone.
func (h home) makeCluster(ctx context.Context, p programs, settings map[string]string) error {
	if _, err := os.Stat(h.path("data")); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.RemoveAll(h.path("data.new")); err != nil { // what an interrupted start left: no server ever ran on it
		return fmt.Errorf("data directory: %w", err)
	}
	locale := "C.UTF-8"
	if runtime.GOOS == "darwin" {
		locale = "en_US.UTF-8"
	}
	// Trust is right here: whoever can open the socket can read the files too.
	args := []string{"--pgdata=" + h.path("data.new"), "--username=" + roleName, "--auth=trust",
		"--encoding=UTF8", "--locale=" + locale, "--no-instructions"}
	if settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	cmd := h.command(ctx, p.path("initdb"), args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLines(out))
	}
	return os.Rename(h.path("data.new"), h.path("data"))
}

// makeDatabase makes the shop's database in a new cluster.
func (h home) makeDatabase(ctx context.Context) error {
	db, err := sql.Open("postgres", h.dsn("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	var there bool
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, databaseName).Scan(&there); err != nil || there {
		return err
	}
	_, err = db.ExecContext(ctx, `CREATE DATABASE `+databaseName)
	return err
}

// answering is the name of the server that answers queries, "" when none does.
func (h home) answering(ctx context.Context) (name string) {
	db, err := sql.Open("postgres", h.dsn("postgres"))
	if err != nil {
		return ""
	}
	defer db.Close()
	_ = db.QueryRowContext(ctx, `SHOW cluster_name`).Scan(&name) // not yet, or no longer: the caller asks again
	return name
}

// serverPID is the process that the cluster's postmaster.pid names, 0 when there is none.
func (h home) serverPID() int {
	text, err := os.ReadFile(h.path("data/postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	pid, _ := strconv.Atoi(string(bytes.TrimSpace(first)))
	return pid
}

// awaitEnd waits until the server has taken its postmaster.pid away, the last thing that a clean shutdown does, or is
// dead without having done so.
func (h home) awaitEnd(ctx context.Context) error {
	for {
		pid := h.serverPID()
		if pid == 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return nil
		}
		if err := pause(ctx, 1); err != nil {
			return err
		}
	}
}

// lastLines is the end of a program's output, on one line.
func lastLines(out []byte) string {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if len(lines) > 4 {
		lines = lines[len(lines)-4:]
	}
	for i, l := range lines {
		lines[i] = bytes.TrimSpace(l)
	}
	return string(bytes.Join(lines, []byte("; ")))
}
