// Package memberprice keeps the claims of a member's price: what was claimed, until when its proof may come, and what became of it.
//
// Owns: a row for each booking that claims one, and the last day for its proof. shop/booking makes a claim, moves its day and
// lets it go along to another holiday; shop/proof is what families and the office do with it. Tables: proof.
// May import: terms, sqlx, lib/pq, payments, shop/catalogue.
// Always true: what was claimed, and at which price, never changes; every other method of this package only tells what became of it.
package memberprice

import (
	"fmt"
	"time"

	"joetz/payments"
	"joetz/shop/catalogue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
	"joetz/terms/social"
)

// The states of a booking's proof, in Booking.Evidence of shop/booking.
const (
	NotNeeded = "not_needed"
	Awaited   = "awaited"  // nothing handed in, or asked again
	Received  = "received" // handed in: the office looks
	Accepted  = "accepted"
	Refused   = "refused" // the family may hand in another
	Late      = "late"    // the deadline passed with nothing handed in
)

// Claim is the claim of a member's price for one booking.
type Claim struct {
	Booking     id.Booking         `db:"booking_id"`
	Category    catalogue.Category `db:"category"`       // that was claimed
	Price       money.Cents        `db:"price_cents"`    // in that category, after discounts
	Discount    money.Cents        `db:"discount_cents"` // what they took off it
	Until       civil.Date         `db:"until"`
	Reason      string             `db:"reason"`     // why it was refused, "" when it was not
	Words       string             `db:"words"`      // of the office
	DecidedAt   *time.Time         `db:"decided_at"` // when the office last found it good or not
	LateAt      *time.Time         `db:"late_at"`
	CorrectedAt *time.Time         `db:"corrected_at"` // since when the base price is asked instead
	Code        string             `db:"code"`         // of the sticker, as the parent typed it
}

// Gross is the price that was claimed, before discounts.
func (c Claim) Gross() money.Cents { return c.Price + c.Discount }

// Corrected reports whether the base price is asked because the proof was not good, or not there.
func (c Claim) Corrected() bool { return c.CorrectedAt != nil }

// Sticker is what the terms say about the code that the parent typed; ok is false when there is none to read.
func (c Claim) Sticker() (result social.Result, because []terms.Reason, ok bool) {
	result, because, err := social.Brochure.Mutuality(c.Code)
	return result, because, c.Code != "" && err == nil
}

// The deadline is so many days before the balance is invoiced (edges.md 37), and never sooner than so many after the booking.
const (
	beforeInvoice = 7
	atLeast       = 14
)

// Until is the last day for a proof: before the balance is asked, not too soon after the booking, and in any case before the
// departure. firstBalance is the day on which the first part after the deposit is due; zero when all is asked at once.
func Until(booked, departs, firstBalance civil.Date) civil.Date {
	until := booked.AddDays(atLeast)
	if !firstBalance.IsZero() {
		until = civil.Later(until, firstBalance.AddDays(-payments.BalanceAskedBefore-beforeInvoice))
	}
	if last := civil.Later(departs.AddDays(-1), booked); until.After(last) {
		return last
	}
	return until
}

// Path is the address where the proof of a booking's claim is handed in.
func Path(b id.Booking) string { return fmt.Sprintf("/mijn/bewijs/%d", b) }
