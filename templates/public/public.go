// Package public has the pages that everybody may read: home, the list of holidays, a holiday, the terms, insurance,
// privacy, contact.
//
// Owns: their page structs and markup, and the organiser's general terms as text.
// Tables: none.
// May import: terms, layout, ui, scene and messages of templates, templ.
// Always true: an amount on these pages was computed by the caller from the terms; no page sets a price or a date itself.
package public

import (
	"joetz/templates/layout"
	"joetz/templates/scene"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Kind is how the brochure groups holidays.
type Kind string

// The kinds of holiday.
const (
	Domestic Kind = "domestic"
	Abroad   Kind = "abroad"
	Flight   Kind = "flight"
)

// Places says how many places there are left.
type Places struct {
	Free int // nobody has them
	Held int // in somebody's basket: they may come free
}

// Few is the number of places from which on the number is said.
const Few = 8

func (v Places) text(p layout.Page) string {
	switch {
	case v.Free > Few:
		return p.T("public.places.enough")
	case v.Free > 0:
		return p.N("public.places.left", v.Free)
	case v.Held > 0:
		return p.T("public.places.held")
	}
	return p.T("public.places.none")
}

func (v Places) tone() layout.Tone {
	switch {
	case v.Free > Few:
		return layout.Good
	case v.Free > 0:
		return layout.Warning
	case v.Held > 0:
		return layout.Info
	}
	return layout.Plain
}

// Card is a holiday in a list.
type Card struct {
	Slug           string
	Title          string
	Destination    string
	Country        string // ISO code
	Kind           Kind
	Inclusive      bool
	StartsOn       civil.Date
	EndsOn         civil.Date
	AgeFrom, AgeTo int
	Base           money.Cents
	Lowest         money.Cents // of the members' prices; equal to Base where there are none
	Places         Places
	OnSaleFrom     string // when booking is not open yet: "5 juli 2027 om 9:00"
	Picture        string // address of the drawing
	Photo          *Photo // shown in its place; nil when there is none
}

// HomePage is the front door.
type HomePage struct {
	layout.Page
	Year  int         // of the season
	Years []ui.Option // birth years to choose from
	Count int         // holidays to choose from
	Soon  []Card      // a few that leave soon and have places
	Scene scene.Holiday
	Stale string // as of ListPage
}

// ListPage is the list of holidays with its filters.
type ListPage struct {
	layout.Page
	Years, Months, Kinds, Countries []ui.Option
	Chosen                          Chosen
	Cards                           []Card
	Total                           int    // without filters
	Next                            string // when there will be something, where there is nothing: "5 december 2027 om 12:00"
	Stale                           string // since when the numbers of places are not fresh; "" when they are
}

// Chosen is what the filters are set to.
type Chosen struct {
	BirthYear, Month, Kind, Country, Text, Sort string
	OnlyFree                                    bool
}

// Any reports whether something is filtered.
func (c Chosen) Any() bool {
	return c.BirthYear != "" || c.Month != "" || c.Kind != "" || c.Country != "" || c.Text != "" || c.OnlyFree
}

// HolidayPage is one holiday with everything that a parent wants to know before booking.
type HolidayPage struct {
	layout.Page
	Card
	Stale         string // as of ListPage
	Description   string
	Accommodation string
	Transport     string
	TargetGroup   string
	BirthYearFrom int
	BirthYearTo   int
	Nights        int
	Package       bool // the law on package holidays protects the traveller
	Prices        []Price
	Included      []string
	NotIncluded   []string
	Boarding      []Boarding
	Schedule      []Due // for somebody who books today
	AtOnce        bool  // everything is due when booking
	Instalments   int   // how many the balance may be paid in
	Premium       money.Cents
	PremiumUntil  civil.Date // the last day on which the insurance is offered
	CancelSteps   []CancelStep
	Rebooking     money.Cents
	RebookingAs   bool // a rebooking costs as much as a cancellation
	Scene         scene.Holiday
	Photos        []Photo     // the first above the title, the others below
	Preview       bool        // drafts are shown too: only the office sees it
	Departures    []Departure // more than one only where there is a choice
	Room          string      // the waiting room of a sale that opens soon; "" while there is none
	Full          []string    // the sub-limits that have no place left, in words
	Closed        string      // why it cannot be booked now: full, held, soon, past, cancelled; a message key's end
	MaxChildren   int
}

// Price is one of the prices of a holiday.
type Price struct {
	Category string // base, solidaris, vt: a message key's end
	Amount   money.Cents
}

// Boarding is a place where the coach stops.
type Boarding struct {
	Name            string
	MinParticipants int
}

// Due is a payment: what, until when, how much.
type Due struct {
	Kind   string // deposit, balance, full: a message key's end
	On     civil.Date
	Amount money.Cents
}

// CancelStep is a span of days on which cancelling costs the same.
type CancelStep struct {
	From, To civil.Date
	Fee      money.Cents
	Percent  int // of the price, rounded; 100 is everything
}

// Departure is one of several dates of a holiday.
type Departure struct {
	ID       int64
	StartsOn civil.Date
	EndsOn   civil.Date
	Places   Places
}

// TermsPage is the organiser's general terms in the version that binds today.
type TermsPage struct {
	layout.Page
	Version string
	From    civil.Date // bookings from this day on
	Text    []Section
}

// InsurancePage explains the cancellation insurance, which is another company's.
type InsurancePage struct {
	layout.Page
	Insurer  string
	Clauses  []string // the organiser's words on it
	Examples []Premium
}

// Premium is an example: what insuring a holiday of that price costs.
type Premium struct{ Price, Premium money.Cents }

// TextPage is a page of plain text: privacy, contact.
type TextPage struct {
	layout.Page
}
