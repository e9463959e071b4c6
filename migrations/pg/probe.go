package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/singleflight"
)

// probeTime is how long a database that is there may take to say so.
const probeTime = 2 * time.Second

// Probe asks whether the database answers, on a connection of its own: a pool that is busy says nothing about the database.
type Probe struct {
	db    *sqlx.DB
	asked singleflight.Group
}

// OpenProbe prepares to ask the database at dsn. Its connection is made when it is first needed.
func OpenProbe(dsn string) (*Probe, error) {
	cfg, err := address(dsn)
	if err != nil {
		return nil, err
	}
	db, err := pool(withDefaults(cfg), cfg.Runtime["pgbouncer"] == "true")
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	db.SetMaxOpenConns(1)
	return &Probe{db: db}, nil
}

// Ask returns why the database does not answer. Who asks while somebody does hears the same: however many ask, there is one
// question.
func (p *Probe) Ask(ctx context.Context) error {
	answer := p.asked.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTime)
		defer cancel()
		return nil, p.db.PingContext(ctx)
	})
	select {
	case a := <-answer:
		return a.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close closes the connection.
func (p *Probe) Close() error { return p.db.Close() }
