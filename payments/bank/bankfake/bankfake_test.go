package bankfake_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/bank/reader"
	"joetz/terms/civil"
	"joetz/terms/money"
)

func statement(number int, opening money.Cents, transfers ...bankfake.Transfer) bankfake.Statement {
	return bankfake.Statement{
		Account: "BE68539007547034", BIC: "KREDBEBB", Holder: "JOETZ VZW", Date: civil.Must(2027, 3, 1), Number: number,
		Opening: opening, Transfers: transfers,
	}
}

func TestReaderReadsWhatTheBankWrote(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("kamp Zoë, ", 14) + "einde 149"
	sent := []bankfake.Transfer{
		{Amount: 7500, Name: "Lefèvre Zoë", IBAN: "BE96001234500105", BIC: "GEBABEBB", Reference: "+++260/0000/10173+++", EndToEndID: "E2E-1"},
		{Amount: 12000, Name: "van Dijk Piet", IBAN: "NL91ABNA0417164300", Reference: "RF45JOETZ2600042"},
		{Amount: 9000, Name: "De Smet An", Text: long},
		{Amount: -5000, Name: "Claes Sofie", IBAN: "BE30001234500711", Text: "terugbetaling", EndToEndID: "REFUND-7"},
		{Amount: 5000, Name: "Claes Sofie", IBAN: "BE30001234500711", Text: "terugbetaling", EndToEndID: "REFUND-7", Return: "AC04"},
		{Amount: 1, Name: "Łukasz"},
	}
	for kind, write := range writers {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			data, err := write(statement(12, -500, sent...), statement(13, 28001))
			if err != nil {
				t.Fatal(err)
			}
			got := reader.Read(data)
			if len(got.Problems) > 0 || got.Kind != kind || len(got.Statements) != 2 {
				t.Fatalf("%+v", got)
			}
			s := got.Statements[0]
			if s.Account != "BE68539007547034" || strings.TrimLeft(s.Number, "0") != "12" || s.Opening != -500 || s.Closing != 28001 || s.Date != civil.Must(2027, 3, 1) || s.Holder != "JOETZ VZW" {
				t.Errorf("statement: %+v", s)
			}
			var back []bankfake.Transfer
			for _, m := range s.Movements {
				back = append(back, bankfake.Transfer{Amount: m.Amount, Name: m.Counterparty.Name, IBAN: bank.IBAN(m.Counterparty.IBAN), BIC: m.Counterparty.BIC,
					Reference: m.Reference, Text: m.Text, EndToEndID: m.EndToEndID, Return: m.Return})
			}
			want := slices.Clone(sent)
			want[0].Reference, want[2].Text = "260000010173", strings.TrimSpace(long)
			if kind == bank.KindCODA { // its character set lacks the letter
				want[5].Name = "?ukasz"
			}
			if d := cmp.Diff(want, back); d != "" {
				t.Error(d)
			}
		})
	}
}

// writers are the formats that banks write.
var writers = map[bank.Kind]func(...bankfake.Statement) ([]byte, error){bank.KindCODA: bankfake.CODA, bank.KindCamt053: bankfake.CAMT}

func TestEveryStatementIsFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 20).Draw(t, "transfers")
		var transfers []bankfake.Transfer
		for i := range n {
			transfers = append(transfers, bankfake.Transfer{
				Amount: money.Cents(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, fmt.Sprint("amount", i))),
				Name:   rapid.String().Draw(t, "name"), Text: rapid.StringN(0, 149, -1).Draw(t, "text"),
			})
		}
		s := statement(rapid.IntRange(1, 999).Draw(t, "number"), money.Cents(rapid.Int64Range(-1e9, 1e9).Draw(t, "opening")), transfers...)
		for kind, write := range writers {
			data, err := write(s)
			if err != nil {
				t.Fatal(err)
			}
			got := reader.Read(data)
			if len(got.Problems) > 0 || got.Kind != kind || got.Statements[0].Closing != s.Closing() || len(got.Statements[0].Movements) != n {
				t.Fatalf("%+v", got)
			}
		}
	})
}

func TestRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]bankfake.Statement{
		"number":             statement(1000, 0),
		"long text":          statement(1, 0, bankfake.Transfer{Text: strings.Repeat("x", 150)}),
		"wrong reference":    statement(1, 0, bankfake.Transfer{Reference: "260000010174"}),
		"reference and text": statement(1, 0, bankfake.Transfer{Reference: "260000010173", Text: "kamp"}),
	} {
		if data, err := bankfake.CODA(s); !errors.Is(err, bankfake.ErrFit) {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
}
