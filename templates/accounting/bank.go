package accounting

import (
	"strconv"
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// BankPage is where bank files come in and where the bank stands.
type BankPage struct {
	layout.Page
	LastOn  civil.Date
	Balance money.Cents
	Before  money.Cents // of it, what stood there ahead of the first statement
	Waiting int
	In, Out money.Cents // without a destination; Out is negative
	Gaps    int
	Twice   int
	Files   []BankFile
	Refused *RefusedFile // the file that was just sent and not taken in
	Errors  ui.Errors
	Sample  string // a file to try out with; "" in production
}

// RefusedFile is why a file was not taken in.
type RefusedFile struct {
	Name     string
	Problems []Problem
}

// Problem is one thing that is wrong with a bank file, in words.
type Problem struct {
	Line int // 0 when it concerns the whole file
	Text string
}

// BankFile is an imported file in a list.
type BankFile struct {
	Href      string
	Name      string
	Kind      string
	ReadAt    time.Time
	By        string
	Movements int
	Waiting   int
}

// BankFilePage is one imported file.
type BankFilePage struct {
	layout.Page
	BankFile
	Original   string
	Statements []BankStatement
	Skips      []BankSkip
	Warnings   []Problem
}

// BankStatement is a statement of a file.
type BankStatement struct {
	Href             string // its movements
	Number           string
	Account          string
	On               civil.Date
	Opening, Closing money.Cents
	Movements        int
	Waiting          int
	Gap              bool
	Twice            bool // it begins as another did
}

// BankSkip is a statement that was left out, and the key of why.
type BankSkip struct {
	Number string
	On     civil.Date
	Why    string
}

// MovementRow is a movement in a list.
type MovementRow struct {
	Href      string
	On        civil.Date
	Who       string
	IBAN      string
	Text      string
	Reference string // a structured reference, as people write it
	Amount    money.Cents
	Left      money.Cents // without a destination
	Placed    []string    // what it was for, in words
}

// MovementsPage is the list of movements.
type MovementsPage struct {
	layout.Page
	Search    string
	Show      string
	Statement string // only of this one
	Shows     []ui.Option
	Rows      []MovementRow
	Count     int
	Pages     ui.Pages
}

// WaitingPage lists the money without a destination, each with what it could be.
type WaitingPage struct {
	layout.Page
	Rows    []WaitingRow
	Certain []ui.Option // suggestions that may be taken together
	Count   int
	Pages   ui.Pages
}

// WaitingRow is one movement that waits.
type WaitingRow struct {
	MovementRow
	Choose     string      // the movement's page, from which the way back leads here
	Returned   bool        // our own money that came back
	Suggestion *Suggestion // the likeliest; nil when nothing fits
	Refund     *Choice     // the one refund of its amount; nil where there is none, or several
	// RefundFiles are files of refunds of which the same sum has to leave.
	RefundFiles []RefundFile
}

// RefundFile is a file of refunds that left in one sum.
type RefundFile struct {
	Action string
	Name   string
	Lines  []string // whom it pays, in words
	Total  money.Cents
	Return string // where to go on after it was taken
}

// Suggestion is what a movement could be for.
type Suggestion struct {
	Action string
	Left   money.Cents // that the movement has without a destination
	Parts  []SuggestedPart
	Why    []string
	Return string // where to go on after it was taken
}

// SuggestedPart is one order and what it would get.
type SuggestedPart struct {
	Order  string
	Payer  string
	Open   money.Cents
	Amount money.Cents
}

func (s Suggestion) total() (sum money.Cents) {
	for _, p := range s.Parts {
		sum += p.Amount
	}
	return sum
}

func partName(i int, field string) string { return "part." + strconv.Itoa(i) + "." + field }

// MovementPage is one movement and everything that can be done with it.
type MovementPage struct {
	layout.Page
	MovementRow
	Errors      ui.Errors
	Action      string // its own address: the forms post below it
	Statement   string
	StatementAt string
	BankRef     string
	EndToEnd    string
	Code        string
	Returned    bool
	Reason      string // code of the return
	Detail      bool   // part of a total
	Total       bool   // its money is with its details
	Matches     []MatchRow
	Suggestions []Suggestion
	Refunds     []Choice
	RefundFiles []RefundFile
	Payments    []Choice
	Parts       []PartField // the order form, as typed
	SplitHref   string
	Return      string // this page as it was reached from a list; "" from elsewhere
	Accounts    []ui.Option
	Account     string // as chosen
	Typed       string // the amount for that account
	Why         string // as typed
	WhyFor      string // which form came back: "account", "takeback" or the match
}

// Choice is a refund or payment to choose.
type Choice struct {
	Value string
	Text  string
}

// PartField is one row of the order form, as typed.
type PartField struct {
	Order  string
	Amount string
}

// MatchRow is what a part of the movement was for.
type MatchRow struct {
	ID     string
	Text   string
	Href   string // the order's invoices
	Amount money.Cents
	How    string
	By     string
	At     time.Time
	Reason string
	Undone bool
	Undoes bool
	Final  bool
}
