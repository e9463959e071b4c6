package pg

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// Away reports whether an error says that the database cannot do its work now, through no fault of the statement: it is
// away or restarting, its disk is full, it has no connection or no time left. Nothing of the statement stays (of a commit
// whose answer was lost nobody knows), and the same may work a minute later.
func Away(err error) bool {
	if err == nil {
		return false
	}
	var network net.Error // lib/pq hands on what the connection said
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) {
		return true
	}
	e := pq.As(err)
	if e == nil {
		return false
	}
	switch e.Code {
	case pqerror.ReadOnlySQLTransaction, // a server that was failed over from
		pqerror.LockNotAvailable, pqerror.QueryCanceled, // the time-outs of Open
		pqerror.AdminShutdown, pqerror.CrashShutdown, pqerror.CannotConnectNow, pqerror.DatabaseDropped,
		pqerror.IdleInTransactionSessionTimeout:
		return true
	}
	class := string(e.Code)
	return strings.HasPrefix(class, "08") || strings.HasPrefix(class, "53") || strings.HasPrefix(class, "58") // connection, resources, the system under it
}
