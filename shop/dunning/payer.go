package dunning

import (
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice"
	"joetz/payments/invoice/pdf"
	"joetz/shop/booking"
	"joetz/shop/mail"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// lateOfPayer are the documents of a late part that stand in the name of another payer than the parent; none where the parent
// pays, or where the family took the payer off the order since.
func (s *Service) lateOfPayer(ctx context.Context, q sqlx.QueryerContext, o booking.Order, due civil.Date) ([]invoice.Invoice, error) {
	if o.Other.ID == 0 || strings.EqualFold(o.Other.Email, o.PayerEmail) {
		return nil, nil
	}
	documents, err := s.Bookings.Invoices.OpenOn(ctx, q, o.ID, due)
	return slices.DeleteFunc(documents, func(d invoice.Invoice) bool { return !strings.EqualFold(d.Payer.Email, o.Other.Email) }), err
}

// payerPaper is the copy of a letter for who pays in the parent's place: about what stands in their name, and nothing of the
// booking but the children's first names. ok is false where there is nobody.
func (s *Service) payerPaper(ctx context.Context, o booking.Order, l Letter, clause string, on civil.Date) (out pdf.Letter, ok bool, err error) {
	documents, err := s.lateOfPayer(ctx, s.DB, o, l.DueOn)
	if err != nil || len(documents) == 0 {
		return out, false, err
	}
	var open money.Cents
	var children []string
	for _, d := range documents {
		open += d.Open
		for _, line := range d.Lines {
			for _, b := range o.Bookings {
				if b.ID == line.Booking && !slices.Contains(children, b.FirstName) {
					children = append(children, b.FirstName)
				}
			}
		}
	}
	pay, epc, err := s.Bookings.BankTransfer(ctx, o, open, l.Until)
	if err != nil {
		return out, false, err
	}
	to, seller := documents[0].Payer, s.Bookings.Invoices.Paper.Seller
	t := func(key string, args ...any) string { return messages.T(to.Lang, key, args...) }
	term := t("dunning.letter.payer_term", open.Format(to.Lang), l.DueOn, l.Until)
	if l.Costs > 0 {
		term += " " + t("mail.payer.costs", l.Costs.Format(to.Lang), clause)
	}
	return pdf.Letter{
		Lang: to.Lang, On: on, Reference: o.Reference, Title: t("mail.payer.reminder.title"), Amount: open, By: l.Until, Communication: pay.Communication, EPC: epc,
		To: pdf.Payer{Name: to.Name, Street: to.Street, PostalCode: to.PostalCode, City: to.City, Country: to.Country, Enterprise: to.Enterprise, Reference: to.Reference},
		Paragraphs: []string{
			t("dunning.letter.dear", to.Name), t("dunning.letter.payer_text", o.PayerName, seller.Name, strings.Join(children, ", ")),
			term, t("mail.reminder.creditor", seller.Name, seller.Enterprise),
		},
		Closing: []string{t("dunning.letter.payer_about", o.PayerName, seller.Email)},
	}, true, nil
}

// payerMail is the reminder to the other payer of what is open on that day; nothing where it is the parent's, or where the
// family took the payer off the order since: then it is between the parent and the office.
func (s *Service) payerMail(ctx context.Context, o booking.Order, r booking.Reminder, due civil.Date) ([]mail.Message, error) {
	documents, err := s.lateOfPayer(ctx, s.DB, o, due)
	if err != nil || len(documents) == 0 {
		return nil, err
	}
	m, err := s.Bookings.PayerLetter(ctx, o, documents, r)
	return []mail.Message{m}, err
}
