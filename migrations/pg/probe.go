package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// probeTime is how long a database that is there may take to say so.
const probeTime = 2 * time.Second

// Probe asks whether the database answers, on a connection of its own: a pool that is busy says nothing about the database.
type Probe struct{ db *sqlx.DB }

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

// Ask returns why the database does not answer.
func (p *Probe) Ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	return p.db.PingContext(ctx)
}

// Close closes the connection.
func (p *Probe) Close() error { return p.db.Close() }
