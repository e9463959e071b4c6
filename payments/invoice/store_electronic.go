package invoice

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

func payerEmail(ctx context.Context, q sqlx.QueryerContext, key id.Invoice) (email string, err error) {
	err = sqlx.GetContext(ctx, q, &email, `SELECT coalesce(nullif(i.payer_email, ''), o.payer_email) FROM invoice i JOIN booking_order o ON o.id = i.order_id WHERE i.id = $1`, key)
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

type openRow struct {
	Invoice id.Invoice  `db:"invoice_id"`
	Open    money.Cents `db:"open_cents"`
}

func openDays(ctx context.Context, q sqlx.QueryerContext, documents []id.Invoice) (days []OpenDay, err error) {
	keys := make(pq.Int64Array, len(documents))
	for i, d := range documents {
		keys[i] = int64(d)
	}
	err = sqlx.SelectContext(ctx, q, &days, `
		SELECT due_on, sum(open_cents) AS open_cents FROM invoice_open WHERE invoice_id = ANY ($1) GROUP BY due_on HAVING sum(open_cents) > 0 ORDER BY due_on`, keys)
	if err != nil {
		return nil, fmt.Errorf("invoice: open days of %v: %w", documents, err)
	}
	return days, nil
}

func openOn(ctx context.Context, q sqlx.QueryerContext, order id.Order, due civil.Date) (rows []openRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT x.invoice_id, x.open_cents FROM invoice_open x JOIN invoice i ON i.id = x.invoice_id
		WHERE i.order_id = $1 AND x.due_on = $2 ORDER BY x.invoice_id`, order, due)
	if err != nil {
		return nil, fmt.Errorf("invoice: open of order %d on %v: %w", order, due, err)
	}
	return rows, nil
}
