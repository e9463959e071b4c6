package shoptest

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/fsck"
)

// patience is how long something may take on the slowest machine before a test gives up: nothing that goes well comes near it.
const patience = 2 * time.Minute

// Config is the settings of a shop for trying out, on an empty database of its own.
func Config(t testing.TB) config.Config {
	t.Helper()
	return settings(pgtest.DSN(t), t.TempDir())
}

func settings(dsn, dir string) config.Config {
	return config.Config{Env: "development", Addr: "127.0.0.1:0", DatabaseURL: config.Secret(dsn), DataDir: dir, OfflineHours: 24, GoodwillAlone: 100}
}

// Make constructs a shop that serves nothing, for what is called by hand; it has ended when the test ends.
func Make(t testing.TB, c config.Config, now func() time.Time) *program.Program {
	t.Helper()
	p, log := construct(t, c, now)
	t.Cleanup(func() {
		log.quiet(t, p)
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func construct(t testing.TB, c config.Config, now func() time.Time) (*program.Program, *kept) {
	t.Helper()
	log := &kept{}
	p, err := program.New(t.Context(), c, now, log.log())
	if err != nil {
		t.Fatal(err)
	}
	return p, log
}

// Start runs a shop with its demo in this process, whose time begins at Base, until the test or stop ends it.
func Start(t testing.TB) (p *program.Program, stop func() error) {
	t.Helper()
	return StartOn(t, Demo(t, Base(t)), NewClock(Base(t)).Now)
}

// StartMoving runs a shop with its demo until the test ends; its time begins at that moment, goes on by itself, and jumps where
// the test moves it. What prepare does is done before the shop is open.
func StartMoving(t testing.TB, at time.Time, prepare ...func(*program.Program)) (p *program.Program, move func(to time.Time)) {
	t.Helper()
	clock := NewClock(at)
	p, _ = StartOn(t, Demo(t, at), clock.Now, prepare...)
	return p, clock.Set
}

// StartOn runs a shop with a time of the test's own, until the test or stop ends it.
func StartOn(t testing.TB, c config.Config, now func() time.Time, prepare ...func(*program.Program)) (p *program.Program, stop func() error) {
	t.Helper()
	p, log := construct(t, c, now)
	for _, f := range prepare {
		f(p)
	}
	stop = runUntilEnd(t, p)
	t.Cleanup(func() { log.quiet(t, p) }) // before it is stopped: what is added later comes first
	return p, stop
}

// runUntilEnd runs a program until the test or stop ends it.
func runUntilEnd(t testing.TB, p *program.Program) (stop func() error) {
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

// DataDir is a directory that PostgreSQL's account can enter, which those of t.TempDir are not for root.
func DataDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Get is the status and the body of a page.
func Get(t *testing.T, url string) (int, string) {
	t.Helper()
	client := http.Client{Timeout: patience}
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

// WaitFor waits for what a job does; it fails the test when that never comes.
func WaitFor(t *testing.T, what string, there func(context.Context) (bool, error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		switch ok, err := there(ctx); {
		case err != nil:
			t.Fatalf("waiting for %s: %v", what, err)
		case ok:
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Number is the one number that a query answers.
func Number(t *testing.T, p *program.Program, query string, args ...any) (n int64) {
	t.Helper()
	if err := p.DB.GetContext(t.Context(), &n, query, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

// Sound holds every row against every other: what every story must leave behind.
func Sound(t *testing.T, p *program.Program) error {
	t.Helper()
	found, err := fsck.Run(t.Context(), p.DB.DB, p.Now())
	for _, d := range found {
		t.Error(d)
	}
	return err
}
