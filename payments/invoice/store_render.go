package invoice

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice/pdf"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

type nullTime = sql.NullTime

// earlierInvoices lists the documents that the law wants named on this one: on a credit note the invoices it corrects, on
// what is asked after a deposit the deposit.
func earlierInvoices(ctx context.Context, q sqlx.QueryerContext, key id.Invoice, kind string) ([]pdf.Earlier, error) {
	if kind == "deposit" || kind == "full" || kind == "fee" {
		return nil, nil
	}
	var rows []struct {
		Series string      `db:"series"`
		Year   int         `db:"year"`
		Number int         `db:"number"`
		On     civil.Date  `db:"issued_on"`
		Total  money.Cents `db:"total_cents"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT n.series, n.year, n.number, e.issued_on, e.total_cents
		FROM invoice i
		JOIN invoice e ON e.order_id = i.order_id AND e.id < i.id AND e.kind <> 'credit'
		JOIN invoice_number n ON n.invoice_id = e.id
		WHERE i.id = $1 AND CASE WHEN EXISTS (SELECT 1 FROM invoice_correction c WHERE c.invoice_id = i.id)
			THEN EXISTS (SELECT 1 FROM invoice_correction c WHERE c.invoice_id = i.id AND c.corrected_id = e.id)
			ELSE EXISTS (
				SELECT 1 FROM invoice_line mine JOIN invoice_line theirs USING (booking_id)
				WHERE mine.invoice_id = i.id AND theirs.invoice_id = e.id) END
		ORDER BY e.id`, key)
	if err != nil {
		return nil, fmt.Errorf("invoices before %d: %w", key, err)
	}
	all := make([]pdf.Earlier, len(rows))
	for i, r := range rows {
		all[i] = pdf.Earlier{Number: number(r.Series, r.Year, r.Number), On: r.On, Amount: r.Total}
	}
	return all, nil
}

// scheduleAtIssue is the order's payment schedule as it was when the document was written: what was void by then, or came
// or was paid later, is left out, so that the document stays the same.
func scheduleAtIssue(ctx context.Context, q sqlx.QueryerContext, key id.Invoice) ([]pdf.Due, error) {
	var rows []struct {
		Kind   string      `db:"kind"`
		On     civil.Date  `db:"due_on"`
		Amount money.Cents `db:"amount"`
		Paid   money.Cents `db:"paid"`
		Here   bool        `db:"here"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT t.kind, t.due_on, t.here, sum(t.amount_cents) AS amount, sum(t.paid) AS paid
		FROM (
			SELECT t.kind, t.due_on, t.amount_cents,
				EXISTS (SELECT 1 FROM invoice_line l WHERE l.invoice_id = i.id AND l.instalment_id = t.id) AS here,
				(SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.instalment_id = t.id AND a.at < i.created_at) AS paid
			FROM invoice i JOIN instalment t ON t.order_id = i.order_id
			WHERE i.id = $1 AND t.created_at <= i.created_at AND (t.void_at IS NULL OR t.void_at > i.created_at)) t
		GROUP BY t.kind, t.due_on, t.here ORDER BY t.due_on, t.kind, t.here DESC`, key)
	if err != nil {
		return nil, fmt.Errorf("schedule of invoice %d: %w", key, err)
	}
	all := make([]pdf.Due, len(rows))
	for i, r := range rows {
		all[i] = pdf.Due{Kind: r.Kind, On: r.On, Amount: r.Amount, Paid: r.Paid >= r.Amount, Here: r.Here}
	}
	return all, nil
}

// lastPaid is the day on which the last money for the document was placed.
func lastPaid(ctx context.Context, q sqlx.QueryerContext, key id.Invoice) (civil.Date, error) {
	var at nullTime
	err := sqlx.GetContext(ctx, q, &at, `
		SELECT max(a.at) FROM invoice_line l JOIN allocation a ON a.instalment_id = l.instalment_id
		WHERE l.invoice_id = $1 AND a.amount_cents > 0`, key)
	if err != nil {
		return civil.Date{}, fmt.Errorf("payment of invoice %d: %w", key, err)
	}
	return day(at), nil
}
