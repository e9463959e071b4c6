package program_test

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
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/medical/seal"
	"joetz/migrations/pg/pgtest"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

func TestProgramServesAndStops(t *testing.T) {
	t.Parallel()
	p, stop := shoptest.Start(t)
	for _, path := range []string{"/healthz", "/readyz", "/"} {
		if status, body := shoptest.Get(t, p.URL()+path); status != http.StatusOK {
			t.Errorf("%s: %d %.200s", path, status, body)
		}
	}
	ahead, err := net.Dial("tcp", p.Addr()) // as a browser does before it has anything to ask
	if err != nil {
		t.Fatal(err)
	}
	defer ahead.Close()
	if err := stop(); err != nil { // a connection on which nothing is asked would hold it up until it gives up, and says so
		t.Fatal(err)
	}
	if _, err := net.Dial("tcp", p.Addr()); err == nil {
		t.Error("the port is still open")
	}
}

func TestStopFinishesWhatBegan(t *testing.T) {
	t.Parallel()
	c := shoptest.Config(t)
	c.Bare = true
	p, err := program.New(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	began, goOn := make(chan struct{}), make(chan struct{})
	p.App().Get("/slow", func(c *fiber.Ctx) error {
		close(began)
		<-goOn
		return p.DB.GetContext(c.UserContext(), new(int), `SELECT 1`) // the database is there to the end
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	answered := make(chan int, 1)
	go func() {
		status, _ := shoptest.Get(t, p.URL()+"/slow")
		answered <- status
	}()
	<-began
	stop()
	for !p.Stopping() {
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

// A shop all of whose connections are in use still wants its visitors: they wait in order. (That it wants none while the database is
// away is tested in baddays.)
func TestABusyShopIsReady(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	for range p.DB.Stats().MaxOpenConnections {
		conn, err := p.DB.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	status, body := shoptest.Get(t, p.URL()+"/readyz")
	for tries := 1; status != http.StatusOK && tries < 20; tries++ { // a machine may stand still for a moment
		status, body = shoptest.Get(t, p.URL()+"/readyz")
	}
	if status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
}

// Whoever sends too much gets a page that says so, in their language, after all of it was sent and no byte of it kept.
func TestTooLargeABodyGetsItsPage(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		conn, err := net.Dial("tcp", p.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		const size = 16 << 20
		_, err = fmt.Fprintf(conn, "POST /boeken HTTP/1.1\r\nHost: %s\r\nAccept-Language: en\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", p.Addr(), kind, size)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(make([]byte, size)); err != nil {
			t.Errorf("%s: it was cut off: %v", kind, err)
			continue
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		body, err := io.ReadAll(answer.Body)
		if err := errors.Join(err, answer.Body.Close()); err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(body), `<html lang="en"`) {
			t.Errorf("%s: %d %v %.300s", kind, answer.StatusCode, err, body)
		}
	}
}

func TestBusyPortIsToldInOneLine(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for setting, c := range map[string]config.Config{
		"SHOP_ADDR":         {Addr: l.Addr().String()},
		"SHOP_METRICS_ADDR": {Addr: "127.0.0.1:0", MetricsAddr: l.Addr().String()},
	} {
		c.DatabaseURL = "host=/nowhere" // nobody has waited for a database by then
		_, err = program.New(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), "is in use") || !strings.Contains(err.Error(), setting) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v", setting, err)
		}
	}
	_, err = program.New(t.Context(), config.Config{Addr: "127.0.0.1:99999"}, time.Now, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "SHOP_ADDR=127.0.0.1:99999 is no address of this machine") {
		t.Errorf("a port that cannot be: %v", err)
	}
}

// However large the database: a migration that is cut off begins anew at each start.
func TestAMigrationMayTakeItsTime(t *testing.T) {
	t.Parallel()
	db, err := program.OpenDatabaseBy(t.Context(), shoptest.Config(t), func(ctx context.Context, _ *sqlx.DB) error {
		if end, limited := ctx.Deadline(); limited {
			t.Errorf("it is cut off at %v", end)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func productionConfig(t *testing.T, dsn string) config.Config {
	t.Helper()
	keys, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Read([]string{"SHOP_ENV=production", "SHOP_ADDR=127.0.0.1:0", "SHOP_URL=https://boeken.example.be",
		"DATABASE_URL=" + dsn, "SMTP_URL=smtp://mail.example.be", "STRIPE_SECRET_KEY=sk_live_x", "STRIPE_WEBHOOK_SECRET=whsec_x", "SHOP_LEAVE_SECONDS=0",
		"SHOP_KEYS=" + keys, "SHOP_SECRET=" + "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U="})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestProductionRefusesADatabaseForTryingOut(t *testing.T) {
	t.Parallel()
	trying := shoptest.Config(t)
	_, stop := shoptest.StartOn(t, trying, shoptest.NewClock(shoptest.Base(t)).Now)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	_, err := program.New(t.Context(), productionConfig(t, trying.DatabaseURL.Reveal()), time.Now, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "known password") {
		t.Errorf("got %v", err)
	}
	otherKeysAreTold(t, trying)
}

// otherKeysAreTold starts a shop beside other keys than those under which its fiches lie: its log says so, and it goes on.
func otherKeysAreTold(t *testing.T, c config.Config) {
	t.Helper()
	c.DataDir = t.TempDir()
	var log lines
	p, err := program.New(t.Context(), c, shoptest.NewClock(shoptest.Base(t)).Now, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	shoptest.WaitFor(t, "the log to tell of other keys", func(context.Context) (bool, error) { return log.has("under keys that are not in SHOP_KEYS"), nil })
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// lines is a log that may be read while it is written.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) has(words string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), words)
}

func TestProductionHasNothingForTryingOut(t *testing.T) {
	t.Parallel()
	c := productionConfig(t, pgtest.DSN(t))
	p, _ := shoptest.StartOn(t, c, shoptest.NewClock(shoptest.Base(t)).Now)
	if p.Private() {
		t.Error("a stand-in or a database of its own runs in production")
	}
	shop := "http://" + p.Addr()
	if status, _ := shoptest.Get(t, shop+"/demo/mail"); status != http.StatusNotFound {
		t.Errorf("the mails can be read: %d", status)
	}
	if _, page := shoptest.Get(t, shop+"/"); strings.Contains(page, "testbar") {
		t.Error("real payments are called imitated")
	}
}

func TestShopEndsWithItsPrivateDatabase(t *testing.T) {
	t.Parallel()
	pgtest.New(t)
	c := shoptest.Config(t)
	c.DatabaseURL, c.DataDir, c.Bare = "", shoptest.DataDir(t), true
	p, err := program.New(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Run(t.Context()) }()
	text, err := os.ReadFile(filepath.Join(c.ClusterDir(), "data/postmaster.pid"))
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
		if !errors.Is(err, program.ErrDatabaseEnded) {
			t.Errorf("the shop ended with %v", err)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the shop goes on without its database")
	}
}

func TestAddressOfAShopThatListensEverywhere(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		":8080": "http://127.0.0.1:8080", "0.0.0.0:80": "http://127.0.0.1:80", "[::]:80": "http://127.0.0.1:80",
		"127.0.0.1:8080": "http://127.0.0.1:8080", "[::1]:8080": "http://[::1]:8080", "shop.local:80": "http://shop.local:80",
	} {
		if got := program.Unopened(config.Config{Addr: addr}).URL(); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}

// rulesFit holds the example rules for alerts against the figures that the shop has, and README.md against the rules: each alert has a
// line there that says what to do.
func rulesFit(t *testing.T, figures string) {
	t.Helper()
	rules, err := os.ReadFile("../deploy/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	alerts := regexp.MustCompile(`(?m)^      - alert: (\w+)$`).FindAllStringSubmatch(string(rules), -1)
	for _, a := range alerts {
		if !strings.Contains(string(readme), "\n| `"+a[1]+"` | ") || !strings.Contains(string(rules), `runbook: "README.md, Alerts, `+a[1]+`"`) {
			t.Errorf("README.md does not say what to do about %s, or the rule does not name its line", a[1])
		}
	}
	for _, expr := range regexp.MustCompile(`(?m)^        expr: (.*)$`).FindAllStringSubmatch(string(rules), -1) {
		for _, name := range regexp.MustCompile(`\b(shop|go|process)_\w+`).FindAllString(expr[1], -1) {
			if !strings.Contains(figures, "\n"+name+" ") && !strings.Contains(figures, "\n"+name+"{") {
				t.Errorf("there is no figure %s, which a rule asks for", name)
			}
		}
	}
	if len(alerts) < 10 {
		t.Errorf("only %d alerts were found", len(alerts))
	}
}

func TestMetricsAreServedApart(t *testing.T) {
	t.Parallel()
	c := shoptest.Config(t)
	c.MetricsAddr, c.Bare, c.BackupDir = "127.0.0.1:0", true, t.TempDir()
	p, _ := shoptest.StartOn(t, c, shoptest.NewClock(shoptest.Base(t)).Now)
	if status, _ := shoptest.Get(t, p.URL()+"/vakanties?zoek=geheim"); status != http.StatusOK {
		t.Fatalf("the shop answers %d", status)
	}
	_, text := shoptest.Get(t, "http://"+p.MetricsAddr()+"/metrics")
	for _, want := range []string{`shop_http_request_duration_seconds_count{method="GET",route="/vakanties",status="200"} 1`, "shop_database_up 1", "shop_database_writable 1", "shop_jobs_dead 0", "shop_backup_newest_timestamp_seconds 0"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figures", want)
		}
	}
	if strings.Contains(text, "geheim") {
		t.Error("the figures hold what somebody searched for")
	}
	rulesFit(t, text)
	problems, err := promlint.New(strings.NewReader(text)).Lint() // what promtool check metrics says
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range problems {
		t.Errorf("%s: %s", wrong.Metric, wrong.Text)
	}
	if status, _ := shoptest.Get(t, p.URL()+"/metrics"); status != http.StatusNotFound {
		t.Errorf("the world reads the figures: status %d", status)
	}
}
