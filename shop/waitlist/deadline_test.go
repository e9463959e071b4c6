package waitlist_test

import (
	"testing"
	"time"

	"joetz/shop/waitlist"
	"joetz/terms/civil"
)

// Each case was counted by hand on a clock that runs from 8 to 22 in Brussels: 14 hours a day, whatever the season.
func TestDeadlineSkipsNights(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, now, departs, want string }{
		{"morning: 14 hours today, 10 tomorrow", "2027-05-03T08:00:00+02:00", "2027-07-19", "2027-05-04T18:00:00+02:00"},
		{"noon: 10 today, 14 tomorrow, exactly at closing", "2027-05-03T12:00:00+02:00", "2027-07-19", "2027-05-04T22:00:00+02:00"},
		{"a minute past noon: a minute of the third day", "2027-05-03T12:01:00+02:00", "2027-07-19", "2027-05-05T08:01:00+02:00"},
		{"at night it starts at 8", "2027-05-03T23:30:00+02:00", "2027-07-19", "2027-05-05T18:00:00+02:00"},
		{"after midnight the same day", "2027-05-04T03:00:00+02:00", "2027-07-19", "2027-05-05T18:00:00+02:00"},
		{"at closing", "2027-05-03T22:00:00+02:00", "2027-07-19", "2027-05-05T18:00:00+02:00"},
		{"the night in which summer begins has 9 hours", "2027-03-27T20:00:00+01:00", "2027-07-19", "2027-03-29T16:00:00+02:00"},
		{"offered in the hour that does not exist", "2027-03-28T01:30:00Z", "2027-07-19", "2027-03-29T18:00:00+02:00"},
		{"the night in which winter begins has 11 hours", "2027-10-30T20:00:00+02:00", "2027-12-26", "2027-11-01T16:00:00+01:00"},
		{"offered in the hour that comes twice", "2027-10-31T01:30:00Z", "2027-12-26", "2027-11-01T18:00:00+01:00"},
		{"ten days before: 8 hours", "2027-07-09T10:00:00+02:00", "2027-07-19", "2027-07-09T18:00:00+02:00"},
		{"ten days before, in the evening", "2027-07-09T20:00:00+02:00", "2027-07-19", "2027-07-10T14:00:00+02:00"},
		{"three days before: 3 hours", "2027-07-16T10:00:00+02:00", "2027-07-19", "2027-07-16T13:00:00+02:00"},
		{"the day before, late: never into the departure", "2027-07-18T20:30:00+02:00", "2027-07-19", "2027-07-18T22:00:00+02:00"},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		departs, err := civil.Parse(c.departs)
		if err != nil {
			t.Fatal(err)
		}
		if got := waitlist.DefaultSettings.Deadline(now, departs).In(civil.Brussels).Format(time.RFC3339); got != c.want {
			t.Errorf("%s: an offer of %s ends at %s, want %s", c.name, c.now, got, c.want)
		}
	}
}

// On the evening before the departure it is too late: the deadline lies not after now.
func TestTooLateForAnOffer(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 7, 18, 22, 30, 0, 0, civil.Brussels)
	if got := waitlist.DefaultSettings.Deadline(now, civil.Must(2027, 7, 19)); got.After(now) {
		t.Errorf("an offer of %v would run until %v, when the bus has left", now, got)
	}
}
