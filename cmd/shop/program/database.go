package program

import (
	"context"
	"errors"
	"time"

	"joetz/cmd/shop/config"
	"joetz/migrations/pg"
	"joetz/migrations/pg/embedded"

	"github.com/jmoiron/sqlx"
)

// Database is the open database and, when nobody gave the shop one, the private server under it.
type Database struct {
	*sqlx.DB
	Private *embedded.Server // nil with DATABASE_URL
	replica *pg.Replica      // nil without DATABASE_REPLICA_URL
	probe   *pg.Probe
	DSN     string
}

// startTime is how long a start waits for a server: long enough for one that recovers from a crash of the machine.
const startTime = 2 * time.Minute

// OpenDatabase opens and migrates the database.
func OpenDatabase(ctx context.Context, c config.Config) (*Database, error) {
	return openDatabase(ctx, c, pg.Migrate)
}

// openDatabase migrates without the limit of connecting: a migration of a large database takes as long as it takes, and one that is cut
// off begins anew at each start.
func openDatabase(ctx context.Context, c config.Config, migrate func(context.Context, *sqlx.DB) error) (*Database, error) {
	d, err := ConnectDatabase(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, d.DB); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// ConnectDatabase opens the database and leaves its tables as they are.
func ConnectDatabase(ctx context.Context, c config.Config) (*Database, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	d := &Database{}
	dsn := c.DatabaseURL.Reveal()
	if dsn == "" {
		server, err := embedded.Start(ctx, embedded.Config{Dir: c.ClusterDir(), Settings: c.Postgres})
		if err != nil {
			return nil, err
		}
		d.Private, dsn = server, server.DSN()
	}
	d.DSN = dsn
	var err error
	if d.DB, err = pg.Open(ctx, dsn); err == nil && c.ReplicaURL != "" {
		d.replica, err = pg.OpenReplica(c.ReplicaURL.Reveal(), d.DB, time.Now)
	}
	if err == nil {
		d.probe, err = pg.OpenProbe(dsn)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close closes the pool, and stops the private server when no other process uses it.
func (d *Database) Close() error {
	var err error
	if d.replica != nil {
		err = d.replica.Close()
	}
	if d.probe != nil {
		err = errors.Join(err, d.probe.Close())
	}
	if d.DB != nil {
		err = errors.Join(err, d.DB.Close())
	}
	if d.Private != nil {
		err = errors.Join(err, d.Private.Stop())
	}
	return err
}

// ended is ready when the private server has died under us.
func (d *Database) ended() <-chan struct{} {
	if d.Private == nil {
		return nil
	}
	return d.Private.Ended()
}
