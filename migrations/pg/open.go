package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Connections is the size of a process's pool. Two cores of PostgreSQL serve 16 to 32 well; more only queue inside it,
// where they hold locks, instead of in front of it, where they hold nothing.
const Connections = 24

// session is what every connection starts with. A request that takes longer than this is lost to its reader anyway; a
// transaction that sits idle holds locks that others wait for.
//
// The planner is told that pages are in memory, as PostgreSQL's manual has it for such a database, and that rows are what costs:
// reading a table whole is then no cheaper than its index, however small it is. For a plan that is made while a shop is new is
// kept while its tables grow, and made once for all arguments: planning again for each took longer than running.
var session = map[string]string{
	"statement_timeout":                   "30s",
	"lock_timeout":                        "10s",
	"idle_in_transaction_session_timeout": "60s",
	"seq_page_cost":                       "0.1",
	"random_page_cost":                    "0.1",
	"cpu_tuple_cost":                      "0.1",
	"plan_cache_mode":                     "force_generic_plan",
}

// Open connects to the database that dsn names (a URL or key=value pairs, as libpq reads them) and checks that it answers.
//
// Behind PgBouncer add the parameter pgbouncer=true: the time-outs are then not sent at the start of a connection, which
// PgBouncer refuses, and belong on the role (ALTER ROLE shop SET statement_timeout = '30s').
func Open(ctx context.Context, dsn string) (*sqlx.DB, error) {
	cfg, err := address(dsn)
	if err != nil {
		return nil, err
	}
	db, err := pool(withDefaults(cfg), cfg.Runtime["pgbouncer"] == "true")
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close() // the ping's error is the one to tell
		if strings.Contains(err.Error(), "unsupported startup parameter") {
			err = fmt.Errorf("this looks like PgBouncer, add pgbouncer=true to the address: %w", err)
		}
		return nil, fmt.Errorf("database does not answer: %w", err)
	}
	return db, nil
}

// pool makes the connections, when they are needed.
func pool(cfg pq.Config, bouncer bool) (*sqlx.DB, error) {
	plain, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, err
	}
	connector := driver.Connector(preparing{plain})
	if bouncer { // what is prepared on one of its connections is not on the next
		connector = plain
	}
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	db.SetMaxOpenConns(Connections)
	db.SetMaxIdleConns(Connections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour) // so that a moved or failed-over server is followed
	return db, nil
}

func withDefaults(cfg pq.Config) pq.Config {
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = "shop"
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 5 * time.Second
	}
	cfg.BinaryParameters = true                                 // one round trip instead of two, and the only way that PgBouncer's transaction mode bears
	runtime := map[string]string{"timezone": "Europe/Brussels"} // a date cut from an instant in SQL is a Belgian date
	if cfg.Runtime["pgbouncer"] != "true" {
		for name, value := range session {
			runtime[name] = value
		}
	}
	for name, value := range cfg.Runtime { // what the address says wins
		if name != "pgbouncer" {
			runtime[name] = value
		}
	}
	cfg.Runtime = runtime
	return cfg
}
