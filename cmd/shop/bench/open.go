package bench

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	// past is how many bookings of earlier years a shop has when buyers come. Plans that PostgreSQL makes for empty tables read
	// them whole, and are kept while they grow.
	past = 3000
	// warmOrders are placed and not measured. A connection of PostgreSQL reads its catalogues, compiles functions and plans each
	// statement six times before it keeps a plan: of the first orders that is the greater part.
	warmOrders = 360
)

// open makes the database that of a shop that has been open for a while.
func open(ctx context.Context, s Shop, o Options, hasPast bool) error {
	if !hasPast {
		if err := addMany(ctx, s.DB, past); err != nil {
			return err
		}
		if err := endMany(ctx, s.DB); err != nil {
			return err
		}
	}
	departures, err := addDepartures(ctx, s.DB, s.Now(), warmNumber, 10, warmOrders)
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
		if placed.Add(1) > warmOrders {
			return done, nil
		}
		return single(ctx, client)
	})
	if got.errors > 0 {
		return fmt.Errorf("warming up: %w", got.first)
	}
	return sold(ctx, s, departures, len(got.waits), false)
}
