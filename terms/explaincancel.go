package terms

import (
	"cmp"

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
		clause := ending.Clause
		if ending.DepositClause != "" && !f.DepositPaid && s.asked(f) > 0 {
			clause = ending.DepositClause
		}
		s.tell(clause, key, Money("amount", out.Fee))
		return clause
	}
	d := s.c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	b := s.c.feeBases(f, &d)
	got := s.c.feeOn(&s.c.cancellation[f.Trip], &d, s.c.counted(f, &d), &f.Circumstances, f.Insurance, &b)
	if got.rule == nil {
		s.day("", out.DaysBefore)
		s.tell("", "cancel.no_band")
		return ""
	}
	s.fee(&got, out, &b)
	return got.rule.Clause
}

// day tells on which day the customer cancels.
func (s *story) day(clause string, before int) {
	switch {
	case before < 0:
		s.tell(clause, "cancel.after_departure")
	case before == 0:
		s.tell(clause, "cancel.on_departure")
	default:
		s.tell(clause, "cancel.when", Count("days", before))
	}
}

// fee tells how the scale comes to its amount.
func (s *story) fee(got *charged, out *Cancellation, b *bases) {
	clause, price := got.rule.Clause, b[ofPrice]
	s.day(clause, out.DaysBefore)
	switch {
	case got.many:
		s.tell(clause, "cancel.shared")
	case got.gap && s.c.gap == higherFee:
		s.tell(clause, "cancel.gap_higher")
	case got.gap && s.c.gap == noFee:
		s.tell(clause, "cancel.gap_free")
	case got.gap:
		s.tell(clause, "cancel.gap")
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
	case !f.DepositPaid && s.asked(f) == 0:
		s.tell(p.OfferClause, "cancel.cover_never_ran_at_once", Money("amount", 0))
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

// asked is the deposit that was asked.
func (s *story) asked(f *CancelFacts) money.Cents {
	d := s.c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	return s.c.feeBases(f, &d)[ofDeposit]
}
