package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/payments/invoice"
	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// creditPartsTx writes the credit note for parts that were invoiced and are void now, and books it off where they stood.
func (s *Service) creditPartsTx(ctx context.Context, tx *sqlx.Tx, r Revision, void []instalmentRow) (id.Invoice, error) {
	now := s.Now()
	var lines []invoice.Line
	var fees, others money.Cents
	for _, i := range void {
		if !i.Invoiced {
			continue
		}
		lines = append(lines, invoice.Line{Booking: r.Booking, Kind: "credit", Description: r.Description, Amount: -i.Amount})
		if i.Kind == "fee" {
			fees += i.Amount
		} else {
			others += i.Amount
		}
	}
	if len(lines) == 0 {
		return 0, nil
	}
	note, err := s.Invoices.CreateTx(ctx, tx, invoice.New{
		Order: r.Order, Kind: "credit", IssuedOn: civil.Of(now), DueOn: civil.Of(now), Payer: invoice.Payer(r.Payer), Lines: lines,
	})
	if err != nil {
		return 0, err
	}
	stands, err := ledger.BookingBalances(ctx, tx, r.Booking)
	if err != nil {
		return 0, err
	}
	unbooked, err := premiumUnbooked(ctx, tx, r.Booking)
	if err != nil {
		return 0, err
	}
	entry := ledger.Entry{Event: "credit", SourceSystem: "shop", SourceID: fmt.Sprint(note), On: civil.Of(now), Order: r.Order, Reason: r.Reason}
	take := func(from ledger.Account, most, wanted money.Cents) money.Cents {
		part := max(0, min(wanted, most, -stands[from]))
		entry.Move(from, ledger.Customers, part, r.Booking)
		stands[from] += part
		return wanted - part
	}
	premium := max(0, -unbooked) // booked for the insurer, and not charged any more
	feesLeft := take(ledger.Insurer, premium, fees)
	premium -= fees - feesLeft
	feesLeft = take(ledger.FeeRevenue, feesLeft, feesLeft)
	others = take(ledger.Insurer, premium, others+feesLeft)
	for _, from := range []ledger.Account{ledger.AdvancesInvoiced, ledger.AdvancesReceived, ledger.Insurer, ledger.FeeRevenue} {
		others = take(from, others, others)
	}
	if others != 0 {
		return 0, fmt.Errorf("payments: credit note %d on booking %d: the books lack %v", note, r.Booking, others)
	}
	_, err = ledger.PostTx(ctx, tx, now, entry)
	return note, err
}

// levelTx brings a booking's accounts to where its charges and its money say they stand: the insurer gets the premium that is
// charged, as far as it was invoiced; of the rest, what is paid is received advance. A revision that only swaps charges, or
// gives money back, moves them without any document.
func (s *Service) levelTx(ctx context.Context, tx *sqlx.Tx, order id.Order, booking id.Booking, reason string) error {
	rows, err := s.rowsOf(ctx, tx, order, booking)
	if err != nil {
		return err
	}
	var paid money.Cents
	allAsked := true
	for _, i := range rows {
		allAsked = allAsked && i.Invoiced
		if i.Kind != "fee" {
			paid += i.Allocated
		}
	}
	stands, err := ledger.BookingBalances(ctx, tx, booking)
	if err != nil {
		return err
	}
	unbooked, err := premiumUnbooked(ctx, tx, booking)
	if err != nil {
		return err
	}
	advance := -stands[ledger.AdvancesInvoiced] - stands[ledger.AdvancesReceived]
	more := min(unbooked, advance) // for the insurer; negative: too much
	if more > 0 && !allAsked {
		more = 0
	}
	received := max(0, min(paid, advance-more))
	entry := ledger.Entry{Event: "revision", SourceSystem: "shop", On: civil.Of(s.Now()), Order: order, Reason: reason}
	entry.Move(ledger.AdvancesInvoiced, ledger.Insurer, more, booking)
	entry.Move(ledger.AdvancesInvoiced, ledger.AdvancesReceived, received+stands[ledger.AdvancesReceived], booking)
	if len(entry.Postings) == 0 {
		return nil
	}
	nth, err := ledger.CountOf(ctx, tx, order)
	if err != nil {
		return err
	}
	entry.SourceID = fmt.Sprintf("%d/%d", order, nth) // the order is locked: its entries are counted once
	_, err = ledger.PostTx(ctx, tx, s.Now(), entry)
	return err
}

// insureTx is levelTx for bookings whose premium no later part will carry: a low price can be all in the deposit.
func (s *Service) insureTx(ctx context.Context, tx *sqlx.Tx, order id.Order, bookings ...id.Booking) error {
	for _, b := range bookings {
		unbooked, err := premiumUnbooked(ctx, tx, b)
		if err != nil {
			return err
		}
		if unbooked <= 0 {
			continue
		}
		if err := s.levelTx(ctx, tx, order, b, ""); err != nil {
			return err
		}
	}
	return nil
}
