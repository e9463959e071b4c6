// Package online lets parents pay through Stripe, and keeps what Stripe says and what the shop's books say the same.
//
// Owns: attempts to pay, what Stripe told (events), what moved on its balance (movements, payouts, disputes), and findings:
// what does not fit and waits for a person.
// Tables: payment_attempt, payment_attempt_order, payment_attempt_instalment, stripe_event, stripe_cursor, stripe_finding, stripe_movement,
// stripe_payout, stripe_payout_movement, stripe_dispute.
// May import: terms, migrations/pg, sqlx, uuid; payments, payments/ledger, payments/stripegw.
// Always true: no call to Stripe is made inside a transaction; before a call its intent is in the database, after it its
// answer, and what happens in between is finished by Sweep. Money is recorded only from what Stripe's API says now, never
// from a browser that came back or from the text of a webhook, and only when amount, currency, mode and reference are those
// of the attempt. The same news twice, late or in another order changes nothing. An instalment is in one running attempt
// at most. Account 5802 is the balance at Stripe: every movement is on the other side of something.
//
// Lock order: the order (payments.LockOrderTx), then its attempt.
package online

import (
	"context"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/payments/stripegw"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Service is the use cases.
type Service struct {
	DB       *sqlx.DB
	Now      func() time.Time
	Log      *slog.Logger
	Gateway  *stripegw.Gateway
	Payments *payments.Service
	// Enqueue adds a job that runs once the caller's transaction commits (shop/queue).
	Enqueue func(ctx context.Context, tx *sqlx.Tx, args payments.JobArgs) error
}

// EventArgs asks a job to work on an event that a webhook brought.
type EventArgs struct {
	Event string `json:"event"`
}

// Kind names the job.
func (EventArgs) Kind() string { return "online.event" }

// ExpireArgs asks a job to close the pay pages of an order.
type ExpireArgs struct {
	Order id.Order `json:"order"`
}

// Kind names the job.
func (ExpireArgs) Kind() string { return "online.expire" }

// SweepArgs asks a job to finish what was left unfinished; it runs every minute.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "online.sweep" }

// CatchUpArgs asks a job to look for news that no webhook brought, and for movements of the balance; it runs every quarter
// of an hour.
type CatchUpArgs struct{}

// Kind names the job.
func (CatchUpArgs) Kind() string { return "online.catch_up" }

// Status is how far an attempt has come.
type Status string

// The statuses of an attempt. They only move forward, and money that comes after the end still makes it paid.
const (
	Created    Status = "created"    // written down; Stripe was asked, or is about to be
	Open       Status = "open"       // there is a pay page
	Processing Status = "processing" // the parent has paid and the bank has not answered yet
	Expired    Status = "expired"    // the page closed without money
	Failed     Status = "failed"     // the bank said no, or Stripe refused to make a page
	Held       Status = "held"       // money came that does not fit; accounting decides
	Done       Status = "paid"       // the money is recorded
)

func (s Status) rank() int {
	switch s {
	case Open:
		return 1
	case Processing:
		return 2
	case Expired, Failed:
		return 3
	case Held:
		return 4
	case Done:
		return 5
	}
	return 0
}

// running reports whether the attempt still keeps others from paying the same.
func (s Status) running() bool { return s.rank() <= 2 || s == Held }

// What starting to pay can end in, beside ErrUnavailable and ErrRefused of stripegw.
var (
	// ErrNothingToPay is returned when there is no line with an amount.
	ErrNothingToPay error = fault.New(fault.Invalid, "online.nothing_to_pay")
	// ErrOtherAmount is returned when less is open than what is to be paid: show what is due now and ask again.
	ErrOtherAmount error = fault.New(fault.Conflict, "online.other_amount")
	// ErrBeingPaid is returned when a bank is still thinking about a payment for the same, or accounting is looking at it.
	ErrBeingPaid error = fault.New(fault.Conflict, "online.being_paid")
	// ErrJustPaid is returned when the same turned out to be paid already.
	ErrJustPaid error = fault.New(fault.Conflict, "online.just_paid")
	// ErrNoAttempt is returned when there is no such attempt.
	ErrNoAttempt error = fault.New(fault.NotFound, "online.no_attempt")
)
