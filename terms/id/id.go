// Package id has the typed keys of everything the shop keeps, so that one is never passed for another.
//
// Owns: the id types. May import: nothing.
// Always true: an id is the bigint identity of its table's row; zero is no row.
package id

import "strconv"

type (
	// Season is a catalogue year.
	Season int64
	// Holiday is a vakantie in the catalogue.
	Holiday int64
	// TargetGroup is whom a holiday is for, with its extra questions.
	TargetGroup int64
	// Departure is a holiday on its dates.
	Departure int64
	// BoardingPlace is an opstapplaats of one departure.
	BoardingPlace int64
	// Limit is a sub-limit of a departure: so many participants of a kind.
	Limit int64
	// PriceList is one version of a departure's three prices.
	PriceList int64
	// Guardian is a parent or other adult who books.
	Guardian int64
	// Participant is a child.
	Participant int64
	// Staff is somebody of the organiser: office, accounting, animator or lead.
	Staff int64
	// Checkout is a basket with held places.
	Checkout int64
	// WaitlistEntry is a family's wish for places on a departure that is full.
	WaitlistEntry int64
	// WaitlistOffer is places kept for an entry until a deadline.
	WaitlistOffer int64
	// Payer is who pays an order in the place of the parent.
	Payer int64
	// Order is one checkout of one parent.
	Order int64
	// Booking is one participant on one departure.
	Booking int64
	// Instalment is one scheduled part of a booking's price.
	Instalment int64
	// Invoice is an invoice or credit note.
	Invoice int64
	// Payment is money that came in.
	Payment int64
	// Refund is money that goes back.
	Refund int64
	// BankFile is a bank file that was imported.
	BankFile int64
	// BankMovement is a booking on our bank account, or a detail of one.
	BankMovement int64
	// BankMatch says what part of a bank movement was for.
	BankMatch int64
	// Fiche is a child's medical sheet for one booking.
	Fiche int64
	// Mail is a message in the outbox.
	Mail int64
	// Job is a row of the queue.
	Job int64
)

// Actor names a guardian in histories and logs: "guardian:7".
func (g Guardian) Actor() string { return "guardian:" + strconv.FormatInt(int64(g), 10) }

// Actor names a colleague in histories and logs: "staff:3".
func (s Staff) Actor() string { return "staff:" + strconv.FormatInt(int64(s), 10) }
