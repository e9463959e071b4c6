// Package proof is what families and the office do with the proof of a member's price.
//
// Owns: handing in and taking back, the office's look and decision, the deadline with its reminders, what the price becomes
// without a good proof, the letters about it, and the end of the files. Tables: none; the claim is a row of shop/memberprice, the files
// are in shop/evidence, the price is the booking's.
// May import: terms, migrations/pg, sqlx, payments, shop/account, shop/booking, shop/catalogue, shop/memberprice, shop/evidence,
// shop/queue, shop/worklist, templates/mail.
// Always true: a price never rises by itself, a person of the office decides it, and only for an amount that was shown; a good
// proof never makes it dearer; what was accepted is decided for good; who of the office opened a file stands in the history.
package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/shop/booking"
	"joetz/shop/evidence"
	"joetz/shop/memberprice"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Service is the use cases of proofs.
type Service struct {
	DB       *sqlx.DB
	Now      func() time.Time
	Bookings *booking.Service
}

func (s *Service) today() civil.Date { return civil.Of(s.Now()) }

// The reasons why a step with a proof is refused.
var (
	ErrDecided error = fault.New(fault.Conflict, "booking.proof_decided")
	// ErrChanged is returned when the case is another than somebody saw: a colleague, the family, or they themselves a moment ago.
	ErrChanged error = fault.New(fault.Conflict, "booking.proof_changed")
	ErrOver    error = fault.New(fault.Conflict, "booking.proof_over")
	ErrEarly   error = fault.New(fault.Conflict, "booking.proof_early")
)

// Case is a booking with its claim and what was handed in for it.
type Case struct {
	Booking booking.Booking
	Order   booking.Order
	Claim   memberprice.Claim
	Files   []evidence.Entry
}

// Seen tells this case from what it was before, or becomes: who decides sends back what they saw. It has no answer of anybody in it.
func (c Case) Seen() string {
	var decided, file int64
	if c.Claim.DecidedAt != nil {
		decided = c.Claim.DecidedAt.UnixMicro()
	}
	for _, f := range c.Files {
		file = max(file, f.ID)
	}
	return fmt.Sprintf("%s %v %d %d %d %t", c.Booking.Evidence, c.Claim.Until, decided, len(c.Files), file, c.Claim.Corrected())
}

// Open reports whether the family can still hand something in.
func (c Case) Open(today civil.Date) bool {
	return c.Booking.Active() && c.Booking.Evidence != memberprice.NotNeeded && c.Booking.Evidence != memberprice.Accepted && !today.After(c.Booking.DepartsOn)
}

// Of reads the proof of a booking for who pays for it: another's is ErrNoBooking, like a booking that needs none.
func (s *Service) Of(ctx context.Context, guardian id.Guardian, key id.Booking) (Case, error) {
	c, err := s.ByID(ctx, key)
	if err != nil {
		return c, err
	}
	o, err := s.Bookings.FamilyOrder(ctx, guardian, c.Booking.Order)
	if err != nil {
		return Case{}, err
	}
	for _, b := range o.Bookings { // a parent who does not pay sees no price, so no proof either
		if b.ID == key && b.Evidence != memberprice.NotNeeded {
			return c, nil
		}
	}
	return Case{}, booking.ErrNoBooking
}

// ByID reads the proof of a booking for the office. ErrNoBooking when it needs none.
func (s *Service) ByID(ctx context.Context, key id.Booking) (Case, error) {
	b, err := s.Bookings.BookingByID(ctx, key)
	if err != nil {
		return Case{}, err
	}
	o, err := s.Bookings.OrderByID(ctx, b.Order)
	if err != nil {
		return Case{}, err
	}
	return s.of(ctx, s.DB, o, key)
}

// lockTx locks the order of a booking and reads booking and proof again; the row of the claim is there afterwards.
func (s *Service) lockTx(ctx context.Context, tx *sqlx.Tx, order id.Order, key id.Booking) (Case, error) {
	if err := payments.LockOrderTx(ctx, tx, order); err != nil {
		return Case{}, err
	}
	o, err := s.Bookings.OrderTx(ctx, tx, order)
	if err != nil {
		return Case{}, err
	}
	c, err := s.of(ctx, tx, o, key)
	if err != nil {
		return c, err
	}
	return c, memberprice.AddTx(ctx, tx, c.Claim)
}

// of is the case of one booking of an order.
func (s *Service) of(ctx context.Context, q sqlx.QueryerContext, o booking.Order, key id.Booking) (Case, error) {
	b, ok := booking.FamilyBookings([]booking.Order{o})[key]
	if !ok || b.Evidence == memberprice.NotNeeded {
		return Case{}, booking.ErrNoBooking
	}
	c := Case{Booking: b, Order: o}
	known, err := memberprice.Of(ctx, q, key)
	if err != nil {
		return c, err
	}
	if c.Claim, ok = known[key]; !ok {
		c.Claim = assumed(b)
	}
	files, err := s.Bookings.Evidence.FilesOf(ctx, q, key)
	c.Files = files[key]
	return c, err
}

// assumed is the claim of a booking that came to its member's price by another way than a basket: a rebooking.
func assumed(b booking.Booking) memberprice.Claim {
	first := civil.Date{}
	for _, part := range b.Statement.Parts {
		if part.Kind == "balance" && (first.IsZero() || part.DueOn.Before(first)) {
			first = part.DueOn
		}
	}
	return memberprice.Claim{Booking: b.ID, Category: b.Category, Price: b.Price, Discount: b.Discount, Until: memberprice.Until(b.BookedOn, b.DepartsOn, first)}
}

// moveTx moves a proof from the state that was read to the next, with a line of history.
func (s *Service) moveTx(ctx context.Context, tx *sqlx.Tx, c Case, to, event, actor string, detail map[string]any) error {
	if err := s.Bookings.EvidenceTx(ctx, tx, c.Booking, to); err != nil {
		return err
	}
	if detail == nil {
		detail = map[string]any{}
	}
	detail["from"], detail["to"] = c.Booking.Evidence, to
	return s.noteTx(ctx, tx, c, event, actor, detail)
}

// noteTx adds a line to the history; detail may be nil.
func (s *Service) noteTx(ctx context.Context, tx *sqlx.Tx, c Case, kind, actor string, detail map[string]any) error {
	e := booking.Event{Order: c.Order.ID, Booking: c.Booking.ID, Kind: kind, Actor: actor, At: s.Now()}
	if detail != nil {
		text, err := json.Marshal(detail)
		if err != nil {
			return err
		}
		e.Detail = text
	}
	return s.Bookings.EventTx(ctx, tx, e)
}
