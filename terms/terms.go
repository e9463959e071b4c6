package terms

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Terms are an organiser's general terms, ready to be asked. They never change, and are safe for concurrent use. The
// zero Terms is unusable: they come from New, Load or JOETZ2027.
type Terms struct{ c *compiled }

// compiled is a policy that was found whole, arranged for speed.
type compiled struct {
	policy           Policy
	hash             string
	document         []byte
	rounding         money.Rounding
	gap              gapPolicy
	classes          [tripCount]string
	deposit          [tripCount][]amountFor
	cancellation     [tripCount]scales
	rebooking        [tripCount]scales
	compensation     [tripCount]scales
	endings          [ByCareRefused + 1]Ending
	perBooking       bool // the deposit is asked once per booking
	laterDate        bool // a balance before the deposit moves to the deposit's day
	advances         bool // the organiser claims from the insurer
	premiumDue       bool // once the cover runs, claimed on or not
	cheaperRebooking bool
	rebookLast       Moment
	usesInvoice      bool                // some fee is a part of the invoice
	invoiceDays      map[string][]anchor // per section, the days of an invoice that it counts from
}

type gapPolicy uint8

const (
	lowerFee gapPolicy = iota
	higherFee
	noFee
)

// amountFor is an amount and the conditions, beyond the trip, that it has.
type amountFor struct {
	when   *When // nil: none
	amount *Amount
}

// scales are the tables that may apply to a trip, exceptions first.
type scales struct {
	exceptions, tables []scale
}

type scale struct {
	when  *When // nil: no condition beyond the trip
	table *Table
}

// Version is the policy's own name for itself, such as "joetz-2027".
func (t Terms) Version() string { return t.c.policy.Version }

// Hash is the SHA-256 of the policy, in hexadecimal. A booking keeps it beside the version.
func (t Terms) Hash() string { return t.c.hash }

// Document is the policy as it was written: what a booking keeps, so that Load gives the same terms and hash years later.
func (t Terms) Document() []byte { return t.c.document }

// Clause is the place in the organiser's own text that a Reason names.
func (t Terms) Clause(name string) Clause { return t.c.policy.Clauses[name] }

// Policy is the data behind the terms; it is shared, so read it only.
func (t Terms) Policy() Policy { return t.c.policy }

// matches reports whether the condition holds; nil always does. Trip and class were looked at before.
func (w *When) matches(d *days, c *Circumstances, insured bool, b *bases) bool {
	if w == nil {
		return true
	}
	rank := max(c.Rank, 1)
	return oneOf(w.Products, c.Product) && oneOf(w.Reasons, c.Reason) && oneOf(w.Choices, c.Choice) &&
		(w.Insured == nil || *w.Insured == insured) &&
		c.Nights >= w.MinNights && (w.MaxNights == 0 || c.Nights <= w.MaxNights) &&
		rank >= w.MinRank && (w.MaxRank == 0 || rank <= w.MaxRank) &&
		(!w.PriceFrom.IsSet() || b[ofPrice] >= w.PriceFrom.of(b, money.Down)) &&
		(!w.PriceUntil.IsSet() || b[ofPrice] <= w.PriceUntil.of(b, money.Down)) &&
		(!w.Booked.IsSet() || !d.booking.Before(w.Booked.at(d))) &&
		(!w.BookedTo.IsSet() || !d.booking.After(w.BookedTo.at(d)))
}

func oneOf(allowed []string, got string) bool {
	if len(allowed) == 0 {
		return true
	}
	for _, a := range allowed {
		if a == got {
			return true
		}
	}
	return false
}

// days gathers the dates that moments count from.
func (c *compiled) days(booked, departs civil.Date, f *Circumstances) days {
	d := days{booking: booked, departure: departs, start: f.StartsOn, invoice: f.InvoicedOn,
		invoiceDue: f.InvoiceDueOn, closed: c.policy.Closed}
	if d.start.IsZero() {
		d.start = departs
	}
	return d
}

// atOnce reports whether a booking of that day is paid whole at once.
func (c *compiled) atOnce(d *days) bool {
	m := &c.policy.Payment.AtOnceFrom
	return m.IsSet() && !d.booking.Before(m.at(d))
}

// depositAsked is the deposit that the terms ask at booking; zero where all is due at once.
func (c *compiled) depositAsked(trip Trip, d *days, f *Circumstances, b *bases) money.Cents {
	if c.atOnce(d) || c.perBooking && f.Rank > 1 || !trip.Valid() {
		return 0
	}
	for _, r := range c.deposit[trip] {
		if r.when.matches(d, f, false, b) {
			return r.amount.of(b, c.rounding)
		}
	}
	return 0
}
