package terms

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Reason is one step of why an outcome is what it is: the clause it rests on, a message key and its arguments. It is data,
// and package explain turns it into a sentence in the reader's language.
type Reason struct {
	Clause Clause
	Key    string
	Args   []Arg
}

// Arg is a named value for the message.
type Arg struct {
	Name string
	Kind ArgKind
	N    int64 // cents, days of the count, thousandths of a percent
	Date civil.Date
	Word string
}

// ArgKind says how an Arg is written.
type ArgKind uint8

const (
	// ArgMoney is an amount in cents.
	ArgMoney ArgKind = iota + 1
	// ArgCount is a whole number.
	ArgCount
	// ArgPercent is a percentage.
	ArgPercent
	// ArgDate is a date.
	ArgDate
	// ArgWord is a word that the catalogue translates, such as the name of a trip.
	ArgWord
	// ArgText is written as it is, such as an organiser's name.
	ArgText
)

// Sum is the amount named "amount", which the sentence is about; false when it is about none.
func (r Reason) Sum() (money.Cents, bool) {
	for _, a := range r.Args {
		if a.Kind == ArgMoney && a.Name == "amount" {
			return money.Cents(a.N), true
		}
	}
	return 0, false
}

// Money is an amount argument.
func Money(name string, c money.Cents) Arg { return Arg{Name: name, Kind: ArgMoney, N: int64(c)} }

// Count is a number argument.
func Count(name string, n int) Arg { return Arg{Name: name, Kind: ArgCount, N: int64(n)} }

// Percent is a percentage argument.
func Percent(name string, p money.MilliPercent) Arg {
	return Arg{Name: name, Kind: ArgPercent, N: int64(p)}
}

// On is a date argument.
func On(name string, d civil.Date) Arg { return Arg{Name: name, Kind: ArgDate, Date: d} }

// Word is an argument that the catalogue translates.
func Word(name, word string) Arg { return Arg{Name: name, Kind: ArgWord, Word: word} }

// Text is an argument that is written as it is.
func Text(name, text string) Arg { return Arg{Name: name, Kind: ArgText, Word: text} }

// story collects reasons.
type story struct {
	c       *compiled
	reasons []Reason
}

func (s *story) tell(clause, key string, args ...Arg) {
	s.reasons = append(s.reasons, Reason{s.c.policy.Clauses[clause], key, args})
}
