// Package invoice keeps invoices and credit notes and gives them their gapless numbers.
//
// Owns: the documents. Tables: invoice, invoice_line, invoice_series, invoice_number.
// May import: terms, migrations/pg, sqlx.
// Always true: a document is never edited; numbers have no gaps per series and year and are given after the booking's
// transaction, so that no booking waits for another's number; whether it is paid follows from the instalments on its lines.
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

// Service writes and reads documents.
type Service struct {
	Now func() time.Time
	// Enqueue adds a job that runs once the caller's transaction commits (shop/queue).
	Enqueue func(ctx context.Context, tx *sqlx.Tx, args JobArgs) error
}

// JobArgs is what a queued job needs to know; Kind names the job.
type JobArgs interface{ Kind() string }

// NumberArgs asks a job to number every document that has no number yet.
type NumberArgs struct{}

// Kind names the job.
func (NumberArgs) Kind() string { return "invoice.number" }

// Payer is whom a document is for, as it was then.
type Payer struct {
	Name, Street, PostalCode, City, Country, Lang string
}

// Line is one line of a document. Instalment is 0 on credit notes.
type Line struct {
	Booking     id.Booking
	Instalment  id.Instalment
	Kind        string
	Description string
	Amount      money.Cents // negative on credit notes
}

// New is a document to write. Kind is deposit, balance, full, supplement, fee or credit.
type New struct {
	Order    id.Order
	Kind     string
	IssuedOn civil.Date
	DueOn    civil.Date
	Payer    Payer
	Lines    []Line
}

// CreateTx writes the document and asks for its number.
func (s *Service) CreateTx(ctx context.Context, tx *sqlx.Tx, n New) (inv id.Invoice, err error) {
	size := len(n.Lines)
	bookings, instalments, amounts := make([]int64, size), make([]int64, size), make([]int64, size)
	kinds, texts := make([]string, size), make([]string, size)
	var total money.Cents
	for i, l := range n.Lines {
		bookings[i], instalments[i], amounts[i] = int64(l.Booking), int64(l.Instalment), int64(l.Amount)
		kinds[i], texts[i] = l.Kind, l.Description
		total += l.Amount
	}
	err = tx.GetContext(ctx, &inv, `
		WITH added AS (
			INSERT INTO invoice (order_id, kind, issued_on, due_on, total_cents, payer_name, payer_street, payer_postal_code,
				payer_city, payer_country, lang, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id),
		lines AS (
			INSERT INTO invoice_line (invoice_id, position, booking_id, instalment_id, kind, description, amount_cents)
			SELECT added.id, l.position, l.booking, nullif(l.instalment, 0), l.kind, l.description, l.amount
			FROM added, unnest($13::bigint[], $14::bigint[], $15::text[], $16::text[], $17::bigint[])
				WITH ORDINALITY AS l (booking, instalment, kind, description, amount, position))
		SELECT id FROM added`,
		n.Order, n.Kind, n.IssuedOn, n.DueOn, total, n.Payer.Name, n.Payer.Street, n.Payer.PostalCode, n.Payer.City,
		n.Payer.Country, n.Payer.Lang, s.Now(),
		pq.Array(bookings), pq.Array(instalments), pq.Array(kinds), pq.Array(texts), pq.Array(amounts))
	if err != nil {
		return 0, fmt.Errorf("invoice: create for order %d: %w", n.Order, err)
	}
	return inv, s.Enqueue(ctx, tx, NumberArgs{})
}
