// Package decide has the pages about what the organiser decides about whole departures: the office decides and follows, a
// family answers.
//
// Owns: the pages of shop/decide. Tables: none. May import: terms, templates. Always true: an amount that is confirmed is a hidden
// field of its form.
package decide

import (
	"slices"
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Holiday names a departure.
type Holiday struct {
	Title    string
	Code     string
	StartsOn civil.Date
	EndsOn   civil.Date
	Free     int
	Booked   int
}

// Other is another holiday for one child.
type Other struct {
	Title string
	More  money.Cents // than what was booked; negative: less
}

// Refused is another holiday that one child cannot choose, and why.
type Refused struct {
	Title string
	Why   string
}

// Line is one family of a preview.
type Line struct {
	Child   string
	Payer   string
	Phone   string
	Href    string // of the order
	Paid    money.Cents
	Back    money.Cents
	How     string // in words
	Others  []Other
	Refused []Refused
	Problem string
	Costs   money.Cents // of the new booking, or what the price rises
	Was     money.Cents
	Void    bool
	Exit    civil.Date
	Why     []string
	Notes   []string // what does not go along
}

// Preview is what a decision would do.
type Preview struct {
	Lines []Line
	Paid  money.Cents
	Back  money.Cents
	Added money.Cents
	Void  int
	Exits int
}

// asked is whether families are offered other holidays.
func (p Preview) asked() bool {
	return slices.ContainsFunc(p.Lines, func(l Line) bool { return len(l.Others)+len(l.Refused) > 0 })
}

// choosers counts who may choose another holiday.
func (p Preview) choosers() (n int) {
	for _, l := range p.Lines {
		if len(l.Others) > 0 {
			n++
		}
	}
	return n
}

// stuck counts whom it cannot be done to.
func (p Preview) stuck() (n int) {
	for _, l := range p.Lines {
		if l.Problem != "" {
			n++
		}
	}
	return n
}

// Field is a hidden field that sends back what was read.
type Field struct{ Name, Value string }

// CallOffPage calls a departure off.
type CallOffPage struct {
	layout.Page
	Errors  ui.Errors
	Holiday Holiday
	Action  string
	Reason  string
	Until   string
	Chosen  [3]string
	Options []ui.Option
	Preview *Preview
	Hidden  []Field
}

// Stop is one boarding place of a merge.
type Stop struct {
	Field   string
	Name    string
	Value   string
	Options []ui.Option
}

// MergePage moves children to another departure.
type MergePage struct {
	layout.Page
	Errors   ui.Errors
	Holiday  Holiday
	To       *Holiday // nil: choose one first
	Action   string
	ToValue  string
	Options  []ui.Option
	Stops    []Stop
	Children []ui.Option
	Chosen   map[string]bool
	All      string // all or some
	Reason   string
	Until    string
	Preview  *Preview
	Hidden   []Field
	Rest     []Field // asks the same of those who can go along, where some cannot
}

// PickPage asks which departures become dearer.
type PickPage struct {
	layout.Page
	Errors     ui.Errors
	Action     string
	Text       string // searched for
	Departures []ui.Option
	Chosen     map[string]bool
	Kept       []string // ticked, not on this page
	Next       string   // the cursor of the next page; "" on the last
}

// RisePage asks how much dearer departures become and why, and shows what that does.
type RisePage struct {
	layout.Page
	Errors     ui.Errors
	Action     string
	Others     string // address of the list, with these ticked
	Departures []ui.Option
	Chosen     map[string]bool
	Cause      string
	Percent    string
	Amount     string
	Reason     string
	Preview    *Preview
	Hidden     []Field
}

// Row is one decision of the list.
type Row struct {
	Href    string
	Kind    string
	Title   string
	Who     string
	At      time.Time
	Total   int
	Done    int
	Asked   int
	Failed  int
	Waiting int
}

// ListPage lists decisions.
type ListPage struct {
	layout.Page
	Rows []Row
}

// ItemRow is one family of a decision.
type ItemRow struct {
	Child   string
	Payer   string
	Phone   string
	Href    string
	State   string
	Outcome string
	Amount  money.Cents
	Exit    civil.Date
	Problem string
	Mail    string
}

// ProgressPage follows a decision.
type ProgressPage struct {
	layout.Page
	Row
	Action string
	Reason string
	About  []Holiday
	Until  *time.Time
	Items  []ItemRow
	State  string // that is shown; "" for all
	States []State
}

// State is a filter of the items.
type State struct {
	Key   string
	Href  string
	Count int
}

// Choice is another holiday that a family may choose.
type Choice struct {
	Offer    int64
	Title    string
	Href     string
	StartsOn civil.Date
	EndsOn   civil.Date
	Place    string
	Boarding string
	ToBase   bool
	Price    money.Cents
	Premium  money.Cents
	Open     money.Cents // still to pay
	Back     money.Cents
	DueSoon  money.Cents
	Parts    []Part   // discounts and extras there
	Notes    []string // what does not go along
	Hidden   []Field
}

// Part is a named part of a price.
type Part struct {
	Name   string
	Amount money.Cents
}

// Rise is one rise that a family was told of.
type Rise struct {
	On     civil.Date
	Amount money.Cents
}

// FamilyPage is what a family reads, and chooses.
type FamilyPage struct {
	layout.Page
	Errors    ui.Errors
	Kind      string
	State     string
	Outcome   string
	Child     string
	Holiday   string
	StartsOn  civil.Date
	EndsOn    civil.Date
	Reason    string
	Action    string
	Order     string
	Until     *time.Time
	Choices   []Choice
	Back      money.Cents
	RefundBy  civil.Date
	Paid      money.Cents
	New       *Holiday
	Boarding  string
	Price     money.Cents // at booking, or of the new booking
	Amount    money.Cents
	Rises     []Rise
	Total     money.Cents // of the rises
	DueOn     civil.Date
	MayLeave  bool
	ExitUntil civil.Date
	Why       []string
}

// lastDay is the last whole day before a moment: families choose in days.
func lastDay(until time.Time) civil.Date { return civil.Of(until).AddDays(-1) }

func causes(p layout.Page) []ui.Option {
	var options []ui.Option
	for _, c := range []string{"fuel", "taxes", "exchange"} {
		options = append(options, ui.Option{Value: c, Label: p.T("decide.cause." + c)})
	}
	return options
}

func tone(state, outcome string) layout.Tone {
	switch {
	case state == "failed":
		return layout.Bad
	case state == "asked" || state == "waiting":
		return layout.Warning
	case outcome == "void" || outcome == "ended" || outcome == "left":
		return layout.Plain
	}
	return layout.Good
}
