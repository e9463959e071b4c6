package lint

import (
	"bytes"
	_ "embed"

	"github.com/pelletier/go-toml/v2"

	"joetz/terms"
	"joetz/terms/civil"
)

//go:embed laws.toml
var lawFile []byte

// law is what a country asks of terms; what it does not ask is zero.
type law struct {
	ExitAbove terms.Threshold `toml:"package_exit_above"`
	LatestDay terms.Moment    `toml:"package_latest_day"`
	Reminders int             `toml:"reminders"`
	GraceDays int             `toml:"grace_days"`
	Returned  bool            `toml:"advances_are_returned"`
}

var laws = mustLaws()

func mustLaws() map[string]law {
	var out map[string]law
	if err := toml.NewDecoder(bytes.NewReader(lawFile)).DisallowUnknownFields().Decode(&out); err != nil {
		panic(err) // cannot happen: a test reads it
	}
	return out
}

// thresholds holds the terms against the law of their country.
func (l *linter) thresholds() {
	law, d := laws[l.p.Law], &l.p.Decisions
	if l.p.PriceRise != nil && law.ExitAbove.Percent() > 0 {
		clause := []string{l.p.PriceRise.Clause}
		if own := d.PriceRiseThreshold.Choice.Package; own.Percent() == 0 || own.Percent() > law.ExitAbove.Percent() {
			l.find(Thresholds, "", clause, "lint.exit_above_law", terms.Percent("own", own.Percent()), terms.Percent("law", law.ExitAbove.Percent()),
				terms.Money("price", example), terms.Money("amount", example.Percent(law.ExitAbove.Percent(), 0)))
		}
		departs := civil.Must(2027, 7, 31)
		own, theirs := d.PriceRiseLatestDay.Choice.Package, law.LatestDay
		last := theirs.Before(departs)
		if day := own.Before(departs); !own.IsSet() || day.After(last) {
			l.find(Thresholds, "", clause, "lint.rise_after_law", terms.Count("first", day.DaysUntil(departs)), terms.Count("last", last.DaysUntil(departs)))
		}
	}
	if l.p.Endings.Nonpayment == nil {
		return
	}
	nonpayment := []string{l.p.Endings.Nonpayment.Clause}
	if g := d.ReminderAndGrace.Choice; g.Reminders < law.Reminders || g.Days < law.GraceDays {
		l.find(Thresholds, "", nonpayment, "lint.grace_below_law", terms.Count("reminders", g.Reminders), terms.Count("first", g.Days),
			terms.Count("law_reminders", law.Reminders), terms.Count("last", law.GraceDays))
	}
	if law.Returned && !d.DepositReturnedOnDefault.Choice {
		l.find(Thresholds, "", nonpayment, "lint.advance_kept")
	}
}
