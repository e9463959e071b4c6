package pg

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// mostPrepared is how many statements one connection keeps prepared. The shop has a few hundred; what writes ever other
// texts must not fill the server's memory.
const mostPrepared = 400

// AnyKey is "ANY ($1)" for an array of keys of which there is mostly one. The sub-query hides from PostgreSQL how many there
// are: it would else find the plan for any number dearer than planning anew for this one, at each call.
const AnyKey = `ANY ((SELECT $1::bigint[])::bigint[])`

// preparing makes connections that keep prepared what they run more than once: reading and planning a statement costs
// PostgreSQL more than running it, for most of ours. The callers see nothing of it.
type preparing struct{ driver.Connector }

func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	able, ok := c.(capable)
	if !ok {
		return c, nil
	}
	return &preparedConn{capable: able, known: map[string]*known{}}, nil
}

// capable is everything that a connection of lib/pq can do; what is not overridden goes straight there.
type capable interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// ready is a prepared statement as lib/pq has it.
type ready interface {
	driver.StmtExecContext
	driver.StmtQueryContext
}

// known is a statement that ran on this connection; its ready is nil after the first time.
type known struct{ ready }

type preparedConn struct {
	capable
	known map[string]*known
	inTx  bool

	watched <-chan struct{} // the end that lib/pq watches for the transaction
	calm    context.Context // that transaction's, without its end
}

// BeginTx remembers that a transaction runs.
func (c *preparedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.capable.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	c.inTx, c.watched, c.calm = true, ctx.Done(), context.WithoutCancel(ctx)
	return preparedTx{tx, c}, nil
}

// forStatement is ctx as the driver needs it. For whatever can end, lib/pq starts a goroutine and waits for it after each statement.
// It has one for the transaction already, which cancels the statement that runs just as well, so those that end with their
// transaction need none of their own.
func (c *preparedConn) forStatement(ctx context.Context) context.Context {
	if c.inTx && ctx.Done() == c.watched {
		return c.calm
	}
	return ctx
}

type preparedTx struct {
	driver.Tx
	conn *preparedConn
}

// Commit ends the transaction.
func (t preparedTx) Commit() error {
	t.conn.inTx = false
	return t.Tx.Commit()
}

// Rollback ends the transaction.
func (t preparedTx) Rollback() error {
	t.conn.inTx = false
	return t.Tx.Rollback()
}

// QueryContext is what database/sql calls.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return run(ctx, c, query, args, ready.QueryContext, c.capable.QueryContext)
}

// ExecContext is what database/sql calls.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return run(ctx, c, query, args, ready.ExecContext, c.capable.ExecContext)
}

func run[T any](ctx context.Context, c *preparedConn, query string, args []driver.NamedValue,
	prepared func(ready, context.Context, []driver.NamedValue) (T, error), plain func(context.Context, string, []driver.NamedValue) (T, error),
) (out T, err error) {
	ctx = c.forStatement(ctx)
	r, err := c.prepare(ctx, query, len(args))
	if err != nil {
		return out, err
	}
	if r == nil {
		return plain(ctx, query, args)
	}
	out, err = prepared(r, ctx, args)
	if outdatedPlan(err) { // a migration changed a table under us
		delete(c.known, query)
		if !c.inTx { // a transaction is lost; InTx runs it again
			return plain(ctx, query, args)
		}
	}
	return out, err
}

// prepare returns the statement when it ran before; nil the first time, and for one without arguments: it may be several.
func (c *preparedConn) prepare(ctx context.Context, query string, args int) (ready, error) {
	if args == 0 {
		return nil, nil
	}
	k, again := c.known[query]
	if !again {
		if len(c.known) >= mostPrepared {
			if _, err := c.capable.ExecContext(ctx, `DEALLOCATE ALL`, nil); err != nil {
				return nil, err
			}
			clear(c.known)
		}
		c.known[query] = &known{}
		return nil, nil
	}
	if k.ready != nil {
		return k.ready, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	r, ok := s.(ready)
	if !ok {
		return nil, errors.Join(errors.New("pg: the driver's statements take no context"), s.Close())
	}
	k.ready = r
	return r, nil
}

// outdatedPlan reports whether a prepared statement no longer fits its tables, or is gone.
func outdatedPlan(err error) bool {
	if err == nil {
		return false
	}
	e := pq.As(err, pqerror.FeatureNotSupported, pqerror.InvalidSQLStatementName)
	return e != nil && (e.Code == pqerror.InvalidSQLStatementName || e.Routine == "RevalidateCachedQuery")
}
