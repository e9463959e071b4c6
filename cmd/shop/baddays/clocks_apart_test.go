package baddays

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// clocks is a town with two shops, of which the second goes by a clock that is ahead of the first's and of the database's.
type clocks struct {
	*town
	apart     time.Duration
	first     *process
	ahead     *process
	behind    string // an address of the database under which its clock is behind that of who asks
	figuresAt string // where the second's are
	names     children
}

// Two shops whose clocks are apart, as after a machine was set wrong by hand: holds of the one run out too soon or too late for the
// other, but nothing is sold twice, no payment or letter is lost or doubled, no job is taken out of another's hands, and each shop's
// periods have their work. The figures, the log and shop doctor tell of it.
func TestClocksApart(t *testing.T) {
	t.Parallel()
	tool(t, "postgres")
	for _, apart := range []time.Duration{3 * time.Minute, 25 * time.Hour} {
		t.Run(apart.String(), func(t *testing.T) {
			t.Parallel()
			c := newClocks(t, apart)
			c.everybodyBuys()
			c.lastPlace()
			c.periods()
			c.isTold()
		})
	}
}

func newClocks(t *testing.T, apart time.Duration) *clocks {
	t.Helper()
	c := &clocks{town: newTown(t, 3, 1, 40), apart: apart, figuresAt: freePort(t)}
	c.db.MustExec(`UPDATE session SET expires_at = now() + interval '30 days' WHERE guardian_id IS NOT NULL`) // as long as theirs are
	c.db.MustExec(`CREATE SCHEMA late`)
	c.db.MustExec(fmt.Sprintf(`CREATE FUNCTION late.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
		$$ SELECT pg_catalog.clock_timestamp() - interval '%d seconds' $$`, int(apart.Seconds())))
	c.behind = c.dsn + " search_path=late,pg_catalog,public"

	c.db.MustExec(`INSERT INTO job (kind, args, state, attempts, max_attempts, leased_by, leased_until) VALUES
		('test.held', '{}', 'running', 1, 5, 'a process that works on it', now() + interval '9 minutes'),
		('test.left', '{}', 'running', 1, 5, 'a process that died', now() - interval '1 second')`)
	vars := append(slices.Clone(c.vars), "SHOP_METRICS_ADDR="+c.figuresAt, at(time.Now().Add(apart)))
	vars[0] = "DATABASE_URL=" + c.behind
	c.ahead = start(t, "127.0.0.1:0", vars...)
	waitFor(t, "the job of a process that died to be free", func() bool {
		return c.count(`SELECT count(*) FROM job WHERE kind = 'test.left' AND state = 'waiting'`) == 1
	})
	if c.count(`SELECT count(*) FROM job WHERE kind = 'test.held' AND state = 'running'`) != 1 {
		t.Error("a job was taken from who works on it")
	}
	c.db.MustExec(`DELETE FROM job WHERE kind LIKE 'test.%'`)
	c.first = start(t, "127.0.0.1:0", c.vars...)
	return c
}

// everybodyBuys lets two families begin at one shop and end at the other, in either order: each has its booking, paid once.
func (c *clocks) everybodyBuys() {
	c.t.Helper()
	for n, way := range [][2]*process{{c.first, c.ahead}, {c.ahead, c.first}} {
		v, child := newVisitor(way[0].url, parentSession(n)), c.names.next()
		if err := c.hold(v, c.departures[1], child); err != nil {
			c.t.Fatal(err)
		}
		v.site = way[1].url // with the same cookies: both have the same name
		if ready, err := c.step(v, c.departures[1], child); err != nil || !ready {
			if way[1] == c.first || c.apart < 30*time.Minute { // elsewhere its time is over, and the family begins anew
				c.t.Fatal(err)
			}
			if err := c.hold(v, c.departures[1], child); err != nil {
				c.t.Fatal(err)
			}
		}
		if _, err := c.confirm(v, child, true); err != nil {
			c.t.Fatal(err)
		}
		var placed int64
		c.get(&placed, `SELECT b.order_id FROM booking b JOIN participant p ON p.id = b.participant_id WHERE p.first_name = $1`, child)
		v.site = way[0].url
		page, err := v.post(fmt.Sprintf("/mijn/bestelling/%d/betalen", placed), nil)
		if err == nil {
			err = page.wants("pay page", "/demo/stripe/c/pay/")
		}
		if err != nil {
			c.t.Fatal(err)
		}
		if page, err = v.post(page.to, url.Values{"act": {"bancontact"}}); err != nil || page.wants("paid", "") != nil {
			c.t.Fatal(err, page.status)
		}
		c.settled()
		if paid := c.count(`SELECT coalesce(sum(amount_cents), 0) FROM payment WHERE order_id = $1`, placed); paid != 50_00 {
			c.t.Errorf("%d cents were paid", paid)
		}
	}
}

// lastPlace lets two families reach for one place through two shops: one of them gets it, also where the other one's hold had run out by
// the clock of this shop.
func (c *clocks) lastPlace() {
	c.t.Helper()
	one, other := newVisitor(c.first.url, parentSession(0)), newVisitor(c.ahead.url, parentSession(1))
	child, rival := c.names.next(), c.names.next()
	if err := c.hold(one, c.departures[0], child); err != nil {
		c.t.Fatal(err)
	}
	told := 0
	if c.hold(other, c.departures[0], rival) == nil {
		if c.apart < 30*time.Minute {
			c.t.Error("a place was taken out of another's basket")
		}
		if _, err := c.confirm(other, rival, false); err == nil {
			told++
		}
	}
	if _, err := c.confirm(one, child, false); err == nil {
		told++
	}
	if n := c.count(`SELECT count(*) FROM booking WHERE departure_id = $1`, c.departures[0]); n != 1 || told != 1 {
		c.t.Errorf("the last place: %d bookings, %d were told that it is theirs", n, told)
	}
	c.settled()
	c.exact("clocks apart")
	c.soundAt("clocks apart", time.Now().Add(c.apart))
	if n := c.count(`SELECT count(*) FROM (SELECT 1 FROM mail GROUP BY order_id, kind, to_address HAVING count(*) > 1) twice`); n > 0 {
		c.t.Errorf("%d letters were written twice", n)
	}
	if n := c.count(`SELECT count(*) FROM booking_order o WHERE NOT EXISTS (SELECT 1 FROM mail m WHERE m.order_id = o.id)`); n > 0 {
		c.t.Errorf("%d orders have no letter", n)
	}
}

// periods holds the work of each hour against both clocks: one that runs ahead does not use up the other's.
func (c *clocks) periods() {
	c.t.Helper()
	for whose, ahead := range map[string]time.Duration{"the first": 0, "the one ahead": c.apart} {
		waitFor(c.t, "the hourly work of "+whose, func() bool {
			now := time.Now().Add(ahead)
			return c.count(`SELECT count(*) FROM job WHERE kind = 'account.sweep' AND state = 'done' AND unique_key::timestamptz BETWEEN $1 AND $2`, now.Add(-2*time.Hour), now) > 0
		})
	}
}

// isTold holds what the log, the figures and shop doctor say.
func (c *clocks) isTold() {
	c.t.Helper()
	if !strings.Contains(c.ahead.whole(), "the database's differ") || strings.Contains(c.first.whole(), "the database's differ") {
		c.t.Errorf("the log: %s", c.ahead.said())
	}
	var figure float64
	waitFor(c.t, "the figure of the clock", func() bool { // there is none while the database is slow to answer
		_, figures, _ := status("http://"+c.figuresAt, "/metrics")
		_, rest, found := strings.Cut(figures, "\nshop_clock_ahead_seconds ")
		line, _, _ := strings.Cut(rest, "\n")
		var err error
		figure, err = strconv.ParseFloat(line, 64)
		return found && err == nil
	})
	if short := c.apart.Seconds() - figure; short < 0 || short > 5 { // no more than the time that a look may take
		c.t.Errorf("the clock is said to be %v s ahead", figure)
	}
	for dsn, want := range map[string]string{c.dsn: "agrees with the database's", c.behind: "ahead of the database's"} {
		if said, _ := command(c.t, append(slices.Clone(c.vars), "DATABASE_URL="+dsn), "doctor"); !strings.Contains(said, want) {
			c.t.Errorf("shop doctor does not say %q: %s", want, said)
		}
	}
}
