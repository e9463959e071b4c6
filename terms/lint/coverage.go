package lint

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// gap is one place of a table that is open, or shared, over all departures.
type gap struct {
	hole        terms.Hole // of the departure where it is longest
	departs     civil.Date
	first, last int  // in days before the departure
	varies      bool // with the departure, so that only dates can name it
	trip        terms.Trip
}

// coverage looks for days in no band, and in more than one.
func (l *linter) coverage() {
	gaps := map[string]*gap{}
	for _, trip := range terms.Trips {
		for _, departs := range l.departures() {
			booked := departs.AddDays(-longBefore)
			for i, h := range l.t.Holes(trip, booked, departs, circumstances(booked)) {
				key := strings.Join(append([]string{h.Section, h.Table, strconv.Itoa(min(h.Bands, 2)), strconv.Itoa(i)}, h.Clauses...), "\x00")
				this := gap{hole: h, departs: departs, first: h.From.DaysUntil(departs), last: -1, trip: trip}
				if !h.To.IsZero() {
					this.last = h.To.DaysUntil(departs)
				}
				seen, ok := gaps[key]
				switch {
				case !ok:
					gaps[key] = &this
				case seen.first != this.first || seen.last != this.last:
					seen.varies = true
					if this.first-this.last > seen.first-seen.last {
						this.varies = true
						*seen = this
					}
				}
			}
		}
	}
	found := make([]*gap, 0, len(gaps))
	for _, g := range gaps {
		found = append(found, g)
	}
	slices.SortFunc(found, func(a, b *gap) int {
		return cmp.Or(cmp.Compare(a.hole.Section, b.hole.Section), cmp.Compare(a.trip, b.trip), cmp.Compare(b.first, a.first))
	})
	for _, g := range found {
		l.hole(g)
	}
}

func (l *linter) hole(g *gap) {
	settled := ""
	if l.p.Decisions.GapPolicy != nil {
		settled = "gap_policy"
	}
	key := "lint.gap"
	if g.hole.Bands > 1 {
		key = "lint.overlap"
	}
	switch {
	case g.first == longBefore:
		key += "_from_booking"
	case g.hole.To.IsZero():
		key += "_to_departure"
	case g.varies && g.first == g.last:
		key += "_date"
	case g.varies:
		key += "_dates"
	case g.first == g.last:
		key += "_day"
	default:
		key += "_days"
	}
	low, high := l.around(g)
	l.find(Coverage, settled, slices.Compact(g.hole.Clauses), key, terms.Word("section", g.hole.Section), terms.Text("table", g.hole.Table),
		terms.Count("first", g.first), terms.Count("last", g.last), terms.Money("low", low), terms.Money("high", high),
		terms.Money("price", example), terms.On("departs", g.departs), terms.On("from", g.hole.From), terms.On("to", g.hole.To))
}

// around is what the days next to a hole cost.
func (l *linter) around(g *gap) (low, high money.Cents) {
	booked := g.departs.AddDays(-longBefore)
	cost := func(on civil.Date) money.Cents {
		if g.hole.Section == "rebooking" {
			return l.t.Rebook(terms.RebookFacts{Trip: g.trip, BookedOn: booked, DepartsOn: g.departs, On: on, Price: example,
				New: terms.NewHoliday{Trip: g.trip, DepartsOn: g.departs, Price: example}, Circumstances: circumstances(booked)}).Fee
		}
		f := cancelFacts(g.trip, booked, g.departs, example)
		f.On = on
		return l.t.Cancel(f).Fee
	}
	before := cost(civil.Later(g.hole.From.AddDays(-1), booked))
	after := before
	if !g.hole.To.IsZero() {
		after = cost(g.hole.To.AddDays(1))
	}
	return min(before, after), max(before, after)
}
