package catalogue

import (
	"strings"
	"testing"

	"joetz/shop/catalogue/sheet"
)

// Whatever stands in a spreadsheet, its preview is made: each row is a line or nothing, every problem names a cell of the
// file, and a file without problems holds nothing that the forms would refuse.
func FuzzImport(f *testing.F) {
	const row = "BI-28-01;Zee;Spelen;Binnenland;Nee;BE;Oostende;Huis;Trein;Eten|Slapen;;;Nee;2016;2019;5/7/2028;9/7/2028;3/12/2027 12:00;215,50;200;100;30;Gent (8) | Hasselt"
	f.Add(row)
	f.Add(row + "\n" + row)
	f.Add(strings.Replace(row, "30", "-1", 1) + "\n\n" + strings.Replace(row, "Zee", "=HYPERLINK()", 1))
	f.Add("x;#REF!;- -;1e300;NaN;Inf;0x10;1.095;(999);|;1,2,3\n;;;;\n@;+;-;=")
	var titles []string
	for _, c := range columns {
		titles = append(titles, c.title)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		table, err := sheet.Read([]byte(strings.Join(titles, ";") + "\n" + rows))
		if err != nil || len(table) < 2 {
			return
		}
		m := Import{Year: 2028, table: table}
		m.plan(nil, nil)
		if len(m.Lines) >= len(table) {
			t.Fatalf("%d lines of %d rows", len(m.Lines), len(table))
		}
		for _, p := range m.Problems {
			if p.Row < 1 || p.Row > len(table) || p.Key == "" || len([]rune(p.Read)) > 60 {
				t.Fatalf("%+v", p)
			}
		}
		if !m.Ready() {
			return
		}
		for _, l := range m.Lines {
			if err := l.Text.check(m.Year); err != nil {
				t.Fatalf("row %d: %v", l.Row, err)
			}
			if err := l.Plan.check(m.Year); err != nil {
				t.Fatalf("row %d: %v", l.Row, err)
			}
			if err := l.Prices.check(); err != nil || l.Prices.Base < 0 {
				t.Fatalf("row %d: %v %v", l.Row, l.Prices, err)
			}
			if l.Places < 0 || l.Places > maxPlaces || strings.ContainsAny(firstOf(l.Text.Title), "=@+-") {
				t.Fatalf("row %d: %d places for %q", l.Row, l.Places, l.Text.Title)
			}
		}
	})
}
