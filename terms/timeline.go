package terms

import (
	"slices"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// Step is a span of days on which cancelling costs the same.
type Step struct {
	From civil.Date
	To   civil.Date // the last day; zero for the last step, which has no end
	Band Band       // of its first day
	Fee  money.Cents
}

// Timeline is the cancellation fee over the days, from the day of booking on: what Cancel asks of a customer on each of
// them. On is not looked at; neighbouring steps have another fee.
func (t Terms) Timeline(f CancelFacts) []Step {
	f.By, f.Trip = ByCustomer, f.Trip.known()
	var steps []Step
	for _, day := range t.c.turningDays(&f) {
		f.On, f.ReceivedOn = day, civil.Date{}
		out := t.Cancel(f)
		if n := len(steps); n > 0 {
			if steps[n-1].Fee == out.Fee {
				continue
			}
			steps[n-1].To = day.AddDays(-1)
		}
		steps = append(steps, Step{From: day, Band: out.Band, Fee: out.Fee})
	}
	return steps
}

// NextStep is the step after the one that f.On lies in; false when the fee changes no more.
func (t Terms) NextStep(f CancelFacts) (Step, bool) {
	for _, s := range t.Timeline(f) {
		if s.From.After(f.On) {
			return s, true
		}
	}
	return Step{}, false
}

// turningDays are all days on which the fee may change, in order, the day of booking first.
func (c *compiled) turningDays(f *CancelFacts) []civil.Date {
	d := c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	turning := []civil.Date{f.BookedOn}
	add := func(day civil.Date) {
		// where the next working day counts, the days without work before a day have its fee already
		for c.countsWorkingDays() && !d.isWorking(day.AddDays(-1)) {
			day = day.AddDays(-1)
		}
		if day.After(f.BookedOn) {
			turning = append(turning, day)
		}
	}
	s := &c.cancellation[f.Trip]
	for _, table := range slices.Concat(s.exceptions, s.tables) {
		for i := range table.table.Bands {
			r := &table.table.Bands[i]
			if first := r.first(&d); !first.IsZero() {
				add(first)
			}
			if last := r.last(&d); !last.IsZero() {
				add(last.AddDays(1))
			}
		}
	}
	slices.SortFunc(turning, civil.Date.Compare)
	return slices.Compact(turning)
}

func (c *compiled) countsWorkingDays() bool {
	moment := c.policy.Decisions.CancellationMoment
	return moment != nil && moment.Choice == "next_working_day"
}
