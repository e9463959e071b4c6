// Package decision carries out what the organiser decides about whole departures: called off, merged into another one, or
// dearer after booking.
//
// Owns: decisions, what each does to every booking, and what families answer. Tables: decision, decision_departure,
// decision_item, decision_offer, price_rise.
// May import: terms, medical, migrations/pg, sqlx, payments, shop/account, shop/booking, shop/catalogue, shop/family, shop/queue,
// shop/worklist, templates/mail.
// Always true: a decision is shown booking by booking before it is made, and made as it was shown or not at all
// (booking.ErrOutdated), once however often it is sent; it is carried out in small transactions, one booking or what ends together of
// one order, and the row of each booking says in the same transaction that it is done, so that the job may be killed, repeated and run
// by two processes at once; a place that a family is offered is really held until their deadline; silence never costs a family money.
// Lock order: the turn of its kind (who decides); baskets of kept places, order, item, limits and places, ledger.
package decision

import (
	"context"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/queue"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// The kinds of decisions.
const (
	Cancel = "cancel"
	Merge  = "merge"
	Rise   = "rise"
)

// The states of an item.
const (
	Waiting = "waiting" // the job did not come to it yet
	Asked   = "asked"   // the family may choose
	Done    = "done"
	Failed  = "failed" // with a problem; it can be tried again
)

// What became of a booking.
const (
	Refunded = "refunded" // everything went back
	Rebooked = "rebooked" // the family chose another holiday
	Moved    = "moved"    // the organiser moved it
	Raised   = "raised"   // its price rose
	Left     = "left"     // the family left for free
	Void     = "void"     // the law does not allow the rise: nothing was asked
	Ended    = "ended"    // it had ended before its turn came
)

// The reasons why a decision, or an answer to one, is refused.
var (
	ErrNoDecision error = fault.New(fault.NotFound, "decide.none")
	ErrNoReason   error = fault.Field("reason", "decide.reason_needed")
	ErrUntil      error = fault.Field("until", "decide.until_wrong")
	ErrNothing    error = fault.New(fault.Conflict, "decide.nothing")
	ErrAllVoid    error = fault.New(fault.Conflict, "decide.all_void")
	ErrAnswered   error = fault.New(fault.Conflict, "decide.answered")
	ErrOver       error = fault.New(fault.Conflict, "decide.over")
	ErrTooFew     error = fault.New(fault.Conflict, "decide.too_few")
	ErrMoving     error = fault.New(fault.Conflict, "decide.moving")
	ErrAmount     error = fault.Field("amount", "decide.amount_wrong")
	ErrTo         error = fault.Field("to", "decide.to_wrong")
	ErrLeft       error = fault.New(fault.Conflict, "decide.left_itself")
)

// Service is the use cases of decisions.
type Service struct {
	DB        *sqlx.DB
	Now       func() time.Time
	Bookings  *booking.Service
	Catalogue *catalogue.Service
	Log       *slog.Logger

	// CalledOff hears, in the transaction that does it, that a departure does not take place; nil: nobody waits for it.
	CalledOff func(ctx context.Context, tx *sqlx.Tx, departure id.Departure) error
}

func (s *Service) today() civil.Date { return civil.Of(s.Now()) }

// Decision is what the office decided.
type Decision struct {
	ID      int64        `db:"id"`
	Kind    string       `db:"kind"`
	Reason  string       `db:"reason"` // as families read it
	To      id.Departure `db:"to_departure"`
	Until   *time.Time   `db:"until"` // families may choose, or leave for free
	Cause   string       `db:"cause"` // of a rise: fuel, taxes or exchange
	Percent *int64       `db:"percent_milli"`
	Amount  *money.Cents `db:"amount_cents"`
	Detail  []byte       `db:"detail"`
	Staff   id.Staff     `db:"staff_id"`
	Who     string       `db:"who"`
	At      time.Time    `db:"at"`

	About  []id.Departure `db:"-"`
	Others []id.Departure `db:"-"` // that families may choose instead
	Counts Counts         `db:"-"`
}

// who acts when a decision is carried out: whoever made it.
func (d Decision) who() account.Identity { return account.Identity{StaffID: d.Staff} }

func (d Decision) reader() medical.Reader {
	return medical.Reader{Staff: d.Staff, Role: medical.Office, Purpose: "rebook"}
}

// Counts says how far a decision is.
type Counts struct {
	Waiting int `db:"waiting"`
	Asked   int `db:"asked"`
	Done    int `db:"done"`
	Failed  int `db:"failed"`
}

// Total is all bookings of a decision.
func (c Counts) Total() int { return c.Waiting + c.Asked + c.Done + c.Failed }

// Item is what a decision does to one booking.
type Item struct {
	ID        int64       `db:"id"`
	Decision  int64       `db:"decision_id"`
	Kind      string      `db:"kind"` // of the decision
	Booking   id.Booking  `db:"booking_id"`
	Order     id.Order    `db:"order_id"`
	State     string      `db:"state"`
	Outcome   string      `db:"outcome"`
	Fresh     id.Booking  `db:"fresh_id"`     // that came in its place; 0 for none
	Amount    money.Cents `db:"amount_cents"` // that goes back, or that the price rose
	ExitUntil civil.Date  `db:"exit_until"`   // the last day to leave for free; zero for none
	Problem   string      `db:"problem"`      // message key of why it failed
	Tries     int         `db:"tries"`
	ChangedAt time.Time   `db:"changed_at"`
}

// Current is the booking that goes on: the one in its place, or itself.
func (i Item) Current() id.Booking {
	if i.Fresh != 0 {
		return i.Fresh
	}
	return i.Booking
}

// MayLeave reports whether the family may still leave for free.
func (i Item) MayLeave(today civil.Date) bool {
	return i.State == Done && (i.Outcome == Moved || i.Outcome == Raised) && !i.ExitUntil.IsZero() && !today.After(i.ExitUntil)
}

// Offer is another holiday that a family may choose.
type Offer struct {
	ID        int64            `db:"id"`
	Item      int64            `db:"item_id"`
	Departure id.Departure     `db:"departure_id"`
	Boarding  id.BoardingPlace `db:"boarding_place_id"`
	Checkout  id.Checkout      `db:"checkout_id"`
}

// CarryArgs asks a job to carry a decision out, as far as it was not.
type CarryArgs struct {
	Decision int64 `json:"decision"`
}

// Kind names the job.
func (CarryArgs) Kind() string { return "decision.carry" }

// SweepArgs asks a job to look at deadlines, and at decisions that nobody carries out any more.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "decision.sweep" }

// LetterArgs asks a job to write to a family.
type LetterArgs struct {
	Item int64   `json:"item"`
	What string  `json:"what"`           // refunded, choose, moved, raised or left
	With []int64 `json:"with,omitempty"` // other items of its order that the letter tells of too
}

// Kind names the job.
func (LetterArgs) Kind() string { return "decision.letter" }

func (s *Service) enqueue(ctx context.Context, tx *sqlx.Tx, args queue.Args, opts ...queue.Option) error {
	return queue.InsertTx(ctx, tx, args, opts...)
}

// stopOf is the boarding place of d that fits a child: of the same name, else the first.
func stopOf(b booking.Booking, d catalogue.Departure) id.BoardingPlace {
	for _, place := range d.BoardingPlaces {
		if place.Name == b.BoardingName {
			return place.ID
		}
	}
	if len(d.BoardingPlaces) > 0 {
		return d.BoardingPlaces[0].ID
	}
	return 0
}
