package social

import (
	"strconv"

	"joetz/terms"
)

// Setting is what a party goes on.
type Setting uint8

const (
	// Holiday is with a night.
	Holiday Setting = iota + 1
	// GroupDayTrip is an organisation's day trip with guides.
	GroupDayTrip
)

// ParseSetting reads what String writes; zero for anything else.
func ParseSetting(s string) Setting {
	for _, v := range []Setting{Holiday, GroupDayTrip} {
		if v.String() == s {
			return v
		}
	}
	return 0
}

// String is the name in files.
func (s Setting) String() string { return [...]string{"", "holiday", "group_day_trip"}[s] }

// Party is who goes along.
type Party struct {
	Setting    Setting
	House      bool // the price is for a house, not per person
	Entitled   int
	Companions int // come along to care, or guide the group: always at the social tariff
	Others     int
}

type partyRule struct {
	Share           int  `toml:"share"`
	NeedsEntitled   bool `toml:"needs_entitled"`
	EverybodySocial bool `toml:"everybody_social"`
}

// Tariffs is who pays what, in head counts.
type Tariffs struct {
	Allowed bool
	Social  int
	Regular int
	Because []terms.Reason
}

// Party judges a party as a whole. The error is a terms.Problem.
func (r *Rules) Party(p Party) (Tariffs, error) {
	total := 0
	for _, n := range []struct {
		count int
		field string
	}{{p.Entitled, "entitled"}, {p.Companions, "companions"}, {p.Others, "others"}} {
		if n.count < 0 {
			return Tariffs{}, terms.Problem{Code: Negative, Field: n.field}
		}
		if n.count > MaxPeople {
			return Tariffs{}, terms.Problem{Code: terms.Invalid, Field: n.field}
		}
		total += n.count
	}
	if total == 0 {
		return Tariffs{}, terms.Problem{Code: EmptyParty, Field: "entitled"}
	}
	rule := r.parties[p.Setting.String()]
	counted := p.Entitled + p.Companions
	out := Tariffs{Allowed: 100*counted >= rule.Share*total && (p.Entitled > 0 || !rule.NeedsEntitled), Regular: total}
	if out.Allowed {
		out.Social, out.Regular = counted, p.Others
		if p.House || rule.EverybodySocial {
			out.Social, out.Regular = total, 0
		}
	}
	out.Because = r.partyReasons(&p, &rule, &out, counted, total)
	return out, nil
}

func (r *Rules) partyReasons(p *Party, rule *partyRule, out *Tariffs, counted, total int) []terms.Reason {
	args := []terms.Arg{terms.Count("entitled", counted), terms.Count("total", total), terms.Text("share", strconv.Itoa(rule.Share))}
	first := "party.share"
	switch {
	case rule.NeedsEntitled && p.Entitled == 0:
		first = "party.nobody"
	case !out.Allowed:
		first = "party.below_share"
	}
	second := "party.all_regular"
	switch {
	case out.Social > 0 && out.Regular > 0:
		second = "party.split"
	case out.Social > 0:
		second = "party.all_social"
	}
	clause := r.clauses[p.Setting.String()]
	return []terms.Reason{{Clause: clause, Key: first, Args: args},
		{Clause: clause, Key: second, Args: []terms.Arg{terms.Count("social", out.Social), terms.Count("regular", out.Regular)}}}
}
