package terms

import (
	"slices"

	"joetz/terms/civil"
)

// Hole is a span of days that lies in no band of a table, or in more than one.
type Hole struct {
	Section string // cancellation or rebooking
	Table   string
	Clauses []string // of the bands around it, or of those that share it
	From    civil.Date
	To      civil.Date // zero: without end
	Bands   int        // 0, or 2 and more
}

// Holes lists the days, from the booking on, that do not lie in exactly one band. Exceptions may leave days open, so
// they are not looked at. What the gap policy makes of a hole is not asked here either.
func (t Terms) Holes(trip Trip, booked, departs civil.Date, f Circumstances) []Hole {
	d := t.c.days(booked, departs, &f)
	var out []Hole
	for _, s := range t.c.cancellation[trip.known()].tables {
		out = append(out, s.table.holes("cancellation", &d)...)
	}
	for _, s := range t.c.rebooking[trip.known()].tables {
		out = append(out, s.table.holes("rebooking", &d)...)
	}
	return out
}

func (t *Table) holes(section string, d *days) []Hole {
	turning := []civil.Date{d.booking}
	for i := range t.Bands {
		first, last := t.Bands[i].first(d), t.Bands[i].last(d)
		if first.After(d.booking) {
			turning = append(turning, first)
		}
		if next := last.AddDays(1); !last.IsZero() && next.After(d.booking) {
			turning = append(turning, next)
		}
	}
	slices.SortFunc(turning, civil.Date.Compare)
	turning = slices.Compact(turning)
	var out []Hole
	for i, on := range turning {
		h := Hole{Section: section, Table: t.Name, From: on}
		for j := range t.Bands {
			if t.Bands[j].side(d, on) == 0 {
				h.Bands++
				h.Clauses = append(h.Clauses, t.Bands[j].Clause)
			}
		}
		if h.Bands == 1 {
			continue
		}
		if i+1 < len(turning) {
			h.To = turning[i+1].AddDays(-1)
		}
		if h.Bands == 0 {
			h.Clauses = t.around(d, on)
		}
		out = append(out, h)
	}
	return out
}

// around names the clauses of the bands before and after a day that lies in none.
func (t *Table) around(d *days, on civil.Date) []string {
	var before, after *BandRule
	for i := range t.Bands {
		r := &t.Bands[i]
		switch side := r.side(d, on); {
		case side > 0 && (before == nil || before.last(d).Before(r.last(d))):
			before = r
		case side < 0 && (after == nil || r.first(d).Before(after.first(d))):
			after = r
		}
	}
	var out []string
	for _, r := range []*BandRule{before, after} {
		if r != nil {
			out = append(out, r.Clause)
		}
	}
	return out
}
