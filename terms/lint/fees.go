package lint

import (
	"slices"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// fees follows the fee of every kind of booking from the booking to after the departure.
func (l *linter) fees() {
	type place struct {
		check Check
		trip  terms.Trip
		first int
	}
	seen := map[place]bool{}
	for _, trip := range terms.Trips {
		for _, departs := range l.sampleDepartures() {
			for _, lead := range leads {
				booked := departs.AddDays(-lead)
				for _, price := range l.prices() {
					f := cancelFacts(trip, booked, departs, price)
					steps := l.t.Timeline(f)
					for i, s := range steps {
						days := s.From.DaysUntil(departs)
						if p := (place{Ceiling, trip, 0}); s.Fee > price && !seen[p] {
							seen[p] = true
							l.find(Ceiling, "", l.clauseOn(f, s.From), "lint.fee_above_price", terms.Word("trip", trip.String()),
								terms.Count("first", days), terms.Money("price", price), terms.Money("amount", s.Fee))
						}
						if p := (place{Monotone, trip, days}); i > 0 && s.Fee < steps[i-1].Fee && !seen[p] {
							seen[p] = true
							l.find(Monotone, "", l.clauseOn(f, s.From), "lint.fee_falls", terms.Word("trip", trip.String()),
								terms.Count("first", days), terms.Money("price", price), terms.Money("high", steps[i-1].Fee), terms.Money("amount", s.Fee))
						}
					}
				}
			}
		}
	}
}

// clauseOn is the clause that the fee of that day rests on.
func (l *linter) clauseOn(f terms.CancelFacts, on civil.Date) []string {
	f.On = on
	for _, r := range l.t.ExplainCancel(f) {
		for name, c := range l.p.Clauses {
			if c == r.Clause {
				return []string{name}
			}
		}
	}
	return nil
}

// leads are how many days before the departure bookings are made.
var leads = []int{longBefore, 120, 61, 45, 31, 30, 7, 0}

// sampleDepartures are one departure of each length of the month before it, leap day included.
func (l *linter) sampleDepartures() []civil.Date {
	var out []civil.Date
	for _, d := range l.departures() {
		_, month, day := d.YMD()
		if day == 31 || day == 15 || month == 2 && day == 29 || month == 3 && day >= 28 {
			out = append(out, d)
		}
	}
	if len(out) == 0 {
		return l.departures()
	}
	return out[:min(len(out), 24)]
}

// prices are those around which one amount of the policy can begin to exceed another: amounts are lines in the price, so
// between two neighbours nothing changes its order.
func (l *linter) prices() []money.Cents {
	flats, percents := l.t.Constants()
	percents = append(percents, money.Hundred)
	for i, p := range percents {
		for _, q := range percents[:i] {
			percents = append(percents, max(p-q, q-p))
		}
	}
	out := []money.Cents{1, example, 5000_00}
	for _, flat := range flats {
		for _, p := range percents {
			if p > 0 {
				at := flat * money.Cents(money.Hundred) / money.Cents(p)
				out = append(out, at-1, at, at+1)
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(c money.Cents) bool { return c < 1 || c > 5000_00 })
}
