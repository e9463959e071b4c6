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

// OpenTx charges new bookings of an order, schedules what they cost, and invoices what is asked first: the deposit, or all
// of it where the departure is near. It returns that invoice, or 0 where nothing is asked.
func (s *Service) OpenTx(ctx context.Context, tx *sqlx.Tx, order id.Order, payer Payer, openings []Opening) (id.Invoice, error) {
	now := s.Now()
	var lines []invoice.Line
	kind, due := "full", civil.Date{}
	items := map[id.Booking][]Item{}
	for _, o := range openings {
		if charged, scheduled := sumLines(o.Lines), sumDues(o.Schedule); charged != scheduled {
			return 0, fmt.Errorf("payments: booking %d costs %v but %v is scheduled", o.Booking, charged, scheduled)
		}
		items[o.Booking] = o.Items
	}
	ids, err := insertOpenings(ctx, tx, order, now, openings)
	if err != nil {
		return 0, err
	}
	for _, o := range openings {
		for _, d := range nonZero(o.Schedule) {
			instalment := ids[0]
			ids = ids[1:]
			if d.Kind != "deposit" && d.Kind != "full" {
				continue
			}
			lines = append(lines, invoice.Line{Booking: o.Booking, Instalment: instalment, Kind: d.Kind, Description: o.Description, Amount: d.Amount})
			if d.Kind == "deposit" {
				kind = "deposit"
			}
			if due.IsZero() || d.On.Before(due) {
				due = d.On
			}
		}
	}
	if len(lines) == 0 {
		return 0, nil
	}
	inv, err := s.invoiceTx(ctx, tx, order, payer, kind, due, carve(lines, items), slices.ContainsFunc(openings, func(o Opening) bool { return o.Numbered }))
	if err != nil {
		return 0, err
	}
	return inv, s.insureTx(ctx, tx, order, allInDeposit(openings)...)
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

// invoiceTx writes an invoice and books it: the customer owes it, and until the holiday takes place it is owed to the
// customer (460), the premium to the insurer (4891).
func (s *Service) invoiceTx(ctx context.Context, tx *sqlx.Tx, order id.Order, payer Payer, kind string, due civil.Date, lines []invoice.Line, numbered bool) (id.Invoice, error) {
	now := s.Now()
	inv, err := s.Invoices.CreateTx(ctx, tx, invoice.New{
		Order: order, Kind: kind, IssuedOn: civil.Of(now), DueOn: due, Payer: invoice.Payer(payer), Lines: lines, Numbered: numbered,
	})
	if err != nil {
		return 0, err
	}
	entry := ledger.Entry{Event: "invoice", SourceSystem: "shop", SourceID: fmt.Sprint(inv), On: civil.Of(now), Order: order}
	premiums := map[id.Booking]money.Cents{}
	for _, l := range lines {
		var premium money.Cents
		if l.Kind != "deposit" {
			if _, known := premiums[l.Booking]; !known {
				if premiums[l.Booking], err = premiumUnbooked(ctx, tx, l.Booking); err != nil {
					return 0, err
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
	if _, err := ledger.PostTx(ctx, tx, now, entry); err != nil {
		return 0, err
	}
	return inv, nil
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
