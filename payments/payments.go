// Package payments knows what every booking costs, when it is due, what was paid, and what goes back.
//
// Owns: charge lines, the schedule, money received, its allocation, refunds, small differences, and the order in which the books
// hear of it.
// Tables: charge, instalment, payment, payment_withdrawal, allocation, refund, refund_step, small_difference,
// small_difference_limit, order_credit (by triggers).
// May import: terms, migrations/pg, sqlx, payments/ledger, payments/invoice. It knows a booking only by its id.
// Always true: nothing is edited, only added and reversed; whoever moves an order's money holds the order's lock first;
// after each use case the ledger, the charges and the allocations of an order agree (Check proves it).
//
// What a booking costs goes through four doors: OpenTx (it begins), ReviseTx (it changes: price correction, price rise,
// discount, extra, insurance, goodwill), MoveAllTx (it makes way for another booking, its money follows) and CloseAllTx (it ends).
// A part of the schedule is never edited: it stays with its money and its invoice, or is void, credited where it was
// invoiced, and planned anew.
package payments

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Service is the use cases that other packages compose into their own transactions: every method ends in Tx.
type Service struct {
	Now      func() time.Time
	Invoices *invoice.Service
	// Enqueue adds a job that runs once the caller's transaction commits (shop/queue).
	Enqueue func(ctx context.Context, tx *sqlx.Tx, args JobArgs) error
	// Recorded, when set, hears of money in the transaction that records it, once per money: for history and thanks.
	Recorded func(ctx context.Context, tx *sqlx.Tx, receipts []Receipt) error
}

// JobArgs is what a queued job needs to know; Kind names the job.
type JobArgs = invoice.JobArgs

// Line is one charge of a booking.
type Line struct {
	Kind   string // price, extra, premium, discount, ...: charge_kind_known
	Amount money.Cents
}

// Due is one scheduled part of a booking's charges.
type Due struct {
	Kind   string // deposit, balance, full, fee, supplement: instalment_kind_known
	On     civil.Date
	Amount money.Cents
}

// Opening is what a new booking costs and when. The lines and the schedule add up to the same total.
type Opening struct {
	Booking     id.Booking
	Description string // for the invoice line: who goes where and when
	Items       []Item // of the lines, what has an invoice line of its own
	Lines       []Line
	Schedule    []Due
	Numbered    bool // a job that the caller enqueues gives the invoice its number (invoice.New)
}

// Payer is who an order's invoices go to.
type Payer struct {
	Name, Street, PostalCode, City, Country, Lang string
	Email, Enterprise, Reference                  string // of another payer than the parent; else empty
}
