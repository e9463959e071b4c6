package parent

import (
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// BookingLine is one child of an order, as the family sees it.
type BookingLine struct {
	Name          string
	First         string // first name: for the links, which stand under the whole one
	Holiday       string
	Slug          string
	StartsOn      civil.Date
	EndsOn        civil.Date
	Status        string // placed, in_review or cancelled
	Category      string // translated
	Evidence      string // as Booking.Evidence
	BoardingPlace string
	Fiche         string     // where the medical fiche is filled in; "" when there is nothing to fill in
	Decision      string     // where a decision of the organiser about it is read; "" for none
	DecisionKey   string     // the message of its link
	Change        string     // where it is changed or cancelled; "" when it has ended
	ChangeKey     string     // message key of what can be done there
	Rebooked      bool       // it ended because the child goes elsewhere
	Ended         *EndedLine // how it ended; nil while it goes on
	Undo          bool       // the family cancelled it today, and the office can take that back
	Parts         []PartLine
	Extras        []ExtraLine // that it has on top
	Price         money.Cents // before discounts; 0 for who does not pay, and of what is cancelled
	Discount      money.Cents // what they take off
	Premium       money.Cents // of the insurance; 0 for none
	Added         []ExtraLine // a price rise, goodwill, costs that came later
	Other         money.Cents // what makes Charged of the rest
	Charged       money.Cents // what it costs in all
	Proof         string      // where a proof is handed in; "" when none is needed
	ProofUntil    civil.Date  // by when; zero when nothing is asked now
}

// EndedLine is how a booking ended.
type EndedLine struct {
	Text    string
	Call    bool         // the organiser did it: its number stands beside the words
	Refunds []RefundLine // what goes back because of it
	Because []ui.Reason  // why it cost what it cost; nil where that is not kept, or not for this reader
	Then    string       // that the reasons are those of that day
}

// PartLine is one part of a schedule and what was paid of it.
type PartLine struct {
	Kind   string
	DueOn  civil.Date
	Amount money.Cents
	Paid   money.Cents
}

// InvoiceLine is one document.
type InvoiceLine struct {
	Number string // "" while it is being made
	For    string // another payer than the parent; else ""
	Kind   string
	On     civil.Date
	Total  money.Cents
	Href   string
}

// RefundLine is money on its way back.
type RefundLine struct {
	Amount money.Cents
	State  string // requested, sent, done or failed
	By     civil.Date
}

// PayerLine is who gets the invoices of an order.
type PayerLine struct {
	Name  string
	Email string // "" for the parent
	Has   bool   // a document of theirs is open
	Href  string // where it is changed; "" for who may not
}

// QR is a square code as an SVG path in a box of Side units.
type QR struct {
	Path string
	Side int
}

// OrderPage is one order: what was booked, what is owed, and how to pay it.
type OrderPage struct {
	layout.Page
	Reference      string
	PlacedAt       time.Time
	JustPlaced     bool
	Email          string
	Bookings       []BookingLine
	Charged        money.Cents
	Paid           money.Cents
	Credit         money.Cents
	DueNow         money.Cents // open and due first
	DueOn          civil.Date
	DueKind        string
	PayAction      string // where the pay button goes; "" when nothing can be paid
	StructuredComm string // +++ddd/dddd/ddddd+++
	IBAN           string
	QR             QR // the payment code; empty when nothing is due
	Payer          PayerLine
	Invoices       []InvoiceLine
	Refunds        []RefundLine
	TermsVersion   string
	Shared         bool // another parent placed it: only the shared children, and no documents
}

// PaymentPage says where a payment on line stands. The webhook confirms it, never this page.
type PaymentPage struct {
	layout.Page
	State  string // pending, paid, failed or expired
	Amount money.Cents
	Order  string // address of the order's page
	// RetryAll is the page on which a family pays for several orders again; "" for a payment of one.
	RetryAll string
	Retry    string     // where paying again goes; "" when there is nothing to pay
	Until    civil.Date // the day by which it is to be paid; zero when it passed or when nothing is asked
}
