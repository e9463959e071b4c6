package coda_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/payments/bank"
	"joetz/payments/bank/coda"
	"joetz/terms/money"
)

// expected is what an independent reader made of a sample: every field of it that our model has.
type expected struct {
	WrongLength []json.RawMessage
	Statements  []struct {
		CreationDate, Account, Currency, Holder, CodaSeq            string
		OldBalance, OldBalanceDate, NewBalance, NewBalanceDate, BIC string
		CreditSum, DebitSum                                         string
		Duplicate                                                   bool
		Free, Problems                                              []string
		MovementCount, TopLevelMovements                            int
		Movements                                                   []expectedMovement
	}
}

type expectedMovement struct {
	Seq, Detail, BankRef, Amount, ValueDate, EntryDate, Code string
	CustomerRef, BIC, CounterpartyAccount, CounterpartyName  string
	CommType, Reference, Communication, OGMInFreeText, RType string
	ISOReason                                                string
	Info                                                     []struct{ Text string }
}

// cents reads the sample's decimal amounts without our own parser.
func cents(t *testing.T, s string) money.Cents {
	t.Helper()
	n := money.Cents(0)
	for _, c := range strings.TrimPrefix(s, "-") {
		if c != '.' {
			n = n*10 + money.Cents(c-'0')
		}
	}
	if !strings.HasSuffix(s, "0") || s[len(s)-4] != '.' {
		t.Fatalf("expected amount %q has parts of a cent", s)
	}
	if strings.HasPrefix(s, "-") {
		n = -n
	}
	return n / 10
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
	samples, _ := filepath.Glob("testdata/*.cod")
	if len(samples) != len(files) || len(files) != 7 {
		t.Fatalf("%d samples, %d expected, want 7 of each", len(samples), len(files))
	}
	for name, want := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile("testdata/" + name)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, coda.Read(data), want)
		})
	}
}

func compare(t *testing.T, got bank.File, want expected) {
	if got.Kind != bank.KindCODA || len(got.Statements) != len(want.Statements) {
		t.Fatalf("got %s with %d statements, want coda with %d", got.Kind, len(got.Statements), len(want.Statements))
	}
	var codes, wantCodes []string
	for _, p := range got.Problems {
		if p.Unfit {
			codes = append(codes, p.Code)
		}
	}
	for i, w := range want.Statements {
		s := got.Statements[i]
		for _, p := range w.Problems {
			wantCodes = append(wantCodes, codeOf(t, p))
		}
		if w.NewBalance == "" { // an empty statement without record 8 closes as it opened
			w.NewBalance, w.NewBalanceDate = w.OldBalance, w.CreationDate
		}
		credit, debit := s.Sums()
		if d := cmp.Diff(
			[]any{w.Account, w.Currency, w.Holder, w.CodaSeq, w.OldBalanceDate, w.NewBalanceDate, cents(t, w.OldBalance), cents(t, w.NewBalance),
				cents(t, w.CreditSum), cents(t, w.DebitSum), w.Duplicate, w.TopLevelMovements, len(w.Free)},
			[]any{s.Account, s.Currency, s.Holder, s.Number, s.Opened.String(), s.Date.String(), s.Opening, s.Closing,
				credit, debit, s.Duplicate, len(s.Movements), len(s.Notices)}); d != "" {
			t.Errorf("statement %d: %s", i, d)
		}
		if !slices.Equal(s.Notices, w.Free) {
			t.Errorf("statement %d: notices %q, want %q", i, s.Notices, w.Free)
		}
		var flat []bank.Movement
		for _, m := range s.Movements {
			flat = append(append(flat, m), m.Details...)
		}
		if len(flat) != w.MovementCount {
			t.Fatalf("statement %d: %d movements and details, want %d", i, len(flat), w.MovementCount)
		}
		for j, m := range flat {
			if d := cmp.Diff(wantFields(t, w.Movements[j]), gotFields(m)); d != "" {
				t.Errorf("statement %d, movement %s/%s: %s", i, w.Movements[j].Seq, w.Movements[j].Detail, d)
			}
		}
	}
	if d := cmp.Diff(wantCodes, codes); d != "" {
		t.Errorf("problems: %s", d)
	}
	if unfit := len(wantCodes)+len(want.WrongLength) > 0; got.Unfit() != unfit {
		t.Errorf("Unfit = %v, want %v", got.Unfit(), unfit)
	}
}

func codeOf(t *testing.T, problem string) string {
	for start, code := range map[string]string{
		"trailer says": bank.ProblemTrailerCount, "trailer credit": bank.ProblemTrailerSum, "old ": bank.ProblemBalance,
	} {
		if strings.HasPrefix(problem, start) {
			return code
		}
	}
	t.Fatalf("no code for %q", problem)
	return ""
}

func wantFields(t *testing.T, w expectedMovement) map[string]any {
	number := w.Seq
	if w.Detail != "0000" {
		number += "/" + w.Detail
	}
	if w.CustomerRef == "NOTPROVIDED" { // which says that there is none
		w.CustomerRef = ""
	}
	var info []string
	for _, i := range w.Info {
		info = append(info, i.Text)
	}
	var found []string
	if w.OGMInFreeText != "" {
		found = []string{w.OGMInFreeText}
	}
	return map[string]any{
		"number": number, "ref": w.BankRef, "amount": cents(t, w.Amount), "value": w.ValueDate, "booked": w.EntryDate, "code": w.Code,
		"e2e": w.CustomerRef, "bic": w.BIC, "account": w.CounterpartyAccount, "name": w.CounterpartyName,
		"reference": w.Reference, "text": w.Communication, "found": found, "reason": w.ISOReason, "return": w.RType != "", "info": info,
	}
}

func gotFields(m bank.Movement) map[string]any {
	var found []string
	if strings.Contains(m.Text, "+++") {
		found = bank.FindReferences(m.Text)
	}
	return map[string]any{
		"number": m.Number, "ref": m.BankRef, "amount": m.Amount, "value": m.ValueDate.String(), "booked": m.BookingDate.String(), "code": m.Code,
		"e2e": m.EndToEndID, "bic": m.Counterparty.BIC, "account": m.Counterparty.IBAN, "name": m.Counterparty.Name,
		"reference": m.Reference, "text": m.Text, "found": found, "reason": m.Return, "return": m.IsReturn(), "info": m.Info,
	}
}
