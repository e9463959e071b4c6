package reconcile

import (
	"joetz/payments/bank"
	"joetz/terms/civil"
)

// daysAhead is how far after today a bank may date what it books: money of a long weekend carries the next banking day,
// which is at most five days away (Easter, from Good Friday's eve). A week leaves room; more is a mistake in the file.
const daysAhead = 7

// Codes of problems about days to come.
const (
	ProblemFuture = "future" // a day so far ahead that no bank knows what happens on it: unfit
	ProblemAhead  = "ahead"  // a day that is not over, as banks date a weekend: a warning
)

// checkDays looks at the days of our statements. Money booked on a day to come would be late or on time for the wrong
// reasons, would open no gap where one is, and would stand in a month that nobody looks at yet.
func (s *Service) checkDays(f *bank.File) {
	today := civil.Of(s.Now())
	for _, st := range f.Statements {
		if !s.owns(st.Account) {
			continue
		}
		last, line := st.Date, st.Line
		for _, m := range st.Movements {
			if m.BookingDate.After(last) {
				last, line = m.BookingDate, m.Line
			}
		}
		switch {
		case last.After(today.AddDays(daysAhead)):
			f.Refuse(line, ProblemFuture, "booked on %v, today is %v", last, today)
		case last.After(today):
			f.Warn(line, ProblemAhead, "booked on %v, today is %v", last, today)
		}
	}
}
