package terms

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"joetz/terms/money"
)

// New makes terms of a policy. What is missing, contradictory or unknown in it is refused here, with PolicyErrors, so
// that no evaluation can fail later.
func New(p Policy) (Terms, error) {
	data, err := toml.Marshal(p)
	if err != nil {
		return Terms{}, PolicyErrors{{What: err.Error()}}
	}
	return build(p, data)
}

func build(p Policy, data []byte) (Terms, error) {
	sum := sha256.Sum256(data)
	c := &compiled{policy: p, hash: hex.EncodeToString(sum[:]), document: bytes.Clone(data), invoiceDays: map[string][]anchor{}}
	var r refusals
	c.check(&r)
	if len(r.errs) > 0 {
		return Terms{}, r.errs
	}
	return Terms{c}, nil
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// check refuses what is wrong, and arranges the rest for speed.
func (c *compiled) check(r *refusals) {
	p := &c.policy
	r.require(p.Name != "", "name", "is empty")
	r.require(p.Version != "", "version", "is empty")
	choose(r, "language", p.Language, map[string]bool{"nl": true, "en": true, "de": true, "fr": true, "sv": true})
	r.require(len(p.Law) == 2, "law", "%q is no code of a country", p.Law)
	if s := p.Season; s != nil {
		r.require(s.From.anchor == yearly, "season.from", "is no day of the year like \"15 June\"")
		r.require(s.Until.anchor == yearly, "season.until", "is no day of the year like \"31 August\"")
	}
	choose(r, "applies.by", p.Applies.By, map[string]bool{"booking": true, "departure": true})
	r.require(p.Applies.Until.IsZero() || !p.Applies.Until.Before(p.Applies.From), "applies.until", "is before applies.from")
	c.checkDecisions(r)
	for _, t := range Trips {
		c.classes[t] = t.String()
	}
	if d := p.Decisions.ForeignOwnClass; d != nil {
		c.classes[ForeignOwn] = choose(r, "decisions.foreign_own_transport_class.choice", d.Choice,
			map[string]string{"domestic": "domestic", "foreign_coach": "foreign_coach", "foreign_own": "foreign_own"})
	}
	c.checkDeposit(r)
	c.checkPayment(r)
	c.checkInsurance(r)
	c.checkEndings(r)
	c.cancellation = c.arrange(r, "cancellation", p.Cancellation.Exceptions, p.Cancellation.Tables, feeBases)
	if n := p.Cancellation.RefundMinimum; n.IsSet() {
		c.checkAmount(r, "cancellation.refund_minimum", n, nil)
	}
	if p.Rebooking != nil {
		c.rebooking = c.arrange(r, "rebooking", nil, p.Rebooking.Tables, append(slices.Clone(feeBases), ofCancellation))
		c.clause(r, "rebooking.top_up_clause", p.Rebooking.TopUpClause)
	}
	if p.Compensation != nil {
		c.compensation = c.arrange(r, "compensation", nil, p.Compensation.Tables, []base{ofPrice, ofBasePrice, ofPaid})
	}
	c.checkPriceRise(r)
	c.checkPrices(r)
}

// which amounts may lean on which sums
var (
	priceBases = []base{ofPrice, ofBasePrice, ofExtras, ofTotal}
	feeBases   = []base{ofPrice, ofBasePrice, ofExtras, ofTotal, ofInvoice, ofPaid, ofDeposit, ofRemainder}
)

func (c *compiled) clause(r *refusals, key, name string) {
	clause, ok := c.policy.Clauses[name]
	r.require(ok, key, "no clause %q under clauses", name)
	r.require(!ok || clause.Title != "" && clause.Words != "", "clauses."+name, "title and words are both needed")
}

func (c *compiled) checkAmount(r *refusals, key string, a Amount, allowed []base) {
	r.require(a.IsSet(), key, "is missing")
	check := func(parts []part) {
		for _, p := range parts {
			c.usesInvoice = c.usesInvoice || p.base == ofInvoice
			r.require(p.base == none || slices.Contains(allowed, p.base), key, "%q is not known here", baseNames[p.base])
		}
	}
	check(a.parts)
	for _, l := range a.limits {
		check(l.parts)
	}
}

// checkMoment notes which facts the moment needs; a notice exists only where a price rises.
func (c *compiled) checkMoment(r *refusals, key string, m Moment, allowNotice bool) {
	for at := &m; at != nil; at = at.notAfter {
		r.require(at.anchor != notice || allowNotice, key, "there is no notice here to count from")
		section, _, _ := strings.Cut(key, ".")
		if at.anchor == invoice || at.anchor == invoiceDue {
			c.invoiceDays[section] = append(c.invoiceDays[section], at.anchor)
		}
		if at.notBefore != nil {
			c.checkMoment(r, key, *at.notBefore, allowNotice)
		}
	}
}

func (c *compiled) checkWhen(r *refusals, key string, w *When) {
	for i, class := range w.Classes {
		choose(r, fmt.Sprintf("%s.classes[%d]", key, i), class,
			map[string]bool{"domestic": true, "foreign_coach": true, "foreign_own": true, "flight": true})
	}
	for name, a := range map[string]Amount{"price_from": w.PriceFrom, "price_until": w.PriceUntil} {
		if a.IsSet() {
			c.checkAmount(r, key+"."+name, a, []base{ofBasePrice, ofDeposit})
		}
	}
	c.checkMoment(r, key+".booked_from", w.Booked, false)
	c.checkMoment(r, key+".booked_until", w.BookedTo, false)
	r.require(w.MaxNights == 0 || w.MaxNights >= w.MinNights, key+".max_nights", "is below min_nights")
	r.require(w.MaxRank == 0 || w.MaxRank >= w.MinRank, key+".max_rank", "is below min_rank")
}

// onTrip reports whether the condition lets the trip in.
func (w *When) onTrip(trip Trip, class string) bool {
	return (len(w.Trips) == 0 || slices.Contains(w.Trips, trip)) && oneOf(w.Classes, class)
}

// beyondTrip is the condition when it asks for more than the trip, else nil.
func (w *When) beyondTrip() *When {
	if len(w.Products) == 0 && len(w.Reasons) == 0 && len(w.Choices) == 0 && w.Insured == nil && w.MinNights == 0 &&
		w.MaxNights == 0 && w.MinRank == 0 && w.MaxRank == 0 && !w.PriceFrom.IsSet() && !w.PriceUntil.IsSet() &&
		!w.Booked.IsSet() && !w.BookedTo.IsSet() {
		return nil
	}
	return w
}

// arrange checks tables and lays them out per trip.
func (c *compiled) arrange(r *refusals, section string, exceptions, tables []Table, allowed []base) [tripCount]scales {
	var out [tripCount]scales
	c.checkTables(r, section+".exceptions", exceptions, allowed)
	c.checkTables(r, section+".tables", tables, allowed)
	for _, trip := range Trips {
		out[trip] = scales{c.fitting(exceptions, trip), c.fitting(tables, trip)}
		last := len(out[trip].tables) - 1
		r.require(section == "compensation" || last >= 0 && out[trip].tables[last].when == nil, section+".tables",
			"none of them is for every %s trip", trip)
	}
	return out
}

func (c *compiled) fitting(tables []Table, trip Trip) []scale {
	var out []scale
	for i := range tables {
		if t := &tables[i]; t.When.onTrip(trip, c.classes[trip]) {
			out = append(out, scale{t.When.beyondTrip(), t})
		}
	}
	return out
}

func (c *compiled) checkTables(r *refusals, section string, tables []Table, allowed []base) {
	for i := range tables {
		t, key := &tables[i], fmt.Sprintf("%s[%d]", section, i)
		r.require(t.Name != "", key+".name", "is empty")
		r.require(len(t.Bands) > 0, key, "has no bands")
		c.checkWhen(r, key+".when", &t.When)
		for j := range t.Bands {
			c.checkBand(r, fmt.Sprintf("%s.bands[%d]", key, j), &t.Bands[j], allowed)
		}
	}
}

func (c *compiled) checkBand(r *refusals, key string, b *BandRule, allowed []base) {
	kind, ok := parseBand(b.Band)
	r.require(ok && kind != BandExcluded, key+".band", "%q is none of: none, deposit, percent, full, flat", b.Band)
	c.clause(r, key+".clause", b.Clause)
	r.require(!b.From.IsSet() || !b.After.IsSet(), key+".after", "stands beside from: a band begins once")
	r.require(!b.Until.IsSet() || !b.Before.IsSet(), key+".before", "stands beside until: a band ends once")
	for name, m := range map[string]Moment{"from": b.From, "after": b.After, "until": b.Until, "before": b.Before, "credit_until": b.CreditUntil} {
		c.checkMoment(r, key+"."+name, m, false)
	}
	if b.Credit != "" || b.CreditUntil.IsSet() {
		choose(r, key+".credit", b.Credit, map[string]bool{"rest": true, "fee": true})
	}
	if b.Refused {
		r.require(!b.Fee.IsSet(), key+".fee", "stands beside refused: what is refused has no fee")
		return
	}
	c.checkAmount(r, key+".fee", b.Fee, allowed)
}

func (c *compiled) checkDecisions(r *refusals) {
	d := &c.policy.Decisions
	c.rounding = money.Down
	if need(r, d.PercentRounding, true, "percent_rounding") {
		c.rounding = choose(r, "decisions.percent_rounding.choice", d.PercentRounding.Choice,
			map[string]money.Rounding{"down": money.Down, "up": money.Up, "half_up": money.HalfUp})
	}
	if d.GapPolicy != nil { // without it a gap is read for the consumer, and lint tells of it
		c.gap = choose(r, "decisions.gap_policy.choice", d.GapPolicy.Choice,
			map[string]gapPolicy{"lower_fee": lowerFee, "higher_fee": higherFee, "no_fee": noFee})
	}
	if need(r, d.DepositLevel, c.policy.Deposit != nil, "deposit_level") {
		c.perBooking = choose(r, "decisions.deposit_level.choice", d.DepositLevel.Choice, map[string]bool{"participant": false, "booking": true})
	}
	if need(r, d.ScheduleInversion, c.policy.Deposit != nil, "schedule_inversion") {
		c.laterDate = choose(r, "decisions.schedule_inversion.choice", d.ScheduleInversion.Choice, map[string]bool{"as_written": false, "later_date": true})
	}
	if need(r, d.InsuredCancellation, c.policy.Insurance != nil, "insured_cancellation_flow") {
		c.advances = choose(r, "decisions.insured_cancellation_flow.choice", d.InsuredCancellation.Choice,
			map[string]bool{"customer_claims": false, "organiser_advances": true})
	}
	if need(r, d.PremiumIfCancelled, c.policy.Insurance != nil, "premium_if_cancelled_before_balance_invoice") {
		c.premiumDue = choose(r, "decisions.premium_if_cancelled_before_balance_invoice.choice", d.PremiumIfCancelled.Choice,
			map[string]bool{"when_claimed": false, "due": true})
	}
	need(r, d.RebookingNeedsApproval, c.policy.Rebooking != nil, "rebooking_needs_approval")
	if need(r, d.RebookingFeeFrom, c.policy.Rebooking != nil, "rebooking_fee_from") {
		c.cheaperRebooking = choose(r, "decisions.rebooking_fee_from.choice", d.RebookingFeeFrom.Choice, map[string]bool{"old": false, "cheaper": true})
	}
	if need(r, d.RebookingLastDay, c.policy.Rebooking != nil, "rebooking_last_day") && d.RebookingLastDay.Choice != "none" {
		err := c.rebookLast.UnmarshalText([]byte(d.RebookingLastDay.Choice))
		r.require(err == nil, "decisions.rebooking_last_day.choice", "%v; write a moment or \"none\"", err)
	}
	if need(r, d.CancellationMoment, true, "cancellation_moment") {
		choose(r, "decisions.cancellation_moment.choice", d.CancellationMoment.Choice, map[string]bool{"sent": true, "received": true, "next_working_day": true})
	}
	if need(r, d.ReminderAndGrace, c.policy.Endings.Nonpayment != nil, "reminder_and_grace_days") {
		g := d.ReminderAndGrace.Choice
		r.require(g.Reminders >= 0 && g.Days >= 0 && g.Days <= maxCount, "decisions.reminder_and_grace_days.choice", "is not a number of reminders and days")
	}
	if d.MemberStatusDate != nil {
		choose(r, "decisions.member_status_date.choice", d.MemberStatusDate.Choice, map[string]bool{"booking": true, "departure": true})
	}
	if d.PhotoConsent != nil {
		choose(r, "decisions.photo_consent.choice", d.PhotoConsent.Choice, map[string]bool{"opt_in": true, "opt_out": true})
	}
}

// need refuses a decision that its section asks for and that is not there.
func need[T any](r *refusals, d *Decision[T], when bool, name string) bool {
	r.require(d != nil || !when, "decisions."+name, "is missing")
	return d != nil
}

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

func (c *compiled) checkPriceRise(r *refusals) {
	p, d := c.policy.PriceRise, &c.policy.Decisions
	if p == nil {
		return
	}
	c.clause(r, "price_rise.clause", p.Clause)
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
