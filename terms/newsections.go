package terms

import (
	"fmt"
	"slices"
)

func (c *compiled) checkDeposit(r *refusals) {
	p := c.policy.Deposit
	if p == nil {
		return
	}
	c.clause(r, "deposit.clause", p.Clause)
	c.clause(r, "deposit.due_clause", p.DueClause)
	c.checkMoment(r, "deposit.due", p.Due, false)
	r.require(p.Due.IsSet(), "deposit.due", "is missing")
	for i := range p.Rules {
		rule, key := &p.Rules[i], fmt.Sprintf("deposit.rules[%d]", i)
		c.checkWhen(r, key+".when", &rule.When)
		c.checkAmount(r, key+".amount", rule.Amount, priceBases)
		for _, trip := range Trips {
			if rule.When.onTrip(trip, c.classes[trip]) {
				c.deposit[trip] = append(c.deposit[trip], amountFor{rule.When.beyondTrip(), &rule.Amount})
			}
		}
	}
	for _, trip := range Trips {
		r.require(len(c.deposit[trip]) > 0, "deposit.rules", "none of them is for a %s trip", trip)
	}
}

func (c *compiled) checkPayment(r *refusals) {
	p := &c.policy.Payment
	c.clause(r, "payment.clause", p.Clause)
	c.checkMoment(r, "payment.balance_due", p.BalanceDue, false)
	c.checkMoment(r, "payment.at_once_from", p.AtOnceFrom, false)
	r.require(p.BalanceDue.IsSet(), "payment.balance_due", "is missing")
	if p.AtOnceFrom.IsSet() {
		c.clause(r, "payment.at_once_clause", p.AtOnce)
	}
	choose(r, "payment.weekend", p.Weekend, map[string]bool{"as_written": true, "next_working_day": true})
	for i := range p.Stages {
		key := fmt.Sprintf("payment.stages[%d]", i)
		c.checkWhen(r, key+".when", &p.Stages[i].When)
		c.checkAmount(r, key+".up_to", p.Stages[i].UpTo, append(slices.Clone(priceBases), ofDeposit))
		c.checkMoment(r, key+".due", p.Stages[i].Due, false)
		r.require(p.Stages[i].Due.IsSet(), key+".due", "is missing")
	}
	if n := p.Instalments; n != nil {
		c.clause(r, "payment.instalments.clause", n.Clause)
		r.require(n.Max >= 1 && n.Max <= maxParts, "payment.instalments.max", "is not between 1 and %d", maxParts)
		r.require(len(n.Earlier) == n.Max-1, "payment.instalments.earlier", "has %d days, and the balance in %d parts needs %d", len(n.Earlier), n.Max, n.Max-1)
		for i, m := range n.Earlier {
			c.checkMoment(r, fmt.Sprintf("payment.instalments.earlier[%d]", i), m, false)
		}
		c.checkMoment(r, "payment.instalments.booked_until", n.BookedUntil, false)
	}
}

func (c *compiled) checkInsurance(r *refusals) {
	p := c.policy.Insurance
	if p == nil {
		return
	}
	c.clause(r, "insurance.clause", p.Clause)
	c.clause(r, "insurance.offer_clause", p.OfferClause)
	c.checkWhen(r, "insurance.when", &p.When)
	c.checkAmount(r, "insurance.premium", p.Premium, priceBases)
	c.checkMoment(r, "insurance.offered_until", p.OfferedUntil, false)
	r.require(p.OfferedUntil.IsSet(), "insurance.offered_until", "is missing")
}

func (c *compiled) checkPriceRise(r *refusals) {
	p, d := c.policy.PriceRise, &c.policy.Decisions
	if p == nil {
		return
	}
	c.clause(r, "price_rise.clause", p.Clause)
	if p.ChangeClause != "" {
		c.clause(r, "price_rise.change_clause", p.ChangeClause)
	}
	c.checkMoment(r, "price_rise.window", p.Window, true)
	r.require(p.Window.IsSet(), "price_rise.window", "is missing")
	if p.Absorb.IsSet() {
		c.checkAmount(r, "price_rise.absorb", p.Absorb, []base{ofPrice})
	}
	need(r, d.PriceRiseThreshold, true, "price_rise_exit_threshold")
	if need(r, d.PriceRiseLatestDay, true, "price_rise_latest_day") {
		c.checkMoment(r, "decisions.price_rise_latest_day.choice.package", d.PriceRiseLatestDay.Choice.Package, false)
		c.checkMoment(r, "decisions.price_rise_latest_day.choice.none", d.PriceRiseLatestDay.Choice.None, false)
	}
}

func (c *compiled) checkPrices(r *refusals) {
	p := c.policy.Prices
	if p == nil {
		return
	}
	for i, category := range p.Categories {
		key := fmt.Sprintf("prices.categories[%d]", i)
		r.require(category.Name != "", key+".name", "is empty")
		c.clause(r, key+".clause", category.Clause)
	}
	for i := range p.Discounts {
		d, key := &p.Discounts[i], fmt.Sprintf("prices.discounts[%d]", i)
		r.require(d.Name != "", key+".name", "is empty")
		c.clause(r, key+".clause", d.Clause)
		c.checkWhen(r, key+".when", &d.When)
		r.require(d.Minus.IsSet() != d.Plus.IsSet(), key, "needs either minus or plus")
		for name, a := range map[string]Amount{"minus": d.Minus, "plus": d.Plus} {
			if a.IsSet() {
				c.checkAmount(r, key+"."+name, a, []base{ofPrice, ofBasePrice})
			}
		}
	}
	for name, a := range map[string]Amount{"floor": p.Floor, "most_discount": p.Most} {
		if a.IsSet() {
			c.checkAmount(r, "prices."+name, a, []base{ofPrice, ofBasePrice})
		}
	}
}
