package social

import "joetz/terms"

// Evidence is a kind of proof, and what it opens.
type Evidence struct {
	Name      string   `toml:"name"`
	Clause    string   `toml:"clause"`
	Result    Result   `toml:"result"`
	Documents []string `toml:"documents"`
}

// Evidence lists the kinds of proof, in the brochure's order.
func (r *Rules) Evidence() []Evidence { return append([]Evidence(nil), r.evidence...) }

// Clause is the brochure's text that a kind of proof rests on.
func (r *Rules) Clause(e Evidence) terms.Clause { return r.clauses[e.Clause] }

// ValidIn is the year for which a proof shown for a holiday counts: the calendar year of the departure, whatever the
// card itself says. Shown in an earlier year it is provisional, and is checked again from 1 January.
func ValidIn(shownYear, departureYear int) (year int, provisional bool) {
	return departureYear, shownYear < departureYear
}

type povertyRule struct {
	Items              int `toml:"items"`
	Deprivation        int `toml:"deprivation"`
	SevereDeprivation  int `toml:"severe_deprivation"`
	WorkIntensityBelow int `toml:"work_intensity_below"`
}

// Poverty are the criteria for organisations that cannot ask for papers.
type Poverty struct {
	Lacking        int  // of the 13 items, wanted or needed and not affordable
	MonthlyPoor    bool // by income
	MonthsWorked10 int  // tenths of a month that the members of working age worked in the last 12 months
	MonthsPossible int  // months that they could have worked
}

// Poverty judges the risk of poverty: at risk by income, severe deprivation or very low work intensity is yes,
// deprivation alone is for staff.
func (r *Rules) Poverty(p Poverty) Result {
	lowWork := p.MonthsPossible > 0 && 100*p.MonthsWorked10 < 10*r.poverty.WorkIntensityBelow*p.MonthsPossible
	switch {
	case p.MonthlyPoor, p.Lacking >= r.poverty.SevereDeprivation, lowWork:
		return Yes
	case p.Lacking >= r.poverty.Deprivation:
		return Ask
	}
	return No
}
