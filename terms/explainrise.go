package terms

import (
	"cmp"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// ExplainPriceRise tells why PriceRise answers what it does.
func (t Terms) ExplainPriceRise(f PriceRiseFacts) []Reason {
	c := t.c
	s := &story{c: c}
	if c.policy.PriceRise == nil {
		s.tell("", "rise.none_allowed")
		return s.reasons
	}
	out := t.PriceRise(f)
	rules := c.policy.PriceRise
	change := cmp.Or(rules.ChangeClause, rules.Clause)
	moment, threshold := c.riseRules(f.Regime)
	for i, r := range f.Rises {
		if out.Valid[i] {
			continue
		}
		d := c.days(civil.Date{}, f.DepartsOn, &Circumstances{})
		if days := r.NotifiedOn.DaysUntil(f.DepartsOn); days < 0 {
			s.tell(change, "rise.after_departure", On("on", r.NotifiedOn), Money("amount", r.Amount))
		} else {
			s.tell(change, "rise.too_late", On("on", r.NotifiedOn), Count("days", days), On("latest", moment.at(&d)), Money("amount", r.Amount))
		}
	}
	if out.Charged < out.Total {
		s.tell(change, "rise.absorbed", Money("total", out.Total), Money("amount", out.Charged))
	}
	s.exit(rules.Clause, &f, &out, threshold)
	return s.reasons
}

// exit tells whether the rises let the customer go.
func (s *story) exit(clause string, f *PriceRiseFacts, out *PriceRise, threshold Threshold) {
	args := []Arg{Money("amount", out.Charged), Money("price", f.PriceAtBooking), Percent("threshold", threshold.percent),
		Money("limit", f.PriceAtBooking.Percent(threshold.percent, money.Down)), On("until", out.ExitUntil)}
	switch {
	case out.Exit && threshold.at:
		s.tell(clause, "rise.exit_from", args...)
	case out.Exit:
		s.tell(clause, "rise.exit", args...)
	case out.Charged == 0:
		s.tell(clause, "rise.none")
		return
	case threshold.at:
		s.tell(clause, "rise.no_exit_from", args[:4]...)
	default:
		s.tell(clause, "rise.no_exit", args[:4]...)
	}
	if f.Regime == Package {
		s.tell(clause, "rise.package", Percent("threshold", threshold.percent))
	}
}
