package questionnaire

import (
	"fmt"
	"slices"
)

// checkCondition makes sure that the questions, fields and options that a condition names exist.
func (v *Version) checkCondition(c Condition) error {
	choice := func(question, value string) error {
		on := v.byID[question]
		switch {
		case on == nil:
			return fmt.Errorf("%s is no earlier question", question)
		case on.Kind == YesNo && (value == "yes" || value == "no"), on.Kind == YesNoUnknown && (value == "yes" || value == "no" || value == "unknown"):
			return nil
		case !hasOption(on.Options, value):
			return fmt.Errorf("%s has no option %q", question, value)
		}
		return nil
	}
	switch c := c.(type) {
	case either:
		for _, one := range c {
			if err := v.checkCondition(one); err != nil {
				return err
			}
		}
	case equals:
		return choice(c.question, c.value)
	case differs:
		return choice(c.question, c.value)
	case beside:
		return choice(c.question, c.value)
	case filled:
		if v.byID[string(c)] == nil {
			return fmt.Errorf("%s is no earlier question", string(c))
		}
	case anyRow:
		return v.checkRowCondition(c.of, c.field, c.value)
	case thisRow:
		return v.checkRowCondition(c.of, c.field, c.value)
	}
	return nil
}

func (v *Version) checkRowCondition(of, field, value string) error {
	on := v.byID[of]
	if on == nil {
		return fmt.Errorf("%s is no earlier question", of)
	}
	i := slices.IndexFunc(on.Fields, func(f Field) bool { return f.ID == field })
	if i < 0 {
		return fmt.Errorf("%s has no field %q", of, field)
	}
	if f := on.Fields[i]; !hasOption(f.Options, value) && !(f.Kind == YesNo && (value == "yes" || value == "no")) {
		return fmt.Errorf("%s.%s has no option %q", of, field, value)
	}
	return nil
}
