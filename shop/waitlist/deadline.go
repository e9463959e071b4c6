package waitlist

import (
	"time"

	"joetz/terms/civil"
)

// Settings say how long a family has to answer an offer.
type Settings struct {
	Opens, Closes int    // hours of the day in Belgium between which the time runs; at night it stands still
	Steps         []Step // the nearer the departure, the shorter; in falling order of Days
}

// Step is the time to answer when the departure is at least so many days away.
type Step struct {
	Days int
	Time time.Duration
}

// DefaultSettings give 24 hours of daytime (a day and most of the next), and less near the departure.
var DefaultSettings = Settings{Opens: 8, Closes: 22, Steps: []Step{{14, 24 * time.Hour}, {4, 8 * time.Hour}, {0, 3 * time.Hour}}}

// Time is how much daytime an offer made on a day lasts for a departure on another.
func (s Settings) Time(on, departs civil.Date) time.Duration {
	days := on.DaysUntil(departs)
	for _, step := range s.Steps {
		if days >= step.Days {
			return step.Time
		}
	}
	return s.Steps[len(s.Steps)-1].Time
}

// Deadline is when an offer that is made now ends: after its time, counted only by day, and at the latest on the evening
// before the departure. Not after now when it is too late for an offer.
func (s Settings) Deadline(now time.Time, departs civil.Date) time.Time {
	left, day := s.Time(civil.Of(now), departs), civil.Of(now)
	last := at(departs.AddDays(-1), s.Closes)
	for !day.After(departs) {
		start, end := at(day, s.Opens), at(day, s.Closes)
		if now.After(start) {
			start = now
		}
		if room := end.Sub(start); room >= left {
			if until := start.Add(left); until.Before(last) {
				return until
			}
			return last
		} else if room > 0 {
			left -= room
		}
		day = day.AddDays(1)
	}
	return last
}

// Day reports whether it is daytime: nobody is reminded at night.
func (s Settings) Day(now time.Time) bool {
	day := civil.Of(now)
	return !now.Before(at(day, s.Opens)) && now.Before(at(day, s.Closes))
}

// at is that hour of that day in Belgium, summer or winter.
func at(d civil.Date, hour int) time.Time {
	y, m, day := d.YMD()
	return time.Date(y, m, day, hour, 0, 0, 0, civil.Brussels)
}
