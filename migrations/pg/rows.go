package pg

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/lib/pq"
)

// Rows hands many rows to one statement, which reads them as
//
//	json_to_recordset($1::json) AS r (name text, born_on date)
//
// by the names that T has in JSON. Bytes are base64 there: decode(r.sealed, 'base64').
type Rows[T any] []T

// Value is what the driver sends.
func (r Rows[T]) Value() (driver.Value, error) {
	text, err := json.Marshal([]T(r))
	if err != nil {
		return nil, fmt.Errorf("%d rows: %w", len(r), err)
	}
	return string(text), nil
}

// Keys hands ids to a query, as in AnyKey.
func Keys[K ~int64](ids []K) pq.Int64Array {
	all := make(pq.Int64Array, len(ids))
	for i, k := range ids {
		all[i] = int64(k)
	}
	return all
}
