package sheet_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"joetz/shop/catalogue/sheet"
)

// Whatever file somebody sends, what comes out is a table within the limits, of texts that can be stored, or an error.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("../testdata/*.[cx]*")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 20_000 {
			f.Add(data)
		}
	}
	for _, seed := range []string{"a;b\r\n1;2\r\n", "a,\"b\nc\",d\n", "\xff\xfea\x00;\x00b\x00", "\ufeffé\t\"\"\"\n\n\nx", "PK\x03\x04", "a\x00b;\xe9\x80\n", "=1+1;\"\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := sheet.Read(data)
		if err != nil {
			return
		}
		if len(table) == 0 || len(table) > sheet.MaxRows {
			t.Fatalf("%d rows", len(table))
		}
		for i, row := range table {
			if len(row) > sheet.MaxColumns {
				t.Fatalf("row %d has %d columns", i, len(row))
			}
			for _, cell := range row {
				if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) {
					t.Fatalf("row %d has %q, which no database takes", i, cell)
				}
			}
		}
	})
}

// A day that is read is one of the calendar that a holiday may have, and is read again as it is written.
func FuzzDay(f *testing.F) {
	for _, seed := range []string{"46574", "5/7/2027", "5-7-2027", "5.7.2027 12u", "2027-07-05T12:00:00", "29/2/2027", "28/3/2027 2:30", "1e5", "1.1.0000 00 ", "NaN", "Inf", "31/10/27 om 2 uur 30"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := sheet.Day(text)
		at, also := sheet.Moment(text)
		if ok != also {
			t.Fatalf("%q is a day: %v, a moment: %v", text, ok, also)
		}
		if !ok {
			return
		}
		if again, ok := sheet.Day(d.String()); !ok || again != d {
			t.Errorf("%q is %v, and that is %v", text, d, again)
		}
		if again, ok := sheet.Moment(at.Format("2006-01-02 15:04:05")); !ok || !again.Equal(at) && again.Format("15:04") != at.Format("15:04") {
			t.Errorf("%q is %v, and that is %v", text, at, again)
		}
	})
}
