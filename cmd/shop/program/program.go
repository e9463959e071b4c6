package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"joetz/cmd/shop/config"
	"joetz/shop/queue"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
)

// Program is one running shop. Tests start the same value on port 0.
type Program struct {
	Now      func() time.Time
	DB       *Database
	Services Services
	StandIn  *StandIn // nil with a Stripe account

	cfg      config.Config
	log      *slog.Logger
	listener net.Listener
	trial    trial
	metrics  *metrics
	watched  net.Listener // where the metrics are served; nil when nobody asked
	app      *fiber.App
	runners  []*queue.Runner
	asked    singleflight.Group
	stopping atomic.Bool // not ready any more, though still answering
	leaving  leaving
}

// drain is how long requests and jobs in work get to end.
const drain = 8 * time.Second

var errDatabaseEnded = errors.New("the private PostgreSQL has ended; its log says why")

// New constructs everything from the bottom up and serves nothing yet. The ports are taken first: when one is busy,
// nothing else was started for nothing.
func New(ctx context.Context, c config.Config, now func() time.Time, log *slog.Logger) (_ *Program, err error) {
	p := &Program{cfg: c, Now: now, log: log}
	defer func() {
		if err != nil && p.DB != nil && p.DB.Private != nil {
			err = p.DB.Private.WithRoom(err)
		}
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.listener, err = listen(ctx, "SHOP_ADDR", c.Addr); err != nil {
		return nil, err
	}
	if c.MetricsAddr != "" {
		if p.watched, err = listen(ctx, "SHOP_METRICS_ADDR", c.MetricsAddr); err != nil {
			return nil, err
		}
	}
	meanwhile := answerMeanwhile(p.listener)
	p.DB, err = OpenDatabase(ctx, c)
	meanwhile()
	if err != nil {
		return nil, err
	}
	p.compareClocks(ctx)
	p.metrics = newMetrics(p)
	if err = p.wire(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// listen takes the address of a setting.
func listen(ctx context.Context, setting, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program, perhaps a shop that still runs: stop it, or choose another port, as %s=127.0.0.1:8081", addr, setting)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s may not be used by this account: choose a port above 1023 with %s", addr, setting)
	case err != nil:
		return nil, fmt.Errorf("%s=%s is no address of this machine on which a program may listen: %w", setting, addr, err)
	}
	return l, nil
}

// URL is where the shop is reached.
func (p *Program) URL() string {
	if p.cfg.URL != "" {
		return p.cfg.URL
	}
	return p.ownURL()
}

// Addr is where the program listens, or would, in a command beside the shop.
func (p *Program) Addr() string {
	if p.listener == nil {
		return p.cfg.Addr
	}
	return p.listener.Addr().String()
}

// ready says why requests should go elsewhere. That all connections are in use is no reason: other processes have the same
// database and no less to do, and a busy shop makes its visitors wait in order.
func (p *Program) ready(ctx context.Context) error {
	if p.stopping.Load() {
		p.leaving.told.Store(true)
		return errors.New("stopping")
	}
	// However many ask, there is one question: a crowd at this address must not make the load balancer wait.
	answer := p.asked.DoChan("", func() (any, error) { return nil, p.DB.probe.Ask(context.WithoutCancel(ctx)) })
	select {
	case a := <-answer:
		return a.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run serves until ctx ends, then stops from the outside in: the load balancer hears that it should go elsewhere, requests and jobs
// that began are finished, then goes what they leaned on, last the database. Run may be called once.
func (p *Program) Run(ctx context.Context) error {
	jobs := p.background(ctx, "jobs", p.runJobs)
	standIn := p.background(ctx, "the stand-in for Stripe", p.runStandIn)
	figures := p.background(ctx, "the metrics", p.runMetrics)
	keys := p.background(ctx, "a look at the keys", p.lookAtKeys)
	served := make(chan error, 1)
	go func() { served <- p.app.Listener(newDoor(p.listener)) }()

	var err error
	select {
	case <-ctx.Done():
	case err = <-served: // it never ends by itself but with an error
	case <-p.DB.ended():
		err = errDatabaseEnded
	}
	p.stopping.Store(true)
	p.log.Info("stopping")
	if err == nil {
		p.leaving.takeLeave(p.cfg.Leave(), p.DB.ended())
	}
	err = errors.Join(err, p.drainRequests())
	jobs()
	standIn()
	figures()
	keys()
	return errors.Join(err, p.Close())
}

// background starts f and returns what stops it and waits for its end. It outlives ctx: the order of stopping is Run's.
func (p *Program) background(ctx context.Context, name string, f func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := f(ctx); err != nil {
			p.log.Error(name+" failed", "error", err)
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

func (p *Program) runJobs(ctx context.Context) error {
	var all errgroup.Group
	for _, r := range p.runners {
		all.Go(func() error { return r.Run(ctx) })
	}
	return all.Wait()
}

func (p *Program) runStandIn(ctx context.Context) error {
	if p.StandIn == nil {
		return nil
	}
	return p.StandIn.Serve(ctx, p.StandIn.listener)
}

func (p *Program) drainRequests() error {
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := p.app.ShutdownWithContext(ctx); err != nil {
		return fmt.Errorf("requests were cut off after %v: %w", drain, err)
	}
	return nil
}

// Close gives back what New took, in reverse. It is for a program that was never run: Run closes by itself.
func (p *Program) Close() error {
	var err error
	if p.DB != nil {
		err = p.DB.Close()
	}
	if p.StandIn != nil {
		err = errors.Join(err, closeListener(p.StandIn.listener))
	}
	for _, l := range []net.Listener{p.listener, p.watched} {
		if l != nil {
			err = errors.Join(err, closeListener(l))
		}
	}
	return err
}

// closeListener closes one that may have been closed by who served on it.
func closeListener(l net.Listener) error {
	if err := l.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
