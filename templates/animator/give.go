package animator

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// PromisePage asks for the promise of confidentiality.
type PromisePage struct {
	layout.Page
	Next   string // where to go afterwards
	Errors ui.Errors
}

// DueDose is a medicine that is due, or was, on today's page.
type DueDose struct {
	Href      string // to write down how it went
	Child     string
	Name      string
	Amount    string
	Time      string // "08:00"
	Yesterday bool   // it was due yesterday
	Slot      string // message key
	Who       string // "de begeleiding"
	Late      bool
	Done      []string // how it went, translated; two lines when people contradict each other
	Clash     bool
}

// NeededMedicine is a medicine for when it is needed.
type NeededMedicine struct {
	Href   string
	Name   string
	When   string
	Limit  string // "hoogstens 2 keer in 24 uur, 6 uur ertussen"
	Call   bool
	Latest string // when it was last given, translated; "" never
}

// GivePage writes down how giving a medicine went.
type GivePage struct {
	layout.Page
	Action      string
	Child       string
	LastName    string
	Words       []string // marks of the child
	Name        string
	Amount      string
	Facts       []Cell // how, who, where it is kept
	Moment      string // "vandaag, bij het ontbijt (08:00)"; "" when only needed
	Needed      *NeededMedicine
	AskCall     *Caller
	Client      string
	Outcome     string
	Days        []civil.Date // on which it may have been given; none when there is no choice
	Day         string       // chosen
	Clock       string       // when it was given, "21:30"; "" now
	Happened    bool
	Note        string
	Reason      string
	Broken      []string // message keys of the limits that giving breaks
	AskReason   bool     // the reader leads the camp and may go on with a reason
	AskHappened bool     // it is written down later: it may have happened against a limit
	Earlier     []RecordLine
	Errors      ui.Errors
}

// DiaryPage is what was given and done for a child, and the form to write more.
type DiaryPage struct {
	layout.Page
	Action    string
	Child     string
	Records   []RecordLine
	Client    string
	Kind      string
	Note      string
	Corrects  *RecordLine // the record that an addendum is written to
	Mistake   bool
	MayRevoke bool // the record may be called a mistake
	Errors    ui.Errors
}

// RecordLine is one record in words.
type RecordLine struct {
	Client   string
	Href     string // to add something to it; "" for an addendum
	At       string
	Who      string
	What     string
	Note     string
	Reason   string
	Broken   []string // message keys
	Late     string   // "opgeschreven 14:05 doorgestuurd 16:20"; "" when written down at once
	Mistaken bool
	Loud     bool // does not open, or an incident
}
