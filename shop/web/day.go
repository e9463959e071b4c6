package web

import (
	"strconv"
	"strings"
	"time"

	"joetz/templates/messages"
	"joetz/terms/civil"
)

// dateOf reads a date typed in three parts. The month may be a number or its name, in any of our languages, whole or
// from three letters on; a year has four digits, so that nobody is born in the year 12.
func dateOf(year, month, day string) (civil.Date, bool) {
	y, errY := strconv.Atoi(year)
	d, errD := strconv.Atoi(day)
	m, ok := monthOf(month)
	if errY != nil || errD != nil || !ok || len(year) != 4 {
		return civil.Date{}, false
	}
	date, err := civil.New(y, m, d)
	return date, err == nil
}

func monthOf(text string) (time.Month, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return time.Month(n), n >= 1 && n <= 12
	}
	text = strings.ToLower(strings.TrimSuffix(text, "."))
	if len(text) < 3 {
		return 0, false
	}
	for _, lang := range messages.Languages {
		for m := time.January; m <= time.December; m++ {
			if strings.HasPrefix(strings.ToLower(messages.T(lang, "calendar.month."+strconv.Itoa(int(m)))), text) {
				return m, true
			}
		}
	}
	return 0, false
}
