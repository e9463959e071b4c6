// Package ledger keeps the double-entry books.
//
// Owns: the journal and its accounts. Tables: account, entry, posting.
// May import: terms, migrations/pg, sqlx.
// Always true: an entry balances or its transaction does not commit (deferred constraint entry_balanced); rows are never
// changed, a mistake is corrected by a further entry with a reason; the same business event posts once; a closed month
// (payments/books) gets no entry any more, what belongs there is booked on the first open day.
package ledger

import (
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Account is a code of the chart of accounts (MAR, the Belgian minimum chart, as associations use it).
type Account string

// The accounts that the shop posts to by itself. Their names are data, in table account.
const (
	Customers        Account = "400"  // klanten
	Disputed         Account = "416"  // betwiste vorderingen
	AdvancesInvoiced Account = "460"  // te ontvangen vooruitbetalingen: invoiced, not paid
	AdvancesReceived Account = "461"  // ontvangen vooruitbetalingen: paid, holiday still to come
	Insurer          Account = "4891" // premiums that belong to the insurer
	Suspense         Account = "499"  // wachtrekening: money that nobody has placed yet
	Bank             Account = "550"
	PayoutTransit    Account = "5801" // Stripe's payout on its way to the bank
	StripeBalance    Account = "5802"
	RefundTransit    Account = "5803" // refund promised, not yet on a bank statement
	BadDebts         Account = "642"
	PaymentCosts     Account = "657"
	SmallLosses      Account = "658" // small amounts that were let go
	HolidayRevenue   Account = "700"
	FeeRevenue       Account = "743" // cancellation and rebooking fees
	Differences      Account = "757" // small amounts that were kept
)

// Posting is one line of an entry: debit positive, credit negative.
type Posting struct {
	Account Account
	Amount  money.Cents
	Booking id.Booking // 0 where the line belongs to no booking
}

// Entry is the booking of one business event. Event + SourceSystem + SourceID name it: posting it again does nothing.
type Entry struct {
	Event        string // "invoice", "payment", "allocation", "refund", ...
	SourceSystem string // "shop", "stripe", "bank"
	SourceID     string
	On           civil.Date
	Order        id.Order // 0 where no order is concerned
	Reason       string   // why, for corrections
	Postings     []Posting
}

// Move posts amount from one account to another: credit from, debit to. Lines of zero are left out.
func (e *Entry) Move(to, from Account, amount money.Cents, booking id.Booking) {
	if amount == 0 {
		return
	}
	e.Postings = append(e.Postings, Posting{to, amount, booking}, Posting{from, -amount, booking})
}
