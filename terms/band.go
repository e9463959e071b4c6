package terms

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// charged is a fee and the rule that it follows from; without a rule no table speaks.
type charged struct {
	kind Band
	fee  money.Cents
	rule *BandRule
	gap  bool // no band holds that day: the gap policy chose
	many bool // several bands hold it: the lowest fee counts
}

// feeOn is the fee on that day.
func (c *compiled) feeOn(s *scales, d *days, on civil.Date, f *Circumstances, insured bool, b *bases) charged {
	for i := range s.exceptions {
		e := &s.exceptions[i]
		if !e.when.matches(d, f, insured, b) {
			continue
		}
		if got, ok := c.inBand(e.table, d, on, b); ok {
			return got
		}
	}
	for i := range s.tables {
		t := &s.tables[i]
		if !t.when.matches(d, f, insured, b) {
			continue
		}
		if got, ok := c.inBand(t.table, d, on, b); ok {
			return got
		}
		return c.inGap(t.table, d, on, b)
	}
	return charged{}
}

// inBand is the fee of the band that holds the day. Where several do, the lowest counts: in doubt for the consumer.
func (c *compiled) inBand(t *Table, d *days, on civil.Date, b *bases) (charged, bool) {
	var got charged
	for i := range t.Bands {
		r := &t.Bands[i]
		if r.side(d, on) != 0 {
			continue
		}
		this := c.charge(r, b)
		many := got.rule != nil
		if !many || this.fee < got.fee {
			got = this
		}
		got.many = many
	}
	return got, got.rule != nil
}

// side is 0 when the band holds the day, -1 when the day comes before the band, +1 after it.
func (r *BandRule) side(d *days, on civil.Date) int {
	switch {
	case r.From.IsSet() && on.Before(r.From.at(d)), r.After.IsSet() && !on.After(r.After.at(d)):
		return -1
	case r.Until.IsSet() && on.After(r.Until.at(d)), r.Before.IsSet() && !on.Before(r.Before.at(d)):
		return 1
	}
	return 0
}

// inGap is the fee on a day that no band holds: of its two neighbours, as the gap policy chooses.
func (c *compiled) inGap(t *Table, d *days, on civil.Date, b *bases) charged {
	var earlier, later charged
	for i := range t.Bands {
		r := &t.Bands[i]
		if r.side(d, on) > 0 {
			if earlier.rule == nil || earlier.rule.last(d).Before(r.last(d)) {
				earlier = c.charge(r, b)
			}
		} else if later.rule == nil || r.first(d).Before(later.rule.first(d)) {
			later = c.charge(r, b)
		}
	}
	got := earlier
	switch {
	case c.gap == noFee:
		got = charged{rule: earlier.rule}
	case earlier.rule == nil || later.rule == nil:
		// before the first band or after the last one the terms ask nothing
		got = charged{}
	case c.gap == higherFee && later.fee > earlier.fee, c.gap == lowerFee && later.fee < earlier.fee:
		got = later
	}
	got.gap = true
	return got
}

// first is the band's first day; the zero Date when it has none.
func (r *BandRule) first(d *days) civil.Date {
	switch {
	case r.From.IsSet():
		return r.From.at(d)
	case r.After.IsSet():
		return r.After.at(d).AddDays(1)
	}
	return civil.Date{}
}

// last is the band's last day; the zero Date when it has none.
func (r *BandRule) last(d *days) civil.Date {
	switch {
	case r.Until.IsSet():
		return r.Until.at(d)
	case r.Before.IsSet():
		return r.Before.at(d).AddDays(-1)
	}
	return civil.Date{}
}

func (c *compiled) charge(r *BandRule, b *bases) charged {
	fee := r.Fee.of(b, c.rounding)
	if c.policy.Cancellation.NeverAbovePrice {
		fee = min(fee, b[ofPrice])
	}
	kind, _ := parseBand(r.Band)
	return charged{kind: kind, fee: fee, rule: r}
}
