package terms

import (
	"joetz/terms/money"
)

// Amount is how a policy writes money: "50.00", "deposit", "6.5% of base price, at least 25.00", "10% of invoice + 15% of
// price", "nothing". Limits apply from left to right. The zero Amount is not set.
type Amount struct {
	parts  []part
	limits []limit
}

// part is a flat sum (base none) or a percentage of a base.
type part struct {
	base    base
	percent money.MilliPercent
	flat    money.Cents
}

type limit struct {
	atMost bool
	parts  []part
}

type base uint8

const (
	none base = iota
	ofPrice
	ofBasePrice
	ofExtras
	ofTotal
	ofInvoice
	ofPaid
	ofDeposit
	ofRemainder
	ofCancellation
	baseCount
)

// bases are the sums that percentages are taken of.
type bases [baseCount]money.Cents

// IsSet reports whether the policy gives this amount.
func (a Amount) IsSet() bool { return len(a.parts) > 0 }

// of evaluates the amount. Each percentage is rounded by itself, as r says.
func (a *Amount) of(b *bases, r money.Rounding) money.Cents {
	total := sum(a.parts, b, r)
	for i := range a.limits {
		l := &a.limits[i]
		if bound := sum(l.parts, b, r); (total > bound) == l.atMost {
			total = bound
		}
	}
	return total
}

func sum(parts []part, b *bases, r money.Rounding) money.Cents {
	var total money.Cents
	for i := range parts {
		p := &parts[i]
		switch {
		case p.base == none:
			total += p.flat
		case p.percent == money.Hundred:
			total += b[p.base]
		default:
			total += b[p.base].Percent(p.percent, r)
		}
	}
	return total
}

// percentOf is the percentage of the amount's first part that has one below 100; zero without.
func (a *Amount) percentOf() money.MilliPercent {
	for _, p := range a.parts {
		if p.base != none && p.percent != money.Hundred {
			return p.percent
		}
	}
	return 0
}
