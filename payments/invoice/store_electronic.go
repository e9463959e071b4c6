package invoice

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
)

func payerEmail(ctx context.Context, q sqlx.QueryerContext, key id.Invoice) (email string, err error) {
	err = sqlx.GetContext(ctx, q, &email, `SELECT o.payer_email FROM invoice i JOIN booking_order o ON o.id = i.order_id WHERE i.id = $1`, key)
	if err != nil {
		return "", fmt.Errorf("invoice: address of document %d: %w", key, err)
	}
	return email, nil
}

func issuedIn(ctx context.Context, q sqlx.QueryerContext, from, to civil.Date) (keys []id.Invoice, err error) {
	err = sqlx.SelectContext(ctx, q, &keys, `
		SELECT i.id FROM invoice i JOIN invoice_number n ON n.invoice_id = i.id
		WHERE i.issued_on BETWEEN $1 AND $2 ORDER BY n.series, n.year, n.number`, from, to)
	if err != nil {
		return nil, fmt.Errorf("invoice: documents from %v to %v: %w", from, to, err)
	}
	return keys, nil
}
