package baddays

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"joetz/migrations/pg"
)

// server is a PostgreSQL of one test: to restart, to fill up, to copy.
type server struct {
	t    *testing.T
	dir  string // holds data and the socket
	port string
	as   *syscall.Credential // nil: our own account
}

// newServer makes one and starts it; settings are lines of postgresql.conf.
func newServer(t *testing.T, settings ...string) *server {
	t.Helper()
	return newServerIn(t, roomyDir(t), settings...)
}

// roomyDir is a short directory in memory, where there is a gigabyte of it, that PostgreSQL's account can enter.
func roomyDir(t *testing.T) string {
	t.Helper()
	parent := ""
	var shm syscall.Statfs_t
	if syscall.Statfs("/dev/shm", &shm) == nil && shm.Bavail*uint64(shm.Bsize) > 1<<30 { // containers often have 64 MB
		parent = "/dev/shm"
	}
	dir, err := os.MkdirTemp(parent, "baddays-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func newServerIn(t *testing.T, dir string, settings ...string) *server {
	t.Helper()
	tool(t, "postgres")
	s := &server{t: t, dir: dir, port: "5432"}
	s.own(dir)
	s.run("initdb", "--pgdata="+s.data(), "--username=shop", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync")
	// No flush to a disk: the machine stays up. But a commit is written before it is answered, or a crash would lose it.
	lines := append([]string{"listen_addresses = ''", "unix_socket_directories = '" + dir + "'", "fsync = off", "max_connections = 100", "max_wal_size = 64MB",
		"shared_buffers = 32MB", "log_min_error_statement = panic", "wal_keep_size = 64MB"}, settings...)
	s.configure(lines...)
	s.start()
	t.Cleanup(func() { s.halt("immediate") })
	return s
}

// own gives a directory to the account that PostgreSQL runs under.
func (s *server) own(dir string) {
	if os.Geteuid() != 0 {
		return
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		s.t.Fatal(err)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	if err := errors.Join(os.Chown(dir, int(uid), int(gid)), os.Chmod(dir, 0o700)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) data() string { return filepath.Join(s.dir, "data") }

func (s *server) configure(lines ...string) {
	s.t.Helper()
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := f.WriteString(strings.Join(lines, "\n") + "\n"); err != nil {
		s.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// command prepares one of PostgreSQL's programs, under its account.
func (s *server) command(name string, args ...string) *exec.Cmd {
	s.t.Helper()
	cmd := exec.Command(tool(s.t, name), args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.as}
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	return cmd
}

func (s *server) run(name string, args ...string) {
	s.t.Helper()
	if out, err := s.command(name, args...).CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v: %s", name, err, out)
	}
}

func (s *server) start() {
	s.t.Helper()
	if err := s.tryStart(); err != nil {
		s.t.Fatal(err)
	}
}

// tryStart starts the server and waits until it answers.
func (s *server) tryStart() error {
	cmd := s.command("pg_ctl", "start", "--wait", "--timeout=60", "--pgdata="+s.data(), "--log="+filepath.Join(s.dir, "log"))
	if err := cmd.Run(); err != nil { // its output is not read: the server would keep it open
		log, _ := os.ReadFile(filepath.Join(s.dir, "log")) // what can be read is what there is to say
		return fmt.Errorf("pg_ctl start: %w: %s", err, log[max(0, len(log)-1000):])
	}
	return nil
}

// halt stops the server in a mode of pg_ctl: fast, or immediate, which is as if it crashed.
func (s *server) halt(mode string) {
	_ = s.command("pg_ctl", "stop", "--mode="+mode, "--wait", "--pgdata="+s.data()).Run() // it may be down
}

func (s *server) dsn(database string) string {
	return fmt.Sprintf("host=%s port=%s user=shop dbname=%s sslmode=disable", s.dir, s.port, database)
}

// migrated makes a database with every table.
func (s *server) migrated() string {
	s.t.Helper()
	admin, err := sql.Open("postgres", s.dsn("postgres"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec(`CREATE DATABASE shop`); err != nil {
		s.t.Fatal(err)
	}
	db, err := pg.Open(s.t.Context(), s.dsn("shop"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if err := pg.Migrate(s.t.Context(), db); err != nil {
		s.t.Fatal(err)
	}
	return s.dsn("shop")
}
