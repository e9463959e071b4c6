package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Receipt is money that came in for an order.
type Receipt struct {
	Order        id.Order
	Method       string // stripe or transfer
	Amount       money.Cents
	Fee          money.Cents // what Stripe kept of it; 0 for transfers
	ReceivedOn   civil.Date
	SourceSystem string // "stripe" or "bank"; with SourceID it names the money: the same money is recorded once
	SourceID     string
	PayerName    string
	PayerIBAN    string
	// From is the account the money stands on already: ledger.Suspense for a movement that was placed by hand. Empty: the
	// bank for a transfer, the balance at Stripe for a card.
	From ledger.Account
}

// Received tells what a receipt did.
type Received struct {
	Payment   id.Payment
	Repeated  bool        // this money was recorded before: nothing was done
	Allocated money.Cents // what paid for instalments
	Credit    money.Cents // what is left over on the order after it
}

// ReceiveTx records money once, books it, and pays the order's instalments with it, oldest due line first.
func (s *Service) ReceiveTx(ctx context.Context, tx *sqlx.Tx, r Receipt) (Received, error) {
	if err := LockOrderTx(ctx, tx, r.Order); err != nil {
		return Received{}, err
	}
	now := s.Now()
	payment, isNew, err := insertPayment(ctx, tx, r, now)
	if err != nil || !isNew {
		return Received{Repeated: !isNew}, err
	}
	if r.From == "" {
		r.From = ledger.Bank
		if r.Method == "stripe" {
			r.From = ledger.StripeBalance
		}
	}
	entry := ledger.Entry{Event: "payment", SourceSystem: r.SourceSystem, SourceID: r.SourceID, On: r.ReceivedOn, Order: r.Order}
	entry.Move(r.From, ledger.Customers, r.Amount, 0)
	entry.Move(ledger.PaymentCosts, r.From, r.Fee, 0)
	if _, err := ledger.PostTx(ctx, tx, now, entry); err != nil {
		return Received{}, err
	}
	allocated, left, err := s.AllocateTx(ctx, tx, r.Order)
	return Received{Payment: payment, Allocated: allocated, Credit: left}, err
}

// AllocateTx pays an order's running instalments with its credit and reports what was used and what is left.
// The caller holds the order's lock.
func (s *Service) AllocateTx(ctx context.Context, tx *sqlx.Tx, order id.Order) (used, left money.Cents, err error) {
	left, err = credit(ctx, tx, order)
	if err != nil || left <= 0 {
		return 0, left, err
	}
	rows, err := runningInstalments(ctx, tx, order)
	if err != nil {
		return 0, left, err
	}
	for _, i := range rows {
		part := min(left, i.Amount-i.Allocated)
		if part <= 0 {
			continue
		}
		if err := s.allocate(ctx, tx, order, i, part); err != nil {
			return used, left, err
		}
		used, left = used+part, left-part
	}
	return used, left, nil
}

// allocate moves part of an order's credit to one instalment, or back when part is negative, and tells the books: the
// customer's account per booking, and from "invoiced advance" to "received advance" as far as it is invoiced.
func (s *Service) allocate(ctx context.Context, tx *sqlx.Tx, order id.Order, i instalmentRow, part money.Cents) error {
	now := s.Now()
	allocation, err := insertAllocation(ctx, tx, order, i, part, now)
	if err != nil {
		return err
	}
	entry := ledger.Entry{Event: "allocation", SourceSystem: "shop", SourceID: fmt.Sprint(allocation), On: civil.Of(now), Order: order}
	entry.Postings = append(entry.Postings,
		ledger.Posting{Account: ledger.Customers, Amount: part},
		ledger.Posting{Account: ledger.Customers, Amount: -part, Booking: i.Booking})
	if part > 0 {
		balances, err := ledger.BookingBalances(ctx, tx, i.Booking)
		if err != nil {
			return err
		}
		entry.Move(ledger.AdvancesInvoiced, ledger.AdvancesReceived, min(part, max(0, -balances[ledger.AdvancesInvoiced])), i.Booking)
	}
	_, err = ledger.PostTx(ctx, tx, now, entry)
	return err
}
