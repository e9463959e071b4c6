package catalogue_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"joetz/shop/catalogue"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

const clerk = id.Staff(1)

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// upload is a file as its preview reads it.
func (w *world) upload(season catalogue.Season, name string, data []byte) catalogue.Import {
	w.t.Helper()
	key, err := w.Upload(w.t.Context(), clerk, season.ID, name, data)
	w.ok(err)
	m, err := w.ImportByID(w.t.Context(), key)
	w.ok(err)
	return m
}

// said are the problems of an upload as the office reads them.
func said(m catalogue.Import) string {
	var out strings.Builder
	for _, p := range m.Problems {
		look := ""
		if p.Warn {
			look = " (kijk na)"
		}
		fmt.Fprintf(&out, "%d %s %s%s: %s\n", p.Row, p.Letter, p.Column, look, messages.T("nl", p.Key))
	}
	return out.String()
}

// rowsIn counts everything that an import could write.
func (w *world) rowsIn() (n int) {
	w.t.Helper()
	w.ok(w.db.Get(&n, `SELECT (SELECT count(*) FROM holiday) + (SELECT count(*) FROM departure) + (SELECT count(*) FROM price_list) +
		(SELECT count(*) FROM place) + (SELECT count(*) FROM boarding_place) + (SELECT count(*) FROM catalogue_event)`))
	return n
}

// book is the office's spreadsheet filled in: the good rows of testdata as Excel stores them, dates as numbers, some cells
// computed.
func book(t testing.TB, change func(f *excelize.File, sheet string)) []byte {
	t.Helper()
	file, err := catalogue.ImportTemplate(2028)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	sheet := f.GetSheetName(0)
	change(f, sheet)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func fillRow(t testing.TB, f *excelize.File, sheet string, row int, values ...any) {
	t.Helper()
	if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", row), &values); err != nil {
		t.Fatal(err)
	}
}

// seaside is a row of the template; dates and moments are what is put in their cells.
func seaside(code string, starts, ends, sale any, base any) []any {
	return []any{code, "Week aan zee", "Vijf dagen spelen, zwemmen en ravotten in de duinen.", "Binnenland", "Nee", "BE", "Oostduinkerke", "jeugdverblijf", "Eigen vervoer",
		"volpension | begeleiding", "zakgeld", "", "Nee", 2017, 2020, starts, ends, sale, base, 135, 68, 24, ""}
}

func TestImportReadsEveryKindOfFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"good-excel.csv", "good-1252.csv", "good-comma.csv", "good-tab.csv"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			season, before := w.season(2028), 0
			before = w.rowsIn()
			m := w.upload(season, name, testdata(t, name))
			if len(m.Problems) != 0 || !m.Ready() || len(m.Lines) != 3 {
				t.Fatalf("%d lines, problems:\n%s", len(m.Lines), said(m))
			}
			if n := w.rowsIn(); n != before {
				t.Fatalf("the preview wrote %d rows", n-before)
			}
			lines, err := w.Confirm(t.Context(), by, m.ID, m.Mark)
			w.ok(err)
			offers, err := w.Offers(t.Context(), season.ID)
			w.ok(err)
			if lines != 3 || len(offers) != 2 || len(offers[0].Departures) != 1 || len(offers[1].Departures) != 2 {
				t.Fatalf("%d lines, %+v", lines, offers)
			}
			bus, sea := offers[0], offers[1]
			if sea.Title != "Weekje Blankenberge aan zee – één, twee, hoera!" || !strings.HasSuffix(sea.Description, "crème glace toe.") || bus.Destination != "Châtel" {
				t.Errorf("accents: %q %q %q", sea.Title, sea.Description, bus.Destination)
			}
			for i, d := range sea.Departures {
				if d.Prices[0].Base != 21550 || *d.Prices[0].Solidaris != 13500 || *d.Prices[0].VT != 6800 || d.Capacity != 24 || d.Status != "draft" ||
					d.StartsOn != civil.Must(2028, 7, 3).AddDays(7*i) || d.EndsOn != civil.Must(2028, 7, 7).AddDays(7*i) ||
					!d.OnSaleAt.Equal(time.Date(2027, 12, 3, 12, 0, 0, 0, civil.Brussels)) {
					t.Errorf("departure %d: %+v", i, d)
				}
			}
			d := bus.Departures[0]
			if d.Prices[0].Base != 109500 || d.Prices[0].Solidaris != nil || d.Prices[0].VT != nil || len(d.Boarding) != 3 || d.Boarding[1].Name != "Hasselt" ||
				d.Boarding[1].MinParticipants != 10 || d.Boarding[2].MinParticipants != 8 || d.EndsOn != civil.Must(2028, 7, 12) ||
				!slices.Equal(bus.Included, []string{"bus", "volpension"}) || bus.LegalRegime != "package" || bus.Trip != "foreign_coach" {
				t.Errorf("by bus: %+v %+v", bus.Text, d)
			}
		})
	}
}

func TestImportSaysWhatIsWrongWithEachCell(t *testing.T) {
	t.Parallel()
	w := open(t)
	season := w.season(2028)
	before := w.rowsIn()
	m := w.upload(season, "fout.csv", testdata(t, "bad.csv"))
	if got, want := said(m), string(testdata(t, "bad.golden")); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if _, err := w.Confirm(t.Context(), by, m.ID, m.Mark); fault.Of(err) == nil || fault.Of(err).Key != "catalogue.import_outdated" {
		t.Errorf("a file with mistakes was taken: %v", err)
	}
	if n := w.rowsIn(); n != before {
		t.Errorf("%d rows were written", n-before)
	}
}

// A day that does not exist is one mistake: what is held against it is not called wrong as well.
func TestImportBlamesOneCellForAnImpossibleDay(t *testing.T) {
	t.Parallel()
	w := open(t)
	m := w.upload(w.season(2028), "fout.csv", bytes.Replace(testdata(t, "good-excel.csv"), []byte(";3/7/2028;"), []byte(";31/6/2028;"), 1))
	if want := "2 P Vertrek: " + messages.T("nl", "catalogue.cell_date") + "\n"; said(m) != want {
		t.Errorf("got:\n%s\nwant:\n%s", said(m), want)
	}
	if on := m.Lines[0].Plan.StartsOn; !on.IsZero() {
		t.Errorf("it leaves on %v", on)
	}
}

// A country is read by its code of two letters or three, or by its name; what is none of these is said in words that help.
func TestImportReadsCountriesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	w := open(t)
	season, file := w.season(2028), testdata(t, "good-excel.csv")
	for typed, want := range map[string]string{"be": "BE", "BEL": "BE", "België": "BE", "belgie": "BE", " Bel ": "BE", "BELG": ""} {
		m := w.upload(season, "landen.csv", bytes.ReplaceAll(file, []byte(";BE;"), []byte(";"+typed+";")))
		if want != "" && (said(m) != "" || m.Lines[0].Text.Country != want) {
			t.Errorf("%q is read as %q: %s", typed, m.Lines[0].Text.Country, said(m))
		}
		if want == "" && !strings.HasPrefix(said(m), "2 F Land: "+messages.T("nl", "catalogue.cell_country")+"\n") {
			t.Errorf("%q: %s", typed, said(m))
		}
	}
	for _, code := range catalogue.CountryCodes { // under the name that families read
		m := w.upload(season, "landen.csv", bytes.Replace(file, []byte(";BE;"), []byte(";"+messages.T("nl", "country."+code)+";"), 1))
		if m.Lines[0].Text.Country != code {
			t.Errorf("%s is read as %q", messages.T("nl", "country."+code), m.Lines[0].Text.Country)
		}
	}
}

// TestImportTakesValuesOnly: the template filled in by Excel: dates as its numbers, cells with formulas, one that begins as
// a formula but is text.
func TestImportTakesValuesOnly(t *testing.T) {
	t.Parallel()
	w := open(t)
	season := w.season(2028)
	file := book(t, func(f *excelize.File, sheet string) {
		fillRow(t, f, sheet, 2, seaside("ZE-28-01", 46937, 46941, 46724.5, 215.49999999999997)...) // 3 and 7 July 2028, 3 December 2027 at noon
		fillRow(t, f, sheet, 3, seaside("ZE-28-02", time.Date(2028, 7, 10, 0, 0, 0, 0, time.UTC), "14/7/2028", "3/12/2027 12:00", 200)...)
		for cell, formula := range map[string]string{"S3": "100+100", "N3": "2028-11"} {
			if err := f.SetCellFormula(sheet, cell, formula); err != nil { // the value that was computed last stays in the cell
				t.Fatal(err)
			}
		}
	})
	m := w.upload(season, "sjabloon.xlsx", file)
	if len(m.Problems) != 0 || len(m.Lines) != 2 {
		t.Fatalf("%d lines, problems:\n%s", len(m.Lines), said(m))
	}
	one, two := m.Lines[0], m.Lines[1]
	if one.Plan.StartsOn != civil.Must(2028, 7, 3) || one.Plan.EndsOn != civil.Must(2028, 7, 7) || !one.Plan.OnSaleAt.Equal(time.Date(2027, 12, 3, 12, 0, 0, 0, civil.Brussels)) || one.Prices.Base != 21550 {
		t.Errorf("numbers: %+v %v", one.Plan, one.Prices.Base)
	}
	if two.Plan.StartsOn != civil.Must(2028, 7, 10) || two.Prices.Base != 20000 || two.Text.BirthYearFrom != 2017 {
		t.Errorf("formulas: %+v %v %d", two.Plan, two.Prices.Base, two.Text.BirthYearFrom)
	}
	for _, injected := range []string{"=1+1", "+31 6 12", "@SUM(A1)", "-2+3"} {
		file := book(t, func(f *excelize.File, sheet string) {
			row := seaside("ZE-28-01", "3/7/2028", "7/7/2028", "3/12/2027 12:00", 215)
			row[6] = injected
			fillRow(t, f, sheet, 2, row...)
		})
		if m := w.upload(season, "x.xlsx", file); m.Ready() || said(m) != "2 G Bestemming: Dit begint als een formule. Typ gewone tekst.\n" {
			t.Errorf("%q: %s", injected, said(m))
		}
	}
}

func TestTheTemplateComesBackAsItIs(t *testing.T) {
	t.Parallel()
	w := open(t)
	file, err := catalogue.ImportTemplate(2028)
	w.ok(err)
	m := w.upload(w.season(2028), "sjabloon.xlsx", file)
	if !m.Ready() || len(m.Lines) != 1 || m.Lines[0].Text.Code != "VB-28-01" || m.Lines[0].Prices.Base != 21500 {
		t.Errorf("%+v\n%s", m.Lines, said(m))
	}
}

// bomb is a spreadsheet of some kilobytes that would unpack to a gigabyte.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	f, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 1024 {
		if _, err := f.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestImportRefusesWhatIsNoSpreadsheet(t *testing.T) {
	t.Parallel()
	w := open(t)
	season := w.season(2028)
	good := string(testdata(t, "good-excel.csv"))
	head, _, _ := strings.Cut(good, "\r\n")
	whole := book(t, func(*excelize.File, string) {})
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"nothing":       {nil, "catalogue.sheet_empty"},
		"head only":     {[]byte(head), "catalogue.sheet_empty"},
		"other columns": {[]byte("Naam;Adres;Gemeente\r\nJan;Kerkstraat 1;Gent\r\n"), "catalogue.sheet_columns"},
		"a picture":     {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00"), "catalogue.sheet_type"},
		"a pdf":         {[]byte("%PDF-1.7\n1 0 obj"), "catalogue.sheet_type"},
		"old excel":     {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "catalogue.sheet_old"},
		"half a file":   {whole[:len(whole)/2], "catalogue.sheet_damaged"},
		"too large":     {bytes.Repeat([]byte("a;b;c\r\n"), 1<<20), "catalogue.sheet_big"},
		"too many rows": {[]byte(head + strings.Repeat("\r\nx;y;z", 2001)), "catalogue.sheet_many"},
		"a bomb":        {bomb(t), "catalogue.sheet_many"},
	} {
		if len(c.data) > 6<<20 && name == "a bomb" {
			t.Fatalf("the bomb takes %d bytes", len(c.data))
		}
		_, err := w.Upload(t.Context(), clerk, season.ID, name, c.data)
		if f := fault.Of(err); f == nil || f.Fields["file"] != c.key || messages.T("nl", c.key) == c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

// TestOfTwentyWhoConfirmOneTakesTheFile: all or nothing, once.
func TestOfTwentyWhoConfirmOneTakesTheFile(t *testing.T) {
	t.Parallel()
	w := open(t)
	season := w.season(2028)
	m := w.upload(season, "a.csv", testdata(t, "good-excel.csv"))
	var taken atomic.Int64
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			switch _, err := w.Confirm(t.Context(), by, m.ID, m.Mark); {
			case err == nil:
				taken.Add(1)
			case fault.Of(err) == nil || fault.Of(err).Key != "catalogue.import_done":
				t.Error(err)
			}
		})
	}
	group.Wait()
	offers, err := w.Offers(t.Context(), season.ID)
	w.ok(err)
	if taken.Load() != 1 || len(offers) != 2 {
		t.Errorf("taken %d times, %d holidays", taken.Load(), len(offers))
	}
}

// TestTheCatalogueChangedSinceThePreview: what a colleague did between preview and confirmation is not written over.
func TestTheCatalogueChangedSinceThePreview(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *world, o catalogue.Offer, d catalogue.Date){
		"text": func(w *world, o catalogue.Offer, _ catalogue.Date) {
			other := o.Text
			other.Title = "Van een collega"
			w.ok(w.SaveHoliday(w.t.Context(), by, o.ID, o.Version, other, ""))
		},
		"price": func(w *world, o catalogue.Offer, d catalogue.Date) {
			w.ok(w.SetPrices(w.t.Context(), by, o.ID, d.ID, d.Version, catalogue.Prices{Base: 99900}, time.Time{}, ""))
		},
		"places": func(w *world, _ catalogue.Offer, d catalogue.Date) {
			w.exec(`DELETE FROM place WHERE departure_id = $1 AND number = 1`, d.ID)
		},
		"removed": func(w *world, o catalogue.Offer, _ catalogue.Date) { w.ok(w.DeleteHoliday(w.t.Context(), by, o.ID)) },
		"published": func(w *world, _ catalogue.Offer, d catalogue.Date) {
			w.ok(w.Publish(w.t.Context(), by, []id.Departure{d.ID}, time.Time{}))
		},
		"withdrawn": func(w *world, o catalogue.Offer, d catalogue.Date) {
			w.ok(w.Publish(w.t.Context(), by, []id.Departure{d.ID}, time.Time{}))
			w.ok(w.Withdraw(w.t.Context(), by, o.ID, d.ID, "fout"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			o, d := w.draft("ZE-28-01")
			m := w.upload(catalogue.Season{ID: o.Season}, "a.csv", testdata(t, "good-excel.csv"))
			if !m.Ready() || m.Lines[0].Act != "update" || m.Lines[1].Act != "departure" || m.Lines[2].Act != "new" {
				t.Fatalf("%+v\n%s", m.Lines, said(m))
			}
			change(w, o, d)
			before := w.rowsIn()
			if _, err := w.Confirm(t.Context(), by, m.ID, m.Mark); fault.Of(err) == nil || fault.Of(err).Key != "catalogue.import_outdated" {
				t.Errorf("written over: %v", err)
			}
			if n := w.rowsIn(); n != before {
				t.Errorf("%d rows were written", n-before)
			}
			again, err := w.ImportByID(t.Context(), m.ID)
			w.ok(err)
			switch name {
			case "published", "withdrawn":
				if again.Ready() || !strings.Contains(said(again), "Deze vakantie staat of stond online") {
					t.Errorf("what parents saw can be replaced: %s", said(again))
				}
			default:
				if _, err := w.Confirm(t.Context(), by, m.ID, again.Mark); err != nil {
					t.Errorf("after the preview was read again: %v", err)
				}
			}
		})
	}
}

// TestAFailureTakesNothing: the last of the rows cannot be written; nothing of the others stays.
func TestAFailureTakesNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	m := w.upload(w.season(2028), "a.csv", testdata(t, "good-excel.csv"))
	w.exec(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$`)
	w.exec(`CREATE TRIGGER fail BEFORE INSERT ON boarding_place FOR EACH ROW WHEN (NEW.name = 'Leuven') EXECUTE FUNCTION fail()`)
	before := w.rowsIn()
	if _, err := w.Confirm(t.Context(), by, m.ID, m.Mark); err == nil {
		t.Fatal("taken")
	}
	if n := w.rowsIn(); n != before {
		t.Errorf("%d rows of a failed import stay", n-before)
	}
	w.exec(`DROP TRIGGER fail ON boarding_place`)
	_, err := w.Confirm(t.Context(), by, m.ID, m.Mark)
	w.ok(err)
}

// TestImportUpdatesADraft: a draft becomes what the file says, with its limits, and the history tells from what to what.
func TestImportUpdatesADraft(t *testing.T) {
	t.Parallel()
	w := open(t)
	o, d := w.draft("BU-28-01")
	p := plan()
	p.Boarding = []catalogue.BoardingPlace{{Name: "Gent", MinParticipants: 8}, {Name: "Aalst", MinParticipants: 8}}
	w.ok(w.SaveDeparture(t.Context(), by, o.ID, d.ID, d.Version, p, ""))
	_, d = w.offer(o.ID)
	w.exec(`INSERT INTO departure_limit (departure_id, boarding_place_id, places) VALUES ($1, $2, 5)`, d.ID, d.Boarding[0].ID)
	m := w.upload(catalogue.Season{ID: o.Season}, "nieuw.csv", testdata(t, "good-excel.csv"))
	_, err := w.Confirm(t.Context(), by, m.ID, m.Mark)
	w.ok(err)
	now, d := w.offer(o.ID)
	if now.Title != "Bergen in Frankrijk" || d.Prices[0].Base != 109500 || len(d.Prices) != 1 || len(d.Boarding) != 3 || d.Boarding[1].Name != "Hasselt" ||
		len(d.Limits) != 1 || d.Limits[0].BoardingName != "Gent" || d.Limits[0].Places != 5 {
		t.Errorf("updated: %+v %+v", now.Text, d)
	}
	events, err := w.Events(t.Context(), o.ID)
	w.ok(err)
	i := slices.IndexFunc(events, func(e catalogue.Event) bool { return e.Kind == "departure" && e.Why == "nieuw.csv" })
	if i < 0 || !slices.Contains(events[i].Changes, catalogue.Change{Field: "base", From: "215.00", To: "1095.00"}) {
		t.Errorf("history: %+v", events)
	}
	// The same file again changes nothing, and says so nowhere.
	m = w.upload(catalogue.Season{ID: o.Season}, "nieuw.csv", testdata(t, "good-excel.csv"))
	_, err = w.Confirm(t.Context(), by, m.ID, m.Mark)
	w.ok(err)
	again, err := w.Events(t.Context(), o.ID)
	w.ok(err)
	if len(again) != len(events) {
		t.Errorf("the history grew by %+v", again[:len(again)-len(events)])
	}
	// A boarding place on which a limit rests does not disappear unsaid.
	file := bytes.Replace(testdata(t, "good-excel.csv"), []byte("Gent (8) | "), nil, 1)
	if m := w.upload(catalogue.Season{ID: o.Season}, "zonder.csv", file); m.Ready() || !strings.Contains(said(m), "Haal eerst de grens weg") {
		t.Errorf("a limit would disappear: %s", said(m))
	}
	if _, err := w.ImportByID(t.Context(), 999); !errors.Is(err, catalogue.ErrNoImport) {
		t.Error(err)
	}
}

// large is a season of n rows.
func large(t testing.TB, n int) []byte {
	t.Helper()
	return book(t, func(f *excelize.File, sheet string) {
		for i := range n {
			d := civil.Must(2028, 7, 1).AddDays(i % 50)
			fillRow(t, f, sheet, i+2, seaside(fmt.Sprintf("ZE-28-%d", i), d.String(), d.AddDays(5).String(), "3/12/2027 12:00", int(money.Cents(200+i%50)))...)
		}
	})
}

// BenchmarkImport500: upload, preview and confirmation of a season of 500 departures.
func BenchmarkImport500(b *testing.B) {
	file := large(b, 500)
	for b.Loop() {
		b.StopTimer()
		w := openBench(b)
		b.StartTimer()
		key, err := w.Upload(b.Context(), clerk, w.only, "seizoen.xlsx", file)
		if err != nil {
			b.Fatal(err)
		}
		m, err := w.ImportByID(b.Context(), key)
		if err != nil || !m.Ready() {
			b.Fatal(err, said(m))
		}
		if n, err := w.Confirm(b.Context(), by, key, m.Mark); err != nil || n != 500 {
			b.Fatal(n, err)
		}
	}
}
