package mail

import (
	"context"

	letters "joetz/templates/mail"
	"joetz/terms/id"
)

// BookingRebooked is the message after a child was rebooked, with the documents of both bookings, and the QR code of what is
// asked now.
func (o *Outbox) BookingRebooked(ctx context.Context, to Address, lang string, order id.Order, in letters.BookingRebooked, epc string, invoices ...id.Invoice) (Message, error) {
	code, pay, err := payBy(in.Pay, epc)
	if err != nil {
		return Message{}, err
	}
	in.Pay = pay
	m, err := o.write(ctx, "booking_rebooked", to, lang, in)
	m.Order, m.Attachments = order, append(code, papers(invoices)...)
	return m, err
}

// BookingChanged is the message after a change that costs nothing.
func (o *Outbox) BookingChanged(ctx context.Context, to Address, lang string, order id.Order, in letters.BookingChanged) (Message, error) {
	m, err := o.write(ctx, "booking_changed", to, lang, in)
	m.Order = order
	return m, err
}

// ExtraChanged is the message after an extra was added or taken off, with its documents and the QR code of what is asked.
func (o *Outbox) ExtraChanged(ctx context.Context, to Address, lang string, order id.Order, in letters.ExtraChanged, epc string, invoices ...id.Invoice) (Message, error) {
	code, pay, err := payBy(in.Pay, epc)
	if err != nil {
		return Message{}, err
	}
	in.Pay = pay
	m, err := o.write(ctx, "extra_changed", to, lang, in)
	m.Order, m.Attachments = order, append(code, papers(invoices)...)
	return m, err
}
