package terms

import (
	"slices"
	"strconv"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// PriceFacts are what the lowest price that a participant is entitled to follows from.
type PriceFacts struct {
	Trip      Trip
	BookedOn  civil.Date
	DepartsOn civil.Date
	BasePrice money.Cents
	Prices    []CategoryPrice // those that the holiday has besides the base price
	Holds     []string        // what the participant has shown: solidaris, contribution_paid, increased_allowance, ...
	Circumstances
}

// CategoryPrice is the price of one category of the policy.
type CategoryPrice struct {
	Category string
	Price    money.Cents
}

// BestPrice is that price, and how it comes about.
type BestPrice struct {
	Price     money.Cents
	Category  string // "base" where no category is better
	Discounts []Applied
}

// Applied is a discount that counts, or a surcharge: then the amount is negative.
type Applied struct {
	Name   string
	Amount money.Cents
}

// BaseCategory is the category that everybody is entitled to.
const BaseCategory = "base"

// BestPrice is the lowest price that the facts give a right to: each category by itself with the discounts that may
// come on top of it, never two categories. Without surcharges it is never above the base price. It is total.
func (t Terms) BestPrice(f PriceFacts) BestPrice {
	c := t.c
	f.Trip = f.Trip.known()
	best := c.discounted(&f, nil, f.BasePrice)
	if c.policy.Prices == nil {
		return best
	}
	for i := range c.policy.Prices.Categories {
		category := &c.policy.Prices.Categories[i]
		if !holds(f.Holds, category.Needs) {
			continue
		}
		for _, p := range f.Prices {
			if p.Category == category.Name && p.Price <= f.BasePrice {
				if got := c.discounted(&f, category, p.Price); got.Price < best.Price {
					best = got
				}
			}
		}
	}
	return best
}

// discounted is a category's price with its discounts; nil is the base category.
func (c *compiled) discounted(f *PriceFacts, category *Category, price money.Cents) BestPrice {
	out := BestPrice{Price: price, Category: BaseCategory}
	if category != nil {
		out.Category = category.Name
	}
	rules := c.policy.Prices
	if rules == nil {
		return out
	}
	d := c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	b := bases{ofPrice: price, ofBasePrice: f.BasePrice, ofTotal: price}
	var off, on money.Cents
	inGroup := map[string]int{} // group -> its discount in out.Discounts
	for i := range rules.Discounts {
		r := &rules.Discounts[i]
		if !r.When.onTrip(f.Trip, c.classes[f.Trip]) || !r.When.matches(&d, &f.Circumstances, false, &b) || !holds(f.Holds, r.Needs) {
			continue
		}
		if r.Plus.IsSet() {
			extra := r.Plus.of(&b, c.rounding)
			on += extra
			out.Discounts = append(out.Discounts, Applied{r.Name, -extra})
			continue
		}
		if category != nil && category.Exclusive {
			continue
		}
		amount := r.Minus.of(&b, money.Up) // what the customer gains is rounded up
		if at, taken := inGroup[r.Group]; taken && r.Group != "" {
			if amount > out.Discounts[at].Amount {
				off += amount - out.Discounts[at].Amount
				out.Discounts[at] = Applied{r.Name, amount}
			}
			continue
		}
		inGroup[r.Group] = len(out.Discounts)
		out.Discounts = append(out.Discounts, Applied{r.Name, amount})
		off += amount
	}
	if rules.Most.IsSet() {
		off = min(off, rules.Most.of(&b, c.rounding))
	}
	if off > 0 {
		floor := money.Cents(0)
		if rules.Floor.IsSet() {
			floor = min(rules.Floor.of(&b, c.rounding), price)
		}
		out.Price = max(price-off, floor)
	}
	out.Price += on
	return out
}

func holds(has, needs []string) bool {
	for _, need := range needs {
		if !slices.Contains(has, need) {
			return false
		}
	}
	return true
}

// ExplainBestPrice tells why BestPrice answers what it does.
func (t Terms) ExplainBestPrice(f PriceFacts) []Reason {
	out := t.BestPrice(f)
	s := &story{c: t.c}
	rules := t.c.policy.Prices
	if rules == nil {
		s.tell("", "best.category", Text("category", out.Category), Money("amount", f.BasePrice))
		return s.reasons
	}
	clause := ""
	for _, c := range rules.Categories {
		if c.Name == out.Category {
			clause = c.Clause
		}
	}
	s.tell(clause, "best.category", Text("category", out.Category), Money("amount", out.Price))
	for _, a := range out.Discounts {
		for _, r := range rules.Discounts {
			switch {
			case r.Name != a.Name:
			case a.Amount < 0:
				s.tell(r.Clause, "best.surcharge", Text("discount", a.Name), Money("amount", -a.Amount))
			default:
				s.tell(r.Clause, "best.discount", Text("discount", a.Name), Money("amount", a.Amount))
			}
		}
	}
	return s.reasons
}

// CheckBestPrice says why there is no best price for f; nil when there is. The error is a Problem.
func (t Terms) CheckBestPrice(f PriceFacts) error {
	var c facts
	c.check(f.Trip.Valid(), Invalid, "trip")
	c.date(f.BookedOn, "booked_on")
	c.date(f.DepartsOn, "departs_on")
	c.amount(f.BasePrice, "base_price")
	for i, p := range f.Prices {
		field := "prices[" + strconv.Itoa(i) + "].price"
		c.amount(p.Price, field)
		c.check(p.Price <= f.BasePrice, Invalid, field)
	}
	c.circumstances(t, &f.Circumstances, "prices")
	return c.err()
}
