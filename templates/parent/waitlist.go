package parent

import (
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// WaitlistCard is one entry of the family.
type WaitlistCard struct {
	Href        string
	Holiday     string
	HolidayHref string
	StartsOn    civil.Date
	EndsOn      civil.Date
	Names       string // "Lena en Mats"
	Children    int
	AtLeast     int
	Status      string
	Position    int
	JoinedAt    time.Time
	Offer       *WaitlistOffer
}

// WaitlistOffer is an offer that runs.
type WaitlistOffer struct {
	Names    string
	Places   int
	All      bool        // for every child that waits
	Pick     []ui.Option // among whom the family chooses; none when there is nothing to choose
	Chosen   map[string]bool
	Deadline time.Time
}

// WaitlistPage lists the family's entries.
type WaitlistPage struct {
	layout.Page
	Cards []WaitlistCard
	Past  []WaitlistCard
}

// WaitlistEntryPage is one entry: where it stands, and what the parent can do.
type WaitlistEntryPage struct {
	layout.Page
	Card                     WaitlistCard
	Served, LastYear, Waited int
	Hours                    int
	Accept, Decline, Leave   string
}

// WaitlistChild is a child of the family on the page that joins a list.
type WaitlistChild struct {
	ID       string
	Name     string
	Hint     string
	Disabled bool
	Taken    string // yes when ticked
	Gender   string
	Boarding string
}

// JoinPage asks which children wait, and how many must get a place together.
type JoinPage struct {
	layout.Page
	Trip       Trip
	Action     string
	Children   []WaitlistChild
	AtLeast    string
	AsksGender bool
	Boarding   []ui.Option // only where places go by it
	Full       []string    // the limits that are full, in words
	Errors     ui.Errors
	AddAction  string
	AddOpen    bool // the form for another child is open
	FirstName  string
	LastName   string
	Born       ui.DayField
	Waiting    int
}
