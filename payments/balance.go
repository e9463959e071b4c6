package payments

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// BalanceAskedBefore is how many days before its first part is due the balance is invoiced.
const BalanceAskedBefore = 30

// OrdersToInvoice lists orders of which something scheduled is not invoiced yet and should be: it falls due within
// BalanceAskedBefore days, or money for it is there already.
func (s *Service) OrdersToInvoice(ctx context.Context, q sqlx.QueryerContext, limit int) ([]id.Order, error) {
	return ordersToInvoice(ctx, q, civil.Of(s.Now()).AddDays(BalanceAskedBefore), limit)
}

// InvoiceBalanceTx invoices everything of an order that is scheduled and was not invoiced, and returns 0 when there is
// nothing. text describes each booking's line, items are what has a line of its own; a booking without text is left for
// later. Money that was there before moves from asked to received advance.
func (s *Service) InvoiceBalanceTx(ctx context.Context, tx *sqlx.Tx, order id.Order, payer Payer, text map[id.Booking]string, items map[id.Booking][]Item) (id.Invoice, error) {
	purses, err := openPurses(ctx, tx, []id.Order{order})
	if err != nil {
		return 0, err
	}
	var lines []invoice.Line
	var due civil.Date
	held := map[id.Booking]money.Cents{} // by what is running, of the bookings that are asked now
	for _, i := range purses[order].instalments {
		if _, asked := text[i.Booking]; i.Invoiced || text != nil && !asked {
			continue
		}
		lines = append(lines, invoice.Line{Booking: i.Booking, Instalment: i.ID, Kind: i.Kind, Description: text[i.Booking], Amount: i.Amount})
		held[i.Booking] = 0
		if due.IsZero() || i.DueOn.Before(due) {
			due = i.DueOn
		}
	}
	if len(lines) == 0 {
		return 0, nil
	}
	inv, err := s.invoiceTx(ctx, tx, order, payer, "balance", civil.Later(due, civil.Of(s.Now())), carve(lines, items))
	if err != nil {
		return 0, err
	}
	for _, i := range purses[order].instalments {
		if _, asked := held[i.Booking]; asked && i.Kind != "fee" {
			held[i.Booking] += i.Allocated
		}
	}
	if err := s.receiveAdvance(ctx, tx, order, inv, held); err != nil {
		return 0, err
	}
	return inv, s.insureTx(ctx, tx, order, slices.Sorted(maps.Keys(held))...)
}

// receiveAdvance books as received advance what a booking's money pays of what was asked in advance: money that came before this
// invoice, and money for an earlier supplement that went to the insurer as premium, which now leaves room.
func (s *Service) receiveAdvance(ctx context.Context, tx *sqlx.Tx, order id.Order, inv id.Invoice, held map[id.Booking]money.Cents) error {
	now := s.Now()
	entry := ledger.Entry{Event: "advance", SourceSystem: "shop", SourceID: fmt.Sprint(inv), On: civil.Of(now), Order: order}
	bookings := slices.Sorted(maps.Keys(held))
	invoiced, err := ledger.BalancesOf(ctx, tx, ledger.AdvancesInvoiced, bookings)
	if err != nil {
		return err
	}
	received, err := ledger.BalancesOf(ctx, tx, ledger.AdvancesReceived, bookings)
	if err != nil {
		return err
	}
	for _, b := range bookings {
		advance := max(0, -invoiced[b]-received[b])
		entry.Move(ledger.AdvancesInvoiced, ledger.AdvancesReceived, min(held[b], advance)+received[b], b)
	}
	_, err = ledger.PostTx(ctx, tx, now, entry)
	return err
}
