package civil_test

import (
	"testing"
	"time"

	"joetz/terms/civil"
)

// The standard library's calendar is the independent reading: every day of eight centuries agrees with it.
func TestDateAgreesWithTime(t *testing.T) {
	t.Parallel()
	want := time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC)
	d := civil.Must(1600, 1, 1)
	for want.Year() < 2400 {
		y, m, day := d.YMD()
		if y != want.Year() || m != want.Month() || day != want.Day() || d.Weekday() != want.Weekday() {
			t.Fatalf("%s: got %v %v", want.Format(time.DateOnly), d, d.Weekday())
		}
		if back := civil.Must(y, m, day); back != d {
			t.Fatalf("%v: does not come back from its parts", d)
		}
		d, want = d.AddDays(1), want.AddDate(0, 0, 1)
	}
}

func TestAddMonthsClamps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, want string }{ // edges.md M1: balance date one month before the start
		{"2027-03-28", "2027-02-28"}, {"2027-03-29", "2027-02-28"}, {"2027-03-31", "2027-02-28"},
		{"2027-05-31", "2027-04-30"}, {"2027-07-31", "2027-06-30"}, {"2027-12-31", "2027-11-30"},
		{"2028-01-15", "2027-12-15"}, {"2028-03-31", "2028-02-29"},
	} {
		from, err := civil.Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := from.AddMonths(-1).String(); got != c.want {
			t.Errorf("%s minus a month: got %s, want %s", c.from, got, c.want)
		}
	}
}

func TestOfCountsBelgianDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ instant, want string }{
		{"2027-03-27T22:59:59Z", "2027-03-27"}, {"2027-03-27T23:00:00Z", "2027-03-28"}, // winter time
		{"2027-07-05T21:59:59Z", "2027-07-05"}, {"2027-07-05T22:00:00Z", "2027-07-06"}, // summer time
	} {
		at, err := time.Parse(time.RFC3339, c.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := civil.Of(at).String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.instant, got, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2027-2-1", "2027-02-29", "2027-13-01", "2027-04-31", "27-04-30", "2027-04-3x", "0000-01-01", " 2027-04-30"} {
		if d, err := civil.Parse(s); err == nil {
			t.Errorf("%q: got %v, want an error", s, d)
		}
	}
}

func TestReplaceWritesDates(t *testing.T) {
	t.Parallel()
	year := func(d civil.Date) string { return "<" + d.Weekday().String() + ">" }
	for text, want := range map[string]string{
		"Lotte, 2027-07-05 - 2027-07-09":        "Lotte, <Monday> - <Friday>",
		"2027-02-30, V-2027-00012, 12027-07-05": "2027-02-30, V-2027-00012, 12027-07-05",
		"(2027-07-05)":                          "(<Monday>)",
		"Kamp (NU-2027-07-05), 2027-07-05":      "Kamp (NU-2027-07-05), <Monday>",
		"":                                      "",
	} {
		if got := civil.Replace(text, year); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
