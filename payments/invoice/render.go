package invoice

import (
	"context"
	"fmt"

	"joetz/payments/bank"
	"joetz/payments/invoice/pdf"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Paper is what every document has in common.
type Paper struct {
	Seller pdf.Seller
	Words  func(lang string) pdf.Words // the message catalogue, area invoice
}

// Render is the document's PDF and the name of its file. It shows the document as it was when it was issued, so it is the
// same bytes at every call; a document that still waits for its number gets it first. A draft does not exist on paper.
func (s *Service) Render(ctx context.Context, key id.Invoice) (raw []byte, filename string, err error) {
	return s.draw(ctx, key, false)
}

// Copy is Render with the mark that the law asks on a copy, and the date of payment when it is paid by now.
func (s *Service) Copy(ctx context.Context, key id.Invoice) (raw []byte, filename string, err error) {
	return s.draw(ctx, key, true)
}

func (s *Service) draw(ctx context.Context, key id.Invoice, duplicate bool) ([]byte, string, error) {
	inv, err := s.numbered(ctx, key)
	if err != nil {
		return nil, "", err
	}
	doc, err := s.document(ctx, inv)
	if err != nil {
		return nil, "", err
	}
	if doc.Duplicate = duplicate; duplicate && inv.Status == Paid {
		if doc.PaidOn, err = lastPaid(ctx, s.DB, key); err != nil {
			return nil, "", err
		}
	}
	raw, err := pdf.Render(doc, s.Paper.Seller, s.Paper.Words(doc.Lang))
	return raw, inv.Number + ".pdf", err
}

func (s *Service) numbered(ctx context.Context, key id.Invoice) (Invoice, error) {
	inv, err := s.ByID(ctx, s.DB, key)
	if err != nil || inv.Number != "" {
		return inv, err
	}
	if _, err := s.Number(ctx); err != nil {
		return Invoice{}, err
	}
	if inv, err = s.ByID(ctx, s.DB, key); err == nil && inv.Number == "" {
		err = fmt.Errorf("invoice %d does not wait for a number and has none", key)
	}
	return inv, err
}

// document is what the paper shows.
func (s *Service) document(ctx context.Context, inv Invoice) (pdf.Document, error) {
	doc := pdf.Document{Kind: inv.Kind, Lang: inv.Payer.Lang, Number: inv.Number, Reference: inv.Reference,
		IssuedOn: inv.IssuedOn, DueOn: inv.DueOn, Total: inv.Total, Paid: inv.paidAtIssue,
		Payer: pdf.Payer{Name: inv.Payer.Name, Street: inv.Payer.Street, PostalCode: inv.Payer.PostalCode, City: inv.Payer.City, Country: inv.Payer.Country,
			Enterprise: inv.Payer.Enterprise, Reference: inv.Payer.Reference}}
	doc.Lines = onPaper(inv.Lines, s.Paper.Words(doc.Lang))
	var err error
	if doc.Earlier, err = earlierInvoices(ctx, s.DB, inv.ID, inv.Kind); err != nil {
		return pdf.Document{}, err
	}
	if inv.Kind == "credit" {
		return doc, nil
	}
	if doc.Schedule, err = scheduleAtIssue(ctx, s.DB, inv.ID); err != nil {
		return pdf.Document{}, err
	}
	ogm, err := bank.ParseOGM(inv.Communication)
	if err != nil {
		return pdf.Document{}, fmt.Errorf("invoice %d: %w", inv.ID, err)
	}
	doc.Communication = ogm.String()
	if first := doc.First(); first > 0 {
		settings, err := s.EPC(ctx, inv.CreatedAt) // as it was written then: the same bytes at every call
		if err != nil {
			return pdf.Document{}, err
		}
		if doc.EPC, err = s.Paper.epc(settings, first, ogm); err != nil {
			return pdf.Document{}, err
		}
	}
	return doc, nil
}

// onPaper joins the lines of a booking that differ only in when they are due: that stands in the schedule.
func onPaper(lines []Line, words pdf.Words) []pdf.Line {
	type same struct {
		booking    id.Booking
		kind, text string
	}
	var joined []pdf.Line
	place := map[same]int{}
	for _, l := range lines {
		key := same{l.Booking, l.Kind, l.Text(words)}
		if at, known := place[key]; known {
			joined[at].Amount += l.Amount
			continue
		}
		place[key] = len(joined)
		joined = append(joined, pdf.Line{Description: key.text, Amount: l.Amount})
	}
	return joined
}

// epc is what the QR code says: the amount that is due first.
func (p Paper) epc(settings bank.EPCSettings, amount money.Cents, ogm bank.OGM) (string, error) {
	iban, err := bank.ParseIBAN(p.Seller.IBAN)
	if err != nil {
		return "", fmt.Errorf("invoice: the organiser's account: %w", err)
	}
	return settings.Payload(bank.EPCTransfer{Name: p.Seller.Payee, IBAN: iban, BIC: p.Seller.BIC, Amount: amount, Reference: ogm.Digits()})
}

// day is the Belgian day of an instant in the database, the zero date for none.
func day(t nullTime) civil.Date {
	if !t.Valid {
		return civil.Date{}
	}
	return civil.Of(t.Time)
}
