// Package parent has the pages on which a parent books and follows what was booked.
//
// Owns: the typed page structs of shop/parent and their markup.
// May import: terms, templates/layout, templates/ui, templates/change, templates/messages, templates/scene, templ.
// Always true: nothing about price, insurance, care or photos is chosen for the parent; every amount on these pages was
// worked out by the terms engine, never here.
package parent

import (
	"time"

	"joetz/templates/change"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Trip is the line that says what is being booked, above every step.
type Trip struct {
	Title       string
	Destination string
	StartsOn    civil.Date
	EndsOn      civil.Date
	Href        string
}

// Basket is what every step of a checkout shows.
type Basket struct {
	layout.Page
	Trip      Trip
	Places    int
	HeldUntil time.Time
	Errors    ui.Errors
	Action    string // where the form goes
}

// The steps of a checkout, in order.
const (
	StepChildren = iota
	StepChoices
	StepDetails
	StepConfirm
)

func (b Basket) steps() []ui.Step {
	return []ui.Step{
		{Label: b.T("checkout.step.children"), Href: "/boeken/kind/1"},
		{Label: b.T("checkout.step.choices"), Href: "/boeken/kind/1/keuzes"},
		{Label: b.T("checkout.step.details"), Href: "/boeken/gegevens"},
		{Label: b.T("checkout.step.confirm")},
	}
}

// ChildPage asks which child takes a place.
type ChildPage struct {
	Basket
	Position  int
	Children  []ui.Option // of the family; Value is the id, "new" for another
	Chosen    string
	FirstName string
	LastName  string
	Born      ui.DayField
}

// ChoicesPage asks price, boarding place, insurance, care and photos for one child.
type ChoicesPage struct {
	Basket
	FirstName      string
	Categories     []ui.Option
	Category       string
	BoardingPlaces []ui.Option
	BoardingPlace  string
	Insurable      bool
	Premium        money.Cents
	Insured        string // yes, no or ""
	Care           string
	CareText       string
	PhotoConsent   string
	Extras         []ExtraField
	AsksGender     bool // the departure divides its beds
	Gender         string
	TargetGroup    string   // whom the holiday is for; "" for everybody
	Extra          []string // what the fiche asks besides, for such a holiday
	Group          string   // yes, no or ""
}

// ExtraField asks whether a child takes something on top, and which.
type ExtraField struct {
	Name    string // of the field
	Label   string
	Hint    string
	Value   string
	Options []ui.Option
}

// DetailsPage asks who the parent is, for the invoice and to be reached.
type DetailsPage struct {
	Basket
	FirstName, LastName, Phone, Street, PostalCode, City, Country string
	Countries                                                     []ui.Option
	Payer                                                         change.PayerFields
}

// OfferLine is one child on the last page.
type OfferLine struct {
	Trip          Trip // only where a basket has several holidays
	Name          string
	First         string
	Born          civil.Date
	Category      string // translated
	Price         money.Cents
	Premium       money.Cents
	Insured       bool
	BoardingPlace string
	Care          bool
	Photo         string // translated
	ProofNeeded   bool
	Position      int
	Extras        []ExtraLine
	Discounts     []DiscountLine
	Apart         string // which discounts do not go together with what counts; "" for none
	BaseIsBest    bool   // the base price with its discounts is lower than the price that was chosen
}

// ExtraLine is something that comes on top.
type ExtraLine struct {
	Name  string
	Price money.Cents
}

// DiscountLine is what a discount takes off.
type DiscountLine struct {
	Name string
	Off  money.Cents
}

// DueLine is one date of the payment schedule.
type DueLine struct {
	On     civil.Date
	Kind   string // deposit, balance, full or mixed
	Amount money.Cents
}

// Plan is one way to pay: in so many instalments.
type Plan struct {
	Instalments int
	Schedule    []DueLine
}

// ConfirmPage shows everything before a parent is bound.
type ConfirmPage struct {
	Basket
	Offers       []OfferLine
	Overlaps     []string // a child in two places on the same days
	Total        money.Cents
	Plans        []Plan
	Instalments  string
	Method       string
	Accepted     string
	TermsVersion string
	TermsHash    string
	Payer        []string // name and address, a line each
	Other        bool     // it is not the parent
	Phone        string
	Email        string // of the parent, who gets the mails
	Code         string // of a discount, "" when none counts
	InReview     bool   // somebody needs care: nothing is paid yet
	Inverted     bool   // the deposit falls due after the balance
}

// ExpiredPage says that the places were given back.
type ExpiredPage struct {
	Basket
	Lines []ExpiredLine // what may be left out, when it is more than one
}

// ExpiredLine is one child on one holiday of an expired basket.
type ExpiredLine struct {
	Position int
	Text     string
}
