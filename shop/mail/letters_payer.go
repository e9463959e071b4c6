package mail

import (
	"context"

	letters "joetz/templates/mail"
	"joetz/terms/id"
)

// PayerPapers is the message to another payer with documents that are addressed to them, and the QR code of what is open.
func (o *Outbox) PayerPapers(ctx context.Context, to Address, lang string, order id.Order, in letters.PayerPapers, epc string, invoices ...id.Invoice) (Message, error) {
	kind := "payer_papers"
	if in.Late {
		kind = "payer_reminder"
	}
	code, pay, err := payBy(in.Pay, epc)
	if err != nil {
		return Message{}, err
	}
	in.Pay = pay
	m, err := o.write(ctx, kind, to, lang, in)
	m.Order, m.Attachments = order, append(code, papers(invoices)...)
	return m, err
}

// InvoiceMade is the message to the parent with an invoice that was made by itself.
func (o *Outbox) InvoiceMade(ctx context.Context, to Address, lang string, order id.Order, in letters.InvoiceMade, epc string, invoices ...id.Invoice) (Message, error) {
	code, pay, err := payBy(in.Pay, epc)
	if err != nil {
		return Message{}, err
	}
	in.Pay = pay
	m, err := o.write(ctx, "invoice_made", to, lang, in)
	m.Order, m.Attachments = order, append(code, papers(invoices)...)
	return m, err
}

// PlanAgreed is the message with the plan of payments that was agreed, its documents, and the QR code of its first part.
func (o *Outbox) PlanAgreed(ctx context.Context, to Address, lang string, order id.Order, in letters.PlanAgreed, epc string, invoices ...id.Invoice) (Message, error) {
	code, pay, err := payBy(in.Pay, epc)
	if err != nil {
		return Message{}, err
	}
	in.Pay = pay
	m, err := o.write(ctx, "plan_agreed", to, lang, in)
	m.Order, m.Attachments = order, append(code, papers(invoices)...)
	return m, err
}

// Valid reports whether a message could be sent to the address.
func (a Address) Valid() bool { return a.check() == nil }
