package lint

import (
	"maps"
	"slices"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// worst is the booking for which a check fails most.
type worst struct {
	price, from, to money.Cents
	clauses         []string
}

// fees follows the fee of every kind of booking from the booking to after the departure.
func (l *linter) fees() {
	for _, trip := range terms.Trips {
		falls, above := map[int]worst{}, map[int]worst{}
		for _, departs := range l.sampleDepartures() {
			for _, lead := range leads {
				for _, price := range l.prices() {
					l.follow(cancelFacts(trip, departs.AddDays(-lead), departs, price), falls, above)
				}
			}
		}
		for _, days := range slices.Backward(slices.Sorted(maps.Keys(above))) {
			w := above[days]
			l.find(Ceiling, "", w.clauses, "lint.fee_above_price", terms.Word("trip", trip.String()), terms.Count("first", days),
				terms.Money("price", w.price), terms.Money("amount", w.to))
		}
		for _, days := range slices.Backward(slices.Sorted(maps.Keys(falls))) {
			w := falls[days]
			l.find(Monotone, "", w.clauses, "lint.fee_falls", terms.Word("trip", trip.String()), terms.Count("first", days),
				terms.Money("price", w.price), terms.Money("high", w.from), terms.Money("amount", w.to))
		}
	}
}

// follow notes, by days before the departure, the worst falls, and the worst excess over the price.
func (l *linter) follow(f terms.CancelFacts, falls, above map[int]worst) {
	steps := l.t.Timeline(f)
	for i, s := range steps {
		days := max(s.From.DaysUntil(f.DepartsOn), -1)
		if w := above[0]; s.Fee-f.Price > w.to-w.price {
			clear(above)
			above[0] = worst{f.Price, 0, s.Fee, l.clauseOn(f, s.From)}
		}
		if i == 0 {
			continue
		}
		if w := falls[days]; steps[i-1].Fee-s.Fee > w.from-w.to {
			falls[days] = worst{f.Price, steps[i-1].Fee, s.Fee, l.clauseOn(f, s.From)}
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

// sampleDepartures are a departure after each length of month, leap day included; what depends on the price is looked at
// for these, what depends on the calendar for all.
func (l *linter) sampleDepartures() []civil.Date {
	all := l.departures()
	var out []civil.Date
	for _, d := range all {
		switch d.String() {
		case "2027-01-15", "2027-03-31", "2028-02-29", "2028-03-31", "2027-07-31", "2027-10-01":
			out = append(out, d)
		}
	}
	if len(out) < 2 && len(all) > 0 {
		out = append(out, all[0], all[len(all)/2])
	}
	return out
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
