package booking

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"joetz/payments/invoice"
	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// payerCopies are the letters to other payers that go with a letter to the parent: each of its documents goes to whom it is
// addressed, as it was made, whoever pays what is made next.
func (s *Service) payerCopies(ctx context.Context, m mail.Message) (all []mail.Message, err error) {
	groups := map[string][]invoice.Invoice{}
	var order []string
	for _, a := range m.Attachments {
		if a.Invoice == 0 {
			continue
		}
		inv, err := s.Invoices.ByID(ctx, s.DB, a.Invoice)
		if err != nil {
			return nil, err
		}
		to := inv.Payer.Email
		if to == "" || strings.EqualFold(to, m.To.Email) {
			continue
		}
		if !slices.Contains(order, to) {
			order = append(order, to)
		}
		groups[to] = append(groups[to], inv)
	}
	for _, to := range order {
		o, err := s.OrderByID(ctx, groups[to][0].Order)
		if err != nil {
			return nil, err
		}
		one, err := s.PayerLetter(ctx, o, groups[to], Reminder{})
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// Reminder is what a letter about money says beyond the documents themselves; the zero Reminder reminds of nothing.
type Reminder struct {
	Late   bool        // it was due; false before that day
	Second bool        // it was asked once before
	Until  civil.Date  // of a late one: the last day of the term
	Costs  money.Cents // that may be asked after the term; 0 for none
	Clause string      // of the terms, that allows them
}

// PayerLetter writes to the payer of these documents of one order: about them, or with a reminder about what they still ask.
func (s *Service) PayerLetter(ctx context.Context, o Order, documents []invoice.Invoice, r Reminder) (mail.Message, error) {
	to := documents[0].Payer
	in := letters.PayerPapers{Name: to.Name, Parent: o.PayerName, Reference: o.Reference, Until: r.Until, Late: r.Late, Second: r.Second, Costs: r.Costs, Clause: r.Clause}
	var open money.Cents
	var due civil.Date // of what is asked first
	var keys []id.Invoice
	for _, d := range documents {
		keys = append(keys, d.ID)
		if open += d.Open; d.Open > 0 && (due.IsZero() || d.NextDue.Before(due)) {
			due = d.NextDue
		}
		for _, l := range d.Lines {
			for _, b := range o.Bookings {
				if b.ID == l.Booking && !slices.Contains(in.Children, b.FirstName) {
					in.Children = append(in.Children, b.FirstName)
				}
			}
		}
	}
	var epc string
	var err error
	if !r.Late && open > 0 { // a reminder is about one day already
		if in.Schedule, err = s.whenDue(ctx, keys...); err != nil {
			return mail.Message{}, err
		}
		open = in.Schedule[0].Amount
	}
	if open > 0 {
		if in.Pay, epc, err = s.BankTransfer(ctx, o, open, due); err != nil {
			return mail.Message{}, err
		}
	}
	return s.Outbox.PayerPapers(ctx, mail.Address{Name: to.Name, Email: to.Email}, to.Lang, o.ID, in, epc, keys...)
}

// InvoicedArgs asks a job to send an invoice that was made by itself.
type InvoicedArgs struct {
	Order   id.Order   `json:"order"`
	Invoice id.Invoice `json:"invoice"`
}

// Kind names the job.
func (InvoicedArgs) Kind() string { return "booking.invoiced" }

// WriteInvoiced sends the invoice of a balance to the parent, and to who pays in their place.
func (s *Service) WriteInvoiced(ctx context.Context, a InvoicedArgs) error {
	if _, err := s.Invoices.Number(ctx); err != nil {
		return err
	}
	o, err := s.OrderByID(ctx, a.Order)
	if err != nil {
		return err
	}
	inv, err := s.Invoices.ByID(ctx, s.DB, a.Invoice)
	if err != nil {
		return err
	}
	in := letters.InvoiceMade{FirstName: o.PayerFirstName(), Reference: o.Reference, Path: OrderPath(o.ID)}
	var epc string
	if inv.Payer.Email != "" {
		in.Payer = inv.Payer.Name
	} else if inv.Open > 0 {
		if in.Schedule, err = s.whenDue(ctx, a.Invoice); err != nil {
			return err
		}
		first := in.Schedule[0]
		if in.Pay, epc, err = s.BankTransfer(ctx, o, first.Amount, first.On); err != nil {
			return err
		}
	}
	m, err := s.Outbox.InvoiceMade(ctx, o.Addressee(), o.Lang, o.ID, in, epc, a.Invoice)
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}

// whenDue is what these documents, of which something is open, still ask on which day.
func (s *Service) whenDue(ctx context.Context, documents ...id.Invoice) ([]letters.Due, error) {
	days, err := s.Invoices.OpenDays(ctx, s.DB, documents...)
	if err == nil && len(days) == 0 {
		err = fmt.Errorf("booking: documents %v are open on no day", documents)
	}
	all := make([]letters.Due, len(days))
	for i, d := range days {
		all[i] = letters.Due{Kind: "balance", On: d.DueOn, Amount: d.Open}
	}
	return all, err
}
