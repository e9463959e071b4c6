// Package accounting has the pages of the bookkeepers.
//
// Owns: the typed page structs of shop/accounting and their markup.
// Tables: none.
// May import: terms, templates/layout, templates/ui, templates/messages, templ.
// Always true: every amount has its cents and stands under its column; a figure leads to what it is made of.
package accounting

import (
	"strconv"
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// StartPage is where a bookkeeper begins: what to do, and where the money is.
type StartPage struct {
	layout.Page
	Tasks    []Todo
	Ages     []Age
	Open     money.Cents
	Accounts []Account // those that tell where money is
}

// Todo is something that waits for a bookkeeper.
type Todo struct {
	Label string
	Note  string
	Href  string
	Tone  layout.Tone
	State string
}

// Age is what is open in one stretch of age.
type Age struct {
	Label string
	Count int
	Open  money.Cents
	Share int // in percent of the longest, for the bar
	Late  bool
}

func (a Age) width() string { return strconv.Itoa(a.Share) }

// Account is an account of the books with its total.
type Account struct {
	Code   string
	Name   string
	Amount money.Cents // debit positive
	Share  int         // in percent of the largest, for the bar
}

func (a Account) width() string { return Age{Share: a.Share}.width() }

// AccountsPage is the trial balance.
type AccountsPage struct {
	layout.Page
	Accounts []Account
	Debit    money.Cents
	Credit   money.Cents
}

func (a Account) debit() money.Cents  { return max(0, a.Amount) }
func (a Account) credit() money.Cents { return max(0, -a.Amount) }

// InvoicesPage is the list of invoices.
type InvoicesPage struct {
	layout.Page
	Search   string
	Show     string
	Sort     string
	Shows    []ui.Option
	Sorts    []ui.Option
	Invoices []InvoiceRow
	Count    int
	Open     money.Cents
	Pages    ui.Pages
}

// InvoiceRow is one invoice in the list.
type InvoiceRow struct {
	Href      string
	Number    string // empty while it waits for one
	Payer     string
	Reference string
	IssuedOn  civil.Date
	DueOn     civil.Date
	Days      int // overdue
	Total     money.Cents
	Open      money.Cents
	Status    string
}

// InvoicePage is one invoice with what happened to it.
type InvoicePage struct {
	layout.Page
	InvoiceRow
	Kind          string
	Address       []string
	Email         string
	Communication string // "+++260/0000/10173+++"
	Paid          money.Cents
	Lines         []Line
	Receipts      []Receipt
	Others        []InvoiceRow // of the same order
	History       []Event
}

// Line is one line of an invoice.
type Line struct {
	Description string
	Amount      money.Cents
	Paid        money.Cents
	Counts      bool // something is paid on it: not on credit notes
}

// Receipt is money that came in for the order.
type Receipt struct {
	On     civil.Date
	Method string
	Payer  string
	IBAN   string
	Amount money.Cents
	Gone   money.Cents // of it, what was somebody else's and taken off the order again
}

// Event is one line of the history.
type Event struct {
	At   time.Time
	Text string
}

func statusTone(status string) layout.Tone {
	switch status {
	case "paid":
		return layout.Good
	case "overdue":
		return layout.Bad
	case "partly":
		return layout.Warning
	case "open":
		return layout.Info
	}
	return layout.Plain
}
