package terms

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"joetz/terms/civil"
)

var anchors = map[string]anchor{"booking": booking, "departure": departure, "start": start,
	"invoice": invoice, "invoice due": invoiceDue, "notice": notice}

// UnmarshalText reads a moment as README.md writes its grammar.
func (m *Moment) UnmarshalText(text []byte) error {
	got, err := parseMoment(string(text))
	if err == nil {
		*m = got
	}
	return err
}

func parseMoment(s string) (Moment, error) {
	head, limits := s, ""
	if i := strings.Index(s, ", not "); i >= 0 {
		head, limits = s[:i], s[i:]
	}
	m, err := parseDistance(head)
	for err == nil && limits != "" {
		rest := limits[len(", not "):]
		next := strings.Index(rest, ", not ")
		if next < 0 {
			next = len(rest)
		}
		var limit Moment
		word, what, _ := strings.Cut(rest[:next], " ")
		if limit, err = parseDistance(what); err != nil {
			break
		}
		switch {
		case word == "before" && m.notBefore == nil:
			m.notBefore = &limit
		case word == "after" && m.notAfter == nil:
			m.notAfter = &limit
		default:
			err = fmt.Errorf("%q: a limit is \"not before\" or \"not after\", once each", s)
		}
		limits = rest[next:]
	}
	return m, err
}

// maxCount keeps every moment of a policy within a few years, so that no date leaves the calendar.
const maxCount = 1000

func parseDistance(s string) (Moment, error) {
	if a, ok := anchors[s]; ok {
		return Moment{anchor: a}, nil
	}
	if on, err := civil.Parse(s); err == nil {
		return Moment{anchor: fixed, date: on}, nil
	}
	if m, ok := parseYearly(s); ok {
		return m, nil
	}
	words := strings.SplitN(s, " ", 4)
	if len(words) == 4 && words[1] == "working" { // "5 working days after notice"
		words = append([]string{words[0], "working " + words[2]}, strings.SplitN(words[3], " ", 2)...)
	}
	if len(words) != 4 {
		return Moment{}, fmt.Errorf("%q is no moment", s)
	}
	n, err := strconv.Atoi(words[0])
	a, known := anchors[words[3]]
	if err != nil || n < 1 || n > maxCount || !known || words[0] != strconv.Itoa(n) || words[2] != "before" && words[2] != "after" {
		return Moment{}, fmt.Errorf("%q is no moment", s)
	}
	if words[2] == "before" {
		n = -n
	}
	m := Moment{anchor: a}
	switch strings.TrimSuffix(words[1], "s") {
	case "day":
		m.days = n
	case "week":
		m.days = 7 * n
	case "month":
		m.months = n
	case "working day":
		m.workingDays = n
	default:
		return Moment{}, fmt.Errorf("%q: %q is no unit of time", s, words[1])
	}
	return m, nil
}

func parseYearly(s string) (Moment, bool) {
	d, name, ok := strings.Cut(s, " ")
	n, err := strconv.Atoi(d)
	if !ok || err != nil || d != strconv.Itoa(n) {
		return Moment{}, false
	}
	for month := time.January; month <= time.December; month++ {
		if name == month.String() {
			return Moment{anchor: yearly, month: month, day: n}, n >= 1 && n <= civil.DaysIn(2028, month)
		}
	}
	return Moment{}, false
}

// MarshalText writes the moment as UnmarshalText reads it.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// String is the moment in the words of the policy language.
func (m Moment) String() string {
	var s string
	switch m.anchor {
	case unset:
		return ""
	case fixed:
		s = m.date.String()
	case yearly:
		s = strconv.Itoa(m.day) + " " + m.month.String()
	default:
		for name, a := range anchors {
			if a == m.anchor {
				s = m.distance() + name
			}
		}
	}
	if m.notBefore != nil {
		s += ", not before " + m.notBefore.String()
	}
	if m.notAfter != nil {
		s += ", not after " + m.notAfter.String()
	}
	return s
}

func (m Moment) distance() string {
	n, unit := m.days, "day"
	switch {
	case m.months != 0:
		n, unit = m.months, "month"
	case m.workingDays != 0:
		n, unit = m.workingDays, "working day"
	}
	side := " after "
	if n < 0 {
		n, side = -n, " before "
	}
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + unit + side
	}
	return strconv.Itoa(n) + " " + unit + "s" + side
}
