// Package animator has the pages of animators: their camps, who is coming, and what to know about a child.
//
// Owns: the page structs and their markup.
// Tables: none.
// May import: terms, templates/layout, templates/ui, templates/assets, templ.
// Always true: made for a phone in the sun: one thumb, 48 px targets, signs and words beside every colour; no title and
// no address says anything about a child's health; what is not known for sure is said loudly.
package animator

import (
	"joetz/templates/layout"
	"joetz/terms/civil"
)

// CampsPage lists the reader's camps.
type CampsPage struct {
	layout.Page
	Camps []CampCard
}

// CampCard is one camp.
type CampCard struct {
	Href     string // "" while it is too early to see the children
	Title    string
	Where    string
	From, To civil.Date
	OpenFrom civil.Date
	Children int
	Day, Of  int // which day of how many; 0 when it is not going on
	Leads    bool
}

// CampPage lists the children of a camp.
type CampPage struct {
	layout.Page
	Camp     CampCard
	Path     string
	Query    string
	Total    int         // children on the camp, whatever was searched for
	Urgent   []ChildCard // to be read first
	Unfilled []ChildCard // of whom too little is known
	Children []ChildCard // by first name, those searched for
	Others   bool        // the reader has other camps

	Due       []DueDose // by time: today's, late ones of today among them
	Late      int       // of Due, those that should have been written down an hour ago
	Against   []Against // given against the fiche in the last 24 hours, and nobody said why
	Birthdays string    // first names, translated list
	Take      *Link     // where the fiches are taken along; nil where they cannot be
	Taken     bool      // this phone has them: then it is a tool among the others
	Tools     []Link    // what else can be done with the camp
}

// Against is a medicine that was given against the fiche: twice, too soon, too often. It was found when a phone came back
// online, so nobody could be stopped.
type Against struct {
	Child, Name string
	Limits      []string // message keys
	Href        string   // of what was written down
}

// Mark is how loud a child's mark is.
type Mark string

// The marks.
const (
	Red     Mark = "red"
	Amber   Mark = "amber"
	Unknown Mark = "unknown"
	Calm    Mark = "calm"
)

// ChildCard is one child on the list.
type ChildCard struct {
	Href          string
	FirstName     string
	LastName      string
	Age           int
	Birthday      bool
	BoardingPlace string
	Leaving       string // when the child leaves early and with whom; "" when not
	Mark          Mark
	Words         []string // what the mark is for, in words
	Call          *Caller
}

// Caller is somebody to call.
type Caller struct {
	Name     string
	Relation string // "moeder"
	Phone    string // as people read it
	Tel      string // as the link wants it; "" when the number cannot be dialled
	Note     string // language, when reachable
}

// ChildPage is what to know about a child.
type ChildPage struct {
	layout.Page
	FirstName     string
	LastName      string
	Age           int
	Birthday      bool
	BoardingPlace string
	Leaving       string
	Photo         string // message key
	Call          []Caller
	Doctor        *Caller // for the lead
	Alarm         string  // message key of what is wrong with the fiche; "" when it is whole
	AlarmMark     Mark
	Calm          bool   // whole, signed, opened, and nothing to report
	Status        string // signed, changed: translated
	Mark          Mark
	Words         []string
	Care          Care
	Urgent        []Topic  // what raised a red mark: it comes before everything that can wait
	Topics        []Topic  // the others
	No            []string // questions that were answered with no

	Due     []DueDose
	Needed  []NeededMedicine
	Diary   string // address of what was given and done
	Records int    // how much that is

	Emergency *Opened      // opened in an emergency: nothing can be written down
	Given     []RecordLine // in an emergency: what was given and done
}

// Care is what is agreed about extra support.
type Care struct {
	Key   string // message key of the state
	Tone  layout.Tone
	Text  string // the agreements
	Since string // when they were made, translated
}

// Topic is one part of the fiche.
type Topic struct {
	Title string
	Facts []Fact
}

// Fact is one question with what was answered; rows are for what is asked several times.
type Fact struct {
	Label string
	Text  string
	Rows  []Row
	Files []Link
}

// Link leads to a photo or document.
type Link struct{ Href, Text string }

// Row is one medicine, one allergy, one illness.
type Row struct {
	Name  string
	Cells []Cell
}

// Cell is one thing about it.
type Cell struct{ Label, Text string }

// Sign is the shape of a mark, so that colour is never alone.
func (m Mark) Sign() string {
	return map[Mark]string{Red: "!", Amber: "!", Unknown: "?", Calm: "✓"}[m]
}
