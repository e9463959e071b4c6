package command

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// databaseOf is the name of the database that an address names.
func databaseOf(dsn string) string {
	c, err := pq.NewConfig(dsn)
	if err != nil {
		return "" // libpqVars told
	}
	return c.Database
}

var errInline = errors.New("database address: sslinline=true has the certificate itself in the address, and PostgreSQL's own programs read it from a file: put it into files, and name them with sslcert, sslkey and sslrootcert")

// libpqVars are the environment variables by which PostgreSQL's own programs reach a database.
func libpqVars(dsn string) ([]string, error) {
	c, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	if c.SSLInline {
		return nil, errInline
	}
	hosts, ports := []string{c.Host}, []string{strconv.Itoa(int(c.Port))}
	for _, other := range c.Multi {
		hosts, ports = append(hosts, other.Host), append(ports, strconv.Itoa(int(other.Port)))
	}
	vars := []string{"PGHOST=" + strings.Join(hosts, ","), "PGPORT=" + strings.Join(ports, ","), "PGDATABASE=" + c.Database, "PGUSER=" + c.User, "PGAPPNAME=shop"}
	if c.Hostaddr.IsValid() { // who names addresses beside the names names them all
		addresses := []string{c.Hostaddr.String()}
		for _, other := range c.Multi {
			addresses = append(addresses, other.Hostaddr.String())
		}
		vars = append(vars, "PGHOSTADDR="+strings.Join(addresses, ","))
	}
	for name, value := range map[string]string{
		"PGPASSWORD": c.Password, "PGPASSFILE": c.Passfile, "PGOPTIONS": c.Options, "PGTARGETSESSIONATTRS": string(c.TargetSessionAttrs),
		"PGSSLMODE": string(c.SSLMode), "PGSSLCERT": c.SSLCert, "PGSSLKEY": c.SSLKey, "PGSSLROOTCERT": c.SSLRootCert,
		"PGSSLNEGOTIATION": string(c.SSLNegotiation), "PGSSLMINPROTOCOLVERSION": string(c.SSLMinProtocolVersion), "PGSSLMAXPROTOCOLVERSION": string(c.SSLMaxProtocolVersion),
		"PGKRBSRVNAME": c.KrbSrvname,
	} {
		if value != "" {
			vars = append(vars, name+"="+value)
		}
	}
	return vars, nil
}
