package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"joetz/migrations/pg"
	"joetz/migrations/pg/embedded"

	"github.com/jmoiron/sqlx"
)

// database is the open database and, when nobody gave the shop one, the private server under it.
type database struct {
	*sqlx.DB
	private *embedded.Server // nil with DATABASE_URL
	replica *pg.Replica      // nil without DATABASE_REPLICA_URL
	dsn     string
}

// startTime is long enough for a server that recovers from a crash of the machine.
const startTime = 2 * time.Minute

// openDatabase opens and migrates the database.
func openDatabase(ctx context.Context, c config) (*database, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	d := &database{}
	dsn := c.DatabaseURL.reveal()
	if dsn == "" {
		server, err := embedded.Start(ctx, embedded.Config{Dir: c.clusterDir(), Settings: c.server})
		if err != nil {
			return nil, err
		}
		d.private, dsn = server, server.DSN()
	}
	d.dsn = dsn
	var err error
	if d.DB, err = pg.Open(ctx, dsn); err == nil {
		err = pg.Migrate(ctx, d.DB)
	}
	if err == nil && c.ReplicaURL != "" {
		d.replica, err = pg.OpenReplica(c.ReplicaURL.reveal(), d.DB, time.Now)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (c config) clusterDir() string { return filepath.Join(c.DataDir, "postgres") }

// Close closes the pool, and stops the private server when no other process uses it.
func (d *database) Close() error {
	var err error
	if d.replica != nil {
		err = d.replica.Close()
	}
	if d.DB != nil {
		err = errors.Join(err, d.DB.Close())
	}
	if d.private != nil {
		err = errors.Join(err, d.private.Stop())
	}
	return err
}

// ended is ready when the private server has died under us.
func (d *database) ended() <-chan struct{} {
	if d.private == nil {
		return nil
	}
	return d.private.Ended()
}
