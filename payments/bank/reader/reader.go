// Package reader reads a bank file without being told its format.
//
// Owns: the choice between the readers. No tables.
// May import: payments/bank and its readers.
// Always true: reading never fails: what nobody recognises is a File of KindUnknown that is unfit to book.
package reader

import (
	"bytes"

	"joetz/payments/bank"
	"joetz/payments/bank/camt"
	"joetz/payments/bank/coda"
)

// Read recognises CODA and camt by their first bytes and reads the file.
func Read(data []byte) bank.File {
	var file bank.File
	switch {
	case camt.Looks(data):
		file = camt.Read(data)
	case coda.Looks(data):
		file = coda.Read(data)
	default:
		file = bank.File{Kind: bank.KindUnknown}
		switch {
		case len(bytes.TrimSpace(data)) == 0:
			file.Refuse(0, bank.ProblemEmpty, "the file is empty")
		case bytes.HasPrefix(data, []byte("PK\x03\x04")):
			file.Refuse(0, bank.ProblemUnknownFormat, "a zip archive: unpack it first")
		default:
			file.Refuse(1, bank.ProblemUnknownFormat, "neither CODA nor camt.053")
		}
	}
	whole(&file)
	tidy(&file)
	return file
}

// whole refuses statements that do not say what they are about: neither format makes that certain by itself.
func whole(f *bank.File) {
	if f.Kind != bank.KindCODA && f.Kind != bank.KindCamt053 {
		return
	}
	for _, s := range f.Statements {
		if s.Account == "" || s.Currency == "" {
			f.Refuse(s.Line, bank.ProblemMissingAccount, "no account number, or no currency")
		}
		if !s.Date.IsZero() {
			continue
		}
		if len(s.Movements) == 0 {
			f.Refuse(s.Line, bank.ProblemMissingDate, "nothing says of which day it is")
		}
		for _, m := range s.Movements {
			if m.BookingDate.IsZero() {
				f.Refuse(m.Line, bank.ProblemMissingDate, "nothing says on which day it was booked")
				break
			}
		}
	}
}

// tidy leaves no list nil, so that JSON shows [] and never null.
func tidy(f *bank.File) {
	if f.Statements == nil {
		f.Statements = []bank.Statement{}
	}
	if f.Problems == nil {
		f.Problems = []bank.Problem{}
	}
	for i := range f.Statements {
		f.Statements[i].Movements = tidyMovements(f.Statements[i].Movements)
	}
}

func tidyMovements(ms []bank.Movement) []bank.Movement {
	for i := range ms {
		ms[i].Details = tidyMovements(ms[i].Details)
	}
	if ms == nil {
		return []bank.Movement{}
	}
	return ms
}
