package booking

import (
	"joetz/terms"
	"joetz/terms/explain"
	"joetz/terms/money"
)

// ReasonLine is a reason in words, with the clause that it rests on.
type ReasonLine struct {
	Clause string // its place in the general terms, with their own words
	Text   string
	Amount money.Cents
	HasSum bool
}

// Reason puts a reason in words that can be read aloud.
func Reason(lang string, r terms.Reason) ReasonLine {
	sum, ok := r.Sum()
	return ReasonLine{Clause: r.Clause.Title, Text: explain.In(lang).Sentence(r), Amount: sum, HasSum: ok}
}
