package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/fault"
	"joetz/terms/id"
)

// Mail is a message in the outbox. Lists leave Text and HTML empty.
type Mail struct {
	ID        id.Mail
	Kind      string
	Lang      string
	Order     id.Order
	From, To  Address
	Subject   string
	Text      string
	HTML      string
	At        time.Time
	Until     time.Time // zero: sent whenever the server is back
	Attempts  int
	LastError string
	SentAt    time.Time // zero: not yet
	DeadAt    time.Time // zero: it may still leave

	Letter  string // name of the office's letter that it was; "" where it has none
	Version int    // of that letter

	key string
}

// ErrUnknown is the fault for a message that does not exist.
var ErrUnknown error = fault.New(fault.NotFound, "mail.unknown")

// Latest lists the newest messages, those before the given one (0 = from the newest).
func (o *Outbox) Latest(ctx context.Context, q sqlx.QueryerContext, before id.Mail, limit int) ([]Mail, error) {
	return latestMails(ctx, q, before, limit)
}

// OfOrder lists the messages about an order, oldest first, for its history.
func (o *Outbox) OfOrder(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Mail, error) {
	return mailsOfOrder(ctx, q, order)
}

// ByID is one message with its attachments, or ErrUnknown.
func (o *Outbox) ByID(ctx context.Context, q sqlx.QueryerContext, key id.Mail) (Mail, []Attachment, error) {
	m, err := mailByID(ctx, q, key)
	if errors.Is(err, sql.ErrNoRows) {
		return Mail{}, nil, ErrUnknown
	}
	if err != nil {
		return Mail{}, nil, err
	}
	files, err := attachmentsOf(ctx, q, key)
	return m, files, err
}

// Documents makes the PDF of an invoice: payments/invoice.
type Documents interface {
	Render(ctx context.Context, invoice id.Invoice) (pdf []byte, filename string, err error)
}

// Open is the content of an attachment and its name, made now when it is an invoice.
func (a Attachment) Open(ctx context.Context, documents Documents) (content []byte, name string, err error) {
	if a.Invoice == 0 {
		return a.Content, a.Name, nil
	}
	content, name, err = documents.Render(ctx, a.Invoice)
	if err != nil {
		return nil, "", fmt.Errorf("attach invoice %d: %w", a.Invoice, err)
	}
	return content, name, nil
}
