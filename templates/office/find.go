package office

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// FindPage is what the search found.
type FindPage struct {
	layout.Page
	Text       string
	Families   []FoundFamily
	Departures []FoundDeparture
	More       bool
}

// FoundFamily is a family with what tells it from others.
type FoundFamily struct {
	Href     string
	Name     string
	Contact  string // e-mail address, telephone, town
	Children []string
	Orders   []FoundOrder
	Older    int // orders that are not shown
}

// FoundOrder is one order of a family.
type FoundOrder struct {
	Href      string
	Reference string
	Lines     []ChildRow
}

// FoundDeparture is a departure of a holiday that fits.
type FoundDeparture struct {
	Href     string
	Title    string
	StartsOn civil.Date
	EndsOn   civil.Date
}

// FamilyPage is one family, whole.
type FamilyPage struct {
	layout.Page
	Name     string
	Email    string
	Phone    string
	Address  []string
	Language string
	Bounced  string     // why no mail reaches the address; "" when it does
	Reach    string     // where to say whether mail reaches the address
	History  []EventRow // of the address
	Why      string
	Notes    []NoteRow
	NoteText string
	Note     string // where a note is written
	Errors   ui.Errors
	Children []FamilyChild
	Orders   []FamilyOrder
}

// FamilyChild is a child of a family.
type FamilyChild struct {
	Name   string
	First  string
	BornOn civil.Date
	Age    int
	Bar    string // where bookings of the child are refused
	Barred bool   // they are, today
}

// FamilyOrder is one order of a family.
type FamilyOrder struct {
	FoundOrder
	PlacedOn civil.Date
}
