package main

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"joetz/cmd/shop/shoptest"
	"joetz/migrations/pg/pgtest"
)

// In a child process the test binary is the shop itself, to be killed and signalled.
const childEnv = "SHOP_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main()
	}
	os.Exit(m.Run())
}

// child is the shop as a process of its own.
type child struct {
	cmd *exec.Cmd
	url string
}

func runChild(t *testing.T, vars ...string) child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(vars, childEnv+"=1", "SHOP_ADDR=127.0.0.1:0")...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a shell starts it
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, found := strings.Cut(lines.Text(), "The shop is open: "); found {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return child{cmd, url}
		}
	}
	t.Fatalf("the shop did not open: %v", cmd.Wait())
	return child{}
}

func (c child) wait(t *testing.T) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- c.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the shop ended with %v", err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the shop does not stop")
	}
}

func TestShopIsKilledSignalledAndStartedAgain(t *testing.T) {
	t.Parallel()
	pgtest.New(t) // skips the test on a machine without PostgreSQL
	dir := shoptest.DataDir(t)
	vars := "SHOP_DATA_DIR=" + dir
	for range 3 {
		c := runChild(t, vars, "DATABASE_URL=")
		if status, body := shoptest.Get(t, c.url+"/readyz"); status != http.StatusOK {
			t.Fatalf("not ready: %d %s", status, body)
		}
		if err := c.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.cmd.Wait() // "signal: killed"
	}
	c := runChild(t, vars, "DATABASE_URL=")
	if err := syscall.Kill(-c.cmd.Process.Pid, syscall.SIGTERM); err != nil { // the whole group, as a terminal does
		t.Fatal(err)
	}
	c.wait(t)
	if _, err := os.Stat(filepath.Join(dir, "postgres/data/postmaster.pid")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the private server runs on: %v", err)
	}
}

func TestTwoShopsOnOneDatabase(t *testing.T) {
	t.Parallel()
	pgtest.New(t)
	vars := "SHOP_DATA_DIR=" + shoptest.DataDir(t)
	first := runChild(t, vars, "DATABASE_URL=")
	second := runChild(t, vars, "DATABASE_URL=")
	if err := first.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	first.wait(t)
	if status, body := shoptest.Get(t, second.url+"/readyz"); status != http.StatusOK {
		t.Errorf("the second lost its database with the first: %d %s", status, body)
	}
	if err := second.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	second.wait(t)
}
