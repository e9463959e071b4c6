package questionnaire

import (
	"fmt"
	"slices"
	"strings"
)

// Level says how loud a flag is.
type Level uint8

// The levels, quiet to loud.
const (
	Calm  Level = iota
	Amber       // know it
	Red         // know it before anything else
)

// FlagRule derives a mark from answers; marks are never typed in.
type FlagRule struct {
	ID      string
	Level   Level
	Label   Text
	Section string // every question that it looks at is of this section
	when    Condition
}

// Flag finds a rule by its id.
func (v *Version) Flag(id string) (FlagRule, bool) {
	i := slices.IndexFunc(v.rules, func(r FlagRule) bool { return r.ID == id })
	if i < 0 {
		return FlagRule{}, false
	}
	return v.rules[i], true
}

// Flags lists the marks of a fiche, loudest first. A red mark "allergy_life" says it all: the amber "allergy" is left out.
// The answers must be clean (see Clean).
func (v *Version) Flags(f Facts, a Answers) []FlagRule {
	var out []FlagRule
	for _, level := range []Level{Red, Amber} {
		for _, rule := range v.rules {
			said := slices.ContainsFunc(out, func(louder FlagRule) bool { return strings.HasPrefix(louder.ID, rule.ID+"_") })
			if rule.Level == level && !said && rule.when.holds(f, a, nil) {
				out = append(out, rule)
			}
		}
	}
	return out
}

func (v *Version) addFlag(f fileFlag) error {
	level := map[string]Level{"red": Red, "amber": Amber}[f.Level]
	if f.ID == "" || level == Calm || !complete(f.Label) {
		return fmt.Errorf("id, level red or amber, and a label in both languages")
	}
	c, err := parseCondition(f.If, f.Of)
	if err != nil {
		return err
	}
	if err := v.checkCondition(c); err != nil {
		return err
	}
	section := sectionOf(c)
	if section == "" {
		return fmt.Errorf("it looks at more than one section")
	}
	v.rules = append(v.rules, FlagRule{f.ID, level, f.Label, section, c})
	return nil
}

// sectionOf is the one section of all questions that a condition looks at; "" when there are several or none. A mark of one
// section can be kept with it.
func sectionOf(c Condition) string {
	before := func(id string) string { section, _, _ := strings.Cut(id, "."); return section }
	switch c := c.(type) {
	case equals:
		return before(c.question)
	case differs:
		return before(c.question)
	case filled:
		return before(string(c))
	case beside:
		return before(c.question)
	case anyRow:
		return before(c.of)
	case either:
		section := sectionOf(c[0])
		for _, one := range c[1:] {
			if sectionOf(one) != section {
				return ""
			}
		}
		return section
	}
	return ""
}
