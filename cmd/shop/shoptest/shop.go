package shoptest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/fsck"
)

// Config is the settings of a shop for trying out, on an empty database of its own.
func Config(t testing.TB) config.Config {
	t.Helper()
	return config.Config{Env: "development", Addr: "127.0.0.1:0", DatabaseURL: config.Secret(pgtest.DSN(t)), DataDir: t.TempDir(), OfflineHours: 24, GoodwillAlone: 100}
}

// Start runs a shop in this process until the test or stop ends it.
func Start(t testing.TB, c config.Config) (p *program.Program, stop func() error) {
	t.Helper()
	p, err := program.New(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return p, RunUntilEnd(t, p)
}

// RunUntilEnd runs a program until the test or stop ends it.
func RunUntilEnd(t testing.TB, p *program.Program) (stop func() error) {
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

// StartMoving runs a shop whose clock the test sets.
func StartMoving(t *testing.T, c config.Config, at time.Time, prepare ...func(*program.Program)) (p *program.Program, move func(time.Time)) {
	t.Helper()
	begun, moved := time.Now(), atomic.Int64{}
	moved.Store(int64(at.Sub(begun)))
	now := func() time.Time { return time.Now().Add(time.Duration(moved.Load())).Truncate(time.Microsecond) }
	p, err := program.New(t.Context(), c, now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range prepare {
		f(p)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return p, func(to time.Time) { moved.Store(int64(time.Until(to))) }
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

// WaitFor waits for what a job does; it fails the test when that never comes.
func WaitFor(t *testing.T, what string, there func(context.Context) (bool, error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
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
