package payments

import (
	"context"
	"fmt"
	"slices"

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
	SourceID     string // of a card payment that is for several orders: SharedSource
	PayerName    string
	PayerIBAN    string
	// From is the account the money stands on already: ledger.Suspense for a movement that was placed by hand. Empty: the
	// bank for a transfer, the balance at Stripe for a card.
	From ledger.Account
}

// SharedSource names the part of a payment intent that is for another order than the one that it names.
func SharedSource(paymentIntent string, order id.Order) string {
	return fmt.Sprintf("%s#%d", paymentIntent, order)
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
	got, err := s.ReceiveAllTx(ctx, tx, []Receipt{r})
	if err != nil {
		return Received{}, err
	}
	return got[0], nil
}

// ReceiveAllTx is ReceiveTx for each receipt in turn, in a fixed number of statements: a bank file brings thousands.
func (s *Service) ReceiveAllTx(ctx context.Context, tx *sqlx.Tx, receipts []Receipt) ([]Received, error) {
	orders := make([]id.Order, len(receipts))
	for i, r := range receipts {
		orders[i] = r.Order
	}
	purses, err := openPurses(ctx, tx, orders)
	if err != nil {
		return nil, err
	}
	recorded, err := insertPayments(ctx, tx, receipts, s.Now())
	if err != nil {
		return nil, err
	}
	got := make([]Received, len(receipts))
	var entries []ledger.Entry
	var shares []share
	for i, r := range receipts {
		source := [2]string{r.SourceSystem, r.SourceID}
		payment, isNew := recorded[source]
		if !isNew {
			got[i].Repeated = true
			continue
		}
		delete(recorded, source) // the same money named twice is recorded once
		entries = append(entries, r.entry())
		purse := purses[r.Order]
		purse.credit += r.Amount
		paid, used := purse.pay()
		shares = append(shares, paid...)
		got[i] = Received{Payment: payment, Allocated: used, Credit: purse.credit}
	}
	if _, err := ledger.PostAllTx(ctx, tx, s.Now(), entries); err != nil {
		return nil, err
	}
	if err := s.allocate(ctx, tx, shares...); err != nil || s.Recorded == nil {
		return got, err
	}
	return got, s.Recorded(ctx, tx, fresh(receipts, got))
}

// fresh are the receipts that were not recorded before.
func fresh(receipts []Receipt, got []Received) (news []Receipt) {
	for i, r := range receipts {
		if !got[i].Repeated {
			news = append(news, r)
		}
	}
	return news
}

// entry is how the money's arrival is booked.
func (r Receipt) entry() ledger.Entry {
	from := r.From
	if from == "" {
		from = ledger.Bank
		if r.Method == "stripe" {
			from = ledger.StripeBalance
		}
	}
	entry := ledger.Entry{Event: "payment", SourceSystem: r.SourceSystem, SourceID: r.SourceID, On: r.ReceivedOn, Order: r.Order}
	entry.Move(from, ledger.Customers, r.Amount, 0)
	entry.Move(ledger.PaymentCosts, from, r.Fee, 0)
	return entry
}

// AllocateTx pays an order's running instalments with its credit and reports what was used and what is left.
// The caller holds the order's lock.
func (s *Service) AllocateTx(ctx context.Context, tx *sqlx.Tx, order id.Order) (used, left money.Cents, err error) {
	purses, err := openPurses(ctx, tx, []id.Order{order})
	if err != nil {
		return 0, 0, err
	}
	shares, used := purses[order].pay()
	return used, purses[order].credit, s.allocate(ctx, tx, shares...)
}

// purse is an order's money that pays for nothing yet, and what it could pay.
type purse struct {
	order       id.Order
	credit      money.Cents
	instalments []instalmentRow // running, oldest due line first
}

// share is a part of an order's money that goes to one instalment, or comes back from it when negative.
type share struct {
	Order      id.Order
	Instalment id.Instalment
	Booking    id.Booking
	Amount     money.Cents
	Reopens    bool // taken back while the instalment stays due: its advance is to be received again
}

// openPurses locks orders, each once and in one order for everybody, and reads what money they have and need.
func openPurses(ctx context.Context, tx *sqlx.Tx, orders []id.Order) (map[id.Order]*purse, error) {
	orders = slices.Compact(slices.Sorted(slices.Values(orders)))
	if err := lockOrders(ctx, tx, orders); err != nil {
		return nil, err
	}
	credits, err := creditsOf(ctx, tx, orders)
	if err != nil {
		return nil, err
	}
	rows, err := runningInstalmentsOf(ctx, tx, orders)
	if err != nil {
		return nil, err
	}
	purses := make(map[id.Order]*purse, len(orders))
	for _, o := range orders {
		purses[o] = &purse{order: o, credit: credits[o]}
	}
	for _, i := range rows {
		purses[i.Order].instalments = append(purses[i.Order].instalments, i)
	}
	return purses, nil
}

// pay shares the purse's credit out.
func (p *purse) pay() (shares []share, used money.Cents) {
	for n := range p.instalments {
		i := &p.instalments[n]
		part := min(p.credit, i.Amount-i.Allocated)
		if part <= 0 {
			continue
		}
		shares = append(shares, share{Order: p.order, Instalment: i.ID, Booking: i.Booking, Amount: part})
		i.Allocated += part
		p.credit -= part
		used += part
	}
	return shares, used
}

// allocate moves parts of an order's credit to instalments, or back when negative, and tells the books: the customer's
// account per booking, and from "invoiced advance" to "received advance" as far as it is invoiced.
func (s *Service) allocate(ctx context.Context, tx *sqlx.Tx, shares ...share) error {
	if len(shares) == 0 {
		return nil
	}
	now := s.Now()
	ids, err := insertAllocations(ctx, tx, shares, now)
	if err != nil {
		return err
	}
	bookings := make([]id.Booking, len(shares))
	for i, a := range shares {
		bookings[i] = a.Booking
	}
	invoiced, err := ledger.BalancesOf(ctx, tx, ledger.AdvancesInvoiced, bookings)
	if err != nil {
		return err
	}
	received, err := ledger.BalancesOf(ctx, tx, ledger.AdvancesReceived, bookings)
	if err != nil {
		return err
	}
	entries := make([]ledger.Entry, len(shares))
	for i, a := range shares {
		e := ledger.Entry{Event: "allocation", SourceSystem: "shop", SourceID: fmt.Sprint(ids[i]), On: civil.Of(now), Order: a.Order}
		e.Postings = append(e.Postings,
			ledger.Posting{Account: ledger.Customers, Amount: a.Amount},
			ledger.Posting{Account: ledger.Customers, Amount: -a.Amount, Booking: a.Booking})
		switch {
		case a.Amount > 0:
			part := min(a.Amount, max(0, -invoiced[a.Booking]))
			e.Move(ledger.AdvancesInvoiced, ledger.AdvancesReceived, part, a.Booking)
			invoiced[a.Booking] += part
		case a.Reopens:
			part := min(-a.Amount, max(0, -received[a.Booking]))
			e.Move(ledger.AdvancesReceived, ledger.AdvancesInvoiced, part, a.Booking)
			received[a.Booking] += part
		}
		entries[i] = e
	}
	_, err = ledger.PostAllTx(ctx, tx, now, entries)
	return err
}
