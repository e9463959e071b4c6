package bank

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Kind names the format that a file was read as.
type Kind string

const (
	// KindUnknown is a file that no reader recognises.
	KindUnknown Kind = "unknown"
	// KindCODA is the Belgian coded statement of account.
	KindCODA Kind = "coda"
	// KindCamt053 is the ISO 20022 bank-to-customer statement.
	KindCamt053 Kind = "camt.053"
	// KindCamt052 is the account report within the day, which is no statement.
	KindCamt052 Kind = "camt.052"
	// KindCamt054 is the debit and credit notification, which repeats what a statement books.
	KindCamt054 Kind = "camt.054"
)

// File is everything that was read of one bank file. It prints as the JSON of `shop bank read`.
type File struct {
	Kind       Kind        `json:"kind"`
	Statements []Statement `json:"statements"`
	Problems   []Problem   `json:"problems"`
}

// Statement is one account between two balances.
type Statement struct {
	Account   string      `json:"account"` // as the file has it, mostly an IBAN
	Currency  string      `json:"currency"`
	Date      civil.Date  `json:"date"` // of the closing balance
	Opening   money.Cents `json:"opening"`
	Closing   money.Cents `json:"closing"`
	Movements []Movement  `json:"movements"`

	ID        string     `json:"-"` // the bank's own name for it: camt Stmt/Id, empty in CODA
	Number    string     `json:"-"` // coded sequence number (CODA) or electronic sequence number (camt)
	Opened    civil.Date `json:"-"` // date of the opening balance, where given
	Holder    string     `json:"-"`
	Duplicate bool       `json:"-"` // the bank marks it as a copy of one sent before
	Notices   []string   `json:"-"` // free messages of the bank about the account
	Line      int        `json:"-"` // where it starts in the file
}

// Movement is one booking on the account, or one detail of a booking that the bank totalled.
type Movement struct {
	Amount       money.Cents `json:"amount"` // signed, credit positive
	Currency     string      `json:"currency"`
	BookingDate  civil.Date  `json:"booking_date"`
	ValueDate    civil.Date  `json:"value_date"`
	BankRef      string      `json:"bank_ref"`
	Reference    string      `json:"reference"` // the twelve digits or RF reference, where the file marks it as structured
	EndToEndID   string      `json:"end_to_end_id"`
	Counterparty Party       `json:"counterparty"`
	Text         string      `json:"text"`
	Code         string      `json:"code"`    // CODA's eight digits, or camt's domain/family/sub-family
	Details      []Movement  `json:"details"` // of a total; never booked themselves

	References []string `json:"-"` // every structured reference, Reference first
	Info       []string `json:"-"` // further text of the bank
	Owner      Party    `json:"-"` // the other side, where a return names us as Counterparty
	Return     string   `json:"-"` // reason code, when this is money that comes back: AC04, MD06, ...; "-" when none is given
	Original   string   `json:"-"` // amount and currency before exchange, as text
	Mandate    string   `json:"-"`
	Batch      []string `json:"-"` // our own names for the file or block that it was ordered with, in camt; CODA has that as EndToEndID
	Number     string   `json:"-"` // the movement's own number within its statement
	Line       int      `json:"-"`
}

// Party is the other side of a movement, as the bank names it.
type Party struct {
	Name string `json:"name"`
	IBAN string `json:"iban"` // the account as the file has it, without spaces; mostly an IBAN
	BIC  string `json:"bic"`
}

// Other is the party that the money came from or went to: Counterparty, or on a return the one whose payment it was.
func (m Movement) Other() Party {
	if m.Owner != (Party{}) {
		return m.Owner
	}
	return m.Counterparty
}

// IsReturn reports whether the movement undoes an earlier one: money sent that came back, or a collection taken back.
func (m Movement) IsReturn() bool { return m.Return != "" }

// Sums adds the movements of a statement, credits and debits apart, both positive.
func (s Statement) Sums() (credit, debit money.Cents) {
	for _, m := range s.Movements {
		if m.Amount > 0 {
			credit += m.Amount
		} else {
			debit -= m.Amount
		}
	}
	return credit, debit
}
