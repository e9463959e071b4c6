package command

import (
	"fmt"

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

// libpqVars are the environment variables by which PostgreSQL's own programs reach a database.
func libpqVars(dsn string) ([]string, error) {
	c, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	vars := []string{"PGHOST=" + c.Host, fmt.Sprintf("PGPORT=%d", c.Port), "PGDATABASE=" + c.Database, "PGUSER=" + c.User, "PGAPPNAME=shop"}
	for name, value := range map[string]string{"PGPASSWORD": c.Password, "PGSSLMODE": string(c.SSLMode), "PGSSLROOTCERT": c.SSLRootCert} {
		if value != "" {
			vars = append(vars, name+"="+value)
		}
	}
	return vars, nil
}
