package mail

import (
	"context"
	"fmt"

	"joetz/payments/invoice/qr"
	letters "joetz/templates/mail"
	"joetz/terms/id"
)

// The messages that the shop sends. Each function takes what the letter is about and returns what EnqueueTx takes.

// letter is a content that can be written in a language.
type letter interface {
	Letter(head letters.Letterhead, lang string) letters.Letter
}

// SignInCode is the message with a code; it is not sent after the code ran out, and forgotten once sent.
func (o *Outbox) SignInCode(ctx context.Context, to Address, lang string, in letters.SignInCode) (Message, error) {
	m, err := o.write(ctx, "sign_in_code", to, lang, in)
	m.Secret, m.Until = true, in.Until
	return m, err
}

// Invitation is the message with a link to set a password; forgotten once sent.
func (o *Outbox) Invitation(ctx context.Context, to Address, lang string, in letters.Invitation) (Message, error) {
	m, err := o.write(ctx, "invitation", to, lang, in)
	m.Secret, m.Until = true, in.Until
	return m, err
}

// BookingConfirmed is the message after an order was placed, with its invoices, and the QR code of the first payment when
// in.Pay is there and epc, the payload of payments/bank, is not empty.
func (o *Outbox) BookingConfirmed(ctx context.Context, to Address, lang string, order id.Order, in letters.BookingConfirmed, epc string, invoices ...id.Invoice) (Message, error) {
	code, pay, err := payBy(in.Pay, epc)
	if err != nil {
		return Message{}, err
	}
	in.Pay = pay
	in.Invoiced = len(invoices) > 0
	m, err := o.write(ctx, "booking_confirmed", to, lang, in)
	m.Order, m.Attachments = order, append(code, papers(invoices)...)
	return m, err
}

// PaymentReceived is the message after money came in for an order.
func (o *Outbox) PaymentReceived(ctx context.Context, to Address, lang string, order id.Order, in letters.PaymentReceived) (Message, error) {
	m, err := o.write(ctx, "payment_received", to, lang, in)
	m.Order = order
	return m, err
}

// BookingCancelled is the message after a child's booking was cancelled, with the credit note and the invoice of the fee.
func (o *Outbox) BookingCancelled(ctx context.Context, to Address, lang string, order id.Order, in letters.BookingCancelled, epc string, invoices ...id.Invoice) (Message, error) {
	code, pay, err := payBy(in.Outstanding, epc)
	if err != nil {
		return Message{}, err
	}
	in.Outstanding = pay
	in.Papers = len(invoices)
	m, err := o.write(ctx, "booking_cancelled", to, lang, in)
	m.Order, m.Attachments = order, append(code, papers(invoices)...)
	return m, err
}

// Notice is a short message about a family or a request; its kind is notice_ and the kind of in. A secret one is forgotten
// once sent. invoices go along.
func (o *Outbox) Notice(ctx context.Context, to Address, lang string, order id.Order, in letters.Notice, invoices ...id.Invoice) (Message, error) {
	m, err := o.write(ctx, "notice_"+in.Kind, to, lang, in)
	m.Order, m.Secret, m.Until, m.Attachments = order, in.Secret, in.Until, papers(invoices)
	return m, err
}

// Proof is a message about the proof of a member's price, with the credit note or invoice of what it changed, and the QR code
// of what is asked on top.
func (o *Outbox) Proof(ctx context.Context, to Address, lang string, order id.Order, in letters.Proof, epc string, invoices ...id.Invoice) (Message, error) {
	code, pay, err := payBy(in.Pay, epc)
	if err != nil {
		return Message{}, err
	}
	in.Pay = pay
	m, err := o.write(ctx, "proof_"+in.What, to, lang, in)
	m.Order, m.Attachments = order, append(code, papers(invoices)...)
	return m, err
}

func (o *Outbox) write(ctx context.Context, kind string, to Address, lang string, in letter) (Message, error) {
	r, err := letters.Render(ctx, o.Head, in.Letter(o.Head, lang))
	if err != nil {
		return Message{}, fmt.Errorf("mail %s: %w", kind, err)
	}
	return Message{Kind: kind, Lang: lang, To: to, Subject: r.Subject, Text: r.Text, HTML: r.HTML}, nil
}

// papers attaches invoices: their PDF is made when the message leaves.
func papers(invoices []id.Invoice) []Attachment {
	files := make([]Attachment, len(invoices))
	for i, inv := range invoices {
		files[i] = Attachment{Type: "application/pdf", Invoice: inv}
	}
	return files
}

// qrSize is in pixels: sharp at the 190 points that the letter shows, also on a phone's dense screen.
const qrSize = 456

// picture is the QR code of a payload and the content id under which the letter shows it; nothing without a payload.
func picture(epc string) (files []Attachment, contentID string, err error) {
	if epc == "" {
		return nil, "", nil
	}
	png, err := qr.PNG(epc, qrSize)
	if err != nil {
		return nil, "", fmt.Errorf("mail: payment code: %w", err)
	}
	return []Attachment{{Name: "qr.png", Type: "image/png", ContentID: "qr", Content: png}}, "qr", nil
}

// payBy gives a transfer its QR code; the caller's is left as it was.
func payBy(in *letters.BankTransfer, epc string) (code []Attachment, out *letters.BankTransfer, err error) {
	if in == nil {
		return nil, nil, nil
	}
	pay := *in
	code, pay.QR, err = picture(epc)
	return code, &pay, err
}

// RefundAccountChanged is the message after an order's refunds were given another account.
func (o *Outbox) RefundAccountChanged(ctx context.Context, to Address, lang string, order id.Order, in letters.RefundAccountChanged) (Message, error) {
	m, err := o.write(ctx, "refund_account_changed", to, lang, in)
	m.Order = order
	return m, err
}

// PaymentReminder is the message about money that is due soon or late, with the QR code of the transfer.
func (o *Outbox) PaymentReminder(ctx context.Context, to Address, lang string, order id.Order, in letters.PaymentReminder, epc string) (Message, error) {
	code, qr, err := picture(epc)
	if err != nil {
		return Message{}, err
	}
	in.Pay.QR = qr
	kind := "payment_notice"
	if in.Late {
		kind = "payment_reminder"
	}
	m, err := o.write(ctx, kind, to, lang, in)
	m.Order, m.Attachments = order, code
	return m, err
}
