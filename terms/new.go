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
	for _, t := range Trips {
		c.classes[t] = t.String()
	}
	c.checkDecisions(r)
	c.checkDeposit(r)
	c.checkPayment(r)
	c.checkInsurance(r)
	c.checkEndings(r)
	c.cancellation = c.arrange(r, "cancellation", p.Cancellation.Exceptions, p.Cancellation.Tables, feeBases)
	if name := p.Cancellation.CostsClause; name != "" {
		c.clause(r, "cancellation.costs_clause", name)
	}
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
