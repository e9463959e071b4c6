package baddays

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// unavailable is an answer that says so plainly, and when to come again.
func unavailable(t *testing.T, what string, a page) {
	t.Helper()
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "even niet bereikbaar") {
		t.Errorf("%s: status %d, Retry-After %q, %s", what, a.status, a.header.Get("Retry-After"), title(a.body))
	}
}

const staleNotice = "vrije plaatsen nu niet vernieuwen"

// The database goes away: public pages are still read, and say from when they are; what needs it is refused plainly, for
// now; nobody is told that they are signed out. Then it is back, and so is everything.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	w := newTown(t, 1, 5)
	line := newWire(t, w.dsn)
	w.vars[0] = "DATABASE_URL=" + line.dsn()
	shop := start(t, "127.0.0.1:0", w.vars...)
	stranger, parent := newVisitor(shop.url, ""), newVisitor(shop.url, parentSession(0))
	get := func(v *visitor, path string) page {
		t.Helper()
		a, err := v.get(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return a
	}
	if a := get(stranger, "/vakanties"); a.status != http.StatusOK || strings.Contains(a.body, staleNotice) {
		t.Fatalf("before: %d", a.status)
	}
	if err := w.hold(parent, w.departures[0], "Lotte"); err != nil {
		t.Fatal(err)
	}
	line.lose()
	waitFor(t, "the notice", func() bool { return strings.Contains(get(stranger, "/vakanties").body, staleNotice) })
	for _, path := range []string{"/", "/vakanties", "/vakanties/town-0", "/voorwaarden", "/wat-als-ik-annuleer", "/contact"} {
		for who, v := range map[string]*visitor{"a stranger": stranger, "a parent": parent} {
			a := get(v, path)
			if a.status != http.StatusOK {
				t.Errorf("%s reads %s: status %d", who, path, a.status)
			}
			if strings.Contains(path, "town") && !strings.Contains(a.body, staleNotice) {
				t.Errorf("%s is not told that %s is old", who, path)
			}
		}
	}
	unavailable(t, "another holiday", get(stranger, "/vakanties/bestaat-niet"))
	unavailable(t, "my bookings", get(parent, "/mijn"))
	unavailable(t, "the last page", get(parent, "/boeken/overzicht"))
	a, err := stranger.post("/boeken", url.Values{"departure": {strconv.FormatInt(w.departures[0], 10)}, "children": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	unavailable(t, "holding a place", a)
	if a := get(stranger, "/healthz"); a.status != http.StatusOK {
		t.Errorf("healthz: %d", a.status)
	}
	if a := get(stranger, "/readyz"); a.status != http.StatusServiceUnavailable {
		t.Errorf("readyz: %d", a.status)
	}
	line.find()
	waitFor(t, "readiness", func() bool { return get(stranger, "/readyz").status == http.StatusOK })
	waitFor(t, "fresh pages", func() bool {
		a := get(stranger, "/vakanties")
		return a.status == http.StatusOK && !strings.Contains(a.body, staleNotice)
	})
	if _, err := w.confirm(parent, "Lotte", false); err != nil {
		t.Errorf("the basket of before: %v", err)
	}
	w.sound("at the end")
	w.exact("at the end")
	if strings.Contains(shop.whole(), "panic") {
		t.Error(shop.said())
	}
}

// Every connection is held up by a lock: who waits is refused plainly, pages for everybody are still read, and all is well
// once the lock is gone.
func TestConnectionsExhausted(t *testing.T) {
	t.Parallel()
	w := newTown(t, 1, 60)
	w.vars[0] += " lock_timeout=3000" // long against what a slow machine takes from one wait to the next
	shop := start(t, "127.0.0.1:0", w.vars...)
	if status, _, _ := status(shop.url(), "/vakanties"); status != http.StatusOK {
		t.Fatalf("before: %d", status)
	}
	tx := w.db.MustBegin()
	defer tx.Rollback() // does nothing after the commit
	tx.MustExec(`LOCK TABLE place IN ACCESS EXCLUSIVE MODE`)
	taken := make(chan struct{})
	var crowd sync.WaitGroup
	for range 40 {
		crowd.Go(func() {
			v := newVisitor(shop.url, "")
			for over := false; !over; { // whoever is refused tries again, until everybody waits at once
				select {
				case <-taken:
					over = true
				default:
				}
				a, err := v.post("/boeken", url.Values{"departure": {strconv.FormatInt(w.departures[0], 10)}, "children": {"1"}})
				if err != nil {
					t.Error(err)
					return
				}
				unavailable(t, "somebody of the crowd", a)
			}
		})
	}
	waitFor(t, "all connections to be taken", func() bool {
		return w.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) >= 23
	})
	close(taken)
	waitFor(t, "the notice", func() bool {
		status, body, _ := status(shop.url(), "/vakanties/town-0")
		if status != http.StatusOK {
			t.Errorf("reading meanwhile: %d", status)
		}
		return strings.Contains(body, staleNotice)
	})
	crowd.Wait()
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	v := newVisitor(shop.url, parentSession(0))
	if err := w.hold(v, w.departures[0], "Lotte"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.confirm(v, "Lotte", false); err != nil {
		t.Fatal(err)
	}
	w.settled()
	w.sound("at the end")
	w.exact("at the end")
	if n := w.count(`SELECT count(*) FROM place WHERE checkout_id IS NOT NULL AND booking_id IS NULL`); n > 0 {
		t.Errorf("%d places are held for nobody", n)
	}
}
