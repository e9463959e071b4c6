package command

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// Whatever keeps a database from opening, the doctor says what to do next.
func TestAdviceOnADatabaseThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{&pq.Error{Code: pqerror.InvalidPassword}, "ALTER ROLE"},
		{&pq.Error{Code: pqerror.InvalidCatalogName}, "CREATE DATABASE"},
		{&pq.Error{Code: pqerror.TooManyConnections}, "max_connections"},
		{&pq.Error{Code: pqerror.InsufficientPrivilege}, "OWNER TO"},
		{pq.ErrSSLNotSupported, "sslmode=disable"},
		{errors.New("this looks like PgBouncer, add pgbouncer=true to the address"), "set on the role"},
		{errors.New("dial tcp: connection refused"), "host and port of DATABASE_URL"},
	} {
		if said := adviceOn(fmt.Errorf("database does not answer: %w", c.err)); !strings.Contains(said, c.want) {
			t.Errorf("%v: no %q in %q", c.err, c.want, said)
		}
	}
}

func TestClocksThatDiffer(t *testing.T) {
	t.Parallel()
	noon := time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		theirs, took time.Duration
		state        string
	}{
		{0, 0, healthy}, {time.Second, 0, healthy}, {9 * time.Second, 10 * time.Second, healthy}, {-3 * time.Second, 10 * time.Second, bad}, {13 * time.Second, 10 * time.Second, bad}, {-time.Hour, 0, bad},
	} {
		if f := compareClocks(noon, noon.Add(c.theirs), noon.Add(c.took)); f.state != c.state {
			t.Errorf("%v within %v: %v", c.theirs, c.took, f)
		} else if f.state == bad && !strings.Contains(f.text, "NTP") {
			t.Errorf("what to do is not said: %v", f)
		}
	}
}
