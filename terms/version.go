package terms

import "joetz/terms/civil"

// InForce is the newest of the terms that apply to a booking of that day for a departure on that day; false when none
// does. A booking keeps the terms that it was made under.
func InForce(all []Terms, booked, departs civil.Date) (Terms, bool) {
	var found Terms
	for _, t := range all {
		v := &t.c.policy.Applies
		on := booked
		if v.By == "departure" {
			on = departs
		}
		if on.Before(v.From) || !v.Until.IsZero() && on.After(v.Until) {
			continue
		}
		if found.c == nil || found.c.policy.Applies.From.Before(v.From) {
			found = t
		}
	}
	return found, found.c != nil
}
