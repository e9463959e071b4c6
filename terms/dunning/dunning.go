// Package dunning is what Belgian law lets a firm ask of a consumer who pays late: book XIX of the Code of Economic Law (law
// of 4 May 2023).
//
// Owns: the term after a reminder, the caps of what may be asked, and the public holidays that terms by post step over.
// Tables: none.
// May import: terms/civil, terms/money, terms/fault.
// Always true: nothing is asked before the term of the first reminder, which is free, has run; what is asked is never above
// the cap of art. XIX.4, whatever the settings; a term is never shorter than the law's.
package dunning

import (
	"time"

	"joetz/terms/civil"
)

// TermDays is how many calendar days a family has after the first reminder (art. XIX.2, paragraph 1).
const TermDays = 14

// postWorkingDays is on which working day after posting the term of a letter begins.
const postWorkingDays = 3

// LastDay is the last day of the term of a reminder that was sent on a day. By mail the first of its days is the day after;
// by post the term begins on the third working day, and the family gets TermDays whole days after that one.
func LastDay(sent civil.Date, byPost bool) civil.Date {
	if byPost {
		sent = WorkingDay(sent, postWorkingDays)
	}
	return sent.AddDays(TermDays)
}

// WorkingDay is the nth working day after a day. A Saturday is none here: the post does not come everywhere, and the longer
// term is the family's.
func WorkingDay(after civil.Date, n int) civil.Date {
	for day := after; ; {
		day = day.AddDays(1)
		if !free(day) {
			n--
		}
		if n <= 0 {
			return day
		}
	}
}

func free(day civil.Date) bool {
	if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
		return true
	}
	_, m, d := day.YMD()
	for _, h := range fixedHolidays {
		if h.month == m && h.day == d {
			return true
		}
	}
	easter := Easter(day.Year())
	for _, h := range easterHolidays {
		if easter.AddDays(h.after) == day {
			return true
		}
	}
	return false
}

// The ten public holidays (royal decree of 18 April 1974): those of a date, and those that go with Easter.
var fixedHolidays = []struct {
	name  string
	month time.Month
	day   int
}{
	{"Nieuwjaar", time.January, 1}, {"Feest van de Arbeid", time.May, 1}, {"Nationale feestdag", time.July, 21}, {"O.L.V.-Hemelvaart", time.August, 15},
	{"Allerheiligen", time.November, 1}, {"Wapenstilstand", time.November, 11}, {"Kerstmis", time.December, 25},
}

var easterHolidays = []struct {
	name  string
	after int // days after Easter Sunday
}{{"Paasmaandag", 1}, {"O.L.H.-Hemelvaart", 39}, {"Pinkstermaandag", 50}}

// Easter is Easter Sunday of a year of the Gregorian calendar (the anonymous algorithm, Nature, 1876).
func Easter(year int) civil.Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	day := (h + l - 7*m + 33*month + 19) % 32
	return civil.Must(year, time.Month(month), day)
}
