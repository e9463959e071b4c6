package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"joetz/cmd/shop/bench"
	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/shop/booking"
	"joetz/terms/id"
	"joetz/terms/money"
)

// measure runs a shop on a temporary database of its own and puts it under load.
func measure(ctx context.Context, env Environment, args []string) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(env.Err)
	only := flags.String("only", "", "what to measure, separated by commas: "+bench.Names())
	clients := flags.Int("clients", 64, "buyers or readers at once")
	during := flags.Duration("for", 10*time.Second, "how long each measurement takes")
	scarce := flags.Int("places", 2000, "places of the scarce departure")
	baskets := flags.Int("baskets", 4000, "baskets that the booking transaction places")
	bookings := flags.Int("bookings", 100_000, "bookings with which the office's pages are measured")
	past := flags.Int("past", 3000, "bookings of earlier years that the shop has when the orders begin")
	warm := flags.Int("warm", 720, "orders that are placed before those that are measured")
	profile := flags.String("profile", "", "write a CPU profile of shop and clients to this file")
	statements := flags.Bool("statements", false, "also list the statements that cost most (needs the extension pg_stat_statements)")
	output := flags.String("json", "", "write the figures to this file as well")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 || *clients < 1 || *during <= 0 || *scarce < 1 || *baskets < 100 || *bookings < 1000 {
		return misuse
	}
	o := bench.Options{Clients: *clients, For: *during, Scarce: *scarce, Baskets: *baskets, Bookings: *bookings, Statements: *statements, Past: *past, Warm: *warm, Log: env.Err}
	if *only != "" {
		o.Only = strings.Split(*only, ",")
	}
	spendMemory(env.Vars)
	stopProfile, err := startProfile(*profile)
	if err != nil {
		return complain(env, err)
	}
	figures, err := benchShop(ctx, o)
	err = errors.Join(err, stopProfile())
	report := bench.Report{Machine: fmt.Sprintf("%d cores, %s, shop, PostgreSQL and %d clients on the same machine", runtime.NumCPU(), runtime.Version(), o.Clients), Figures: figures}
	err = errors.Join(err, report.Print(env.Out))
	if *output != "" {
		err = errors.Join(err, writeReport(*output, report))
	}
	if err != nil {
		return complain(env, err)
	}
	return fine
}

// startProfile profiles until stop is called; "" profiles nothing.
func startProfile(name string) (stop func() error, err error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	file, err := os.Create(filepath.Clean(name))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return file.Close()
	}, nil
}

func writeReport(name string, report bench.Report) error {
	file, err := os.Create(filepath.Clean(name))
	if err != nil {
		return err
	}
	return errors.Join(report.JSON(file), file.Close())
}

// benchShop starts a shop as in development, without the demo, and ends it again with everything that it made.
func benchShop(ctx context.Context, o bench.Options) (figures []bench.Figure, err error) {
	dir, err := os.MkdirTemp("", "shop-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // PostgreSQL runs under another account and has to pass through
		return nil, err
	}
	c := config.Config{Env: "development", Addr: "127.0.0.1:0", DataDir: dir, Bare: true}
	now, err := c.Clock()
	if err != nil {
		return nil, err
	}
	if o.Statements {
		c.Postgres = bench.CountStatements
	}
	begun, err := benchStart(ctx, c, now)
	if err != nil {
		return nil, err
	}
	p, err := program.New(ctx, c, now, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(running) }()
	figures, err = bench.Run(ctx, benchTarget(p, c), o)
	stop()
	return append([]bench.Figure{begun}, figures...), errors.Join(err, <-ended)
}

func benchTarget(p *program.Program, c config.Config) bench.Shop {
	s := bench.Shop{Addr: p.Addr(), URL: p.URL(), DB: p.DB.DB, Now: p.Now, Cluster: filepath.Join(c.ClusterDir(), "data")}
	if p.DB.Private != nil {
		s.Tool, s.DSN = p.DB.Private.Tool, p.DB.Private.DSN()
	}
	s.Place = func(ctx context.Context, token string, parent, total int64) error {
		guardian, err := p.Services.Accounts.GuardianByID(ctx, id.Guardian(parent))
		if err != nil {
			return err
		}
		_, err = p.Services.Bookings.Place(ctx, token, guardian, booking.PlaceInput{
			Instalments: 1, PaymentMethod: "transfer", TermsHash: p.Services.Bookings.Terms.Hash(), QuotedTotal: money.Cents(total),
		})
		return err
	}
	return s
}

// benchStart measures a start with a database that is migrated already, its private PostgreSQL included.
func benchStart(ctx context.Context, c config.Config, now func() time.Time) (f bench.Figure, err error) {
	var begun time.Time
	for range 2 { // the first makes the database
		begun = now()
		p, err := program.New(ctx, c, now, slog.New(slog.DiscardHandler))
		if err != nil {
			return f, err
		}
		f = bench.Figure{Name: "start with a migrated database", Count: 1, P50: float64(now().Sub(begun).Microseconds()) / 1000, Target: "1 s", Note: "its own PostgreSQL included"}
		over, stop := context.WithCancel(ctx)
		stop()
		if err := p.Run(over); err != nil {
			return f, err
		}
	}
	return f, nil
}
