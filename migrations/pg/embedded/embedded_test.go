package embedded_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"joetz/migrations/pg/embedded"
)

// In a child process the test binary is a user of the cluster: it says "up", and leaves when its standard input ends.
const childEnv = "EMBEDDED_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		os.Exit(useUntilTold(dir))
	}
	status := m.Run()
	if prototypeDir != "" {
		_ = os.RemoveAll(prototypeDir)
	}
	os.Exit(status)
}

var prototypeDir string

// prototype is a cluster that was made and stopped once, for the tests that are not about making one.
var prototype = sync.OnceValue(func() (err error) {
	if prototypeDir, err = os.MkdirTemp("", "embedded-"); err != nil {
		return err
	}
	if err := os.Chmod(prototypeDir, 0o755); err != nil { // PostgreSQL's account enters it
		return err
	}
	s, err := embedded.Start(context.Background(), config(prototypeDir+"/pg"))
	if err != nil {
		return err
	}
	return s.Stop()
})

// made is a directory with a cluster in it that no server runs on.
func made(t *testing.T) string {
	t.Helper()
	if err := prototype(); err != nil {
		skipWithout(t, err)
		t.Fatal(err)
	}
	dir := folder(t)
	if out, err := exec.Command("cp", "-a", prototypeDir+"/pg", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	return dir
}

func skipWithout(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, embedded.ErrNotInstalled) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
}

func useUntilTold(dir string) int {
	s, err := embedded.Start(context.Background(), config(dir))
	if err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	fmt.Println("up", s.Started())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Stop(); err != nil {
		fmt.Println("failed:", err)
		return 1
	}
	return 0
}

func config(dir string) embedded.Config {
	return embedded.Config{Dir: dir, Settings: map[string]string{"fsync": "off"}}
}

type user struct {
	cmd     *exec.Cmd
	in      io.Closer
	started bool // and not joined
}

// run starts a process that uses the cluster and waits until it is up.
func run(t *testing.T, dir string) user {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, _ := bufio.NewReader(out).ReadString('\n')
	if !strings.HasPrefix(line, "up ") {
		t.Fatalf("the process says %q", line)
	}
	return user{cmd, in, line == "up true\n"}
}

func (u user) kill(t *testing.T) {
	t.Helper()
	if err := u.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = u.cmd.Wait() // "signal: killed"
}

func (u user) leave(t *testing.T) {
	t.Helper()
	_ = u.in.Close()
	if err := u.cmd.Wait(); err != nil {
		t.Errorf("a user did not leave cleanly: %v", err)
	}
}

// folder is a directory that PostgreSQL's account can enter, which those of t.TempDir are not for root.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "pg")
}

func start(t *testing.T, dir string) *embedded.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	s, err := embedded.Start(ctx, config(dir))
	skipWithout(t, err)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stop(t *testing.T, s *embedded.Server) {
	t.Helper()
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
}

func do(t *testing.T, s *embedded.Server, statement string) {
	t.Helper()
	if err := try(s, statement); err != nil {
		t.Fatal(err)
	}
}

func try(s *embedded.Server, statement string) error {
	db, err := sql.Open("postgres", s.DSN())
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

func rows(t *testing.T, s *embedded.Server) (n int) {
	t.Helper()
	db, err := sql.Open("postgres", s.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(`SELECT count(*) FROM kept`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// serverPID is 0 when no server runs.
func serverPID(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "data/postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, convErr := strconv.Atoi(first)
	if err != nil || convErr != nil {
		t.Fatal(err, convErr)
	}
	return pid
}

// awaitDown waits for a server whose users were killed.
func awaitDown(t *testing.T, dir string) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); serverPID(t, dir) != 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the server runs on without a user")
		}
	}
}

func TestDataOutlivesStops(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	do(t, s, `CREATE TABLE kept AS SELECT 1 AS n`)
	stop(t, s)
	if err := os.Truncate(filepath.Join(dir, "postgres.log"), 5<<20); err != nil { // a long life: the log is put aside
		t.Fatal(err)
	}
	stop(t, start(t, dir))
	if serverPID(t, dir) != 0 {
		t.Error("the server runs on after Stop")
	}
	s = start(t, dir)
	defer stop(t, s)
	if n := rows(t, s); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

// An over-long log is put aside, and the shop starts then and ever after.
func TestLongLog(t *testing.T) {
	t.Parallel()
	dir := made(t)
	if err := os.Truncate(filepath.Join(dir, "postgres.log"), 5<<20); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		stop(t, start(t, dir))
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres.log.old")); err != nil {
		t.Error(err)
	}
}

func TestNobodyElseReachesIt(t *testing.T) {
	t.Parallel()
	dir := made(t)
	s := start(t, dir)
	defer stop(t, s)
	db, err := sql.Open("postgres", s.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var addresses string
	if err := db.QueryRow(`SHOW listen_addresses`).Scan(&addresses); err != nil || addresses != "" {
		t.Errorf("it listens on %q: %v", addresses, err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode of the directory: %v %v", info.Mode(), err)
	}
}

func TestKilledAndStartedAgain(t *testing.T) {
	t.Parallel()
	dir := made(t)
	u := run(t, dir)
	s := start(t, dir)
	do(t, s, `CREATE TABLE kept (n int)`)
	stop(t, s)
	for n := range 10 {
		u.kill(t)
		u = run(t, dir) // while the server still goes down
		s := start(t, dir)
		do(t, s, `INSERT INTO kept VALUES (1)`)
		if got := rows(t, s); got != n+1 {
			t.Fatalf("after %d kills %d rows", n+1, got)
		}
		stop(t, s)
	}
	u.kill(t)
	awaitDown(t, dir)
}

func TestTwoStartersAtOnce(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	var users [2]user
	var both sync.WaitGroup
	for i := range users {
		both.Go(func() { users[i] = run(t, dir) })
	}
	both.Wait()
	if users[0].started == users[1].started {
		t.Fatalf("started: %v and %v, want one of them", users[0].started, users[1].started)
	}
	first, second := users[0], users[1]
	if second.started {
		first, second = second, first
	}
	pid := serverPID(t, dir)
	first.kill(t) // the starter goes: the other keeps its server
	s := start(t, dir)
	do(t, s, `CREATE TABLE kept (n int)`)
	if now := serverPID(t, dir); now != pid {
		t.Errorf("the server was process %d and is %d", pid, now)
	}
	stop(t, s)
	if serverPID(t, dir) != pid {
		t.Error("the server stopped although somebody uses it")
	}
	second.leave(t)
	if serverPID(t, dir) != 0 {
		t.Error("the server runs on after its last user left")
	}
}

func TestServerIsKilled(t *testing.T) {
	t.Parallel()
	dir := made(t)
	s := start(t, dir)
	do(t, s, `CREATE TABLE kept AS SELECT 1 AS n`)
	do(t, s, `CHECKPOINT`)
	if err := syscall.Kill(serverPID(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Ended():
	case <-time.After(2 * time.Minute):
		t.Fatal("nobody told that the server is gone")
	}
	stop(t, s)
	s = start(t, dir)
	defer stop(t, s)
	if n := rows(t, s); n != 1 {
		t.Errorf("%d rows after recovery", n)
	}
}

// The worst case: the user and the watchdog are killed together, so nobody is left to stop the server.
func TestOrphanIsReplaced(t *testing.T) {
	t.Parallel()
	dir := made(t)
	u := run(t, dir)
	s := start(t, dir)
	do(t, s, `CREATE TABLE kept AS SELECT 1 AS n`)
	orphan := serverPID(t, dir)
	group, err := syscall.Getpgid(orphan)
	if err != nil {
		t.Fatal(err)
	}
	stop(t, s)
	for _, shell := range shells(t, group) {
		if err := syscall.Kill(shell, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	u.kill(t)
	if serverPID(t, dir) != orphan || syscall.Kill(orphan, 0) != nil {
		t.Fatal("the server did not become an orphan: the test tests nothing")
	}
	s = start(t, dir)
	defer stop(t, s)
	if now := serverPID(t, dir); now == orphan || !s.Started() {
		t.Errorf("the orphan %d still serves", now)
	}
	if n := rows(t, s); n != 1 {
		t.Errorf("%d rows", n)
	}
}

// shells are the watchdog's processes: those of the process group whose program is the shell.
func shells(t *testing.T, group int) (pids []int) {
	t.Helper()
	out, err := exec.Command("ps", "-A", "-o", "pid=,pgid=,comm=").Output()
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(out)) {
		var pid, pgid int
		var name string
		if _, err := fmt.Sscan(line, &pid, &pgid, &name); err == nil && pgid == group && strings.HasSuffix(name, "sh") {
			pids = append(pids, pid)
		}
	}
	return pids
}

func TestBrokenDataIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]struct {
		file, content, want string
	}{
		"damaged":     {"data/global/pg_control", "nonsense", "pg_control"},
		"no version":  {"data/PG_VERSION", "", "PostgreSQL"},
		"other maker": {"data/PG_VERSION", "8\n", "made by PostgreSQL 8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := made(t)
			file := filepath.Join(dir, breakIt.file)
			if err := os.WriteFile(file, []byte(breakIt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			before := listing(t, dir+"/data/base")
			_, err := embedded.Start(t.Context(), config(dir))
			if err == nil || !strings.Contains(err.Error(), breakIt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, breakIt.want)
			}
			if listing(t, dir+"/data/base") != before {
				t.Error("files of the database went or came")
			}
		})
	}
}

func TestDisposableClusterIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := made(t)
	if err := os.WriteFile(filepath.Join(dir, "data/global/pg_control"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config(dir)
	c.Disposable = true
	s, err := embedded.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	do(t, s, `CREATE TABLE kept (n int)`)
	stop(t, s)
}

func listing(t *testing.T, dir string) string {
	t.Helper()
	var names strings.Builder
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		names.WriteString(path + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names.String()
}

func TestImpossibleDirectories(t *testing.T) {
	t.Parallel()
	_, err := embedded.Start(t.Context(), config("/tmp/"+strings.Repeat("long", 25)))
	if err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("a path that no socket can have: %v", err)
	}
	if os.Geteuid() == 0 {
		_, err := embedded.Start(t.Context(), config(filepath.Join(t.TempDir(), "pg"))) // below a directory of mode 0700
		if err == nil || !strings.Contains(err.Error(), "SHOP_DATA_DIR") {
			t.Errorf("a directory that PostgreSQL's account cannot enter: %v", err)
		}
	}
}
