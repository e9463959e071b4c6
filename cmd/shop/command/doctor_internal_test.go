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
	for ahead, want := range map[time.Duration]string{0: "agrees", time.Second: "agrees", 3 * time.Second: "3s ahead of", -time.Hour: "1h0m0s behind"} {
		f := clockFinding(ahead)
		if !strings.Contains(f.text, want) || (f.state == bad) != (want != "agrees") {
			t.Errorf("%v: %v", ahead, f)
		}
		if f.state == bad && !strings.Contains(f.text, "NTP") {
			t.Errorf("what to do is not said: %v", f)
		}
	}
}
