package terms

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Band names a step of the scale of cancellation fees.
type Band uint8

const (
	// BandNone: no fee, because it is not the customer who ends the booking, or the terms ask none.
	BandNone Band = iota
	// BandDeposit: the deposit.
	BandDeposit
	// BandPercent: part of the price.
	BandPercent
	// BandFull: the whole price.
	BandFull
	// BandExcluded: what was paid is kept.
	BandExcluded
	// BandFlat: a fixed sum, in other organisers' terms.
	BandFlat
)

var bandNames = [...]string{"none", "deposit", "percent", "full", "excluded", "flat"}

func parseBand(s string) (Band, bool) {
	for i, name := range bandNames {
		if name == s {
			return Band(i), true
		}
	}
	return 0, false
}

// String is the band's name in files and columns.
func (b Band) String() string { return bandNames[b] }

// MarshalText writes the band's name.
func (b Band) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// Cancellation is what the end of a booking costs, and what goes back.
type Cancellation struct {
	DaysBefore   int
	Band         Band
	Fee          money.Cents
	Premium      money.Cents
	Refund       money.Cents
	Outstanding  money.Cents
	Credit       money.Cents // what the customer has as a credit instead of money
	CreditUntil  civil.Date  // zero: it never ends
	Claimable    money.Cents // the fee, where the customer can claim it from the insurer
	Advanced     money.Cents // of it, what the organiser claims instead of the customer paying it
	Compensation money.Cents // what the organiser pays on top, within Refund
	Withheld     money.Cents // too little to pay back
}

// Cancel says what the end of a booking costs. It is total.
func (t Terms) Cancel(f CancelFacts) Cancellation {
	c := t.c
	f.Trip = f.Trip.known()
	d := c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	b := c.feeBases(&f, &d)
	on := c.counted(&f, &d)
	out := Cancellation{DaysBefore: on.DaysUntil(f.DepartsOn)}
	asCustomer := f.By == ByCustomer
	credit := ""
	if !asCustomer && f.By.Valid() {
		switch c.endings[f.By].Outcome {
		case "keep":
			out.Band, out.Fee = BandExcluded, f.Paid
		case "deposit":
			out.Band, out.Fee = BandDeposit, min(b[ofDeposit], f.Paid)
		case "band":
			asCustomer = true
		}
	}
	if asCustomer {
		band := c.feeOn(&c.cancellation[f.Trip], &d, on, &f.Circumstances, f.Insurance, &b)
		out.Band, out.Fee = band.kind, band.fee
		if f.Insurance && f.DepositPaid && (f.Claim || c.premiumDue) {
			out.Premium = c.premium(&b)
			if f.Claim {
				out.Claimable = out.Fee
			}
		}
		if c.advances {
			out.Advanced = out.Claimable
		}
		if band.rule != nil && band.rule.Credit != "" {
			credit = band.rule.Credit
			if band.rule.CreditUntil.IsSet() {
				out.CreditUntil = band.rule.CreditUntil.at(&d)
			}
		}
	} else if f.By == ByOrganiser {
		out.Compensation = c.feeOn(&c.compensation[f.Trip], &d, on, &f.Circumstances, f.Insurance, &b).fee
	}
	out.settle(&f, credit, c.policy.Cancellation.RefundMinimum.of(&b, c.rounding))
	return out
}

// settle weighs what was paid against what is due.
func (out *Cancellation) settle(f *CancelFacts, credit string, minimum money.Cents) {
	rest := f.Paid + out.Advanced + out.Compensation - out.Fee - out.Premium - f.Costs
	if credit == "fee" {
		out.Credit = min(out.Fee, f.Paid)
	}
	switch {
	case rest < 0:
		out.Outstanding = -rest
	case rest < minimum:
		out.Withheld = rest
	case credit == "rest":
		out.Credit = rest
	default:
		out.Refund = rest
	}
}

// feeBases are the sums that a fee can be a part of.
func (c *compiled) feeBases(f *CancelFacts, d *days) bases {
	b := bases{ofPrice: f.Price, ofBasePrice: f.BasePrice, ofExtras: f.Extras, ofTotal: f.Price + f.Extras,
		ofInvoice: f.Invoice, ofPaid: f.Paid}
	if f.Asked != nil {
		b[ofDeposit] = *f.Asked
	} else {
		b[ofDeposit] = c.depositAsked(f.Trip, d, &f.Circumstances, &b)
	}
	b[ofRemainder] = max(f.Price-b[ofDeposit], 0)
	if f.Invoice == 0 && c.usesInvoice {
		b[ofInvoice] = b[ofTotal]
		if f.Insurance {
			b[ofInvoice] += c.premium(&b)
		}
	}
	return b
}

// counted is the day that decides the fee.
func (c *compiled) counted(f *CancelFacts, d *days) civil.Date {
	switch choice := c.policy.Decisions.CancellationMoment; {
	case choice == nil:
	case choice.Choice == "received" && !f.ReceivedOn.IsZero():
		return f.ReceivedOn
	case choice.Choice == "next_working_day":
		return d.nextWorking(f.On)
	}
	return f.On
}

// charged is a fee and the rule that it follows from; without a rule no table speaks.
type charged struct {
	kind Band
	fee  money.Cents
	rule *BandRule
	gap  bool // no band holds that day: the gap policy chose
}

// feeOn is the fee on that day.
func (c *compiled) feeOn(s *scales, d *days, on civil.Date, f *Circumstances, insured bool, b *bases) charged {
	for i := range s.exceptions {
		e := &s.exceptions[i]
		if !e.when.matches(d, f, insured, b) {
			continue
		}
		if got, ok := c.inBand(e.table, d, on, b); ok {
			return got
		}
	}
	for i := range s.tables {
		t := &s.tables[i]
		if !t.when.matches(d, f, insured, b) {
			continue
		}
		if got, ok := c.inBand(t.table, d, on, b); ok {
			return got
		}
		return c.inGap(t.table, d, on, b)
	}
	return charged{}
}

// inBand is the fee of the band that holds the day. Where several do, the lowest counts: in doubt for the consumer.
func (c *compiled) inBand(t *Table, d *days, on civil.Date, b *bases) (charged, bool) {
	var got charged
	for i := range t.Bands {
		r := &t.Bands[i]
		if r.side(d, on) != 0 {
			continue
		}
		if this := c.charge(r, b); got.rule == nil || this.fee < got.fee {
			got = this
		}
	}
	return got, got.rule != nil
}

// side is 0 when the band holds the day, -1 when the day comes before the band, +1 after it.
func (r *BandRule) side(d *days, on civil.Date) int {
	switch {
	case r.From.IsSet() && on.Before(r.From.at(d)), r.After.IsSet() && !on.After(r.After.at(d)):
		return -1
	case r.Until.IsSet() && on.After(r.Until.at(d)), r.Before.IsSet() && !on.Before(r.Before.at(d)):
		return 1
	}
	return 0
}

// inGap is the fee on a day that no band holds: of its two neighbours, as the gap policy chooses.
func (c *compiled) inGap(t *Table, d *days, on civil.Date, b *bases) charged {
	var earlier, later charged
	for i := range t.Bands {
		r := &t.Bands[i]
		if r.side(d, on) > 0 {
			if earlier.rule == nil || earlier.rule.last(d).Before(r.last(d)) {
				earlier = c.charge(r, b)
			}
		} else if later.rule == nil || r.first(d).Before(later.rule.first(d)) {
			later = c.charge(r, b)
		}
	}
	got := earlier
	switch {
	case c.gap == noFee:
		got = charged{rule: earlier.rule}
	case earlier.rule == nil || later.rule == nil:
		// before the first band or after the last one the terms ask nothing
		got = charged{}
	case c.gap == higherFee && later.fee > earlier.fee, c.gap == lowerFee && later.fee < earlier.fee:
		got = later
	}
	got.gap = true
	return got
}

// first is the band's first day; the zero Date when it has none.
func (r *BandRule) first(d *days) civil.Date {
	switch {
	case r.From.IsSet():
		return r.From.at(d)
	case r.After.IsSet():
		return r.After.at(d).AddDays(1)
	}
	return civil.Date{}
}

// last is the band's last day; the zero Date when it has none.
func (r *BandRule) last(d *days) civil.Date {
	switch {
	case r.Until.IsSet():
		return r.Until.at(d)
	case r.Before.IsSet():
		return r.Before.at(d).AddDays(-1)
	}
	return civil.Date{}
}

func (c *compiled) charge(r *BandRule, b *bases) charged {
	fee := r.Fee.of(b, c.rounding)
	if c.policy.Cancellation.NeverAbovePrice {
		fee = min(fee, b[ofPrice])
	}
	kind, _ := parseBand(r.Band)
	return charged{kind: kind, fee: fee, rule: r}
}
