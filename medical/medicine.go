package medical

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"joetz/medical/seal"
	"joetz/terms/civil"
)

// Paracetamol is the key of the one medicine that leaders may give on the parent's general permission.
const Paracetamol = "p"

// Medicine is what a child takes at camp, as the fiche says. For a reader without access there is none.
type Medicine struct {
	Key      string // of its row in the fiche, or Paracetamol
	Name     seal.Text
	Amount   seal.Text // how much each time; of Paracetamol the child's weight in kilos
	Slots    []string  // breakfast, noon, evening, bedtime, hour
	Hour     string    // of the slot hour, HH:MM
	From, To civil.Date
	// Only when needed: When says so, at most PerDay times in 24 hours, Between hours apart; 0 = the fiche does not say.
	Needed  bool
	When    seal.Text
	PerDay  int
	Between int
	AskCall bool // call the parent first
}

// slotTimes are when a slot is due on a camp's day.
var slotTimes = map[string]string{"breakfast": "08:00", "noon": "12:30", "evening": "18:00", "bedtime": "21:00"}

// Dose is one moment at which a medicine is due.
type Dose struct {
	Medicine Medicine
	Slot     string
	Day      civil.Date
	At       time.Time
	Done     []Record // what was written down for it; two that contradict each other are both here
}

// Late reports whether nothing was written down an hour after it was due.
func (d Dose) Late(now time.Time) bool { return len(d.Done) == 0 && now.After(d.At.Add(time.Hour)) }

// medicinesOf reads the plan from a sheet, as far as its reader sees it.
func medicinesOf(sheet Sheet, camp campRow) []Medicine {
	kept := sheet.Kept()
	var all []Medicine
	for _, row := range kept["med.rows"].Rows {
		cell := func(name string) string { return row.Cells[name].Text }
		m := Medicine{Key: row.Key, Name: seal.Text(cell("name")), Amount: seal.Text(cell("dose")), From: camp.StartsOn, To: camp.EndsOn}
		for _, slot := range row.Cells["when"].Many {
			if slot == "needed" {
				m.Needed = true
				continue
			}
			m.Slots = append(m.Slots, slot)
		}
		m.Hour = cell("hour")
		if d, err := civil.Parse(cell("from")); err == nil && d.After(m.From) {
			m.From = d
		}
		if d, err := civil.Parse(cell("to")); err == nil && d.Before(m.To) {
			m.To = d
		}
		if more, ok := kept["med.needed"].Row(row.Key); ok {
			m.When = seal.Text(more.Cells["when"].Text)
			m.PerDay, _ = strconv.Atoi(more.Cells["max_per_day"].Text)
			m.Between, _ = strconv.Atoi(more.Cells["hours_between"].Text)
		}
		all = append(all, m)
	}
	if may := kept["consent.paracetamol"].Text; may == "yes" || may == "call" {
		all = append(all, Medicine{Key: Paracetamol, Name: "Paracetamol", Amount: seal.Text(kept["consent.weight"].Text), Needed: true, PerDay: 1,
			From: camp.StartsOn, To: camp.EndsOn, AskCall: may == "call"})
	}
	return all
}

// At is when a slot is due on a day, in Belgium.
func (m Medicine) At(slot string, day civil.Date) (time.Time, bool) {
	clock := slotTimes[slot]
	if slot == "hour" {
		clock = m.Hour
	}
	return Moment(day, clock)
}

// Moment is a day with a time of the clock, HH:MM, in Belgium.
func Moment(day civil.Date, clock string) (time.Time, bool) {
	h, mm, ok := strings.Cut(clock, ":")
	hour, errH := strconv.Atoi(h)
	minute, errM := strconv.Atoi(mm)
	if !ok || errH != nil || errM != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return time.Time{}, false
	}
	start := day.Start()
	return time.Date(start.Year(), start.Month(), start.Day(), hour, minute, 0, 0, start.Location()), true
}

// dosesOn lists what is due on a day, by time.
func dosesOn(all []Medicine, day civil.Date, records []Record) []Dose {
	var out []Dose
	for _, m := range all {
		if day.Before(m.From) || day.After(m.To) {
			continue
		}
		for _, slot := range m.Slots {
			at, ok := m.At(slot, day)
			if !ok {
				continue
			}
			dose := Dose{Medicine: m, Slot: slot, Day: day, At: at}
			for _, r := range records {
				if r.counts() && r.Medicine == m.Key && r.Slot == slot && r.Day == day {
					dose.Done = append(dose.Done, r)
				}
			}
			out = append(out, dose)
		}
	}
	slices.SortStableFunc(out, func(a, b Dose) int { return a.At.Compare(b.At) })
	return out
}

// forgotten lists what was due the day before and nobody wrote down. On the first day of a camp what was due before two
// o'clock is left out: the children were still on their way.
func forgotten(all []Medicine, day civil.Date, camp campRow, records []Record) []Dose {
	before := day.AddDays(-1)
	return slices.DeleteFunc(dosesOn(all, before, records), func(d Dose) bool {
		came, _ := Moment(camp.StartsOn, "14:00")
		return len(d.Done) > 0 || d.At.Before(came)
	})
}

// Limits is what giving a medicine now would break. The words are keys: see the messages medical.limit.*.
type Limits []string

// What giving may break.
const (
	LimitTwice    = "twice"    // written down for this moment already
	LimitDaily    = "daily"    // the most in 24 hours is reached
	LimitInterval = "interval" // too soon after the one before
	LimitPeriod   = "period"   // not from this day, or not any more
)

// limits says what giving the medicine at a moment breaks, given what was written down before. A dose that was written
// down later but given within the same hours counts too.
func (m Medicine) limits(slot string, day civil.Date, at time.Time, records []Record) (broken Limits) {
	if day.Before(m.From) || day.After(m.To) {
		broken = append(broken, LimitPeriod)
	}
	var times []time.Time
	near := false
	for _, r := range records {
		if r.Medicine != m.Key || !r.counts() {
			continue
		}
		if slot != "" && r.Slot == slot && r.Day == day && !slices.Contains(broken, LimitTwice) {
			broken = append(broken, LimitTwice)
		}
		if r.Outcome != Given {
			continue
		}
		times = append(times, r.At)
		near = near || m.Between > 0 && at.Sub(r.At).Abs() < time.Duration(m.Between)*time.Hour
	}
	if m.PerDay > 0 && mostInADay(at, times) > m.PerDay {
		broken = append(broken, LimitDaily)
	}
	if near {
		broken = append(broken, LimitInterval)
	}
	return broken
}

// mostInADay is how many times, at among them, fall within the fullest 24 hours that hold at.
func mostInADay(at time.Time, times []time.Time) (most int) {
	const day = 24 * time.Hour
	near := []time.Time{at}
	for _, t := range times {
		if at.Sub(t).Abs() < day {
			near = append(near, t)
		}
	}
	for _, from := range near {
		n := 0
		if from.After(at) {
			continue
		}
		for _, t := range near {
			if !t.Before(from) && t.Sub(from) < day {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
