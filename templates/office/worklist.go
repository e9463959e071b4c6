package office

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// WorklistPage is what waits for the office.
type WorklistPage struct {
	layout.Page
	Kind   string // that is shown; "" for all
	Start  string // the address of all kinds
	Counts []WorkCount
	Shows  []WorkShow
	Items  []WorkItem
	All    int // of every kind
	Hidden int // items beyond the last page
	Failed []string
	Pages  ui.Pages
}

// WorkCount is one entry of the filter.
type WorkCount struct {
	Kind  string
	Href  string
	Count int
}

// WorkShow is one choice of which items are looked at: all, the late ones, my own.
type WorkShow struct {
	Show string
	Href string
	Now  bool
}

// WorkItem is one thing to do.
type WorkItem struct {
	Kind    string
	Key     string
	Subject string
	Detail  string
	About   string // what is the matter, in words
	Note    string
	Days    int // it waits
	Due     civil.Date
	Late    bool
	Step    string // what the link does
	Path    string
	Taken   string // who works on it; "" nobody
	Mine    bool
	Until   string // until when it is theirs
}

// JobPage is work of the program that was given up.
type JobPage struct {
	layout.Page
	Action    string
	Kind      string
	Attempts  int
	LastError string
}
