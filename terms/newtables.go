package terms

import (
	"fmt"
)

// arrange checks tables and lays them out per trip.
func (c *compiled) arrange(r *refusals, section string, exceptions, tables []Table, allowed []base) [tripCount]scales {
	var out [tripCount]scales
	c.checkTables(r, section+".exceptions", exceptions, allowed)
	c.checkTables(r, section+".tables", tables, allowed)
	for _, trip := range Trips {
		out[trip] = scales{c.fitting(exceptions, trip), c.fitting(tables, trip)}
		last := len(out[trip].tables) - 1
		r.require(section == "compensation" || last >= 0 && out[trip].tables[last].when == nil, section+".tables",
			"none of them is for every %s trip", trip)
	}
	return out
}

func (c *compiled) fitting(tables []Table, trip Trip) []scale {
	var out []scale
	for i := range tables {
		if t := &tables[i]; t.When.onTrip(trip, c.classes[trip]) {
			out = append(out, scale{t.When.beyondTrip(), t})
		}
	}
	return out
}

func (c *compiled) checkTables(r *refusals, section string, tables []Table, allowed []base) {
	for i := range tables {
		t, key := &tables[i], fmt.Sprintf("%s[%d]", section, i)
		r.require(t.Name != "", key+".name", "is empty")
		r.require(len(t.Bands) > 0, key, "has no bands")
		c.checkWhen(r, key+".when", &t.When)
		for j := range t.Bands {
			c.checkBand(r, fmt.Sprintf("%s.bands[%d]", key, j), &t.Bands[j], allowed)
		}
	}
}

func (c *compiled) checkBand(r *refusals, key string, b *BandRule, allowed []base) {
	kind, ok := parseBand(b.Band)
	r.require(ok && kind != BandExcluded, key+".band", "%q is none of: none, deposit, percent, full, flat", b.Band)
	c.clause(r, key+".clause", b.Clause)
	r.require(!b.From.IsSet() || !b.After.IsSet(), key+".after", "stands beside from: a band begins once")
	r.require(!b.Until.IsSet() || !b.Before.IsSet(), key+".before", "stands beside until: a band ends once")
	for name, m := range map[string]Moment{"from": b.From, "after": b.After, "until": b.Until, "before": b.Before, "credit_until": b.CreditUntil} {
		c.checkMoment(r, key+"."+name, m, false)
	}
	if b.Credit != "" || b.CreditUntil.IsSet() {
		choose(r, key+".credit", b.Credit, map[string]bool{"rest": true, "fee": true})
	}
	if b.Refused {
		r.require(!b.Fee.IsSet(), key+".fee", "stands beside refused: what is refused has no fee")
		return
	}
	c.checkAmount(r, key+".fee", b.Fee, allowed)
}
