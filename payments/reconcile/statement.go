package reconcile

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"joetz/payments/bank"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// statement is a bank statement as it is stored.
type statement struct {
	bank.Statement
	identity    string // how its format names it
	content     [32]byte
	fingerprint [32]byte
	firstOn     civil.Date
	movements   []movement
}

// movement is a row of bank_movement: a booking, or a detail of one.
type movement struct {
	bank.Movement
	id          id.BankMovement
	key, parent string
	money       money.Cents // what this row stands for
	found       []string    // references, structured ones first
	structured  int         // how many of found are structured
}

// newStatement prepares a statement of a fit file. Its movements get a day where the bank gives none, and the money of a
// total goes to its details where those account for it.
func newStatement(kind bank.Kind, s bank.Statement) statement {
	out := statement{Statement: s, firstOn: s.Date, identity: identity(kind, s)}
	for i, m := range s.Movements {
		key := fmt.Sprintf("%s/%s/%d", s.Account, out.identity, i+1)
		out.add(m, key, "")
	}
	for _, m := range out.movements {
		if m.BookingDate.Before(out.firstOn) {
			out.firstOn = m.BookingDate
		}
	}
	out.content, out.fingerprint = out.digests()
	return out
}

// identity is the name that the bank gives a statement. The day is part of it: some banks never raise the number. So is
// the opening balance: pages of one statement share everything else.
func identity(kind bank.Kind, s bank.Statement) string {
	if kind == bank.KindCODA {
		return fmt.Sprintf("coda/%v/%s/%d", s.Date, s.Number, s.Opening)
	}
	return fmt.Sprintf("camt/%v/%s/%s/%d", s.Date, s.ID, s.Number, s.Opening)
}

// add appends a movement and its details.
func (s *statement) add(m bank.Movement, key, parent string) {
	if m.BookingDate.IsZero() {
		m.BookingDate = s.Date
	}
	row := movement{Movement: m, key: key, parent: parent, money: m.Amount}
	row.found, row.structured = references(m)
	at := len(s.movements)
	s.movements = append(s.movements, row)
	split := accountFor(m)
	for i, d := range m.Details {
		first := len(s.movements)
		s.add(d, fmt.Sprintf("%s.%d", key, i+1), key)
		if split {
			s.movements[at].money -= d.Amount
			continue
		}
		for j := first; j < len(s.movements); j++ {
			s.movements[j].money = 0
		}
	}
}

// accountFor reports whether the details account for the total, all of it or a part: then each stands for its own money
// and the total for the rest. Details of the other direction or of more than the total explain nothing.
func accountFor(m bank.Movement) bool {
	var sum money.Cents
	for _, d := range m.Details {
		if d.Amount == 0 || (d.Amount > 0) != (m.Amount > 0) {
			return false
		}
		sum += d.Amount
	}
	return len(m.Details) > 0 && (m.Amount > 0 && sum <= m.Amount || m.Amount < 0 && sum >= m.Amount)
}

// references lists what a movement may refer to: structured first, then what its texts contain.
func references(m bank.Movement) (found []string, structured int) {
	found = append(found, m.References...)
	for _, text := range append([]string{m.Text}, m.Info...) {
		for _, ref := range bank.FindReferences(text) {
			if !slices.Contains(found, ref) {
				found = append(found, ref)
			}
		}
	}
	return found, len(m.References)
}

// digests gives the hash of all that the statement says, and that of the part that CODA and camt say alike.
func (s statement) digests() (content, fingerprint [32]byte) {
	var all, shared []string
	for _, m := range s.Statement.Movements {
		on := cmp.Or(m.BookingDate, s.Date)
		shared = append(shared, fmt.Sprintf("%v %d", on, m.Amount))
		all = append(all, strings.Join([]string{
			on.String(), fmt.Sprint(int64(m.Amount)), m.BankRef, m.EndToEndID, m.Reference, m.Counterparty.IBAN, m.Counterparty.Name, m.Text,
		}, "\x00"))
	}
	slices.Sort(shared)
	head := fmt.Sprintf("%s %s %d %d\n", s.Account, s.Currency, s.Opening, s.Closing)
	return sha256.Sum256([]byte(head + strings.Join(all, "\n"))), sha256.Sum256([]byte(head + strings.Join(shared, "\n")))
}
