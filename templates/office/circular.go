package office

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
	"time"
)

// ComposePage writes a letter to the families of a departure.
type ComposePage struct {
	layout.Page
	Departure string
	Action    string
	SubjectNL string
	BodyNL    string
	SubjectEN string
	BodyEN    string
	KeepAs    string
	Audience  []ui.Field // selects
	Options   [][]ui.Option
	Families  []ui.Option // picked by hand; then there is no other choice of who gets it
	Ticked    map[string]bool
	Places    []string
	Templates []layout.Link
	Earlier   []LetterRow
	Errors    ui.Errors
}

// LetterRow is a letter that was written before.
type LetterRow struct {
	Href    string
	Subject string
	By      string
	At      time.Time
	State   string // draft, sending or sent
}

// LetterPage is a letter before it goes, or on its way.
type LetterPage struct {
	layout.Page
	Departure string
	Action    string
	Change    string // address of the page that changes it
	Count     int    // families that get it
	LeftOut   []LeftOut
	// The letter as one family reads it.
	Number   int
	Name     string
	Email    string
	Subject  string
	Text     string
	Previous string
	Next     string
	// On its way.
	Confirmed bool
	Done      bool
	Written   int
	Sent      int
	Dead      int
	Waiting   int
	Errors    ui.Errors
}

// LeftOut is a family that gets no letter.
type LeftOut struct {
	Href string
	Name string
	Why  string
}

// MailPage is the text of one mail.
type MailPage struct {
	layout.Page
	Subject string
	To      string
	At      time.Time
	State   string
	Why     string
	Text    string
	Secret  bool
	Again   string // where to say what is done about a mail that was given up; "" when nothing is to be done
	Name    string // whom to call
	Phone   string
}
