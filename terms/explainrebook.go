package terms

import "joetz/terms/civil"

// FreeToGo is why going elsewhere costs nothing while a family may leave for free, until that day: it would pay more than who leaves and
// books anew. clause is what changing rests on otherwise.
func FreeToGo(clause Clause, until civil.Date) Reason {
	return Reason{Clause: clause, Key: "rebook.exit", Args: []Arg{On("until", until)}}
}

// ExplainRebook tells why Rebook answers what it does.
func (t Terms) ExplainRebook(f RebookFacts) []Reason {
	c := t.c
	f.Trip, f.New.Trip = f.Trip.known(), f.New.Trip.known()
	out := t.Rebook(f)
	s := &story{c: c}
	d := c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	held, as, cheaper := c.rebookHeld(&f, &d)
	clause := ""
	if held.rule != nil {
		clause = held.rule.Clause
	}
	when := Count("days", out.DaysBefore)
	switch {
	case out.Refused:
		s.tell(clause, "rebook.refused", when)
		return s.reasons
	case out.Fee == 0:
		s.tell(clause, "rebook.free", when)
	case cheaper:
		s.tell(clause, "rebook.cheaper_fee", Word("trip", f.New.Trip.String()), Money("amount", out.Fee))
	case held.kind != BandFlat:
		key := "rebook.as_cancellation"
		switch {
		case as.fee != out.Fee:
		case as.kind == BandDeposit:
			key = "rebook.as_deposit"
		case as.kind == BandFull:
			key = "rebook.as_full"
		}
		s.tell(clause, key, Word("trip", f.Trip.String()), when, Money("amount", out.Fee))
	case out.Fee == f.Price:
		s.tell(clause, "rebook.fee_is_price", Word("trip", f.Trip.String()), Money("amount", out.Fee))
	default:
		s.tell(clause, "rebook.fee", Word("trip", f.Trip.String()), Money("amount", out.Fee))
	}
	if out.NeedsApproval {
		s.tell(clause, "rebook.approval")
	}
	switch diff := out.PriceDifference; {
	case diff > 0:
		s.tell(clause, "rebook.dearer", Money("amount", diff))
	case diff < 0:
		s.tell(clause, "rebook.cheaper", Money("amount", -diff))
	}
	switch {
	case out.FullPayment:
		s.tell(c.policy.Payment.AtOnce, "rebook.at_once", Count("days", f.On.DaysUntil(f.New.DepartsOn)), Money("amount", f.New.Price))
	case out.DepositTopUp > 0:
		s.tell(c.policy.Rebooking.TopUpClause, "rebook.top_up", Money("amount", out.DepositTopUp))
	}
	return s.reasons
}
