package payments

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// NewOrder is what the new bookings of one order cost, and who its invoices go to.
type NewOrder struct {
	Order    id.Order
	Payer    Payer
	Openings []Opening
}

// OpenTx charges new bookings of an order, schedules what they cost, and invoices what is asked first: the deposit, or all
// of it where the departure is near. It returns that invoice, or 0 where nothing is asked.
func (s *Service) OpenTx(ctx context.Context, tx *sqlx.Tx, order id.Order, payer Payer, openings []Opening) (id.Invoice, error) {
	invoices, err := s.OpenAllTx(ctx, tx, []NewOrder{{order, payer, openings}})
	return invoices[order], err
}

// OpenAllTx is OpenTx for many orders.
func (s *Service) OpenAllTx(ctx context.Context, tx *sqlx.Tx, orders []NewOrder) (map[id.Order]id.Invoice, error) {
	for _, n := range orders {
		for _, o := range n.Openings {
			if charged, scheduled := sumLines(o.Lines), sumDues(o.Schedule); charged != scheduled {
				return nil, fmt.Errorf("payments: booking %d costs %v but %v is scheduled", o.Booking, charged, scheduled)
			}
		}
	}
	now := s.Now()
	ids, err := insertOpenings(ctx, tx, now, orders)
	if err != nil {
		return nil, err
	}
	var documents []invoice.New
	for _, n := range orders {
		var document invoice.New
		if document, ids = n.first(ids, civil.Of(now)); len(document.Lines) > 0 {
			documents = append(documents, document)
		}
	}
	made, err := s.invoiceAllTx(ctx, tx, documents)
	if err != nil {
		return nil, err
	}
	invoices := make(map[id.Order]id.Invoice, len(documents))
	for i, d := range documents {
		invoices[d.Order] = made[i]
	}
	for _, n := range orders {
		if err := s.insureTx(ctx, tx, n.Order, allInDeposit(n.Openings)...); err != nil {
			return nil, err
		}
	}
	return invoices, nil
}

// first is the document for what is asked first, without lines where that is nothing. ids begins with the instalments of the
// order's schedules; those behind them are left.
func (n NewOrder) first(ids []id.Instalment, today civil.Date) (d invoice.New, left []id.Instalment) {
	d = invoice.New{Order: n.Order, Kind: "full", IssuedOn: today, Payer: invoice.Payer(n.Payer)}
	items := map[id.Booking][]Item{}
	for _, o := range n.Openings {
		items[o.Booking], d.Numbered = o.Items, d.Numbered || o.Numbered
		for _, part := range nonZero(o.Schedule) {
			instalment := ids[0]
			ids = ids[1:]
			if part.Kind != "deposit" && part.Kind != "full" {
				continue
			}
			d.Lines = append(d.Lines, invoice.Line{Booking: o.Booking, Instalment: instalment, Kind: part.Kind, Description: o.Description, Amount: part.Amount})
			if part.Kind == "deposit" {
				d.Kind = "deposit"
			}
			if d.DueOn.IsZero() || part.On.Before(d.DueOn) {
				d.DueOn = part.On
			}
		}
	}
	d.Lines = carve(d.Lines, items)
	return d, ids
}

// allInDeposit are the insured bookings of which nothing is scheduled after the deposit.
func allInDeposit(openings []Opening) (bookings []id.Booking) {
	for _, o := range openings {
		premium := slices.ContainsFunc(o.Lines, func(l Line) bool { return l.Kind == "premium" && l.Amount > 0 })
		if premium && !slices.ContainsFunc(nonZero(o.Schedule), func(d Due) bool { return d.Kind != "deposit" }) {
			bookings = append(bookings, o.Booking)
		}
	}
	return bookings
}

// invoiceTx writes an invoice and books it.
func (s *Service) invoiceTx(ctx context.Context, tx *sqlx.Tx, order id.Order, payer Payer, kind string, due civil.Date, lines []invoice.Line) (id.Invoice, error) {
	made, err := s.invoiceAllTx(ctx, tx, []invoice.New{{
		Order: order, Kind: kind, IssuedOn: civil.Of(s.Now()), DueOn: due, Payer: invoice.Payer(payer), Lines: lines,
	}})
	if err != nil {
		return 0, err
	}
	return made[0], nil
}

// invoiceAllTx writes invoices and books them. Their ids come in the same order.
func (s *Service) invoiceAllTx(ctx context.Context, tx *sqlx.Tx, all []invoice.New) ([]id.Invoice, error) {
	if len(all) == 0 {
		return nil, nil
	}
	made, err := s.Invoices.CreateAllTx(ctx, tx, all...)
	if err != nil {
		return nil, err
	}
	entries := make([]ledger.Entry, len(all))
	for i, n := range all {
		if entries[i], err = invoiceEntry(ctx, tx, made[i], n); err != nil {
			return nil, err
		}
	}
	_, err = ledger.PostAllTx(ctx, tx, s.Now(), entries)
	return made, err
}

// invoiceEntry books an invoice: the customer owes it, and until the holiday takes place it is owed to the customer (460),
// the premium to the insurer (4891).
func invoiceEntry(ctx context.Context, tx *sqlx.Tx, inv id.Invoice, n invoice.New) (entry ledger.Entry, err error) {
	entry = ledger.Entry{Event: "invoice", SourceSystem: "shop", SourceID: fmt.Sprint(inv), On: n.IssuedOn, Order: n.Order}
	premiums := map[id.Booking]money.Cents{}
	for _, l := range n.Lines {
		var premium money.Cents
		if l.Kind != "deposit" {
			if _, known := premiums[l.Booking]; !known {
				if premiums[l.Booking], err = premiumUnbooked(ctx, tx, l.Booking); err != nil {
					return entry, err
				}
			}
			premium = min(l.Amount, premiums[l.Booking])
			premiums[l.Booking] -= premium
		}
		against := ledger.AdvancesInvoiced
		if l.Kind == "fee" {
			against = ledger.FeeRevenue
		}
		entry.Move(ledger.Customers, against, l.Amount-premium, l.Booking)
		entry.Move(ledger.Customers, ledger.Insurer, premium, l.Booking)
	}
	return entry, nil
}

func sumLines(lines []Line) (total money.Cents) {
	for _, l := range lines {
		total += l.Amount
	}
	return total
}

func sumDues(dues []Due) (total money.Cents) {
	for _, d := range dues {
		total += d.Amount
	}
	return total
}

// nonZero drops parts of nothing: a price no higher than the deposit leaves an empty balance.
func nonZero(dues []Due) []Due {
	kept := make([]Due, 0, len(dues))
	for _, d := range dues {
		if d.Amount != 0 {
			kept = append(kept, d)
		}
	}
	return kept
}
