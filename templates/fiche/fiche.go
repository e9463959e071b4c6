// Package fiche has the pages on which a parent fills in a child's fiche, signs it, and sees who read it.
//
// Owns: the page structs and their markup.
// Tables: none.
// May import: terms, templates/layout, templates/ui, templ.
// Always true: one topic a page; every page says who sees the answers; nothing is preselected; titles and addresses say
// nothing about a child; each page works without a script, where questions that follow an answer come on the next page.
package fiche

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"time"
)

// OverviewPage is where filling in begins and goes on.
type OverviewPage struct {
	layout.Page
	FirstName string
	Holiday   string
	From, To  civil.Date
	Tasks     []ui.Task
	Done      int
	Next      string // address of the first page that is not done; "" when all are
	Check     string // address of the page to look through and sign
	Who       string // address of the page that says who looked
	SignedAt  time.Time
	Changed   bool // after it was signed
	Closed    bool
	Broken    bool
	WipedOn   civil.Date
	Previous  bool   // last year's answers are offered
	Diary     string // address of what was given and done at camp; "" before it began

	WipedAt time.Time // when it was wiped; zero while it is kept
	Wipe    string    // where the family asks to wipe it; "" when there is nothing to wipe
}

// TopicPage is one topic.
type TopicPage struct {
	layout.Page
	Action    string
	Heading   string
	Why       string
	FirstName string
	Number    int
	Of        int
	Questions []Question
	Errors    ui.Errors
	More      bool   // the answer brought further questions
	Sibling   string // filled with what was told for this other child; "" when not
	Offered   bool   // filled with last year's answers, or with what we know: to be looked through
	Multipart bool   // has a field for a file
	Return    bool   // came from the page with all answers
	Seen      int    // sent back, so that two who fill in the same page notice
	Meanwhile []Fact // what somebody else saved on this page since it was shown, where it is not what was typed here
}

// Question is one question, or one cell of a row.
type Question struct {
	Control  Control
	Field    ui.Field
	Options  []ui.Option
	Chosen   map[string]bool
	Beside   *ui.Field // the line of text beside the choice
	BesideOn string    // the choice that asks for it; "" = any
	When     *When
	Rows     []Row
	KeysName string
	Add      string // text of the button that adds a row; "" when rows follow from something else, or there are as many as may be
	Most     int    // how many rows there may be
}

// Control is how a question is answered.
type Control string

// The controls.
const (
	Radios     Control = "radios"
	Checkboxes Control = "checkboxes"
	Input      Control = "input"
	Textarea   Control = "textarea"
	Select     Control = "select"
	Tick       Control = "tick"
	Rows       Control = "rows"
	Upload     Control = "upload"
)

// When ties a question to the answer that it follows.
type When struct {
	Field, Value string
	Hidden       bool // the answer is another one now
}

// Row is one card of a repeated question.
type Row struct {
	Key    string
	Title  string
	Cells  []Question
	Remove string // value of the button that removes it; "" when it cannot be
	Sure   bool   // that button was pressed, and asks whether it was meant
	Files  []File
	Upload *ui.Field
}

// File is an upload that is there.
type File struct {
	Name   string
	Href   string
	Remove string
}

// CheckPage shows every answer, to be signed.
type CheckPage struct {
	layout.Page
	FirstName string
	Topics    []CheckTopic
	Missing   int // answers that are still needed
	Errors    ui.Errors
	Action    string
	Signed    bool // as it is now
	Closed    bool
	Guardian  string
	Seen      int // sent back, so that nobody signs what they did not see
}

// CheckTopic is one topic with its answers.
type CheckTopic struct {
	Title   string
	Href    string
	Missing int
	Later   int
	Facts   []Fact
}

// Fact is one question with its answer; Lines is empty when it was not answered.
type Fact struct {
	Label string
	Lines []Line
	Files []File
}

// Line is one line of an answer.
type Line struct {
	Row, Label, Text string
}

// WhoPage tells who looked.
type WhoPage struct {
	layout.Page
	FirstName string
	Days      []WhoDay
}

// WhoDay is a day with its readings, latest first.
type WhoDay struct {
	On    civil.Date
	Times []WhoLine
}

// WhoLine is one reading.
type WhoLine struct {
	At     time.Time
	Who    string // translated
	What   string // translated
	Refuse bool
}

// DiaryPage is what was given and done at camp.
type DiaryPage struct {
	layout.Page
	FirstName string
	Over      bool // the camp: before that the parent is called
	Lines     []DiaryLine
}

// DiaryLine is one record.
type DiaryLine struct {
	At, Who, What, Note, Broken string
	Mistaken                    bool
}

// Gone reports whether there is nothing to see and nothing to fill in any more. Before the camp a wiped fiche can be filled in
// anew.
func (p OverviewPage) Gone() bool { return !p.WipedAt.IsZero() && p.Closed }

// WipePage asks whether the family wants this one fiche wiped.
type WipePage struct {
	layout.Page
	FirstName string
	Action    string
	Going     bool // the camp is still to come, or on
	Errors    ui.Errors
}
