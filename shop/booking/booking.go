// Package booking takes a parent from held places to a paid place, and a booking through the rest of its life.
//
// Owns: baskets, orders, bookings and their history; who has which place; who pays. Tables: policy, checkout,
// checkout_child, booking_order, booking, booking_event, place, departure_limit, capacity_event, goodwill,
// goodwill_decision, participant_bar, bar_try, payer, dunning_pause.
// May import: terms, migrations/pg, sqlx, payments, medical, templates/mail, templates/messages, shop/account, shop/catalogue,
// shop/memberprice, shop/discount, shop/evidence, shop/extra, shop/queue, shop/mail, shop/worklist.
// Always true: a place has one booking at most; a booking keeps every fact it was priced with, so nothing reprices it; an
// amount that somebody confirmed is the amount charged, or the step is refused as outdated (ErrOutdated).
// Sub-limits (girls, birth years, boarding place) are counted when the answer is given, under the lock of the departure's
// limits, and held as long as the basket; a trigger refuses a booking beyond one, whatever code writes it.
// Lock order, in every transaction: checkout, order, limits of a departure, places in order of departure and number,
// extras, discounts, ledger.
//
// Where what stands, as a booking lives; the rows of a file are in the store_ file beside it:
//
//	checkout basket answers* summary place  from held places to an order, with
//	crowd changing                          steps of many families that wait at the same moment share a transaction
//	discount extra                          what goes off the price, and what comes on top
//	elsewhere                               going on in another browser
//	offered                                 places kept for the waiting list
//	capacity bar                            how many, of which kind, and who may not
//	order read history family               what is read, and what a guardian may do
//	paid payer refund_account plan pause    who paid and pays, where refunds go, other days to pay, no reminders meanwhile
//	claim reprice                           of a member's price, and what becomes of it without a proof
//	care* review                            a care question, from the answer to its end
//	can change rebook along extra_later     what a family changes, and what goes along to another holiday
//	cancel ending undo whatif reason        the end, taken back, priced for any day, with its reasons
//	organiser                               what shop/decision does to one booking
//	balance late goodwill difference        what is asked, ended for, given, and a few cents too little or too much
//	perform                                 revenue of what took place
//	letters* extra_letter                   what a parent reads
//	forget                                  what goes with a family
package booking

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/payments"
	"joetz/payments/invoice"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/evidence"
	"joetz/shop/extra"
	"joetz/shop/mail"
	"joetz/shop/queue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Service is the use cases of a booking; each exported method is one transaction.
type Service struct {
	DB        *sqlx.DB
	Now       func() time.Time
	Terms     terms.Terms // the version that new bookings rest on
	Catalogue *catalogue.Service
	Accounts  *account.Service
	Payments  *payments.Service
	Invoices  *invoice.Service
	Medical   *medical.Service
	Evidence  *evidence.Service
	Discounts *discount.Service
	Extras    *extra.Service
	Outbox    *mail.Outbox
	Account   BankAccount
	// GoodwillLimit is what one member of staff may give back on a booking alone; nil: GoodwillAlone.
	GoodwillLimit *money.Cents

	// Freed hears, in the transaction that does it, of departures on which places came free or limits widened; nil: nobody waits.
	Freed func(ctx context.Context, tx *sqlx.Tx, departures []id.Departure) error

	// Released hears that a basket ended without an order, Placed that baskets became orders; nil: nobody asks.
	Released func(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout) error
	Placed   func(ctx context.Context, tx *sqlx.Tx, orders map[id.Checkout]id.Order) error

	// MayUndo says why the end of a booking cannot be taken back, though the money would allow it; nil: nothing forbids it.
	MayUndo func(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) error

	// FreeUntil is the last day on which a family may leave a booking for free, by a page of its own; zero when it may not. nil:
	// nobody may.
	FreeUntil func(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (civil.Date, error)

	crowds      crowds
	old         termsCache
	policySaved atomic.Bool // the terms were seen to stand in the database
}

func (s *Service) today() civil.Date { return civil.Of(s.Now()) }

// enqueue adds a job to the caller's transaction.
func (s *Service) enqueue(ctx context.Context, tx *sqlx.Tx, args queue.Args) error {
	return queue.InsertTx(ctx, tx, args)
}
