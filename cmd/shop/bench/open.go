package bench

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// open makes the database that of a shop that has been open for a while.
func open(ctx context.Context, s Shop, o Options, hasPast bool) error {
	if !hasPast && o.Past > 0 {
		if err := addMany(ctx, s.DB, o.Past); err != nil {
			return err
		}
		if err := endMany(ctx, s.DB); err != nil {
			return err
		}
	}
	if o.Warm == 0 {
		return nil
	}
	departures, err := addDepartures(ctx, s.DB, s.Now(), warmNumber, 10, o.Warm)
	if err != nil {
		return err
	}
	buyers, err := newBuyers(ctx, s, o, "warm", departures)
	if err != nil {
		return err
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
	return sold(ctx, s, departures, len(got.waits), false)
}
