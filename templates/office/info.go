package office

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"time"
)

// InfoPage is the info letter of a departure: written, looked at, and said to be ready.
type InfoPage struct {
	layout.Page
	Departure string
	Action    string
	LeavesOn  civil.Date // the day that it is sent
	Gone      bool       // that day has come
	Written   bool       // there is a letter
	Ready     bool
	By        string // who changed it last, or said that it is ready
	At        time.Time
	Version   string // of the letter that is shown, to send back
	Sent      int
	Waiting   int

	SubjectNL string
	BodyNL    string
	SubjectEN string
	BodyEN    string
	FileName  string
	FileHref  string
	Places    []string
	Sources   []ui.Option // departures whose letter can be copied
	LeftOut   []LeftOut

	// The letter as one family reads it.
	Number   int
	Count    int
	Name     string
	Email    string
	Subject  string
	Text     string
	Previous string
	Next     string
	Errors   ui.Errors
}
