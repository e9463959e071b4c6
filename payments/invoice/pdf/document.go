// Package pdf draws an invoice or credit note on A4.
//
// Owns: what an invoice looks like on paper.
// Tables: none.
// May import: terms, payments/invoice/qr, fpdf, liberation (a font), x/image, x/text. The words come from the caller (area invoice of the
// message catalogue): payments does not know the catalogue.
// Always true: the same document gives the same bytes, so an invoice is kept as its rows and drawn again when it is asked
// for; nothing that is asked to be printed is cut off; a character that the font lacks is replaced, never dropped.
package pdf

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Words are the texts in the document's language.
type Words interface {
	T(key string, args ...any) string
}

// Seller is the organiser, as Belgian law asks it on an invoice.
type Seller struct {
	Brand      string // "JOETZ"
	Name       string // with its legal form, "JOETZ vzw"
	Street     string
	City       string // with its postal code, "1000 Brussel"
	Enterprise string // "BE 0123.456.749"
	Register   string // "RPR Brussel"; empty where there is none
	Email      string
	Phone      string
	Site       string // "www.joetz.be"
	Payee      string // the name that the bank knows the account by
	IBAN       string // "BE68 5390 0754 7034"
	BIC        string
}

// Document is an invoice or credit note. Kind is deposit, balance, full, supplement, fee or credit.
type Document struct {
	Kind          string
	Lang          string
	Number        string // "V-2027-00017"; empty while it has none
	Reference     string // of the order
	IssuedOn      civil.Date
	DueOn         civil.Date
	Payer         Payer
	Lines         []Line
	Total         money.Cents // negative on a credit note
	Paid          money.Cents // of it, when it was issued
	Earlier       []Earlier   // invoices of the same order that this one follows or corrects
	Communication string      // "+++260/0000/10173+++"
	EPC           string      // what the QR code says, for the amount of First; empty for none
	Schedule      []Due       // of the whole order, by date; empty to leave it out
	Duplicate     bool
	PaidOn        civil.Date // zero: not marked as paid
}

// Payer is whom it is for.
type Payer struct {
	Name, Street, PostalCode, City, Country string
	Enterprise                              string // ten digits; empty for people
	Reference                               string // what the payer wants to see; empty for none
}

// Line is one line. A date YYYY-MM-DD in its description is written in the document's language.
type Line struct {
	Description string
	Amount      money.Cents
}

// Earlier is another invoice that this one refers to.
type Earlier struct {
	Number string
	On     civil.Date
	Amount money.Cents
}

// Due is one line of the payment schedule.
type Due struct {
	Kind   string
	On     civil.Date
	Amount money.Cents
	Paid   bool
	Here   bool // it is asked on this document
}

func (d Document) isCredit() bool { return d.Kind == "credit" }

// parts is what the document still asked when it was issued, by the day on which it is due. What was paid of it by then has
// gone to what is due first.
func (d Document) parts() []Due {
	var parts []Due
	for i, due := range d.asked() {
		if due.Amount -= d.covered(i); due.Amount <= 0 {
			continue
		}
		if n := len(parts); n > 0 && parts[n-1].On == due.On {
			parts[n-1].Amount += due.Amount
		} else {
			parts = append(parts, due)
		}
	}
	return parts
}

// asked is the schedule's part that is on this document; all of it on one day where there is none.
func (d Document) asked() []Due {
	var here []Due
	for _, due := range d.Schedule {
		if due.Here {
			here = append(here, due)
		}
	}
	if here == nil {
		here = []Due{{On: d.DueOn, Amount: d.Total}}
	}
	return here
}

// covered is what of the nth part asked was paid when the document was issued.
func (d Document) covered(n int) money.Cents {
	asked, left := d.asked(), d.Paid
	for _, due := range asked[:n] {
		left -= due.Amount
	}
	return min(asked[n].Amount, max(0, left))
}

// First is the amount to pay first: all of it, unless it is asked in parts; zero when it was paid when it was issued.
func (d Document) First() money.Cents {
	if parts := d.parts(); len(parts) > 0 && !d.isCredit() {
		return parts[0].Amount
	}
	return 0
}

// open is what was to pay.
func (d Document) open() money.Cents { return max(0, d.Total-d.Paid) }
