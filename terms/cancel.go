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
