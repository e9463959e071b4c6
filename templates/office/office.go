// Package office has the pages of the organiser's office.
//
// Owns: the typed page structs of shop/office and their markup.
// May import: terms, templates/layout, templates/ui, templates/messages, templ.
// Always true: what a step costs stands on the page before the button that does it.
package office

import (
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// OrderRow is one order in a list.
type OrderRow struct {
	Href      string
	Reference string
	PlacedAt  time.Time
	Payer     string
	Children  []ChildRow
	Open      money.Cents
	Overdue   bool
}

// ChildRow is one child of an order in a list.
type ChildRow struct {
	Name    string
	Holiday string
	Status  string
}

// ReviewsPage lists the orders with a child whose care is to be decided.
type ReviewsPage struct {
	layout.Page
	Orders []OrderRow
}

// BookingCard is one booking with what office may do about it.
type BookingCard struct {
	Name          string
	BornOn        civil.Date
	Holiday       string
	Departure     string // address of its departure
	Code          string
	StartsOn      civil.Date
	EndsOn        civil.Date
	Status        string
	CancelledBy   string
	Category      string
	Price         money.Cents // of the holiday, after discounts
	Discount      money.Cents // that they took off
	Evidence      string
	Proof         string // address of its proof, "" when none is asked
	BoardingPlace string
	Insured       bool
	Premium       money.Cents // of the insurance; 0 where it was paid with the booking before
	Photo         string
	Charged       money.Cents
	Paid          money.Cents
	State         string // payments.Statement.State
	Parts         []PartRow
	Extras        []KeptExtra // that it has on top
	Bar           string      // address of the page that refuses the child for a while
	Cancel        string      // address of the cancellation page, "" when ended
	Review        string      // address of the care decision, "" when there is none
	Emergency     string      // opens the child's fiche in an emergency; "" when the child does not come
	WhatIf        string      // address of the what-if page
	Change        string      // address of the page that changes it, "" when ended
	Undo          string      // address of the page that takes the cancellation back, "" when it cannot be
	NoUndo        string      // why a cancellation of today cannot be taken back, "" when it can
	Goodwill      string      // address of the page that gives back part of what it costs, "" when it costs nothing
}

// PartRow is one scheduled part.
type PartRow struct {
	Kind   string
	DueOn  civil.Date
	Amount money.Cents
	Paid   money.Cents
}

// DocumentRow is an invoice or credit note.
type DocumentRow struct {
	Number string
	Kind   string
	On     civil.Date
	Total  money.Cents
	Href   string
}

// EventRow is a line of the history.
type EventRow struct {
	At   time.Time
	Text string
	Who  string

	Href  string // of a mail's text
	State string // of a mail: waiting, sent or dead
}

// NoteRow is what a colleague wrote.
type NoteRow struct {
	Text   string
	By     string
	At     time.Time
	Pinned bool
	Family bool // about the family, not about one order
	Action string
}

// StoryLink is a cut of the history.
type StoryLink struct {
	Href    string
	Text    string
	Current bool
}

// RefundRow is money on its way back.
type RefundRow struct {
	Amount money.Cents
	Method string
	State  string
	By     civil.Date
}

// OrderPage is one order, whole.
type OrderPage struct {
	layout.Page
	Reference      string
	PlacedAt       time.Time
	Payer          []string
	Other          []string // who gets the invoices in the parent's place; none: the parent
	ChangePayer    string   // where that is changed
	ChangePlan     string   // where its open money is planned anew
	Email          string
	Phone          string
	StructuredComm string
	TermsVersion   string
	Bookings       []BookingCard
	Charged        money.Cents
	Paid           money.Cents
	Credit         money.Cents
	Documents      []DocumentRow
	Refunds        []RefundRow
	Events         []EventRow
	Family         string // address of the family
	Notes          []NoteRow
	NoteAction     string
	NoteText       string
	StoryFilter    []StoryLink
	Errors         ui.Errors
}

// ReasonLine is why an amount is what it is: the clause and the words, rendered from the engine's data.
type ReasonLine struct {
	Clause string
	Text   string
	Amount money.Cents
	HasSum bool
}

// Outcome is what the terms say about an end.
type Outcome struct {
	DaysBefore  int
	Fee         money.Cents
	Premium     money.Cents
	Costs       money.Cents // proven
	Kept        []KeptExtra // extras of which something stays to be paid
	Paid        money.Cents
	Refund      money.Cents
	Fees        money.Cents // of earlier rebookings, that go back beside Refund
	Outstanding money.Cents
	Because     []ReasonLine
	NextOn      civil.Date // when the fee changes; zero when it does not
	NextFee     money.Cents
}

// KeptExtra is an extra with what it costs, or what of it stays to be paid.
type KeptExtra struct {
	Name   string
	Amount money.Cents
}

// CancelPage asks who ends a booking and why, shows what that costs, and does it.
type CancelPage struct {
	layout.Page
	Booking BookingCard
	Action  string
	By      string
	Claim   string
	Costs   string
	Note    string
	Errors  ui.Errors
	Outcome *Outcome // nil until the form was sent once
	Care    string   // where refusing care is decided; "" while nothing is discussed
	Open    money.Cents
	Late    civil.Date // since when Open is due; zero when nothing is late
}

// ReviewPage shows what a parent wrote about care, and asks for the decision.
type ReviewPage struct {
	layout.Page
	Booking BookingCard
	Action  string
	Answers []CareFact
	Since   civil.Date // that it is discussed
	Late    bool       // asked after booking: what was charged stands still

	Unreadable bool // something does not open
	Phone      string
	Payer      string
	Note       string
	Errors     ui.Errors
}

// CareFact is one answer, for those who decide.
type CareFact struct {
	Label string
	Lines []string
}
