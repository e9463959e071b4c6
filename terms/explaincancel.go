package terms

import (
	"cmp"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// ExplainCancel tells why Cancel answers what it does.
func (t Terms) ExplainCancel(f CancelFacts) []Reason {
	c := t.c
	f.Trip = f.Trip.known()
	out := t.Cancel(f)
	s := &story{c: c}
	clause := s.ending(&f, &out)
	s.coverage(&f, &out)
	if f.Costs > 0 {
		s.tell(cmp.Or(c.policy.Cancellation.CostsClause, clause), "cancel.costs", Money("amount", f.Costs))
	}
	if out.Compensation > 0 {
		s.tell(clause, "cancel.compensation", Money("amount", out.Compensation))
	}
	switch {
	case out.Credit > 0 && out.CreditUntil.IsZero():
		s.tell(clause, "cancel.credit_forever", Money("amount", out.Credit))
	case out.Credit > 0:
		s.tell(clause, "cancel.credit", On("until", out.CreditUntil), Money("amount", out.Credit))
	}
	switch {
	case out.Refund > 0:
		s.tell(clause, "cancel.refund", Money("paid", f.Paid), Money("amount", out.Refund))
	case out.Outstanding > 0:
		s.tell(clause, "cancel.outstanding", Money("paid", f.Paid), Money("amount", out.Outstanding))
	case out.Withheld > 0:
		s.tell(clause, "cancel.withheld", Money("amount", out.Withheld))
	default:
		s.tell(clause, "cancel.settled", Money("paid", f.Paid))
	}
	return s.reasons
}

// ending tells the fee, and returns the clause that the rest leans on.
func (s *story) ending(f *CancelFacts, out *Cancellation) string {
	if f.By != ByCustomer && f.By.Valid() && s.c.endings[f.By].Outcome != "band" {
		ending := s.c.endings[f.By]
		key := "cancel." + f.By.String()
		if ending.Outcome != "refund" {
			key += "_" + ending.Outcome
		}
		s.tell(ending.Clause, key, Money("amount", out.Fee), Count("days", out.DaysBefore))
		return ending.Clause
	}
	d := s.c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	b := s.c.feeBases(f, &d)
	got := s.c.feeOn(&s.c.cancellation[f.Trip], &d, s.c.counted(f, &d), &f.Circumstances, f.Insurance, &b)
	if got.rule == nil {
		s.tell("", "cancel.no_band", Count("days", out.DaysBefore))
		return ""
	}
	s.fee(&got, out, &b)
	return got.rule.Clause
}

// fee tells how the scale comes to its amount.
func (s *story) fee(got *charged, out *Cancellation, b *bases) {
	clause, price := got.rule.Clause, b[ofPrice]
	switch {
	case out.DaysBefore < 0:
		s.tell(clause, "cancel.after_departure")
	case out.DaysBefore == 0:
		s.tell(clause, "cancel.on_departure")
	default:
		s.tell(clause, "cancel.when", Count("days", out.DaysBefore))
	}
	if got.gap {
		s.tell(clause, "cancel.gap", Count("days", out.DaysBefore))
	}
	percent := got.rule.Fee.percentOf()
	share := price.Percent(percent, s.c.rounding)
	parts := []Arg{Percent("percent", percent), Money("price", price), Money("share", share), Money("amount", out.Fee)}
	switch {
	case got.kind == BandDeposit && out.Fee == price:
		s.tell(clause, "cancel.band_deposit_is_price", Money("amount", out.Fee))
	case got.kind == BandDeposit:
		s.tell(clause, "cancel.band_deposit", Money("amount", out.Fee))
	case got.kind == BandFull && out.Fee == price:
		s.tell(clause, "cancel.band_full", Money("amount", out.Fee))
	case got.kind == BandNone:
		s.tell(clause, "cancel.band_none", Money("amount", out.Fee))
	case got.kind == BandFlat || got.kind == BandFull || len(got.rule.Fee.parts) != 1 || got.rule.Fee.parts[0].base != ofPrice:
		s.tell(clause, "cancel.band_flat", Money("amount", out.Fee))
		s.parts(clause, &got.rule.Fee, b)
	case out.Fee > share && out.Fee == b[ofDeposit]:
		s.tell(clause, "cancel.band_minimum_deposit", parts...)
	case out.Fee > share:
		s.tell(clause, "cancel.band_minimum", parts...)
	default:
		s.tell(clause, "cancel.band_percent", parts...)
	}
	if got.kind == BandPercent && out.Fee == price && got.rule.Fee.of(b, s.c.rounding) > price {
		s.tell(clause, "cancel.never_above_price", Money("amount", price))
	}
}

// coverage tells what the insurance does.
func (s *story) coverage(f *CancelFacts, out *Cancellation) {
	p := s.c.policy.Insurance
	if p == nil || f.By != ByCustomer {
		return
	}
	switch {
	case !f.Insurance:
		s.tell(p.Clause, "cancel.not_insured")
	case !f.DepositPaid:
		s.tell(p.OfferClause, "cancel.cover_never_ran", Money("amount", 0))
	case out.Premium == 0:
		s.tell(p.Clause, "cancel.insurance_dropped", Money("amount", 0))
	case out.Claimable > 0:
		s.tell(p.Clause, "cancel.insurance_claim", Money("premium", out.Premium), Money("amount", out.Premium), Money("fee", out.Fee))
	default:
		s.tell(p.Clause, "cancel.premium", Money("amount", out.Premium))
	}
	if out.Advanced > 0 {
		s.tell(p.Clause, "cancel.advanced", Money("amount", out.Advanced))
	}
}

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
	held := c.rebookFee(&f, f.Trip, &d)
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
	case held.kind != BandFlat:
		s.tell(clause, "rebook.as_cancellation", Word("trip", f.Trip.String()), when, Money("amount", out.Fee))
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

// ExplainPriceRise tells why PriceRise answers what it does.
func (t Terms) ExplainPriceRise(f PriceRiseFacts) []Reason {
	c := t.c
	s := &story{c: c}
	if c.policy.PriceRise == nil {
		s.tell("", "rise.none_allowed")
		return s.reasons
	}
	out := t.PriceRise(f)
	clause := c.policy.PriceRise.Clause
	_, threshold := c.riseRules(f.Regime)
	for i, r := range f.Rises {
		switch days := r.NotifiedOn.DaysUntil(f.DepartsOn); {
		case out.Valid[i]:
		case days < 0:
			s.tell(clause, "rise.after_departure", On("on", r.NotifiedOn), Money("amount", r.Amount))
		default:
			s.tell(clause, "rise.too_late", On("on", r.NotifiedOn), Count("days", days), Money("amount", r.Amount))
		}
	}
	if out.Charged < out.Total {
		s.tell(clause, "rise.absorbed", Money("total", out.Total), Money("amount", out.Charged))
	}
	args := []Arg{Money("amount", out.Charged), Money("price", f.PriceAtBooking), Percent("threshold", threshold.Percent()),
		Money("limit", f.PriceAtBooking.Percent(threshold.Percent(), money.Down))}
	switch {
	case out.Exit:
		s.tell(clause, "rise.exit", append(args, On("until", out.ExitUntil))...)
	default:
		s.tell(clause, "rise.no_exit", args...)
	}
	if f.Regime == Package {
		s.tell(clause, "rise.package", Percent("threshold", threshold.Percent()))
	}
	return s.reasons
}
