package dunning

import (
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/money"
)

// Costs is what an organiser asks of late payers, by how much is open. The zero value asks nothing.
type Costs struct {
	Clause     string     // where the terms say so: without a clause nothing may be asked
	PlacedFrom civil.Date // orders placed from that day on were booked under that clause; zero: nothing is asked
	Small      money.Cents
	Middle     money.Cents
	MiddleBP   int64 // of the part above 150 euro, in hundredths of a per cent
	Large      money.Cents
	LargeBP    int64 // of the part above 500 euro
	Most       money.Cents
}

// Cap is the most that art. XIX.4 allows: up to 150 euro 20; up to 500 euro 30 and 10 % of what is above 150; from there 65
// and 5 % of what is above 500, never more than 2,000.
var Cap = Costs{Small: 20_00, Middle: 30_00, MiddleBP: 10_00, Large: 65_00, LargeBP: 5_00, Most: 2000_00}

const smallUpTo, middleUpTo = money.Cents(150_00), money.Cents(500_00)

// of is the rule without the cap.
func (c Costs) of(open money.Cents) (ask money.Cents) {
	part := func(above money.Cents, bp int64) money.Cents { return above * money.Cents(bp) / 100_00 } // a part of a cent is the family's
	switch {
	case open <= 0:
		return 0
	case open <= smallUpTo:
		ask = c.Small
	case open <= middleUpTo:
		ask = c.Middle + part(open-smallUpTo, c.MiddleBP)
	default:
		ask = c.Large + part(open-middleUpTo, c.LargeBP)
	}
	return max(0, min(ask, c.Most))
}

// For is what may be asked once for what an order placed on a day still owes: nothing without a clause, and never more than
// the law allows.
func (c Costs) For(placed civil.Date, open money.Cents) money.Cents {
	if c.Clause == "" || c.PlacedFrom.IsZero() || placed.Before(c.PlacedFrom) {
		return 0
	}
	return min(c.of(open), Cap.of(open))
}

// On reports whether anything is asked of anybody.
func (c Costs) On() bool { return c.Clause != "" && !c.PlacedFrom.IsZero() }

// Check refuses settings above the law's: one such clause would void all of it, and then nothing could be asked. A fault
// names the fields.
func (c Costs) Check() error {
	wrong := *fault.New(fault.Invalid, "form.invalid")
	wrong.Fields = map[string]string{}
	for field, over := range map[string]bool{
		"small": c.Small < 0 || c.Small > Cap.Small, "middle": c.Middle < 0 || c.Middle > Cap.Middle, "middle_percent": c.MiddleBP < 0 || c.MiddleBP > Cap.MiddleBP,
		"large": c.Large < 0 || c.Large > Cap.Large, "large_percent": c.LargeBP < 0 || c.LargeBP > Cap.LargeBP, "most": c.Most < 0 || c.Most > Cap.Most,
	} {
		if over {
			wrong.Fields[field] = "dunning.fault.above_law"
		}
	}
	if (c.Clause == "") != c.PlacedFrom.IsZero() {
		wrong.Fields[map[bool]string{true: "clause", false: "placed_from"}[c.Clause == ""]] = "dunning.fault.agreed"
	}
	if len(wrong.Fields) > 0 {
		return &wrong
	}
	return nil
}
