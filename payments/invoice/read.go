package invoice

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Status is where a document stands; it is derived, never stored.
type Status string

// The states of a document.
const (
	Paid     Status = "paid"
	Partly   Status = "partly"
	Unpaid   Status = "open"
	Overdue  Status = "overdue"  // something is open and its date is past
	Credited Status = "credited" // nothing is asked any more: a credit note took its place
	Credit   Status = "credit"   // it is a credit note itself
)

// Invoice is a document as pages show it.
type Invoice struct {
	ID            id.Invoice
	Order         id.Order
	Reference     string // of the order
	Communication string // twelve digits
	Kind          string
	Number        string // empty while it waits for one
	IssuedOn      civil.Date
	DueOn         civil.Date // of its first part
	NextDue       civil.Date // of what is not paid; zero when nothing is open
	Total         money.Cents
	Paid          money.Cents
	Open          money.Cents
	Status        Status
	Payer         Payer
	CreatedAt     time.Time
	NumberedAt    time.Time // zero while it waits
	Lines         []Line    // only with ByID

	paidAtIssue money.Cents // when it got its number
}

// Age is how many days the document is overdue; 0 when it is not.
func (i Invoice) Age(today civil.Date) int {
	if i.Status != Overdue {
		return 0
	}
	return i.NextDue.DaysUntil(today)
}

// status says where a document stands on a day. asked is what its running instalments ask, nextDue when the first of them
// that is not paid is due: a document may ask for two parts, and the second is not late because the first was due.
func status(kind string, asked, paid money.Cents, nextDue, today civil.Date) Status {
	switch {
	case kind == "credit":
		return Credit
	case asked == 0:
		return Credited
	case nextDue.IsZero():
		return Paid
	case nextDue.Before(today):
		return Overdue
	case paid > 0:
		return Partly
	}
	return Unpaid
}

// ByID is one document with its lines, or ErrUnknown.
func (s *Service) ByID(ctx context.Context, q sqlx.QueryerContext, key id.Invoice) (Invoice, error) {
	inv, err := invoiceByID(ctx, q, key, civil.Of(s.Now()))
	if errors.Is(err, sql.ErrNoRows) {
		return Invoice{}, ErrUnknown
	}
	if err != nil {
		return Invoice{}, err
	}
	inv.Lines, err = linesOf(ctx, q, key)
	return inv, err
}

// OfBooking lists the documents with a line about a booking, oldest first.
func (s *Service) OfBooking(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) ([]Invoice, error) {
	return invoicesOfBooking(ctx, q, booking, civil.Of(s.Now()))
}

// OfOrder lists the documents of an order, oldest first.
func (s *Service) OfOrder(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Invoice, error) {
	return invoicesOfOrder(ctx, q, order, civil.Of(s.Now()))
}
