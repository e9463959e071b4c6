package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"joetz/shop"
	"joetz/shop/queue"

	"github.com/gofiber/fiber/v2"
)

// program is one running shop. Tests start the same value on port 0.
type program struct {
	cfg      config
	now      func() time.Time
	log      *slog.Logger
	listener net.Listener
	db       *database
	app      *fiber.App
	runners  []*queue.Runner
	stopping atomic.Bool // not ready any more, though still answering
}

// drain is how long requests and jobs in work get to end.
const drain = 8 * time.Second

var errDatabaseEnded = errors.New("the private PostgreSQL has ended; its log says why")

// newProgram constructs everything from the bottom up and serves nothing yet. The port is taken first: when it is busy,
// nothing else was started for nothing.
func newProgram(ctx context.Context, c config, now func() time.Time, log *slog.Logger) (_ *program, err error) {
	p := &program{cfg: c, now: now, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if p.listener, err = listen(ctx, c.Addr); err != nil {
		return nil, err
	}
	if p.db, err = openDatabase(ctx, c); err != nil {
		return nil, err
	}
	if err = p.wire(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program, perhaps a shop that still runs: stop it, or set SHOP_ADDR=127.0.0.1:8081", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s may not be used by this account: choose a port above 1023 with SHOP_ADDR", addr)
	}
	return l, err
}

// URL is where the shop is reached.
func (p *program) URL() string {
	if p.cfg.URL != "" {
		return p.cfg.URL
	}
	return "http://" + p.listener.Addr().String()
}

// ready says why requests should go elsewhere.
func (p *program) ready(ctx context.Context) error {
	if p.stopping.Load() {
		return errors.New("stopping")
	}
	return p.db.PingContext(ctx)
}

// Run serves until ctx ends, then stops: requests and jobs that began are finished, the database is closed, and the
// private server is shut down if nobody else uses it. Run may be called once.
func (p *program) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var jobs sync.WaitGroup
	for _, r := range p.runners {
		jobs.Go(func() {
			if err := r.Run(ctx); err != nil {
				p.log.Error("jobs did not stop", "error", err)
			}
		})
	}
	served := make(chan error, 1)
	go func() { served <- p.app.Listener(p.listener) }()

	var err error
	select {
	case <-ctx.Done():
	case err = <-served: // it never ends by itself but with an error
	case <-p.db.ended():
		err = errDatabaseEnded
	}
	p.stopping.Store(true)
	p.log.Info("stopping")
	cancel(nil)
	err = errors.Join(err, p.drainRequests())
	jobs.Wait()
	return errors.Join(err, p.close())
}

func (p *program) drainRequests() error {
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := p.app.ShutdownWithContext(ctx); err != nil {
		return fmt.Errorf("requests were cut off after %v: %w", drain, err)
	}
	return nil
}

// close gives back what newProgram took, in reverse.
func (p *program) close() error {
	var err error
	if p.db != nil {
		err = p.db.Close()
	}
	if p.listener != nil {
		if e := p.listener.Close(); !errors.Is(e, net.ErrClosed) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// wire builds services, jobs and pages.
func (p *program) wire(context.Context) error {
	jobs := queue.New(queue.Config{DB: p.db.DB, Now: p.now, Log: p.log})
	p.runners = []*queue.Runner{jobs}

	cookies, err := p.cfg.cookieKey()
	if err != nil {
		return err
	}
	p.app, err = shop.New(shop.Config{Web: p.web(cookies), Public: p.public(), Ready: p.ready})
	if err != nil {
		return err
	}
	p.app.Server().CloseOnShutdown = true // so that a browser does not send its next request into a stopping shop
	return nil
}
