// Package discount finds the price that is best for a customer: which discounts count, which do not go together, and why.
//
// Owns: the rule of combining. What discounts there are is data of the shop.
// Tables: none. May import: terms/money.
// Always true: a category that stands alone (VT) gets none; the price is never below zero and never above the category's own;
// a percentage is rounded up to the cent, in the customer's favour; of several equal combinations the first named wins.
package discount

import (
	"math/bits"
	"slices"

	"joetz/terms/money"
)

// Rule is one discount that the facts give a right to.
type Rule struct {
	ID      int64
	Percent int         // hundredths of a percent of the category's price; 0 when Amount is set
	Amount  money.Cents // flat
	Alone   bool        // goes with no other discount
	Group   string      // of one group only one counts; "" for none
	Members bool        // also on a member's price; otherwise only on the base price
}

// Of is what the rule takes off a price.
func (r Rule) Of(price money.Cents) money.Cents {
	off := r.Amount
	if r.Percent > 0 {
		off = (price*money.Cents(r.Percent) + 9999) / 10000
	}
	return min(off, price)
}

// Category is one price that the customer may have.
type Category struct {
	Name   string
	Price  money.Cents
	Base   bool
	Single bool // no discount comes on top: VT
}

// Applied is a discount that counts.
type Applied struct {
	ID     int64
	Amount money.Cents
}

// Result is the best price of a category.
type Result struct {
	Category string
	Gross    money.Cents
	Net      money.Cents
	Applied  []Applied
	Left     []int64 // the discounts that would count by themselves and do not go with these
}

// most is how many rules are combined; beyond it the smallest are left out, so that a page never waits.
const most = 12

// Best is the lowest price among the categories, the first where two are equal. There is at least one category.
func Best(rules []Rule, categories ...Category) Result {
	best := of(rules, categories[0])
	for _, c := range categories[1:] {
		if got := of(rules, c); got.Net < best.Net {
			best = got
		}
	}
	return best
}

func of(rules []Rule, c Category) Result {
	out := Result{Category: c.Name, Gross: c.Price, Net: c.Price}
	var fits []Rule
	for _, r := range rules {
		if (c.Base || r.Members) && r.Of(c.Price) > 0 {
			fits = append(fits, r)
		}
	}
	if c.Single {
		for _, r := range fits {
			out.Left = append(out.Left, r.ID)
		}
		return out
	}
	if len(fits) > most {
		slices.SortStableFunc(fits, func(a, b Rule) int { return int(b.Of(c.Price) - a.Of(c.Price)) })
		fits = fits[:most]
	}
	chosen, off := 0, money.Cents(0)
	for set := 1; set < 1<<len(fits); set++ {
		if sum, ok := sum(fits, set, c.Price); ok && sum > off {
			chosen, off = set, sum
		}
	}
	for i, r := range fits {
		if chosen&(1<<i) == 0 {
			out.Left = append(out.Left, r.ID)
			continue
		}
		amount := min(r.Of(c.Price), out.Net)
		out.Net -= amount
		out.Applied = append(out.Applied, Applied{r.ID, amount})
	}
	return out
}

// sum is what a set of rules takes off together, never more than the price; ok is false when they do not go together.
func sum(rules []Rule, set int, price money.Cents) (off money.Cents, ok bool) {
	groups := map[string]bool{}
	for i, r := range rules {
		if set&(1<<i) == 0 {
			continue
		}
		if r.Alone && bits.OnesCount(uint(set)) > 1 || r.Group != "" && groups[r.Group] {
			return 0, false
		}
		groups[r.Group] = r.Group != ""
		off += r.Of(price)
	}
	return min(off, price), true
}
