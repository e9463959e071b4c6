package terms

import (
	"joetz/terms/money"
)

// checkDecisions takes over the choices that evaluation rests on. Which are needed follows from the sections that there are.
func (c *compiled) checkDecisions(r *refusals) {
	p, d := &c.policy, &c.policy.Decisions
	decide(r, d.PercentRounding, true, "percent_rounding", &c.rounding, map[string]money.Rounding{"down": money.Down, "up": money.Up, "half_up": money.HalfUp})
	// without a gap policy a gap is read for the consumer, and lint tells of it
	decide(r, d.GapPolicy, false, "gap_policy", &c.gap, map[string]gapPolicy{"lower_fee": lowerFee, "higher_fee": higherFee, "no_fee": noFee})
	decide(r, d.DepositLevel, p.Deposit != nil, "deposit_level", &c.perBooking, map[string]bool{"participant": false, "booking": true})
	decide(r, d.ScheduleInversion, p.Deposit != nil, "schedule_inversion", &c.laterDate, map[string]bool{"as_written": false, "later_date": true})
	decide(r, d.InsuredCancellation, p.Insurance != nil, "insured_cancellation_flow", &c.advances, map[string]bool{"customer_claims": false, "organiser_advances": true})
	decide(r, d.PremiumIfCancelled, p.Insurance != nil, "premium_if_cancelled_before_balance_invoice", &c.premiumDue, map[string]bool{"when_claimed": false, "due": true})
	decide(r, d.RebookingFeeFrom, p.Rebooking != nil, "rebooking_fee_from", &c.cheaperRebooking, map[string]bool{"old": false, "cheaper": true})
	decide(r, d.ForeignOwnClass, false, "foreign_own_transport_class", &c.classes[ForeignOwn],
		map[string]string{"domestic": "domestic", "foreign_coach": "foreign_coach", "foreign_own": "foreign_own"})
	need(r, d.RebookingNeedsApproval, p.Rebooking != nil, "rebooking_needs_approval")
	if need(r, d.RebookingLastDay, p.Rebooking != nil, "rebooking_last_day") && d.RebookingLastDay.Choice != "none" {
		err := c.rebookLast.UnmarshalText([]byte(d.RebookingLastDay.Choice))
		r.require(err == nil, "decisions.rebooking_last_day.choice", "%v; write a moment or \"none\"", err)
	}
	if need(r, d.ReminderAndGrace, p.Endings.Nonpayment != nil, "reminder_and_grace_days") {
		g := d.ReminderAndGrace.Choice
		r.require(g.Reminders >= 0 && g.Days >= 0 && g.Days <= maxCount, "decisions.reminder_and_grace_days.choice", "is not a number of reminders and days")
	}
	// read where they are needed, by their names
	var read bool
	decide(r, d.CancellationMoment, true, "cancellation_moment", &read, map[string]bool{"sent": true, "received": true, "next_working_day": true})
	decide(r, d.MemberStatusDate, false, "member_status_date", &read, map[string]bool{"booking": true, "departure": true})
	decide(r, d.PhotoConsent, false, "photo_consent", &read, map[string]bool{"opt_in": true, "opt_out": true})
}

// decide takes a decision over, if there is one; where it is needed and absent, or says something unknown, it is refused.
func decide[T any](r *refusals, d *Decision[string], needed bool, name string, into *T, choices map[string]T) {
	if need(r, d, needed, name) {
		*into = choose(r, "decisions."+name+".choice", d.Choice, choices)
	}
}

// need refuses a decision that its section asks for and that is not there.
func need[T any](r *refusals, d *Decision[T], when bool, name string) bool {
	r.require(d != nil || !when, "decisions."+name, "is missing")
	return d != nil
}

func (c *compiled) checkEndings(r *refusals) {
	d, e := &c.policy.Decisions, &c.policy.Endings
	outcomes := map[string]bool{"refund": true, "keep": true, "band": true, "deposit": true}
	for _, each := range []struct {
		by     By
		ending *Ending
	}{{ByOrganiser, e.Organiser}, {ByPriceRise, e.PriceRise}, {ByNonpayment, e.Nonpayment}, {ByExclusion, e.Exclusion},
		{ByUntruthful, e.Untruthful}, {ByCareRefused, e.CareRefused}} {
		key := "endings." + each.by.String()
		if each.ending == nil {
			c.endings[each.by] = Ending{Outcome: "refund"}
			continue
		}
		c.clause(r, key+".clause", each.ending.Clause)
		ending := *each.ending
		if ending.DepositClause != "" {
			r.require(each.by == ByNonpayment, key+".deposit_clause", "is for nonpayment only")
			c.clause(r, key+".deposit_clause", ending.DepositClause)
		}
		switch {
		case each.by == ByNonpayment:
			r.require(ending.Outcome == "", key+".outcome", "is decided by fee_on_default and deposit_returned_on_default")
			ending.Outcome = c.onDefault(r)
		case each.by == ByUntruthful:
			r.require(ending.Outcome == "", key+".outcome", "is decided by untruthful_answers_refund")
			if need(r, d.UntruthfulAnswers, true, "untruthful_answers_refund") {
				ending.Outcome = d.UntruthfulAnswers.Choice
				choose(r, "decisions.untruthful_answers_refund.choice", ending.Outcome, outcomes)
			}
		default:
			choose(r, key+".outcome", ending.Outcome, outcomes)
		}
		c.endings[each.by] = ending
	}
}

// onDefault is what the two decisions about a customer who does not pay come to.
func (c *compiled) onDefault(r *refusals) string {
	d := &c.policy.Decisions
	if !need(r, d.FeeOnDefault, true, "fee_on_default") || !need(r, d.DepositReturnedOnDefault, true, "deposit_returned_on_default") {
		return ""
	}
	switch choose(r, "decisions.fee_on_default.choice", d.FeeOnDefault.Choice, map[string]string{"none": "none", "band": "band"}) {
	case "band":
		return "band"
	case "none":
		if !d.DepositReturnedOnDefault.Choice {
			return "deposit"
		}
	}
	return "refund"
}
