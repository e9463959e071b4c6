package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"joetz/medical/seal"
	"joetz/migrations/pg/pgtest"

	"github.com/gofiber/fiber/v2"
)

// In a child process the test binary is the shop itself, to be killed and signalled.
const childEnv = "SHOP_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main()
	}
	os.Exit(m.Run())
}

func testConfig(t testing.TB) config {
	t.Helper()
	return config{Env: "development", Addr: "127.0.0.1:0", DatabaseURL: secret(pgtest.DSN(t)), DataDir: t.TempDir(), OfflineHours: 24, GoodwillAlone: 100}
}

// startProgram runs a shop in this process until the test or stop ends it.
func startProgram(t testing.TB, c config) (p *program, stop func() error) {
	t.Helper()
	p, err := newProgram(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return p, runUntilEnd(t, p)
}

// runUntilEnd runs a program until the test or stop ends it.
func runUntilEnd(t testing.TB, p *program) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	var once bool
	stop = func() error {
		if once {
			return nil
		}
		once = true
		cancel()
		return <-ended
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return stop
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestProgramServesAndStops(t *testing.T) {
	t.Parallel()
	p, stop := startProgram(t, testConfig(t))
	for _, path := range []string{"/healthz", "/readyz", "/"} {
		if status, body := get(t, p.URL()+path); status != http.StatusOK {
			t.Errorf("%s: %d %.200s", path, status, body)
		}
	}
	ahead, err := net.Dial("tcp", p.listener.Addr().String()) // as a browser does before it has anything to ask
	if err != nil {
		t.Fatal(err)
	}
	defer ahead.Close()
	begun := time.Now()
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 3*time.Second { // a connection on which nothing is asked must not hold it up
		t.Errorf("the stop took %v", took)
	}
	if _, err := net.Dial("tcp", p.listener.Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}

func TestStopFinishesWhatBegan(t *testing.T) {
	t.Parallel()
	p, err := newProgram(t.Context(), testConfig(t), time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	began, goOn := make(chan struct{}), make(chan struct{})
	p.app.Get("/slow", func(c *fiber.Ctx) error {
		close(began)
		<-goOn
		return p.db.GetContext(c.UserContext(), new(int), `SELECT 1`) // the database is there to the end
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	answered := make(chan int, 1)
	go func() {
		status, _ := get(t, p.URL()+"/slow")
		answered <- status
	}()
	<-began
	stop()
	for !p.stopping.Load() {
		time.Sleep(time.Millisecond)
	}
	close(goOn)
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the request that had begun got %d", status)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestBusyPortIsToldInOneLine(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := testConfig(t)
	c.Addr = l.Addr().String()
	_, err = newProgram(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "is in use") || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
}

func productionConfig(t *testing.T, dsn string) config {
	t.Helper()
	keys, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	c, err := readConfig([]string{"SHOP_ENV=production", "SHOP_ADDR=127.0.0.1:0", "SHOP_URL=https://boeken.example.be",
		"DATABASE_URL=" + dsn, "SMTP_URL=smtp://mail.example.be", "STRIPE_SECRET_KEY=sk_live_x", "STRIPE_WEBHOOK_SECRET=whsec_x",
		"SHOP_KEYS=" + keys, "SHOP_SECRET=" + goodSecret})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestProductionRefusesADatabaseForTryingOut(t *testing.T) {
	t.Parallel()
	trying := testConfig(t)
	_, stop := startProgram(t, trying)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	_, err := newProgram(t.Context(), productionConfig(t, trying.DatabaseURL.reveal()), time.Now, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "known password") {
		t.Errorf("got %v", err)
	}
}

func TestProductionHasNothingForTryingOut(t *testing.T) {
	t.Parallel()
	c := productionConfig(t, pgtest.DSN(t))
	p, _ := startProgram(t, c)
	if p.standIn != nil || p.db.private != nil {
		t.Error("a stand-in runs in production")
	}
	shop := "http://" + p.listener.Addr().String()
	if status, _ := get(t, shop+"/demo/mail"); status != http.StatusNotFound {
		t.Errorf("the mails can be read: %d", status)
	}
	if _, page := get(t, shop+"/"); strings.Contains(page, "testbar") {
		t.Error("real payments are called imitated")
	}
}

func TestShopEndsWithItsPrivateDatabase(t *testing.T) {
	t.Parallel()
	pgtest.New(t)
	c := testConfig(t)
	c.DatabaseURL, c.DataDir = "", dataDir(t)
	p, err := newProgram(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Run(t.Context()) }()
	text, err := os.ReadFile(filepath.Join(c.clusterDir(), "data/postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscan(string(text), &pid); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if !errors.Is(err, errDatabaseEnded) {
			t.Errorf("the shop ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the shop goes on without its database")
	}
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
	case <-time.After(15 * time.Second):
		t.Fatal("the shop does not stop")
	}
}

// dataDir is a directory that PostgreSQL's account can enter, which those of t.TempDir are not for root.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestShopIsKilledSignalledAndStartedAgain(t *testing.T) {
	t.Parallel()
	pgtest.New(t) // skips the test on a machine without PostgreSQL
	dir := dataDir(t)
	vars := "SHOP_DATA_DIR=" + dir
	for range 3 {
		c := runChild(t, vars, "DATABASE_URL=")
		if status, body := get(t, c.url+"/readyz"); status != http.StatusOK {
			t.Fatalf("not ready: %d %s", status, body)
		}
		if err := c.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.cmd.Wait() // "signal: killed"
	}
	begun := time.Now()
	c := runChild(t, vars, "DATABASE_URL=")
	if took := time.Since(begun); took > 5*time.Second { // half a second when the machine has nothing else to do
		t.Errorf("a start with data that is there took %v", took)
	}
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
	vars := "SHOP_DATA_DIR=" + dataDir(t)
	first := runChild(t, vars, "DATABASE_URL=")
	second := runChild(t, vars, "DATABASE_URL=")
	if err := first.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	first.wait(t)
	if status, body := get(t, second.url+"/readyz"); status != http.StatusOK {
		t.Errorf("the second lost its database with the first: %d %s", status, body)
	}
	if err := second.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	second.wait(t)
}

func TestUnknownCommand(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder
	status := run(t.Context(), environment{out: &out, err: &errs}, []string{"sell"})
	if status != misuse || !strings.Contains(errs.String(), `"sell"`) || !strings.Contains(errs.String(), "serve") {
		t.Errorf("%d %s", status, fmt.Sprint(out.String(), errs.String()))
	}
}

func TestKeysAreChanged(t *testing.T) {
	t.Parallel()
	vars := []string{"DATABASE_URL=" + pgtest.DSN(t), "SHOP_DATA_DIR=" + t.TempDir()}
	shop := func(args ...string) string {
		t.Helper()
		var out, errs strings.Builder
		if status := run(t.Context(), environment{vars: vars, out: &out, err: &errs}, append([]string{"keys"}, args...)); status != fine {
			t.Fatalf("shop keys %v: %d %s", args, status, errs.String())
		}
		return strings.TrimSpace(out.String())
	}
	keys := shop("new")
	use := func(text string) { vars = append(vars[:2], "SHOP_KEYS="+text) }
	use(keys)
	old, _, _ := strings.Cut(shop("list"), " ")
	use(shop("add"))
	fresh := ""
	for line := range strings.Lines(shop("list")) {
		if id, _, _ := strings.Cut(line, " "); id != old {
			fresh = id
		}
	}
	use(shop("promote", fresh))
	if out := shop("rewrap"); !strings.HasPrefix(out, "0 ") {
		t.Errorf("an empty shop has fiches: %s", out)
	}
	use(shop("retire", old))
	if list := shop("list"); strings.Contains(list, old) || !strings.Contains(list, fresh) {
		t.Errorf("%s was to go and %s to stay: %s", old, fresh, list)
	}
	var out, errs strings.Builder
	if status := run(t.Context(), environment{vars: vars, out: &out, err: &errs}, []string{"keys", "retire", fresh}); status != failed {
		t.Errorf("the key that seals was retired: %s", out.String())
	}
}

func TestAddressOfAShopThatListensEverywhere(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		":8080": "http://127.0.0.1:8080", "0.0.0.0:80": "http://127.0.0.1:80", "[::]:80": "http://127.0.0.1:80",
		"127.0.0.1:8080": "http://127.0.0.1:8080", "[::1]:8080": "http://[::1]:8080", "shop.local:80": "http://shop.local:80",
	} {
		p := &program{cfg: config{Addr: addr}}
		if got := p.URL(); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}
