// Package bankfake writes the bank's side: transfers on an account of ours as a CODA 2.6 or a camt.053 file, for tests and
// the demo.
//
// Owns: nothing. No tables.
// May import: payments/bank, terms.
// Always true: what it writes is valid by the standard, and the bank readers read back every transfer as it was given.
package bankfake

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"joetz/payments/bank"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Transfer is one movement on the account.
type Transfer struct {
	Amount     money.Cents // signed: what we receive is positive
	Name       string
	IBAN       bank.IBAN
	BIC        string
	Reference  string // OGM digits or RF; excludes Text
	Text       string // at most 149 characters
	EndToEndID string
	Return     string // reason, when our own transfer comes back
}

// Statement is one day of one account.
type Statement struct {
	Account   bank.IBAN
	BIC       string
	Holder    string
	Date      civil.Date
	Number    int // coded sequence number: 1 to 999, starting again each year
	Opening   money.Cents
	Transfers []Transfer
}

// Closing is the balance after the transfers.
func (s Statement) Closing() money.Cents {
	sum := s.Opening
	for _, t := range s.Transfers {
		sum += t.Amount
	}
	return sum
}

// ErrFit is returned for a statement that the format has no room for.
var ErrFit = errors.New("bankfake: does not fit in CODA")

// CODA writes statements as one file, as banks do for several accounts or days: ISO 8859-1, CRLF.
func CODA(statements ...Statement) ([]byte, error) {
	var lines []string
	for i, s := range statements {
		part, err := s.lines(i == len(statements)-1)
		if err != nil {
			return nil, err
		}
		lines = append(lines, part...)
	}
	return charmap.ISO8859_1.NewEncoder().Bytes([]byte(strings.Join(lines, "\r\n") + "\r\n"))
}

// field is a text and the position, from 1, at which it stands in a record.
type field struct {
	at    int
	width int
	text  string
}

// record lays fields on 128 blanks. What CODA's character set lacks becomes a question mark, as banks do.
func record(fields ...field) string {
	cells := []rune(strings.Repeat(" ", 128))
	for _, f := range fields {
		i := f.at - 1
		for _, r := range f.text {
			if i == f.at-1+f.width {
				break
			}
			if r < ' ' || r > 0xFF {
				r = '?'
			}
			cells[i] = r
			i++
		}
	}
	return string(cells)
}

func ddmmyy(d civil.Date) string {
	y, m, day := d.YMD()
	return fmt.Sprintf("%02d%02d%02d", day, m, y%100)
}

// signed is the sign and fifteen digits of an amount.
func signed(c money.Cents) string {
	if c < 0 {
		return fmt.Sprintf("1%014d0", -c)
	}
	return fmt.Sprintf("0%014d0", c)
}

func (s Statement) lines(last bool) ([]string, error) {
	if s.Number < 1 || s.Number > 999 || len(s.Transfers) > 9999 || s.Date.IsZero() || s.Account.Country() == "" {
		return nil, fmt.Errorf("%w: statement %d of %v on %v with %d transfers", ErrFit, s.Number, s.Account, s.Date, len(s.Transfers))
	}
	structure := "3"
	if s.Account.Country() == "BE" {
		structure = "2"
	}
	date, number := ddmmyy(s.Date), fmt.Sprintf("%03d", s.Number)
	lines := []string{
		record(field{1, 5, "00000"}, field{6, 6, date}, field{12, 5, "00005"}, field{35, 26, s.Holder}, field{61, 11, s.BIC},
			field{72, 11, "00000000000"}, field{84, 5, "00000"}, field{128, 1, "2"}),
		record(field{1, 5, "1" + structure + number}, field{6, 34, s.Account.Plain()}, field{40, 3, "EUR"}, field{43, 16, signed(s.Opening)},
			field{59, 6, date}, field{65, 26, s.Holder}, field{91, 35, "Zichtrekening"}, field{126, 3, number}),
	}
	var credit, debit money.Cents
	for i, t := range s.Transfers {
		part, err := s.movement(i+1, t)
		if err != nil {
			return nil, err
		}
		lines = append(lines, part...)
		if t.Amount < 0 {
			debit -= t.Amount
		} else {
			credit += t.Amount
		}
	}
	lines = append(lines, record(field{1, 4, "8" + number}, field{5, 34, s.Account.Plain()}, field{39, 3, "EUR"},
		field{42, 16, signed(s.Closing())}, field{58, 6, date}, field{128, 1, "0"}))
	more := "1"
	if last {
		more = "2"
	}
	return append(lines, record(field{1, 1, "9"}, field{17, 6, fmt.Sprintf("%06d", len(lines)-1)},
		field{23, 15, signed(debit)[1:]}, field{38, 15, signed(credit)[1:]}, field{128, 1, more})), nil
}

// movement writes records 21, 22 and 23 of one transfer.
func (s Statement) movement(n int, t Transfer) ([]string, error) {
	communication, err := t.communication()
	if err != nil {
		return nil, err
	}
	at := func(from, to int) string {
		runes := []rune(communication[1:] + strings.Repeat(" ", 160))
		return string(runes[from:to])
	}
	operation := "50"
	returned := ""
	switch {
	case t.Amount < 0:
		operation = "01"
	case t.Return != "":
		operation, returned = "54", "2"
	}
	date, number := ddmmyy(s.Date), fmt.Sprintf("%04d0000", n)
	return []string{
		record(field{1, 2, "21"}, field{3, 8, number}, field{11, 21, fmt.Sprintf("DEMO%s%03d%04d", date, s.Number, n)},
			field{32, 16, signed(t.Amount)}, field{48, 6, date}, field{54, 8, "001" + operation + "000"}, field{62, 1, communication[:1]},
			field{63, 53, at(0, 53)}, field{116, 6, date}, field{122, 3, fmt.Sprintf("%03d", s.Number)}, field{125, 4, "01 0"}),
		record(field{1, 2, "22"}, field{3, 8, number}, field{11, 53, at(53, 106)}, field{64, 35, t.EndToEndID}, field{99, 11, t.BIC},
			field{113, 1, returned}, field{114, 4, t.Return}, field{126, 3, "1 0"}),
		record(field{1, 2, "23"}, field{3, 8, number}, field{11, 34, t.IBAN.Plain()}, field{45, 3, "EUR"}, field{48, 35, t.Name},
			field{83, 43, at(106, 149)}, field{126, 3, "0 0"}),
	}, nil
}

// communication is the flag that says whether it is structured, and the text.
func (t Transfer) communication() (string, error) {
	if t.Reference == "" {
		if n := len([]rune(t.Text)); n > 149 {
			return "", fmt.Errorf("%w: text of %d characters, at most 149", ErrFit, n)
		}
		return "0" + t.Text, nil
	}
	ref, err := bank.ParseReference(t.Reference)
	if err != nil || t.Text != "" {
		return "", fmt.Errorf("%w: reference %q with text %q", ErrFit, t.Reference, t.Text)
	}
	if strings.HasPrefix(ref, "RF") {
		return "1100" + ref, nil
	}
	return "1101" + ref, nil
}
