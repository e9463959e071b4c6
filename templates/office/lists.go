package office

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
	"time"
)

// DeparturesPage lists departures with their counts.
type DeparturesPage struct {
	layout.Page
	When       string
	Text       string
	Departures []DepartureRow
	Next       string // address of the next page; "" on the last
}

// DepartureRow is one departure with what is counted.
type DepartureRow struct {
	Href      string
	Code      string
	Title     string
	StartsOn  civil.Date
	EndsOn    civil.Date
	Status    string
	Places    int
	Going     int
	InReview  int
	Held      int
	Free      int
	Proofs    int
	Unsigned  int
	Waiting   int // children on the waiting list
	Paid      int // percent
	Boardings []BoardingRow
}

// BoardingRow is a boarding place and how many get on there.
type BoardingRow struct {
	Name    string
	Count   int
	Minimum int
}

// Few reports whether the coach may not stop there.
func (b BoardingRow) Few() bool { return b.Count > 0 && b.Count < b.Minimum }

// DeparturePage is one departure and who goes.
type DeparturePage struct {
	layout.Page
	Departure DepartureRow
	List      BookingList
	Mail      string // address of the page that writes to them
	Letter    string // address of the info letter
	Team      string // address of who goes along
}

// BookingList is a list of bookings with its filter.
type BookingList struct {
	Action  string
	Filters []ui.Field // selects
	Options [][]ui.Option
	Rows    []ListRow
	Total   int
	Many    bool
	Files   []FileLink
	Taken   []TakenLine
	One     bool            // of one departure: no column for the holiday
	Pick    string          // where a letter to those who are ticked is written
	Hidden  []layout.Link   // of the filter, as name and value
	Picked  map[string]bool // orders that are ticked
	Kept    []string        // orders ticked on another page
	After   string          // the cursor of the next page
}

// TakenLine is a list that a colleague took along as a file.
type TakenLine struct {
	At      time.Time
	Name    string
	Purpose string
	Rows    int
}

// FileLink is a file of the list for a purpose.
type FileLink struct {
	Purpose    string
	CSV, Excel string
}

// ListRow is one booking.
type ListRow struct {
	Order     string // its key
	Href      string
	Name      string
	Age       int // on departure
	Reference string
	Holiday   string
	DepartsOn civil.Date
	Status    string
	Category  string
	Boarding  string
	Open      money.Cents
	Late      bool
	Todo      []string
}

// BookingsPage lists bookings.
type BookingsPage struct {
	layout.Page
	List BookingList
}

// FamiliesPage lists families by name.
type FamiliesPage struct {
	layout.Page
	Name     string
	Language string
	Families []FamilyRow
	Picked   map[string]bool // ticked, by FamilyRow.Key
	Kept     []string        // ticked on other pages
	After    string          // where the next page begins; "" for none
	CSV      string
	Excel    string
	Taken    []TakenLine
}

// FamilyRow is one family.
type FamilyRow struct {
	Key      string
	Href     string
	Name     string
	Email    string
	Phone    string
	City     string
	Children int
	Bookings int
}
