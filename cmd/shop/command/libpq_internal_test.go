package command

import (
	"slices"
	"strings"
	"testing"
)

// pg_dump and pg_restore reach the server as the shop does: with its certificates, at each of its hosts.
func TestPostgresProgramsGetTheWholeAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dsn  string
		want []string
	}{
		{"postgres://shop:a%40b@db.example:5433/shop?sslmode=verify-full&sslcert=/etc/shop/c.pem&sslkey=/etc/shop/k.pem&sslrootcert=/etc/shop/ca.pem",
			[]string{"PGHOST=db.example", "PGPORT=5433", "PGDATABASE=shop", "PGUSER=shop", "PGPASSWORD=a@b", "PGSSLMODE=verify-full",
				"PGSSLCERT=/etc/shop/c.pem", "PGSSLKEY=/etc/shop/k.pem", "PGSSLROOTCERT=/etc/shop/ca.pem"}},
		{"host=one,two port=5433,5434 user=shop dbname=shop sslmode=disable target_session_attrs=read-write options='-c geqo=off'",
			[]string{"PGHOST=one,two", "PGPORT=5433,5434", "PGSSLMODE=disable", "PGTARGETSESSIONATTRS=read-write", "PGOPTIONS=-c geqo=off"}},
		{"hostaddr=127.0.0.1 host=db.example user=shop dbname=shop", []string{"PGHOST=db.example", "PGHOSTADDR=127.0.0.1"}},
		{"host=/run/postgresql user=shop dbname=shop pgbouncer=true", []string{"PGHOST=/run/postgresql", "PGPORT=5432"}},
	} {
		vars, err := libpqVars(c.dsn)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !slices.Contains(vars, want) {
				t.Errorf("%s: no %s in %q", c.dsn, want, vars)
			}
		}
	}
	if _, err := libpqVars("host=db user=shop sslinline=true sslcert=geheim sslkey=geheim"); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("a certificate in the address: %v", err)
	}
}
