package medical

import (
	"testing"

	"joetz/medical/questionnaire"
	"joetz/terms/civil"
)

// The rule in words, from the table of who sees what and when, written apart from decide: every combination of role,
// standing, day, booking and purpose, over every question and every audience's view code.
func TestEveryCombinationAgreesWithTheWrittenRule(t *testing.T) {
	t.Parallel()
	catalogue, err := questionnaire.Load()
	if err != nil {
		t.Fatal(err)
	}
	questions := catalogue.Current().Questions
	start, end := civil.Must(2027, 7, 5), civil.Must(2027, 7, 9)
	days := map[string][2]bool{ // day: animator's window, lead's window
		"2027-06-20": {false, false}, "2027-06-21": {false, true}, "2027-06-27": {false, true}, "2027-06-28": {true, true},
		"2027-07-05": {true, true}, "2027-07-09": {true, true}, "2027-07-10": {true, true}, "2027-07-11": {false, true},
		"2027-07-16": {false, true}, "2027-07-17": {false, false}, "2028-07-05": {false, false},
	}
	tried, shown := 0, 0
	for day, windows := range days {
		today, err := civil.Parse(day)
		if err != nil {
			t.Fatal(err)
		}
		for mask := range 1 << 10 {
			if mask>>8&1 == 0 && mask>>9&1 == 1 {
				continue // an opening that nobody asks by
			}
			bit := func(n int) bool { return mask>>n&1 == 1 }
			for role := Role(0); role <= Office+1; role++ {
				a := attempt{role: role, today: today, starts: start, ends: end, holdsRole: bit(0), assigned: bit(1), leads: bit(2),
					coming: bit(3), review: bit(4), purposeStated: bit(5), promised: bit(6), takenOff: bit(7), byOverride: bit(8), overrideOpen: bit(9)}
				g := DefaultSettings.decide(a)
				for _, q := range questions {
					tried++
					want := false
					switch code := q.View.Code(); {
					case !a.holdsRole:
					case a.byOverride && role != Guardian: // in an emergency: A and L, whatever the day; an animator A of the own camp
						who := role == Lead || role == Office || role == Animator && a.assigned
						want = a.overrideOpen && a.coming && !a.takenOff && who && (code == "A" || code == "L" && role != Animator)
					case role == Guardian:
						want = true
					case role == Animator:
						want = a.promised && a.assigned && a.coming && windows[0] && code == "A"
					case role == Lead:
						want = a.promised && a.assigned && a.leads && a.coming && windows[1] && (code == "A" || code == "L")
					case role == Office:
						want = a.review && a.purposeStated && (code == "S" || code == "S>A" || code == "S>L")
					}
					value, sight := g.reduce(q, questionnaire.Value{Text: "geheim"})
					if got := sight == questionnaire.Whole; got != want || got != (value.Text != "") {
						t.Fatalf("%s on %s, %+v: shown %v, want %v", q.ID, day, a, got, want)
					}
					if want {
						shown++
					}
				}
			}
		}
	}
	if tried < 3_000_000 || shown == 0 || shown > tried/4 {
		t.Errorf("tried %d, shown %d", tried, shown)
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		born, on string
		want     int
	}{
		{"2018-07-05", "2027-07-05", 9}, {"2018-07-06", "2027-07-05", 8}, {"2016-02-29", "2027-02-28", 10}, {"2016-02-29", "2027-03-01", 11},
		{"2018-12-31", "2027-01-01", 8},
	} {
		born, _ := civil.Parse(c.born)
		on, _ := civil.Parse(c.on)
		if got := Age(born, on); got != c.want {
			t.Errorf("born %s on %s: %d, want %d", c.born, c.on, got, c.want)
		}
	}
}
