package bench

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// past gives the shop the bookings of earlier years, unless the office's measurement left its own there.
func past(ctx context.Context, s Shop, o Options, hasPast bool) error {
	if hasPast || o.Past == 0 {
		return nil
	}
	if err := addMany(ctx, s.DB, o.Past); err != nil {
		return err
	}
	return endMany(ctx, s.DB)
}

// warm lets the buyers place orders that are not measured, after everything is prepared: the statistics that preparing ends
// with make every connection plan anew.
func warm(ctx context.Context, s Shop, o Options, buyers []*buyer, departures []int64) error {
	if o.Warm == 0 {
		return nil
	}
	single := orders(buyers, departures)
	var placed atomic.Int64
	got := load(ctx, s.Cluster, o.Clients, 5*time.Minute, func(ctx context.Context, client int) (string, error) {
		if placed.Add(1) > int64(o.Warm) {
			return done, nil
		}
		return single(ctx, client)
	})
	if got.errors > 0 {
		return fmt.Errorf("warming up: %w", got.first)
	}
	_, _ = fmt.Fprintf(o.Log, "warm after %d orders\n", len(got.waits)) // progress: nothing depends on it
	if o.Statements {
		if err := forgetStatements(ctx, s.DB); err != nil {
			return err
		}
	}
	return sold(ctx, s, departures, len(got.waits), false)
}
