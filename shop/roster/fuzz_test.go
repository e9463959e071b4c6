package roster_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"joetz/shop/roster"
	"joetz/terms/money"
)

// Whatever families write, a spreadsheet that opens the list runs none of it, and reads each text where it belongs.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"Lou", "=1+1", " \t=cmd|'/c calc'!A0", "+32470", "-", "@SUM(A1)", "a;b", "a\"b", "a\r\nb", "\r", "\u00a0=1", "'", "\ufeff=1", "＝1+1", "\v=1", "\u2003=1"} {
		f.Add(seed, int64(-150))
	}
	f.Fuzz(func(t *testing.T, text string, cents int64) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || cents < -1e15 || cents > 1e15 { // PostgreSQL keeps none
			return
		}
		data := roster.Sheet{Columns: []string{"naam", "bedrag"}, Rows: [][]any{{text, money.Cents(cents)}, {"slot", 7}}}.CSV()
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 3 || rows[2][0] != "slot" {
			t.Fatalf("%q: %q %v", text, rows, err)
		}
		plain := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") } // as the reader has it
		got := rows[1][0]
		if got != plain(text) && got != "'"+plain(text) {
			t.Errorf("%q became %q", text, got)
		}
		first := strings.TrimLeftFunc(got, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) })
		if r, _ := utf8.DecodeRuneInString(first); strings.ContainsRune("=+-@|＝＋－＠", r) {
			t.Errorf("%q is run: %q", text, got)
		}
		if c, err := money.Parse(strings.TrimPrefix(rows[1][1], "-")); err != nil || c != money.Cents(max(cents, -cents)) {
			t.Errorf("%d became %q", cents, rows[1][1])
		}
	})
}

// In a workbook a text is a text, whatever it begins with.
func FuzzExcel(f *testing.F) {
	for _, seed := range []string{"Lou", "=1+1", "<f>1+1</f>", "a&b\x01", " a ", "_x000D_", strings.Repeat("é", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return
		}
		data, err := roster.Sheet{Columns: []string{"naam"}, Rows: [][]any{{text}, {"slot"}}}.Excel("lijst")
		if err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%q: the workbook cannot be opened: %v", text, err)
		}
		defer func() { _ = book.Close() }() // in memory
		if formula, err := book.GetCellFormula("lijst", "A2"); err != nil || formula != "" {
			t.Errorf("%q is the formula %q: %v", text, formula, err)
		}
		if last, err := book.GetCellValue("lijst", "A3"); err != nil || last != "slot" {
			t.Errorf("after %q comes %q: %v", text, last, err)
		}
	})
}
