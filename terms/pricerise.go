package terms

import (
	"fmt"
	"math/bits"
	"strings"

	"joetz/terms/civil"
	"joetz/terms/money"
)

// PriceRise is what the rises that a customer was told of add up to, and whether they may leave.
type PriceRise struct {
	Valid     []bool // per rise
	Total     money.Cents
	Charged   money.Cents // Total less what the organiser absorbs
	Exit      bool        // the customer may cancel without costs
	ExitUntil civil.Date  // the last day for it; zero without Exit
}

// PriceRise judges price rises. It is total.
func (t Terms) PriceRise(f PriceRiseFacts) PriceRise {
	c := t.c
	r := c.policy.PriceRise
	out := PriceRise{Valid: make([]bool, len(f.Rises))}
	d := c.days(civil.Date{}, f.DepartsOn, &Circumstances{})
	latest, threshold := c.riseRules(f.Regime)
	for i, rise := range f.Rises {
		out.Valid[i] = r != nil && (!latest.IsSet() || !rise.NotifiedOn.After(latest.at(&d)))
		if out.Valid[i] {
			out.Total += rise.Amount
			d.notice = civil.Later(d.notice, rise.NotifiedOn)
		}
	}
	out.Charged = out.Total
	if r == nil || d.notice.IsZero() {
		return out
	}
	b := bases{ofPrice: f.PriceAtBooking, ofBasePrice: f.PriceAtBooking, ofTotal: f.PriceAtBooking}
	out.Charged = max(out.Total-r.Absorb.of(&b, c.rounding), 0)
	if out.Exit = threshold.reached(out.Charged, f.PriceAtBooking); out.Exit {
		out.ExitUntil = r.Window.at(&d)
	}
	return out
}

// RiseLimits says what holds for rises of a price before anybody is told of one: the last day for it, zero where the terms
// name none, and the share of the price above (or from) which the customer may leave.
func (t Terms) RiseLimits(regime Regime, departs civil.Date) (latest civil.Date, exit Threshold) {
	moment, exit := t.c.riseRules(regime)
	if moment.IsSet() {
		d := t.c.days(civil.Date{}, departs, &Circumstances{})
		latest = moment.at(&d)
	}
	return latest, exit
}

func (c *compiled) riseRules(regime Regime) (latest Moment, threshold Threshold) {
	days, thresholds := c.policy.Decisions.PriceRiseLatestDay, c.policy.Decisions.PriceRiseThreshold
	if days == nil || thresholds == nil {
		return latest, threshold
	}
	if regime == Package {
		return days.Choice.Package, thresholds.Choice.Package
	}
	return days.Choice.None, thresholds.Choice.None
}

// Threshold is a share of a price that a rise is measured against: "above 10%", or "from 10%" with the limit itself.
type Threshold struct {
	percent money.MilliPercent
	at      bool
}

// Percent is the share.
func (t Threshold) Percent() money.MilliPercent { return t.percent }

// reached compares exactly: no division, so no rounding. An unset threshold is never reached, nor is any by a rise of nothing.
func (t Threshold) reached(rise, price money.Cents) bool {
	if t.percent == 0 || rise <= 0 || price < 0 {
		return false
	}
	hi1, lo1 := bits.Mul64(uint64(rise), uint64(money.Hundred))
	hi2, lo2 := bits.Mul64(uint64(price), uint64(t.percent))
	if hi1 == hi2 && lo1 == lo2 {
		return t.at
	}
	return hi1 > hi2 || hi1 == hi2 && lo1 > lo2
}

// UnmarshalText reads "above 10%" or "from 10%".
func (t *Threshold) UnmarshalText(text []byte) error {
	word, number, _ := strings.Cut(string(text), " ")
	number, percent := strings.CutSuffix(number, "%")
	p, err := parsePercent(number)
	if err != nil || !percent || word != "above" && word != "from" {
		return fmt.Errorf("%q is no threshold like \"above 10%%\"", text)
	}
	*t = Threshold{p, word == "from"}
	return nil
}

// MarshalText writes the threshold as UnmarshalText reads it.
func (t Threshold) MarshalText() ([]byte, error) {
	if t.at {
		return []byte("from " + percentString(t.percent) + "%"), nil
	}
	return []byte("above " + percentString(t.percent) + "%"), nil
}
