package accounting

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
)

// ReportPage is a page of figures: bars where people would rather look, a table that leads to its sources, and what can be
// taken along. Most of what a bookkeeper reads is one.
type ReportPage struct {
	layout.Page
	Lead    string
	Notices []Notice
	Filter  *Filter
	Facts   []Fact
	Bars    []Bar
	BarsAre string // what they show
	Caption string
	Columns []ui.Column
	Rows    []Row
	Brief   bool   // on a phone a row is two lines and not a card: day, what, amount
	None    string // said when there are no rows
	Pages   ui.Pages
	Links   []layout.Link
	Files   []layout.Link
}

// Notice is something to know before reading on.
type Notice struct {
	Tone layout.Tone
	Text string
}

// Fact is one figure with its name.
type Fact struct{ Name, Value, Href string }

// Filter is the form above a report: days, a month's end, or words.
type Filter struct {
	Action string
	Fields []ui.Field
}

// Bar is one bar of a chart; Share is in percent of the longest.
type Bar struct {
	Label, Note, Value, Href string
	Share                    int
	Late                     bool
}

// Row is one row of the table; Sum rows stand out.
type Row struct {
	Cells []Cell
	Sum   bool
}

// Cell is one cell: text, perhaps with a small second line, a link or a badge.
type Cell struct {
	Text, Note, Href string
	Tone             *layout.Tone // a badge when set
}

// blank reports whether there is nothing in it: a phone leaves it out.
func (c Cell) blank() bool { return c.Text == "" && c.Note == "" && c.Tone == nil }

func (b Bar) width() string { return Age{Share: b.Share}.width() }

// elementID is the id of a field that a page has once per row: the form that came back has the plain one, where the error
// summary leads.
func elementID(name, row string, cameBack bool) string {
	if cameBack {
		return ""
	}
	return "f-" + name + "-" + row
}
