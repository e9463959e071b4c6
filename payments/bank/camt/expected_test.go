package camt_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/payments/bank"
	"joetz/payments/bank/camt"
	"joetz/terms/money"
)

// expected is what an independent reader made of a sample.
type expected struct {
	Message    string
	Statements []struct {
		ID, Account              string
		LegalSeqNb, ElctrncSeqNb *string
		Currency                 *string
		Balances                 [][4]string // kind, amount, currency, date
		BookedEntries, Entries   int
		TxDetails                int
		CreditCount, DebitCount  int
		CreditSum, DebitSum, Net string
		BalanceCheck             *string
		EntriesDetail            []expectedEntry
	}
}

type expectedEntry struct {
	Amount, Ccy, Code, AcctSvcrRef string
	Status, BookingDate, ValueDate *string
	Reversal                       bool
	AddtlNtryInf                   string
	Truncated                      int
	Tx                             []struct {
		Amount, Ccy, Counterparty, CounterpartyIBAN string
		EndToEndID                                  string `json:"EndToEndId"`
		AcctSvcrRef                                 string
		MndtID                                      string `json:"MndtId"`
		Ustrd, ValidOGM, Instructed                 []string
		Strd                                        []struct{ Type, Issuer, Ref, Addtl string }
		ReturnReason                                string
	}
}

// cents reads the sample's decimal amounts, all of two decimals, without our own parser.
func cents(t *testing.T, s string) money.Cents {
	t.Helper()
	if len(s) < 4 || s[len(s)-3] != '.' {
		t.Fatalf("expected amount %q", s)
	}
	n := money.Cents(0)
	for _, c := range strings.TrimPrefix(s, "-") {
		if c != '.' {
			n = n*10 + money.Cents(c-'0')
		}
	}
	if strings.HasPrefix(s, "-") {
		return -n
	}
	return n
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func TestAgreesWithTheIndependentReader(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var files map[string]expected
	if err := json.Unmarshal(data, &files); err != nil {
		t.Fatal(err)
	}
	samples, _ := filepath.Glob("testdata/*.xml")
	if len(samples) != len(files) || len(files) != 24 {
		t.Fatalf("%d samples, %d expected, want 24 of each", len(samples), len(files))
	}
	for name, want := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile("testdata/" + name)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, camt.Read(data), want)
		})
	}
}

func compare(t *testing.T, got bank.File, want expected) {
	if !strings.HasPrefix(want.Message, string(got.Kind)) || len(got.Statements) != len(want.Statements) {
		t.Fatalf("got %s with %d statements, want %s with %d", got.Kind, len(got.Statements), want.Message, len(want.Statements))
	}
	unfit := got.Kind != bank.KindCamt053 // a notification is never booked
	for i, w := range want.Statements {
		s := got.Statements[i]
		opening, closing, currency := balances(w.Balances)
		if w.Currency != nil {
			currency = *w.Currency
		} else if currency == "" {
			currency = w.EntriesDetail[0].Ccy
		}
		number := text(w.ElctrncSeqNb)
		if number == "" {
			number = text(w.LegalSeqNb)
		}
		credit, debit := s.Sums()
		if d := cmp.Diff(
			[]any{w.ID, w.Account, currency, number, w.BookedEntries, cents(t, w.CreditSum), cents(t, w.DebitSum), cents(t, w.Net)},
			[]any{s.ID, s.Account, s.Currency, s.Number, len(s.Movements), credit, debit, credit - debit}); d != "" {
			t.Errorf("statement %d: %s", i, d)
		}
		if len(w.Balances) > 0 && (s.Opening != cents(t, opening[1]) || s.Closing != cents(t, closing[1]) || s.Date.String() != closing[3]) {
			t.Errorf("statement %d: %v to %v on %v, want %v to %v", i, s.Opening, s.Closing, s.Date, opening, closing)
		}
		if strings.HasPrefix(text(w.BalanceCheck), "MISMATCH") {
			unfit = true
		}
		compareEntries(t, s, w.EntriesDetail)
	}
	if got.Unfit() != unfit {
		t.Errorf("Unfit = %v, want %v: %v", got.Unfit(), unfit, got.Problems)
	}
}

// balances picks the two that the independent reader checks with.
func balances(all [][4]string) (opening, closing [4]string, currency string) {
	for _, b := range all {
		if b[0] == "OPBD" || b[0] == "PRCD" && opening[0] == "" {
			opening = b
		}
		if b[0] == "CLBD" {
			closing = b
		}
	}
	return opening, closing, opening[2]
}

func compareEntries(t *testing.T, s bank.Statement, entries []expectedEntry) {
	at := 0
	for _, e := range entries {
		if e.Truncated > 0 || e.Status != nil && *e.Status != "BOOK" {
			continue
		}
		m := s.Movements[at]
		at++
		if d := cmp.Diff(
			[]any{cents(t, e.Amount), e.Ccy, orMore(e.Code, m.Code), day(e.BookingDate), day(e.ValueDate)},
			[]any{m.Amount, m.Currency, m.Code, m.BookingDate.String(), m.ValueDate.String()}); d != "" {
			t.Errorf("entry %d: %s", at, d)
		}
		if e.AcctSvcrRef != "" && m.BankRef != e.AcctSvcrRef {
			t.Errorf("entry %d: bank ref %q, want %q", at, m.BankRef, e.AcctSvcrRef)
		}
		if e.Reversal && !m.IsReturn() {
			t.Errorf("entry %d: is no return", at)
		}
		note := strings.Join(strings.Fields(e.AddtlNtryInf), " ")
		if all := strings.Join(strings.Fields(strings.Join(m.Info, " ")), " "); !strings.Contains(all, note) {
			t.Errorf("entry %d: info %q, want %q", at, all, note)
		}
		parts := m.Details
		if len(parts) == 0 {
			parts = []bank.Movement{m}
		}
		if len(e.Tx) > 0 && len(parts) != len(e.Tx) {
			t.Errorf("entry %d: %d details, want %d", at, len(parts), len(e.Tx))
			continue
		}
		for j, tx := range e.Tx {
			compareTx(t, at, parts[j], tx.Amount, tx.Ccy, [...]string{tx.Counterparty, tx.CounterpartyIBAN, tx.EndToEndID, tx.MndtID, tx.ReturnReason, strings.Join(tx.Instructed, " ")})
			all := strings.Join(strings.Fields(parts[j].Text), " ")
			for _, u := range tx.Ustrd {
				if !strings.Contains(all, strings.Join(strings.Fields(u), " ")) {
					t.Errorf("entry %d: text %q lacks %q", at, all, u)
				}
			}
			for _, strd := range tx.Strd {
				if ref := strd.Ref; ref != "" && !slices.Contains(parts[j].References, ref) && !strings.Contains(all, ref) {
					t.Errorf("entry %d: reference %q is neither in %q nor in %q", at, ref, parts[j].References, all)
				}
				if !strings.Contains(all, strings.Join(strings.Fields(strd.Addtl), " ")) {
					t.Errorf("entry %d: text %q lacks %q", at, all, strd.Addtl)
				}
			}
			for _, ogm := range tx.ValidOGM {
				if !slices.Contains(append(bank.FindReferences(parts[j].Text), parts[j].References...), ogm) {
					t.Errorf("entry %d: OGM %s not found in %+v", at, ogm, parts[j])
				}
			}
		}
	}
}

func compareTx(t *testing.T, at int, m bank.Movement, amount, currency string, want [6]string) {
	t.Helper()
	if amount != "" && currency == m.Currency && m.Amount != cents(t, amount) && m.Amount != -cents(t, amount) && len(m.Details) > 0 {
		t.Errorf("entry %d: detail of %v, want %s", at, m.Amount, amount)
	}
	if want[2] == "NOTPROVIDED" { // which says that there is none
		want[2] = ""
	}
	if want[4] == "" {
		want[4] = strings.Trim(m.Return, "-")
	}
	if !strings.HasSuffix(want[5], m.Original) || m.Original == "" && want[5] != "" && !strings.HasSuffix(want[5], m.Currency) {
		t.Errorf("entry %d: instructed %q, want %q", at, m.Original, want[5])
	}
	want[1] = orMore(want[1], m.Counterparty.IBAN)
	got := [6]string{m.Counterparty.Name, m.Counterparty.IBAN, m.EndToEndID, m.Mandate, m.Return, want[5]}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("entry %d: %s", at, d)
	}
}

// orMore lets us know more than the independent reader, which takes no code from a transaction and no account number that
// is not an IBAN.
func orMore(want, got string) string {
	if want == "" {
		return got
	}
	return want
}

// day is the date of an expected date or instant.
func day(s *string) string {
	if s == nil {
		return ""
	}
	return (*s)[:10]
}
