package invoice

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

// insertCorrections writes down of which invoices a credit note takes parts back.
func insertCorrections(ctx context.Context, tx *sqlx.Tx, note id.Invoice, parts []id.Instalment) error {
	keys := make(pq.Int64Array, len(parts))
	for i, p := range parts {
		keys[i] = int64(p)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO invoice_correction (invoice_id, corrected_id)
		SELECT DISTINCT $1::bigint, l.invoice_id FROM invoice_line l WHERE l.instalment_id = ANY ($2) AND l.invoice_id < $1`, note, keys)
	if err != nil {
		return fmt.Errorf("invoice: what credit note %d corrects: %w", note, err)
	}
	return nil
}
