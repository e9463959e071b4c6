// Package invoice keeps invoices and credit notes, gives them their gapless numbers, and knows what is paid of them.
//
// Owns: the documents. Tables: invoice, invoice_line, invoice_waiting, invoice_series, invoice_number, invoice_open, invoice_correction,
// epc_setting; view invoice_state.
// May import: terms, migrations/pg, payments/bank, pdf and ubl below it, sqlx.
// Always true: a document is never edited; numbers have no gaps per series and year and are given after the booking's
// transaction, so that no booking waits for another's number; whether it is paid follows from the instalments on its lines;
// its PDF is drawn from its rows and is the same bytes whenever it is asked for.
package invoice

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice/pdf"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Service writes, numbers, reads and draws documents.
type Service struct {
	Now func() time.Time
	// Enqueue adds a job that runs once the caller's transaction commits (shop/queue).
	Enqueue func(ctx context.Context, tx *sqlx.Tx, args JobArgs) error
	// DB is for what runs by itself: Number, Render, Copy.
	DB    *sqlx.DB
	Paper Paper
	// Numbered, when set, hears of every number in the transaction that gives it: what follows from a document that is
	// complete (its mail) is enqueued there.
	Numbered func(ctx context.Context, tx *sqlx.Tx, given []Given) error
}

// JobArgs is what a queued job needs to know; Kind names the job.
type JobArgs interface{ Kind() string }

// NumberArgs asks a job to number every document that has no number yet: Service.Number.
type NumberArgs struct{}

// Kind names the job.
func (NumberArgs) Kind() string { return "invoice.number" }

// ErrUnknown is the fault for a document that does not exist.
var ErrUnknown error = fault.New(fault.NotFound, "invoice.unknown")

// Payer is whom a document is for, as it was then.
type Payer struct {
	Name       string `json:"name"`
	Street     string `json:"street"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Country    string `json:"country"`
	Lang       string `json:"lang"`

	// Of another payer than the parent; else empty.
	Email      string `json:"email"`
	Enterprise string `json:"enterprise"` // ten digits
	Reference  string `json:"reference"`
}

// Line is one line of a document. Instalment is 0 on credit notes.
type Line struct {
	Booking     id.Booking
	Instalment  id.Instalment
	Kind        string
	Description string
	About       string      // what it is for besides the holiday, of invoice_line_about_known; "": the holiday itself
	Amount      money.Cents // negative on credit notes
}

// Text is what the line says on paper: what it is for, where that is not the holiday itself, and who goes where and when.
func (l Line) Text(w pdf.Words) string {
	if l.About == "" {
		return l.Description
	}
	return w.T("invoice.about."+l.About, l.Description)
}

// New is a document to write. Kind is deposit, balance, full, supplement, fee or credit.
type New struct {
	Order    id.Order
	Kind     string
	IssuedOn civil.Date
	DueOn    civil.Date
	Payer    Payer
	Lines    []Line
	Corrects []id.Instalment // of a credit note: the parts that it takes back, whose invoices it names
	Numbered bool            // the caller enqueues a job that calls Number: another one would only wait for it
}

// CreateTx writes the document and asks for its number.
func (s *Service) CreateTx(ctx context.Context, tx *sqlx.Tx, n New) (id.Invoice, error) {
	made, err := s.CreateAllTx(ctx, tx, n)
	if err != nil {
		return 0, err
	}
	return made[0], nil
}

// CreateAllTx is CreateTx for many documents; their ids come in the same order.
func (s *Service) CreateAllTx(ctx context.Context, tx *sqlx.Tx, all ...New) ([]id.Invoice, error) {
	made, err := insertInvoices(ctx, tx, all, s.Now())
	if err != nil {
		return nil, err
	}
	for i, n := range all {
		if len(n.Corrects) > 0 {
			if err := insertCorrections(ctx, tx, made[i], n.Corrects); err != nil {
				return nil, err
			}
		}
	}
	if !slices.ContainsFunc(all, func(n New) bool { return !n.Numbered }) {
		return made, nil
	}
	return made, s.Enqueue(ctx, tx, NumberArgs{})
}
