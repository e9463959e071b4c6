package baddays

import (
	"strings"
	"testing"
	"time"

	"joetz/migrations/pg/pgtest"
	"joetz/terms/civil"
)

// The clock of the machine jumps: hours forwards, back again, days forwards, and over both nights on which an hour is left
// out or comes twice. What was held runs out and can be taken again, nothing is sold twice, and each day's work is done
// once.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	tool(t, "postgres")
	moment := func(y int, m time.Month, d, h, min int) time.Time {
		return time.Date(y, m, d, h, min, 0, 0, civil.Brussels)
	}
	w := townAt(t, pgtest.DSN(t), moment(2027, 3, 1, 12, 0), 2, 12)
	w.db.MustExec(`UPDATE departure SET starts_on = '2027-12-20', ends_on = '2027-12-26'`) // after all that happens here
	spring, autumn := moment(2027, 3, 28, 1, 59), moment(2027, 10, 31, 2, 59)
	names, booked := children{}, 0
	var held *visitor
	for _, step := range []struct {
		what string
		at   time.Time
	}{
		{"a day", moment(2027, 3, 26, 12, 0)},
		{"an hour back", moment(2027, 3, 26, 11, 0)},
		{"two days on", moment(2027, 3, 28, 0, 30)},
		{"a minute before the hour that is left out", spring},
		{"after it", spring.Add(2 * time.Minute)},
		{"that morning", moment(2027, 3, 28, 10, 30)},
		{"back before the night", moment(2027, 3, 27, 23, 0)},
		{"before the hour that comes twice", autumn.Add(-time.Hour)},
		{"its first end", autumn},
		{"its second run", autumn.Add(30 * time.Minute)},
		{"that morning in winter", moment(2027, 10, 31, 10, 30)},
	} {
		w.db.MustExec(`UPDATE session SET created_at = $1, seen_at = $1, expires_at = $1::timestamptz + interval '2 days'`, step.at)
		shop := start(t, "127.0.0.1:0", append(w.vars, at(step.at))...)
		v := newVisitor(shop.url, parentSession(0))
		if held != nil { // whoever kept places before the jump reads what became of them
			held.site = shop.url
			if a, err := held.get("/boeken"); err != nil || a.status >= 400 && a.status != 410 {
				t.Errorf("%s: the basket of before: %v %d %s", step.what, err, a.status, title(a.body))
			}
		}
		child := names.next()
		if err := w.hold(v, w.departures[0], child); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		if _, err := w.confirm(v, child, false); err != nil {
			t.Errorf("%s: %v", step.what, err)
		}
		booked++
		held = newVisitor(shop.url, parentSession(1))
		if err := w.hold(held, w.departures[0], names.next()); err != nil && booked < 6 {
			t.Errorf("%s: %v", step.what, err)
		}
		waitFor(t, step.what+": the jobs of the day", func() bool {
			return w.count(`SELECT count(*) FROM job WHERE state = 'running' OR state = 'waiting' AND run_at <= $1 AND attempts = 0`, step.at) == 0
		})
		shop.stop()
		if log := shop.whole(); strings.Contains(log, "panic") || strings.Contains(log, "level=ERROR") {
			t.Errorf("%s: %s", step.what, shop.said())
		}
		w.soundAt(step.what, step.at.Add(time.Hour))
		w.exact(step.what)
	}
	if n := w.count(`SELECT count(*) FROM booking`); n != booked {
		t.Errorf("%d bookings, %d were confirmed", n, booked)
	}
	var twice []string
	if err := w.db.Select(&twice, `SELECT kind || ' ' || unique_key FROM job WHERE unique_key IS NOT NULL GROUP BY 1 HAVING count(*) > 1`); err != nil || len(twice) > 0 {
		t.Errorf("work done twice: %v %v", twice, err)
	}
	for _, day := range []string{"2027-03-28", "2027-10-31"} {
		if n := w.count(`SELECT count(*) FROM job WHERE kind = 'booking.dunning' AND (unique_key::timestamptz AT TIME ZONE 'Europe/Brussels')::date = $1::date`, day); n != 1 {
			t.Errorf("%s: reminders were written %d times", day, n)
		}
	}
}
