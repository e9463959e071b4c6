package terms

import (
	"time"

	"joetz/terms/civil"
)

// Moment is a day that a policy names by its distance from another day: "60 days before departure", "14 days after
// booking", "1 month before start, not before booking", "1 June", "2027-06-13". The zero Moment is not set.
type Moment struct {
	anchor                    anchor
	months, days, workingDays int
	month                     time.Month // with anchor yearly
	day                       int
	date                      civil.Date // with anchor fixed
	notBefore, notAfter       *Moment
}

type anchor uint8

const (
	unset anchor = iota
	booking
	departure
	start
	invoice
	invoiceDue
	notice
	yearly // the last such day of the year on or before the departure
	fixed
)

// IsSet reports whether the policy gives this moment.
func (m Moment) IsSet() bool { return m.anchor != unset }

// days are the dates that moments are counted from.
type days struct {
	booking, departure, start, invoice, invoiceDue, notice civil.Date
	closed                                                 []civil.Date // no working days, besides the weekends
}

// at is the moment's date. It is total: where the facts do not have its anchor, it counts from the departure.
func (m *Moment) at(d *days) civil.Date {
	var on civil.Date
	switch m.anchor {
	case booking:
		on = d.booking
	case start:
		on = d.start
	case invoice:
		on = d.invoice
	case invoiceDue:
		on = d.invoiceDue
	case notice:
		on = d.notice
	case fixed:
		on = m.date
	case yearly:
		on = m.lastYearly(d.departure)
	}
	if on.IsZero() {
		on = d.departure
	}
	if m.days != 0 && m.notBefore == nil && m.notAfter == nil {
		return on.AddDays(m.days)
	}
	if m.months != 0 {
		on = on.AddMonths(m.months)
	}
	on = on.AddDays(m.days) // at most one of months, days and working days is there
	for n := m.workingDays; n != 0; {
		step := 1
		if n < 0 {
			step = -1
		}
		on = on.AddDays(step)
		if d.isWorking(on) {
			n -= step
		}
	}
	if m.notBefore != nil {
		on = civil.Later(on, m.notBefore.at(d))
	}
	if m.notAfter != nil {
		if last := m.notAfter.at(d); last.Before(on) {
			on = last
		}
	}
	return on
}

func (m *Moment) lastYearly(departure civil.Date) civil.Date {
	year := departure.Year()
	for _, y := range [2]int{year, year - 1} {
		on, err := civil.New(y, m.month, min(m.day, civil.DaysIn(y, m.month)))
		if err == nil && !on.After(departure) {
			return on
		}
	}
	return departure
}

func (d *days) isWorking(on civil.Date) bool {
	if w := on.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	for _, closed := range d.closed {
		if closed == on {
			return false
		}
	}
	return true
}

// nextWorking is the day itself, or the first working day after it.
func (d *days) nextWorking(on civil.Date) civil.Date {
	for !d.isWorking(on) {
		on = on.AddDays(1)
	}
	return on
}

// InYear is a moment like "1 May" in that year; any other moment has no day of its own and gives the zero Date.
func (m Moment) InYear(year int) civil.Date {
	if m.anchor != yearly {
		return civil.Date{}
	}
	on, err := civil.New(year, m.month, min(m.day, civil.DaysIn(year, m.month)))
	if err != nil {
		return civil.Date{}
	}
	return on
}
