// Package change has the pages on which a booking is changed, by the family or by the office.
//
// Owns: the typed page structs of shop/change and their markup.
// Tables: none.
// May import: terms, templates/layout, templates/ui, templates/messages, templ.
// Always true: what a step costs, and why, stands on the page before the button that does it.
package change

import (
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Card is the booking that changes.
type Card struct {
	Child    string
	Holiday  string
	StartsOn civil.Date
	EndsOn   civil.Date
}

// Frame is what every page of this package has.
type Frame struct {
	layout.Page
	Card   Card
	Base   string // address of the booking's pages, without a slash at the end
	Errors ui.Errors
	Office bool
}

// Way is one thing that can be changed.
type Way struct {
	Key     string // boarding, name, transfer, rebook or cancel
	Href    string
	Blocked string // why not, in words; "" when it can be done
}

// HubPage lists what can be changed.
type HubPage struct {
	Frame
	Why  string // what is left out of Ways cannot be done any more, since; "" when all is there
	Ways []Way
}

// BoardingPage changes the boarding place.
type BoardingPage struct {
	Frame
	Options []ui.Option
	Value   string
}

// PhotosPage asks again whether photos of the child may be shown.
type PhotosPage struct {
	Frame
	Options []ui.Option
	Value   string
}

// NamePage corrects the name.
type NamePage struct {
	Frame
	First, Last string
}

// TransferPage gives the place to another child of the family.
type TransferPage struct {
	Frame
	Options      []ui.Option
	Value        string
	PhotoOptions []ui.Option // asked anew: the answer about the first child is not the other's
	Photos       string
	Proof        bool // the price needs a proof of the other child
	Until        civil.Date
	Add          string // where a family adds a child; "" for the office
}

// Step is what cancelling costs from a day on.
type Step struct {
	From, To civil.Date // To is zero for the last
	Fee      money.Cents
	Now      bool
}

// KeptExtra is an extra of which something stays to be paid.
type KeptExtra struct {
	Name   string
	Amount money.Cents
}

// CancelPage tells a parent what cancelling costs, and does it.
type CancelPage struct {
	Frame
	Insured     bool
	Covered     bool // the insurance runs: it can be kept to claim on
	Claim       string
	Fee         money.Cents
	Premium     money.Cents
	Paid        money.Cents
	Refund      money.Cents
	RefundBy    civil.Date
	Outstanding money.Cents
	Claimable   money.Cents
	Kept        []KeptExtra
	Because     []ui.Reason
	Steps       []Step
	Note        string
}

// Choice is a holiday where a child could go.
type Choice struct {
	Href     string
	Title    string
	Place    string
	StartsOn civil.Date
	EndsOn   civil.Date
	Price    money.Cents // in the child's category
	More     money.Cents // than the holiday now; negative: less
	Free     int
}

// ChooserPage looks for another holiday.
type ChooserPage struct {
	Frame
	Text    string
	Month   string
	Months  []ui.Option
	Kind    string
	Kinds   []ui.Option
	Choices []Choice
	Blocked string // why nothing can be chosen
}

// DueLine is one part of the new schedule.
type DueLine struct {
	Kind   string
	On     civil.Date
	Amount money.Cents
	Paid   money.Cents // with the money that follows
}

// RebookPage compares two holidays on one screen, and does it.
type RebookPage struct {
	Frame
	To        Card
	Action    string
	Options   []ui.Option // boarding places; none where there is nothing to choose
	Boarding  string
	WasPrice  money.Cents
	Price     money.Cents
	ToBase    bool // the member's price does not exist there
	Premium   money.Cents
	Fee       money.Cents
	Total     money.Cents
	Paid      money.Cents
	FeeOpen   money.Cents
	Refund    money.Cents
	RefundBy  civil.Date
	DueSoon   money.Cents
	Schedule  []DueLine
	Because   []ui.Reason
	Note      string
	Gross     money.Cents // before discounts
	Discounts []Part      // that the new price has
	Lost      []Part      // discounts of the old price that it has not
	Extras    []ExtraAlong
	Dropped   []DroppedExtra
	Kept      money.Cents // of extras that are not paid back
	Goodwill  money.Cents // given before, and goes along
	Cheaper   bool        // the base price with its discounts is less than the member's price
	TermsName string

	Care       bool // in place of a holiday that does not fit the child: agreed with the parent, at no fee
	Agreements string
}

// Part is a named part of a price.
type Part struct {
	Name   string
	Amount money.Cents
}

// ExtraAlong is an extra that goes along, with what it cost and costs.
type ExtraAlong struct {
	Name    string
	Was, Is money.Cents
}

// DroppedExtra is an extra that the other holiday does not have: what comes off, and what stays to be paid.
type DroppedExtra struct {
	Name       string
	Back, Kept money.Cents
	SoldOut    bool // the other holiday has it, and none is left
}

// UndoPage takes a cancellation back.
type UndoPage struct {
	Frame
	Charged money.Cents
	Called  money.Cents // refunds that are called off
	Sent    money.Cents // refunds that go on and will be open
	Fees    money.Cents // of Charged, fees of earlier rebookings
	Note    string
}

// Goodwill is what was given, or waits.
type Goodwill struct {
	Computed, Granted money.Cents
	Reason            string
	Who               string
	At                time.Time
	State             string // waiting, approved or refused
	Decide            string // address of the decision; "" when there is none to take
	Own               bool   // asked by who looks: a colleague decides
}

// GoodwillPage gives back part of what a booking costs.
type GoodwillPage struct {
	Frame
	Charged money.Cents
	Paid    money.Cents
	Limit   money.Cents
	Given   []Goodwill
	Amount  string
	Reason  string
}
