package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"joetz/terms/civil"
)

// Day reads a date: a spreadsheet's own number (46574), 5/7/2027, 5-7-2027, 5.7.2027 or 2027-07-05. Day before month.
func Day(text string) (civil.Date, bool) {
	at, ok := Moment(text)
	return civil.Of(at), ok
}

var dayShapes = []string{"2/1/2006", "2-1-2006", "2.1.2006", "2006-01-02", "2/1/06", "2006-01-02T15:04:05", "2 1 2006"}

// Moment reads a date with or without a time of the clock in Belgium: 6/12/2026 12:00, 6/12/2026 12u.
func Moment(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		if math.IsNaN(n) || n < 20000 || n > 80000 { // 1954 to 2119: what else is a year or a typing error
			return time.Time{}, false
		}
		t, err := excelize.ExcelDateToTime(n, false)
		if err != nil {
			return time.Time{}, false
		}
		return local(t.Round(time.Minute), t.Round(time.Minute))
	}
	day, clock, _ := strings.Cut(text, " ")
	if d, c, cut := strings.Cut(text, "T"); cut {
		day, clock = d, c
	}
	for _, shape := range dayShapes {
		t, err := time.Parse(shape, day)
		if err != nil {
			continue
		}
		at, ok := hour(clock)
		if !ok || t.Year() < 1954 || t.Year() > 2119 { // as above
			return time.Time{}, false
		}
		return local(t, at)
	}
	return time.Time{}, false
}

// local is a day with a time of the clock in Belgium; ok is false for the hour that does not exist one night in March.
func local(day, clock time.Time) (at time.Time, ok bool) {
	at = time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, civil.Brussels)
	return at, at.Hour() == clock.Hour() && at.Minute() == clock.Minute()
}

func hour(text string) (time.Time, bool) {
	text = strings.TrimSpace(strings.ToLower(text))
	if text == "" {
		return time.Time{}, true
	}
	text = strings.TrimSpace(strings.TrimSuffix(strings.NewReplacer("om", "", "uur", ":", "h", ":", "u", ":", ".", ":").Replace(text), ":"))
	for _, shape := range []string{"15:04", "15", "15:04:05"} {
		if t, err := time.Parse(shape, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
