package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync/atomic"
	"time"
)

const transactionNumber = 4000

// transaction measures the booking transaction without pages around it, and beside it the same writes as somebody would
// write them by hand, in a script of pgbench on the same tables: baskets that are filled in, placed one after the other.
func transaction(ctx context.Context, s Shop, o Options) ([]Figure, error) {
	departures, err := addDepartures(ctx, s.DB, s.Now(), transactionNumber, 40, (2*o.Baskets+39)/40)
	if err != nil {
		return nil, err
	}
	parents, err := addBaskets(ctx, s.DB, s.Now(), departures, 2*o.Baskets)
	if err != nil {
		return nil, err
	}
	if err := analyse(ctx, s.DB); err != nil {
		return nil, err
	}
	var next atomic.Int64
	got := load(ctx, s.Cluster, o.Clients, 10*time.Minute, func(ctx context.Context, _ int) (string, error) {
		n := int(next.Add(1))
		if n > o.Baskets {
			return done, nil
		}
		return "", s.Place(ctx, basketToken(n), parents[n-1], 33500)
	})
	own := figure("the booking transaction alone", "half of the next line", got)
	byHand, err := handwritten(ctx, s, o)
	if err != nil {
		byHand.Note = err.Error()
	} else if byHand.Rate > 0 {
		own.Note += fmt.Sprintf(" %.2f of the script", own.Rate/byHand.Rate)
	}
	return []Figure{own, byHand}, sold(ctx, s, departures, len(got.waits), false)
}

func basketToken(n int) string { return "bench-basket-" + strconv.Itoa(n) }

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// handwritten lets pgbench place the second half of the baskets.
func handwritten(ctx context.Context, s Shop, o Options) (Figure, error) {
	f := Figure{Name: "the same writes in a script of pgbench"}
	if s.Tool == nil {
		f.Note = "not measured: the database is not the shop's own"
		return f, nil
	}
	program, err := s.Tool(ctx, "pgbench")
	if err != nil {
		f.Note = "not measured: this installation of PostgreSQL has no pgbench"
		return f, nil
	}
	if err := prepareScript(ctx, s.DB, o.Baskets); err != nil {
		return f, err
	}
	file, err := os.CreateTemp("", "bench-*.sql")
	if err != nil {
		return f, err
	}
	defer os.Remove(file.Name())
	if _, err := file.WriteString(script); err != nil {
		return f, err
	}
	if err := file.Close(); err != nil {
		return f, err
	}
	const connections = 24 // as many as the shop has
	each := max(1, o.Baskets/connections)
	before := spent(s.Cluster)
	out, err := exec.CommandContext(ctx, program, "-n", "-M", "prepared", "-c", strconv.Itoa(connections), "-j", "2", "-t", strconv.Itoa(each), "-f", file.Name(), s.DSN).CombinedOutput()
	used := spent(s.Cluster).since(before)
	if err != nil {
		return f, fmt.Errorf("pgbench: %w: %.300s", err, out)
	}
	f.Count = each * connections
	f.Base = millis(used.database) / float64(f.Count)
	if m := tps.FindSubmatch(out); m != nil {
		f.Rate, err = strconv.ParseFloat(string(m[1]), 64)
	}
	return f, err
}
