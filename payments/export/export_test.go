package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"joetz/migrations/pg/pgtest"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/books"
	"joetz/payments/export"
	"joetz/payments/invoice"
	"joetz/payments/invoice/pdf"
	"joetz/payments/paymentstest"
	"joetz/payments/reconcile"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/money"
)

var span = books.Span{From: civil.Must(2027, 3, 1), To: civil.Must(2027, 3, 31)}

// words is a language of the message catalogue.
type words string

func (w words) T(key string, args ...any) string { return messages.T(string(w), key, args...) }

// desk is a shop in which a family with a wicked name pays by bank.
func desk(t *testing.T) (svc *export.Service, file []byte) {
	t.Helper()
	now := func() time.Time { return time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC) }
	db, pay := pgtest.New(t), paymentstest.New(now)
	o := paymentstest.NewOrder(t, db, pay, `=cmd|' /C calc'!A0`, "Lotte", 335_00)
	staff := paymentstest.Staff(t, db, "Rita")
	svc = &export.Service{Books: &books.Service{DB: db, Now: now}, Bank: &reconcile.Service{DB: db, Payments: pay, Accounts: []bank.IBAN{"BE68539007547034"}, Now: now},
		Invoices: &invoice.Service{DB: db, Now: now, Paper: invoice.Paper{Words: func(lang string) pdf.Words { return words(lang) }, Seller: pdf.Seller{Name: "JOETZ vzw", Payee: "JOETZ VZW", Enterprise: "BE 0123.456.749", IBAN: "BE68 5390 0754 7034"}}}}
	if _, err := svc.Invoices.Number(t.Context()); err != nil {
		t.Fatal(err)
	}
	file, err := bankfake.CODA(bankfake.Statement{Account: "BE68539007547034", Holder: "JOETZ VZW", Date: civil.Must(2027, 3, 2), Number: 1, Transfers: []bankfake.Transfer{{Amount: 100_50, Reference: o.OGM}}})
	if err == nil {
		_, err = svc.Bank.Import(t.Context(), reconcile.Upload{Name: `..\..\maart.cod`, Data: file, By: staff})
	}
	if err != nil {
		t.Fatal(err)
	}
	return svc, file
}

func written(t *testing.T, write func(ctx context.Context, w io.Writer, s books.Span) error) []byte {
	t.Helper()
	var b, again bytes.Buffer
	if err := write(t.Context(), &b, span); err != nil {
		t.Fatal(err)
	}
	if err := write(t.Context(), &again, span); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("other bytes the second time (%v)", err)
	}
	return b.Bytes()
}

func cents(t *testing.T, text string) money.Cents {
	t.Helper()
	if text == "" {
		return 0
	}
	c, err := money.Parse(strings.Replace(text, ",", ".", 1))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestJournalBalancesAndHasNoFormula(t *testing.T) {
	t.Parallel()
	svc, _ := desk(t)
	text := strings.TrimPrefix(string(written(t, svc.Journal)), "\uFEFF")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 7 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	var debit, credit money.Cents
	payer := false
	for _, row := range rows[1:] {
		debit, credit = debit+cents(t, row[10]), credit+cents(t, row[11])
		payer = payer || row[8] == `'=cmd|' /C calc'!A0`
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
	if debit != credit || debit < 335_00+100_50 || !payer {
		t.Errorf("debit %v, credit %v, payer there: %v", debit, credit, payer)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "", "An": "An", "=1": "'=1", " +1": "' +1", "-1": "'-1", "@x": "'@x", "\t=1": "'=1", "a\nb": "ab", "＝1": "'＝1", "a=1": "a=1"} {
		if got := export.Plain(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestExcelHasTheJournalAsNumbers(t *testing.T) {
	t.Parallel()
	svc, _ := desk(t)
	var b bytes.Buffer
	if err := svc.Excel(t.Context(), &b, span); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Rekeningen", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row[0] == "550" && (row[3] != "100.5" || row[5] != "100.5") {
			t.Errorf("%v", row)
		}
	}
	for cell, number := range map[string]bool{"A2": true, "B2": true, "C2": true, "F2": false} { // day, entry, line; an account is a name
		kind, err := f.GetCellType("Journaal", cell)
		if err != nil || (kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber) != number {
			t.Errorf("%s has type %v (%v)", cell, kind, err)
		}
	}
	if shown, err := f.GetCellValue("Journaal", "A2"); err != nil || !regexp.MustCompile(`^\d\d/\d\d/2027$`).MatchString(shown) {
		t.Errorf("the day is shown as %q (%v)", shown, err)
	}
	if formula, err := f.GetCellFormula("Journaal", "I2"); err != nil || formula != "" {
		t.Errorf("a formula %q (%v)", formula, err)
	}
}

func TestArchives(t *testing.T) {
	t.Parallel()
	svc, file := desk(t)
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{"documents": {written(t, svc.Documents), "V-2027-00001.xml"}, "bank files": {written(t, svc.BankFiles), "001-_.._maart.cod"}} {
		z, err := zip.NewReader(bytes.NewReader(c.raw), int64(len(c.raw)))
		if err != nil || len(z.File) != 1 {
			t.Fatalf("%s: %v", name, err)
		}
		if strings.ContainsAny(z.File[0].Name, `/\`) {
			t.Errorf("%s: %q leaves its folder", name, z.File[0].Name)
		}
		r, err := z.File[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if name == "bank files" && (err != nil || !bytes.Equal(content, file)) {
			t.Errorf("%s: not the bytes that came in (%v)", name, err)
		}
		if name == "documents" && (z.File[0].Name != c.want || !bytes.Contains(content, []byte("<cbc:ID>V-2027-00001</cbc:ID>"))) {
			t.Errorf("%s: %s", name, z.File[0].Name)
		}
	}
}
