package pg

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/lib/pq"
)

var (
	errAddressURL   = errors.New("it is no address like postgres://user:password@host:5432/database (in the user and password, signs such as @ : / # % and spaces are written %40 %3A %2F %23 %25 %20)")
	errAddressPairs = errors.New("it is neither postgres://user:password@host:5432/database nor pairs like host=localhost user=shop password=secret")
)

// address reads the address of a database. What cannot be read is not repeated: it holds a password, which parsers quote.
func address(dsn string) (pq.Config, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		if _, err := url.Parse(dsn); err != nil {
			return pq.Config{}, fmt.Errorf("database address: %w", errAddressURL)
		}
	} else if !strings.Contains(dsn, "=") {
		return pq.Config{}, fmt.Errorf("database address: %w", errAddressPairs)
	}
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		return pq.Config{}, fmt.Errorf("database address: %w", err) // names a parameter
	}
	return cfg, nil
}
