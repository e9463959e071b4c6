package roster_test

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"joetz/shop/roster"
	"joetz/terms/id"
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

// Whatever stands in the address of a list, a cursor that somebody made among it, the database answers.
func FuzzFilter(f *testing.F) {
	cursor := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for _, after := range []string{
		"", "x", cursor("2027-07-05\x0112"), cursor("2027-13-45\x011"), cursor("peeters\x00jan\x0112"), cursor("a\x00b\x00c\x011"), cursor("\x00\x01-9223372036854775808"),
		cursor("\xff\x011"), cursor("a\x01b"), cursor("9999-12-31\x019223372036854775807"),
	} {
		f.Add(after, "naam", "going", "vt", "awaited", "Jans%_\\", int64(1))
		f.Add(after, "vertrek", "", "", "", "", int64(-1))
		f.Add(after, "", "weird'", "\"", "\\", "İ", int64(0))
	}
	s := many(f, 300)
	sorts := map[string]roster.Sort{"naam": roster.ByName, "vertrek": roster.ByDeparts}
	f.Fuzz(func(t *testing.T, after, sort, status, category, evidence, text string, number int64) {
		for _, typed := range []string{status, category, evidence, text} {
			if !utf8.ValidString(typed) || strings.ContainsRune(typed, 0) || len(typed) > 1000 { // web lets none of these through
				return
			}
		}
		page, err := s.Bookings(t.Context(), roster.Filter{After: after, Sort: sorts[sort], Status: status, Category: category, Evidence: evidence,
			Departure: id.Departure(number), Boarding: id.BoardingPlace(number)})
		if err != nil || len(page.Rows) > roster.PerPage || len(page.Rows) > page.Total {
			t.Errorf("bookings after %q: %d rows of %d, %v", after, len(page.Rows), page.Total, err)
		}
		if _, _, err := s.Departures(t.Context(), roster.DepartureFilter{When: status, Text: text, After: after}); err != nil {
			t.Errorf("departures %q after %q: %v", text, after, err)
		}
		if _, _, err := s.Families(t.Context(), roster.FamilyFilter{Name: text, Lang: category, After: after}); err != nil {
			t.Errorf("families %q after %q: %v", text, after, err)
		}
	})
}
