package terms

import "joetz/terms/money"

// Rebooking is what moving to another holiday costs.
type Rebooking struct {
	DaysBefore      int
	Fee             money.Cents
	PriceDifference money.Cents // negative: the new holiday is cheaper
	DepositTopUp    money.Cents
	FullPayment     bool // the new holiday is due in full at once
	Refused         bool // the terms do not allow it on that day
	NeedsApproval   bool
}

// Rebook says what moving to another holiday costs. It is total.
func (t Terms) Rebook(f RebookFacts) Rebooking {
	c := t.c
	f.Trip, f.New.Trip = f.Trip.known(), f.New.Trip.known()
	d := c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	out := Rebooking{DaysBefore: f.On.DaysUntil(f.DepartsOn), PriceDifference: f.New.Price - f.Price}
	held, _, _ := c.rebookHeld(&f, &d)
	out.Fee = min(held.fee, f.Price)
	out.Refused = c.policy.Rebooking == nil || held.rule == nil || held.rule.Refused ||
		c.rebookLast.IsSet() && f.On.After(c.rebookLast.at(&d))
	if n := c.policy.Decisions.RebookingNeedsApproval; n != nil {
		out.NeedsApproval = n.Choice
	}
	fresh := c.days(f.On, f.New.DepartsOn, &Circumstances{})
	out.FullPayment = c.atOnce(&fresh)
	b := bases{ofPrice: f.New.Price, ofBasePrice: f.New.Price, ofTotal: f.New.Price}
	if !out.FullPayment {
		out.DepositTopUp = max(c.depositAsked(f.New.Trip, &fresh, &f.Circumstances, &b)-c.askedOf(&f, &d), 0)
	}
	return out
}

func (c *compiled) askedOf(f *RebookFacts, d *days) money.Cents {
	if f.Asked != nil {
		return *f.Asked
	}
	b := bases{ofPrice: f.Price, ofBasePrice: f.Price, ofTotal: f.Price}
	return c.depositAsked(f.Trip, d, &f.Circumstances, &b)
}

// rebookHeld is the fee that counts, what cancelling would ask, and whether it is the fee of a trip like the new one: the cheaper of two.
func (c *compiled) rebookHeld(f *RebookFacts, d *days) (fee, cancelling charged, cheaper bool) {
	fee, cancelling = c.rebookFee(f, f.Trip, d)
	if c.cheaperRebooking {
		if other, _ := c.rebookFee(f, f.New.Trip, d); other.fee < fee.fee {
			return other, cancelling, true
		}
	}
	return fee, cancelling, false
}

// rebookFee is the fee of the booking now held, as if it were a trip of that kind, and what cancelling it would ask.
func (c *compiled) rebookFee(f *RebookFacts, trip Trip, d *days) (fee, cancelling charged) {
	cancel := CancelFacts{Trip: f.Trip, BookedOn: f.BookedOn, DepartsOn: f.DepartsOn, On: f.On, By: ByCustomer,
		BasePrice: f.Price, Price: f.Price, Asked: f.Asked, Circumstances: f.Circumstances}
	b := c.feeBases(&cancel, d)
	cancelling = c.feeOn(&c.cancellation[f.Trip], d, f.On, &f.Circumstances, false, &b)
	b[ofCancellation] = cancelling.fee
	return c.feeOn(&c.rebooking[trip], d, f.On, &f.Circumstances, false, &b), cancelling
}
