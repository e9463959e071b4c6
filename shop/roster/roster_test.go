package roster_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/find/findtest"
	"joetz/shop/roster"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

var now = time.Date(2027, 6, 1, 9, 0, 0, 0, time.UTC)

func many(t testing.TB, bookings int) *roster.Service {
	t.Helper()
	db := pgtest.New(t)
	db.SetMaxOpenConns(1) // the kit sets the session's role
	findtest.Many(t, db, bookings)
	return &roster.Service{DB: db, Now: func() time.Time { return now }}
}

// The departures to pick from: page by page all of them once, without those that nobody booked, that left, or that are no longer offered.
func TestNamesToPick(t *testing.T) {
	t.Parallel()
	s := many(t, 400)
	f := roster.DepartureFilter{When: "leaving", Status: "published", Booked: true}
	all, next, err := s.Names(t.Context(), f, 1000)
	if err != nil || next != "" || len(all) < 4 {
		t.Fatal(len(all), next, err)
	}
	empty, gone := all[1].ID, all[2]
	for query, of := range map[string]id.Departure{
		`UPDATE booking SET status = 'cancelled', cancelled_at = now(), cancelled_by = 'customer' WHERE departure_id = $1`: empty,
		`UPDATE departure SET status = 'cancelled' WHERE id = $1`:                                                          gone.ID,
	} {
		if _, err := s.DB.Exec(query, of); err != nil {
			t.Fatal(err)
		}
	}
	var got []id.Departure
	for {
		page, next, err := s.Names(t.Context(), f, 3)
		if err != nil || len(page) > 3 {
			t.Fatal(len(page), err)
		}
		for _, d := range page {
			got = append(got, d.ID)
		}
		if f.After = next; next == "" {
			break
		}
	}
	var want []id.Departure
	for _, d := range all {
		if d.ID != empty && d.ID != gone.ID {
			want = append(want, d.ID)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	s.Now = func() time.Time { return all[len(all)-1].StartsOn.AddDays(1).Start() }
	if left, _, err := s.Names(t.Context(), roster.DepartureFilter{When: "leaving"}, 1000); err != nil || len(left) > 0 {
		t.Errorf("after the last one left: %d, %v", len(left), err)
	}
}

// In every order and under every filter, the pages one after the other are the file: no row twice, none left out.
func TestPagesAreTheFile(t *testing.T) {
	t.Parallel()
	s := many(t, 2000)
	for _, f := range []roster.Filter{
		{}, {Sort: roster.ByName}, {Sort: roster.ByDeparts, Status: "going"}, {Status: "cancelled"}, {Sort: roster.ByName, Category: "vt", Evidence: "awaited"},
		{Late: true, Status: "going"}, {From: civil.Must(2027, 7, 5), To: civil.Must(2027, 7, 20), Sort: roster.ByDeparts},
	} {
		all, err := s.All(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 || f != (roster.Filter{}) && f.Sort == "" && len(all) == 2000 {
			t.Errorf("%+v: %d rows", f, len(all))
		}
		want := make([]id.Booking, len(all))
		for i, r := range all {
			want[i] = r.Booking
		}
		var got []id.Booking
		for {
			p, err := s.Bookings(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Rows {
				got = append(got, r.Booking)
			}
			if p.Total != min(len(all), 1000) || p.Many != (len(all) > 1000) {
				t.Fatalf("%+v: says %d, more %v, has %d", f, p.Total, p.Many, len(all))
			}
			if f.After = p.Next; p.Next == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v: %s", f, diff)
		}
	}
	if p, err := s.Bookings(t.Context(), roster.Filter{After: "what is this"}); err != nil || len(p.Rows) != roster.PerPage {
		t.Errorf("a cursor that somebody made up: %d rows, %v", len(p.Rows), err)
	}
}

func TestDepartureCounts(t *testing.T) {
	t.Parallel()
	s := many(t, 400)
	rows, _, err := s.Departures(t.Context(), roster.DepartureFilter{})
	if err != nil {
		t.Fatal(err)
	}
	d := rows[slices.IndexFunc(rows, func(d roster.Departure) bool { return d.Going > 0 })]
	all, err := s.All(t.Context(), roster.Filter{Departure: d.ID, Status: "going"})
	if err != nil {
		t.Fatal(err)
	}
	want := roster.Departure{ID: d.ID, Code: d.Code, Title: d.Title, Destination: d.Destination, Trip: d.Trip, StartsOn: d.StartsOn, EndsOn: d.EndsOn, Status: d.Status,
		Year: d.Year, Boardings: d.Boardings, Places: d.Places, Going: len(all)}
	for _, r := range all {
		want.Charged, want.Paid = want.Charged+r.Charged, want.Paid+r.Paid
		if r.Evidence == "awaited" {
			want.Proofs++
		}
		if r.Status == "in_review" {
			want.InReview++
		}
		want.Unsigned++
	}
	if diff := cmp.Diff(want, d, cmpopts.EquateComparable(civil.Date{})); diff != "" || d.Boardings[0].Count != len(all) {
		t.Errorf("boards %d: %s", d.Boardings[0].Count, diff)
	}
	if _, err := s.Departure(t.Context(), 1<<40); !errors.Is(err, roster.ErrNoDeparture) {
		t.Error(err)
	}
	if rows, _, err := s.Departures(t.Context(), roster.DepartureFilter{When: "past"}); err != nil || len(rows) > 0 {
		t.Errorf("past: %d %v", len(rows), err)
	}
}

func TestFamiliesByName(t *testing.T) {
	t.Parallel()
	s := many(t, 400)
	var names []string
	f := roster.FamilyFilter{}
	for {
		rows, next, err := s.Families(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			names = append(names, r.LastKey)
		}
		if f.After = next; next == "" {
			break
		}
	}
	if len(names) != 200 {
		t.Errorf("%d families", len(names))
	}
	rows, _, err := s.Families(t.Context(), roster.FamilyFilter{Name: "pee"})
	if err != nil || len(rows) == 0 || slices.ContainsFunc(rows, func(r roster.Family) bool { return !strings.HasPrefix(r.LastName, "Pee") }) {
		t.Errorf("%+v %v", rows, err)
	}
}

// What a spreadsheet would run stays a text; amounts and days are what they are in both files.
func TestFiles(t *testing.T) {
	t.Parallel()
	sheet := roster.Sheet{Columns: []string{"Naam", "Bedrag", "Dag", "Aantal"}, Rows: [][]any{
		{`=HYPERLINK("http://x";"y")`, money.Cents(-1250), civil.Must(2027, 7, 5), 3},
		{"  +cmd|' /C calc'!A0", money.Cents(123456), civil.Date{}, 0},
		{"@SUM(A1)", money.Cents(5), civil.Must(2027, 7, 5), 1}, {"\t=1", money.Cents(0), civil.Date{}, 1}, {"-2+3", money.Cents(0), civil.Date{}, 1},
		{"Zoë; \"De Smet\"\nlijn", money.Cents(100), civil.Must(2027, 12, 31), 1},
	}}
	text, ok := bytes.CutPrefix(sheet.CSV(), []byte("\xef\xbb\xbf"))
	if !ok {
		t.Error("no mark of UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = ';'
	got, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"Naam", "Bedrag", "Dag", "Aantal"},
		{`'=HYPERLINK("http://x";"y")`, "-12,50", "05/07/2027", "3"}, {"'  +cmd|' /C calc'!A0", "1234,56", "", "0"},
		{"'@SUM(A1)", "0,05", "05/07/2027", "1"}, {"'\t=1", "0,00", "", "1"}, {"'-2+3", "0,00", "", "1"}, {"Zoë; \"De Smet\"\nlijn", "1,00", "31/12/2027", "1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	book, err := sheet.Excel("Lijst")
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{"A2": `=HYPERLINK("http://x";"y")`, "B2": "-12.5", "B3": "1234.56", "C2": "46573", "D2": "3", "C3": ""} {
		value, err := f.GetCellValue("Lijst", cell, excelize.Options{RawCellValue: true})
		formula, _ := f.GetCellFormula("Lijst", cell)
		if err != nil || value != want || formula != "" {
			t.Errorf("%s: got %q, formula %q (%v), want %q", cell, value, formula, err, want)
		}
	}
}
