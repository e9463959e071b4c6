package invoice

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

type stateRow struct {
	ID             id.Invoice  `db:"id"`
	Order          id.Order    `db:"order_id"`
	Kind           string      `db:"kind"`
	IssuedOn       civil.Date  `db:"issued_on"`
	DueOn          civil.Date  `db:"due_on"`
	Total          money.Cents `db:"total_cents"`
	Name           string      `db:"payer_name"`
	Street         string      `db:"payer_street"`
	PostalCode     string      `db:"payer_postal_code"`
	City           string      `db:"payer_city"`
	Country        string      `db:"payer_country"`
	Lang           string      `db:"lang"`
	Email          string      `db:"payer_email"`
	Enterprise     string      `db:"payer_enterprise"`
	PayerReference string      `db:"payer_reference"`
	Reference      string      `db:"reference"`
	Comm           string      `db:"structured_comm"`
	Series         string      `db:"series"`
	Year           int         `db:"year"`
	Number         int         `db:"number"`
	Asked          money.Cents `db:"asked_cents"`
	Paid           money.Cents `db:"paid_cents"`
	NextDue        civil.Date  `db:"next_due_on"`
	AtIssue        money.Cents `db:"paid_at_issue_cents"`
	CreatedAt      time.Time   `db:"created_at"`
	GivenAt        nullTime    `db:"given_at"`
}

const stateColumns = `id, order_id, kind, issued_on, due_on, total_cents, payer_name, payer_street, payer_postal_code, payer_city,
	payer_country, lang, reference, structured_comm, series, year, number, asked_cents, paid_cents, next_due_on, paid_at_issue_cents, created_at, given_at, payer_email, payer_enterprise, payer_reference`

func (r stateRow) toInvoice(today civil.Date) Invoice {
	return Invoice{ID: r.ID, Order: r.Order, Reference: r.Reference, Communication: r.Comm, Kind: r.Kind,
		Number: number(r.Series, r.Year, r.Number), IssuedOn: r.IssuedOn, DueOn: r.DueOn, Total: r.Total, Paid: r.Paid,
		Open: max(0, r.Asked-r.Paid), Status: status(r.Kind, r.Asked, r.Paid, r.NextDue, today), NextDue: r.NextDue, CreatedAt: r.CreatedAt, NumberedAt: r.GivenAt.Time, paidAtIssue: r.AtIssue,
		Payer: Payer{Name: r.Name, Street: r.Street, PostalCode: r.PostalCode, City: r.City, Country: r.Country, Lang: r.Lang,
			Email: r.Email, Enterprise: r.Enterprise, Reference: r.PayerReference}}
}

func invoiceByID(ctx context.Context, q sqlx.QueryerContext, key id.Invoice, today civil.Date) (Invoice, error) {
	var row stateRow
	if err := sqlx.GetContext(ctx, q, &row, `SELECT `+stateColumns+` FROM invoice_state WHERE id = $1`, key); err != nil {
		return Invoice{}, fmt.Errorf("invoice %d: %w", key, err)
	}
	return row.toInvoice(today), nil
}

func invoicesOfOrder(ctx context.Context, q sqlx.QueryerContext, order id.Order, today civil.Date) ([]Invoice, error) {
	var rows []stateRow
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT `+stateColumns+` FROM invoice_state WHERE order_id = $1 ORDER BY id`, order)
	if err != nil {
		return nil, fmt.Errorf("invoices of order %d: %w", order, err)
	}
	return toInvoices(rows, today), nil
}

func invoicesOfBooking(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, today civil.Date) ([]Invoice, error) {
	var rows []stateRow
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT `+stateColumns+` FROM invoice_state WHERE id IN (SELECT invoice_id FROM invoice_line WHERE booking_id = $1) ORDER BY id`, booking)
	if err != nil {
		return nil, fmt.Errorf("invoices of booking %d: %w", booking, err)
	}
	return toInvoices(rows, today), nil
}

func toInvoices(rows []stateRow, today civil.Date) []Invoice {
	all := make([]Invoice, len(rows))
	for i, r := range rows {
		all[i] = r.toInvoice(today)
	}
	return all
}

func linesOf(ctx context.Context, q sqlx.QueryerContext, key id.Invoice) ([]Line, error) {
	var rows []struct {
		Booking     id.Booking    `db:"booking_id"`
		Instalment  id.Instalment `db:"instalment_id"`
		Kind        string        `db:"kind"`
		Description string        `db:"description"`
		About       string        `db:"about"`
		Amount      money.Cents   `db:"amount_cents"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT booking_id, coalesce(instalment_id, 0) AS instalment_id, kind, description, about, amount_cents
		FROM invoice_line WHERE invoice_id = $1 ORDER BY position`, key)
	if err != nil {
		return nil, fmt.Errorf("lines of invoice %d: %w", key, err)
	}
	lines := make([]Line, len(rows))
	for i, r := range rows {
		lines[i] = Line(r)
	}
	return lines, nil
}

// PayersTx says to whom the parts of these instalments were invoiced, as it stands on their invoices. Parts that were not
// invoiced are absent.
func PayersTx(ctx context.Context, q sqlx.QueryerContext, parts []id.Instalment) (map[id.Instalment]Payer, error) {
	keys := make(pq.Int64Array, len(parts))
	for i, p := range parts {
		keys[i] = int64(p)
	}
	var rows []struct {
		Instalment id.Instalment `db:"instalment_id"`
		Name       string        `db:"payer_name"`
		Street     string        `db:"payer_street"`
		PostalCode string        `db:"payer_postal_code"`
		City       string        `db:"payer_city"`
		Country    string        `db:"payer_country"`
		Lang       string        `db:"lang"`
		Email      string        `db:"payer_email"`
		Enterprise string        `db:"payer_enterprise"`
		Reference  string        `db:"payer_reference"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT l.instalment_id, i.payer_name, i.payer_street, i.payer_postal_code, i.payer_city, i.payer_country, i.lang, i.payer_email, i.payer_enterprise, i.payer_reference
		FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id WHERE l.instalment_id = ANY ($1) AND i.kind <> 'credit' ORDER BY i.id`, keys)
	if err != nil {
		return nil, fmt.Errorf("invoice: payers of %d parts: %w", len(parts), err)
	}
	payers := make(map[id.Instalment]Payer, len(rows))
	for _, r := range rows {
		payers[r.Instalment] = Payer{Name: r.Name, Street: r.Street, PostalCode: r.PostalCode, City: r.City, Country: r.Country, Lang: r.Lang,
			Email: r.Email, Enterprise: r.Enterprise, Reference: r.Reference}
	}
	return payers, nil
}
