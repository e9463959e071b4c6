package seed

import (
	"testing"
	"time"

	"joetz/terms/civil"
)

// Whatever the year, the season has all its holidays in that year, on the days of the week of the brochure, for children of
// the same ages.
func TestSeasonMovesByWholeWeeks(t *testing.T) {
	t.Parallel()
	brochure, err := season(catalogueYear, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for year := 2026; year <= 2040; year++ {
		moved, err := season(year, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if len(moved) != 37 {
			t.Fatalf("%d holidays in %d", len(moved), year)
		}
		for i, h := range moved {
			was := brochure[i]
			if h.StartsOn.Year() != year || h.StartsOn.Weekday() != was.StartsOn.Weekday() || h.StartsOn.DaysUntil(h.EndsOn) != was.StartsOn.DaysUntil(was.EndsOn) {
				t.Errorf("%s in %d: %s %s, was %s %s", was.Code, year, h.StartsOn.Weekday(), h.StartsOn, was.StartsOn.Weekday(), was.StartsOn)
			}
			if year-h.BirthYearFrom != catalogueYear-was.BirthYearFrom || year-h.BirthYearTo != catalogueYear-was.BirthYearTo {
				t.Errorf("%s in %d is for other ages", was.Code, year)
			}
		}
	}
}

func TestSeasonThatAShopSells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		today civil.Date
		want  int
	}{{civil.Must(2026, 11, 21), 2027}, {civil.Must(2027, 1, 1), 2027}, {civil.Must(2027, 7, 31), 2027}, {civil.Must(2027, 8, 1), 2028}} {
		if got := seasonOf(c.today); got != c.want {
			t.Errorf("on %s: %d, want %d", c.today, got, c.want)
		}
	}
}

// A shop may hold holidays that somebody else wrote: the stories are told of the demo's own.
func TestStoriesAreOfOurOwnHolidays(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"KR-27-02": "KR-02", "NU-2026-11-24": "", "": "", "A": "", "ZOMER": "", "ZOMER-27-1": "", "KR-27": ""} {
		if got, ours := withoutYear(code); got != want || ours != (want != "") {
			t.Errorf("%q: %q %v, want %q", code, got, ours, want)
		}
	}
}
