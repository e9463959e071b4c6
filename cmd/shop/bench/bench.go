package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/valyala/fasthttp"
)

// Shop is a running shop on a database of its own, without a season.
type Shop struct {
	Addr string // host:port
	URL  string
	DB   *sqlx.DB
	Now  func() time.Time
	// Cluster is the data directory of its private PostgreSQL; "" when it has another.
	Cluster string
	// Tool finds a program of that PostgreSQL, and DSN is its address; nil without one.
	Tool func(ctx context.Context, name string) (string, error)
	DSN  string
	// Place is the booking transaction: it confirms a basket of a parent at a total in cents.
	Place func(ctx context.Context, token string, parent, total int64) error
}

// Options choose what is measured, and for how long.
type Options struct {
	Only    []string      // names of measurements; empty = all
	Clients int           // buyers or readers at once
	For     time.Duration // of each measurement
	Scarce  int           // places of the scarce departure
	Baskets int           // that the booking transaction places
	// Bookings is with how many the office's pages are measured.
	Bookings int
	// Past is how many bookings of earlier years a shop has when buyers come: plans that PostgreSQL makes for empty tables read
	// them whole, and are kept while they grow.
	Past int
	// Warm is how many orders are placed before those that are measured. A connection of PostgreSQL reads its catalogues, compiles
	// functions and plans each statement six times before it keeps a plan: of the first orders that is the greater part.
	Warm int
	Log  io.Writer // what is going on
	// Statements lists after each measurement what PostgreSQL spent its time on; the server runs with CountStatements.
	Statements bool
}

// measurement is one part of a run.
type measurement struct {
	name string
	run  func(ctx context.Context, s Shop, o Options) ([]Figure, error)
	// open says that it wants a shop as it is on a morning: with a past, and with connections that have been used.
	open bool
}

var measurements = []measurement{
	{"office", office, false},
	{"weight", weight, false},
	{"memory", memory, false},
	{"pages", pages, false},
	{"scarce", scarce, true},
	{"spread", spread, true},
	{"sold-out", refusals, true},
	{"transaction", transaction, true},
}

// Names lists the measurements, for the usage.
func Names() string {
	names := make([]string, len(measurements))
	for i, m := range measurements {
		names[i] = m.name
	}
	return strings.Join(names, ", ")
}

// Run makes the measurements one after the other. It stops at the first that cannot be made; a wrong count is an error too.
func Run(ctx context.Context, s Shop, o Options) ([]Figure, error) {
	var all []Figure
	chosen := func(name string) bool { return len(o.Only) == 0 || slices.Contains(o.Only, name) }
	hasPast := chosen("office")
	for _, m := range measurements {
		if !chosen(m.name) {
			continue
		}
		if m.open {
			if err := past(ctx, s, o, hasPast); err != nil {
				return all, err
			}
			hasPast = true
		}
		_, _ = fmt.Fprintf(o.Log, "measuring %s\n", m.name) // progress: nothing depends on it
		if o.Statements {
			if err := forgetStatements(ctx, s.DB); err != nil {
				return all, err
			}
		}
		figures, err := m.run(ctx, s, o)
		all = append(all, figures...)
		if o.Statements && len(figures) > 0 {
			err = errors.Join(err, listStatements(ctx, s.DB, figures[len(figures)-1].Count, o.Log))
		}
		if err != nil {
			return all, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return all, nil
}

// The numbers of the departures that the measurements add.
const (
	scarceNumber = 1
	spreadNumber = 1000
	pagesNumber  = 2000
	outNumber    = 3000
	weightNumber = 5000
	warmNumber   = 500 // on top of the measurement's own
)

// scarce lets all buyers want the same departure until each was told that nothing is left: exactly its capacity, however many
// want it. Who is refused goes away, as nobody here gives a place back; a buyer who asks again at once, thousands of times a
// second, would measure refusals (see refusals) and slow down those who still write down their child.
func scarce(ctx context.Context, s Shop, o Options) ([]Figure, error) {
	departures, err := addDepartures(ctx, s.DB, s.Now(), scarceNumber, 1, o.Scarce)
	if err != nil {
		return nil, err
	}
	buyers, err := newBuyers(ctx, s, o, "scarce", scarceNumber, departures)
	if err != nil {
		return nil, err
	}
	single := orders(buyers, departures)
	got := load(ctx, s.Cluster, o.Clients, max(o.For, time.Minute), func(ctx context.Context, client int) (string, error) {
		outcome, err := single(ctx, client)
		if outcome == soldOut {
			return done, nil
		}
		return outcome, err
	})
	figures := []Figure{figure("whole orders, one scarce departure", "1,000/s, p99 < 200 ms", got)}
	return figures, sold(ctx, s, departures, len(got.waits), true)
}

// spread lets the buyers order on forty departures with room for all.
func spread(ctx context.Context, s Shop, o Options) ([]Figure, error) {
	departures, err := addDepartures(ctx, s.DB, s.Now(), spreadNumber, 40, 500)
	if err != nil {
		return nil, err
	}
	buyers, err := newBuyers(ctx, s, o, "spread", spreadNumber, departures)
	if err != nil {
		return nil, err
	}
	got := load(ctx, s.Cluster, o.Clients, o.For, orders(buyers, departures))
	figures := []Figure{figure("whole orders, over 40 departures", "1,000/s, p99 < 200 ms", got)}
	return figures, sold(ctx, s, departures, len(got.waits), false)
}

// refusals measures how fast a departure without places says so.
func refusals(ctx context.Context, s Shop, o Options) ([]Figure, error) {
	departures, err := addDepartures(ctx, s.DB, s.Now(), outNumber, 1, 1)
	if err != nil {
		return nil, err
	}
	buyers, err := newBuyers(ctx, s, o, "out", outNumber, departures)
	if err != nil {
		return nil, err
	}
	if _, err := buyers[0].order(departures[0]); err != nil {
		return nil, err
	}
	one := load(ctx, s.Cluster, 1, o.For/4, orders(buyers, departures))
	many := load(ctx, s.Cluster, o.Clients, o.For/2, orders(buyers, departures))
	figures := make([]Figure, 0, 2)
	for _, m := range []struct {
		name string
		s    sample
	}{{"sold out, one buyer", one}, {fmt.Sprintf("sold out, %d buyers at once", o.Clients), many}} {
		m.s.waits = m.s.outcomes[soldOut]
		figures = append(figures, figure(m.name, "under 5 ms", m.s))
	}
	return figures, sold(ctx, s, departures, 1, true)
}

// warmDepartures is on how many departures a measurement warms up.
const warmDepartures = 10

// parentsEach is how many families a client orders for in turn: no family books a hundred children in a minute.
const parentsEach = 50

// newBuyers makes the buyers of a measurement, who have ordered before: on departures of their own, numbered after it.
func newBuyers(ctx context.Context, s Shop, o Options, prefix string, number int, departures []int64) ([]*buyer, error) {
	tokens, err := addParents(ctx, s.DB, s.Now(), prefix, o.Clients*parentsEach)
	if err != nil {
		return nil, err
	}
	before, err := addDepartures(ctx, s.DB, s.Now(), number+warmNumber, warmDepartures, o.Warm)
	if err != nil {
		return nil, err
	}
	boarding, err := boardingPlaces(ctx, s.DB, slices.Concat(departures, before))
	if err != nil {
		return nil, err
	}
	buyers := make([]*buyer, o.Clients)
	for i := range buyers {
		own := tokens[i*parentsEach : (i+1)*parentsEach]
		buyers[i] = &buyer{browser: newBrowser(newLine(s.Addr), s.URL, map[string]string{}), sessions: own, boarding: boarding, number: i}
	}
	return buyers, errors.Join(analyse(ctx, s.DB), warm(ctx, s, o, buyers, before))
}

// sold compares what buyers were told with what the rows say.
func sold(ctx context.Context, s Shop, departures []int64, confirmed int, all bool) error {
	t, err := count(ctx, s.DB, departures)
	if err != nil {
		return err
	}
	switch {
	case t.Sold != t.Bookings || t.Twice != 0 || t.Sold > t.Places:
		return fmt.Errorf("the rows disagree: %+v", t)
	case t.Bookings < confirmed:
		return fmt.Errorf("%d orders were confirmed and only %d are booked", confirmed, t.Bookings)
	case all && t.Sold != t.Places:
		return fmt.Errorf("%d of %d places are sold although everybody went on until none was left", t.Sold, t.Places)
	}
	return nil
}

// pages measures the pages that everybody reads, as a browser asks for them: compressed.
func pages(ctx context.Context, s Shop, o Options) ([]Figure, error) {
	if _, err := addDepartures(ctx, s.DB, s.Now(), pagesNumber, 37, 50); err != nil {
		return nil, err
	}
	if err := analyse(ctx, s.DB); err != nil {
		return nil, err
	}
	client := newClient(s.Addr, o.Clients)
	var figures []Figure
	for _, page := range []struct{ name, path string }{
		{"the list of holidays", "/vakanties"}, {"a holiday's page", fmt.Sprintf("/vakanties/bench-%d", pagesNumber)},
	} {
		size := 0
		got := load(ctx, s.Cluster, o.Clients, o.For, func(context.Context, int) (string, error) {
			n, err := read(client, s.URL+page.path)
			size = max(size, n)
			return "", err
		})
		f := figure(page.name, "20,000/s, 60 kB", got)
		f.Bytes, f.Note = size, fmt.Sprintf("%.1f kB compressed", float64(size)/1000)
		figures = append(figures, f)
	}
	return figures, nil
}

func read(client *fasthttp.HostClient, address string) (size int, err error) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.SetRequestURI(address)
	req.Header.Set("Accept-Encoding", "br, gzip")
	if err := client.DoTimeout(req, res, patience); err != nil {
		return 0, err
	}
	if res.StatusCode() != fasthttp.StatusOK {
		return 0, fmt.Errorf("%s: status %d", address, res.StatusCode())
	}
	return len(res.Body()), nil
}
