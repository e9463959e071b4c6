package lint

import (
	"slices"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// gap is a hole counted in days before the departure; open ends are beyond longBefore, and below zero.
type gap struct {
	section, table string
	first, last    int
	bands          int
}

// coverage looks for days in no band, and in more than one.
func (l *linter) coverage() {
	seen := map[gap]bool{}
	for _, trip := range terms.Trips {
		for _, departs := range l.departures() {
			booked := departs.AddDays(-longBefore)
			for _, h := range l.t.Holes(trip, booked, departs, circumstances(booked)) {
				g := gap{h.Section, h.Table, h.From.DaysUntil(departs), -1, h.Bands}
				if !h.To.IsZero() {
					g.last = h.To.DaysUntil(departs)
				}
				if !seen[g] {
					seen[g] = true
					l.hole(trip, departs, &h, &g)
				}
			}
		}
	}
}

func (l *linter) hole(trip terms.Trip, departs civil.Date, h *terms.Hole, g *gap) {
	settled := ""
	if l.p.Decisions.GapPolicy != nil {
		settled = "gap_policy"
	}
	key := "lint.gap"
	if g.bands > 1 {
		key = "lint.overlap"
	}
	switch {
	case g.first == longBefore:
		key += "_from_booking"
	case h.To.IsZero():
		key += "_to_departure"
	case g.first == g.last:
		key += "_day"
	default:
		key += "_days"
	}
	low, high := l.around(trip, departs, h)
	l.find(Coverage, settled, slices.Compact(h.Clauses), key, terms.Text("section", h.Section), terms.Text("table", h.Table),
		terms.Count("first", g.first), terms.Count("last", g.last), terms.Money("low", low), terms.Money("high", high),
		terms.Money("price", example), terms.On("departs", departs))
}

// around is what the days next to a hole cost.
func (l *linter) around(trip terms.Trip, departs civil.Date, h *terms.Hole) (low, high money.Cents) {
	booked := departs.AddDays(-longBefore)
	f := cancelFacts(trip, booked, departs, example)
	f.On = civil.Later(h.From.AddDays(-1), booked)
	before := l.t.Cancel(f).Fee
	after := before
	if !h.To.IsZero() {
		f.On = h.To.AddDays(1)
		after = l.t.Cancel(f).Fee
	}
	return min(before, after), max(before, after)
}
