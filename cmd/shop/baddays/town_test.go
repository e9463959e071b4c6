package baddays

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/fsck"
)

// town is a database with a small season, and people who have signed in: parents, the office, accounting. No demo.
type town struct {
	t          *testing.T
	db         *sqlx.DB
	dsn        string
	vars       []string // the settings of its shops
	departures []int64
	places     []int // of each departure
	boarding   map[int64]int64
}

// The sessions of the staff.
const (
	officeSession     = "town-office"
	accountingSession = "town-accounting"
)

func parentSession(n int) string { return fmt.Sprintf("town-parent-%d", n) }

// newTown makes a town with so many parents, and a departure for each number of places.
func newTown(t *testing.T, parents int, places ...int) *town {
	t.Helper()
	return townOn(t, pgtest.DSN(t), parents, places...)
}

// townOn is newTown on a migrated database.
func townOn(t *testing.T, dsn string, parents int, places ...int) *town {
	t.Helper()
	return townAt(t, dsn, time.Now(), parents, places...)
}

// townAt is townOn at another moment.
func townAt(t *testing.T, dsn string, now time.Time, parents int, places ...int) *town {
	t.Helper()
	db, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // it was read from
	db.SetMaxOpenConns(4)
	w := &town{t: t, db: db, dsn: dsn, places: places, boarding: map[int64]int64{},
		vars: []string{"DATABASE_URL=" + dsn, "SHOP_DATA_DIR=" + t.TempDir(), "SHOP_LOG=text"}}
	for i, capacity := range places {
		var departure, stop int64
		w.get(&departure, `
			WITH season AS (INSERT INTO season (year) VALUES (extract(year FROM $1::date)::int) ON CONFLICT (year) DO UPDATE SET year = EXCLUDED.year RETURNING id),
			h AS (INSERT INTO holiday (season_id, code, slug, title, description, trip, legal_regime, country, destination, accommodation, transport, birth_year_from, birth_year_to)
				SELECT id, 'TOWN-' || $2::int, 'town-' || $2::int, 'Vakantie ' || $2::int, 'Spelen.', 'domestic', 'none', 'BE', 'Massembre', 'Een huis', 'Met de bus', 2010, 2020 FROM season RETURNING id)
			INSERT INTO departure (holiday_id, starts_on, ends_on, on_sale_at) SELECT id, $1::date, $1::date + 6, $3 FROM h RETURNING id`,
			now.AddDate(0, 8, i), i, now.Add(-time.Hour))
		db.MustExec(`INSERT INTO price_list (departure_id, version, base_cents, solidaris_cents, vt_cents, valid_from) VALUES ($1, 1, 33500, 21500, 10800, $2)`, departure, now.Add(-time.Hour))
		db.MustExec(`INSERT INTO place (departure_id, number) SELECT $1, n FROM generate_series(1, $2::int) n`, departure, capacity)
		w.get(&stop, `INSERT INTO boarding_place (departure_id, name, min_participants, position) VALUES ($1, 'Hasselt', 8, 1) RETURNING id`, departure)
		w.departures, w.boarding[departure] = append(w.departures, departure), stop
	}
	for i := range parents {
		w.signIn(parentSession(i), `INSERT INTO guardian (email, first_name, last_name, phone, street, postal_code, city, created_at)
			VALUES ('ouder' || $1::int || '@town.example', 'An', 'Ouder' || $1::int, '0470123456', 'Kerkstraat 1', '3000', 'Leuven', now()) RETURNING id`, i, true)
	}
	for i, role := range []string{"office", "accounting"} {
		staff := w.signIn("town-"+role, `INSERT INTO staff (email, name, password_hash, created_at) VALUES ('s' || $1::int || '@town.example', 'Staf', '', now()) RETURNING id`, i, false)
		db.MustExec(`INSERT INTO staff_role (staff_id, role) VALUES ($1, $2)`, staff, role)
	}
	return w
}

func (w *town) get(into any, query string, args ...any) {
	w.t.Helper()
	if err := w.db.Get(into, query, args...); err != nil {
		w.t.Fatalf("%v: %.120s", err, query)
	}
}

func (w *town) count(query string, args ...any) (n int) {
	w.t.Helper()
	w.get(&n, query, args...)
	return n
}

func (w *town) signIn(session, query string, n int, parent bool) (key int64) {
	w.get(&key, query, n)
	guardian, staff := &key, (*int64)(nil)
	if !parent {
		guardian, staff = nil, &key
	}
	w.db.MustExec(`INSERT INTO session (token_hash, guardian_id, staff_id, second_factor_at, created_at, seen_at, expires_at)
		VALUES (sha256($1::text::bytea), $2, $3, CASE WHEN $3::bigint IS NULL THEN NULL ELSE now() END, now(), now(), now() + interval '1 day')`, session, guardian, staff)
	return key
}

// sound holds every rule of the shop against the rows.
func (w *town) sound(when string) {
	w.t.Helper()
	w.soundAt(when, time.Now())
}

// soundAt is sound at another moment.
func (w *town) soundAt(when string, moment time.Time) {
	w.t.Helper()
	found, err := fsck.Run(w.t.Context(), w.db, moment)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, d := range found {
		w.t.Errorf("%s: %v", when, d)
	}
}

// exact holds the places against the bookings: no more than there are, each of one booking.
func (w *town) exact(when string) {
	w.t.Helper()
	for i, d := range w.departures {
		if n := w.count(`SELECT count(*) FROM place WHERE departure_id = $1`, d); n != w.places[i] {
			w.t.Errorf("%s: departure %d has %d places instead of %d", when, i, n, w.places[i])
		}
		sold := w.count(`SELECT count(*) FROM place WHERE departure_id = $1 AND booking_id IS NOT NULL`, d)
		if n := w.count(`SELECT count(*) FROM booking WHERE departure_id = $1 AND status <> 'cancelled'`, d); n != sold {
			w.t.Errorf("%s: departure %d has %d bookings on %d sold places", when, i, n, sold)
		}
	}
	if n := w.count(`SELECT count(*) FROM (SELECT 1 FROM booking b JOIN participant p ON p.id = b.participant_id GROUP BY p.first_name, p.last_name HAVING count(*) > 1) twice`); n > 0 {
		w.t.Errorf("%s: %d children were booked twice", when, n)
	}
}

// hurry makes what waits for the clock due now: jobs to try again, leases of processes that are gone, webhooks to come. What
// a shop that runs has in hand is handed out a second time, which it must bear.
func (w *town) hurry() {
	// An attempt that ends with its process counts, so that a job that kills every process is given up. Those of a hundred
	// kills in two minutes are handed back.
	w.db.MustExec(`UPDATE job SET leased_until = now() - interval '1 second', attempts = greatest(attempts - 1, 1) WHERE state = 'running'`)
	w.db.MustExec(`UPDATE job SET run_at = '-infinity' WHERE state = 'waiting' AND attempts > 0`)
	if w.count(`SELECT count(*) FROM pg_class WHERE oid = to_regclass('stripefake.delivery')`) > 0 {
		w.db.MustExec(`UPDATE stripefake.delivery SET due = 0 WHERE NOT done`)
	}
}

// hurryDead is hurry where no shop runs: nothing of what the stand-in for Stripe had begun goes on.
func (w *town) hurryDead() {
	w.hurry()
	w.forgetBegun(0)
}

// forgetBegun lets the stand-in for Stripe take over what it began so many seconds ago and never answered. Without a test it
// waits a minute. What it still works on must not be taken over: it would be done twice.
func (w *town) forgetBegun(seconds int) {
	if w.count(`SELECT count(*) FROM pg_class WHERE oid = to_regclass('stripefake.idempotency')`) > 0 {
		w.db.MustExec(`UPDATE stripefake.idempotency SET started = started - 61 WHERE status IS NULL AND started <= extract(epoch FROM now()) - $1::int`, seconds)
	}
}

// settled waits until nothing is left to do: no webhook, no job.
func (w *town) settled() {
	w.t.Helper()
	for begun := time.Now(); ; {
		w.hurryWaiting()
		var left []string
		err := w.db.Select(&left, `SELECT kind || ' ' || state || ' ' || coalesce(last_error, '') FROM job WHERE state IN ('running', 'dead') OR state = 'waiting' AND run_at <= now()
			UNION ALL SELECT 'webhook ' || id FROM stripefake.delivery WHERE NOT done`)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
		if time.Since(begun) > patience {
			w.t.Fatalf("these did not end: %s", strings.Join(left, "\n"))
		}
		<-time.After(20 * time.Millisecond)
	}
}

// hurryWaiting is hurry for a shop that runs: it keeps its leases. It is called again and again, and what is tried again that
// fast has used up none of the attempts that are meant to last for days.
func (w *town) hurryWaiting() {
	w.db.MustExec(`UPDATE job SET run_at = '-infinity', attempts = 1 WHERE state = 'waiting' AND attempts > 0`)
	w.db.MustExec(`UPDATE stripefake.delivery SET due = 0, attempts = 1 WHERE NOT done AND attempts > 0`)
	w.forgetBegun(15) // a call takes milliseconds, and on the slowest machine not that long
}

// order is what a buyer was told: an order, for this child.
type order struct {
	id     int64
	child  string
	stripe bool
	pay    string // the pay page, without the site
}

// children gives every child a name of its own.
type children struct {
	mu sync.Mutex
	n  int
}

func (c *children) next() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return fmt.Sprintf("Kind%d", c.n)
}

// errSoldOut is the answer where nothing is free.
var errSoldOut = fmt.Errorf("sold out")

// hold takes a place and fills in everything up to the last page.
func (w *town) hold(v *visitor, departure int64, child string) error {
	v.setCookie("basket", "")
	for {
		if ready, err := w.step(v, departure, child); ready || err != nil {
			return err
		}
	}
}

// errPlaced is the answer for a basket that became an order already.
var errPlaced = fmt.Errorf("the basket was placed")

// step does what the basket asks next, wherever an earlier step was cut off; ready says that only confirming is left.
func (w *town) step(v *visitor, departure int64, child string) (ready bool, err error) {
	a, err := v.get("/boeken")
	if err != nil {
		return false, err
	}
	switch to := a.to; {
	case a.status != http.StatusSeeOther:
	case strings.HasPrefix(to, "/vakanties"):
		a, err = v.post("/boeken", url.Values{"departure": {strconv.FormatInt(departure, 10)}, "children": {"1"}})
		if err == nil && a.status == http.StatusSeeOther && strings.HasPrefix(a.to, "/vakanties") {
			return false, errSoldOut
		}
	case to == "/boeken/kind/1":
		a, err = v.post(to, url.Values{"child": {"new"}, "first_name": {child}, "last_name": {"Town"}, "born-day": {"7"}, "born-month": {"5"}, "born-year": {"2016"}})
	case to == "/boeken/kind/1/keuzes":
		a, err = v.post(to, url.Values{"category": {"base"}, "insured": {"no"}, "care": {"no"}, "photo_consent": {"yes"},
			"boarding_place": {strconv.FormatInt(w.boarding[departure], 10)}})
	case to == "/boeken/overzicht":
		return true, nil
	case strings.HasPrefix(to, "/mijn"):
		return false, errPlaced
	}
	if err != nil {
		return false, err
	}
	return false, a.wants("basket", "/boeken")
}

// confirm confirms the basket as the last page shows it. Whoever comes back after the order was placed is led to it.
func (w *town) confirm(v *visitor, child string, stripe bool) (o order, err error) {
	last, err := v.get("/boeken/overzicht")
	if err != nil {
		return o, err
	}
	f := last.formOf("terms", "total", "method")
	if f == nil {
		if o, ok := told(last, child, stripe); ok {
			return o, nil
		}
		if last.to == "/boeken" { // what was cut off may have become an order since the step before
			if a, err := v.get("/boeken"); err != nil {
				return o, err
			} else if strings.HasPrefix(a.to, "/mijn") {
				return o, errPlaced
			}
		}
		return o, fmt.Errorf("last page: status %d, to %q, %s", last.status, last.to, title(last.body))
	}
	f.fields.Set("method", "transfer")
	if stripe {
		f.fields.Set("method", "stripe")
	}
	f.fields.Set("accept", "on")
	f.fields.Set("instalments", "1")
	a, err := v.post("/boeken/overzicht", f.fields)
	if err != nil {
		return o, err
	}
	if o, ok := told(a, child, stripe); ok {
		return o, nil
	}
	return o, fmt.Errorf("confirm: status %d, to %q, %s", a.status, a.to, title(a.body))
}

// told reads an answer that says that the order stands.
func told(a page, child string, stripe bool) (o order, ok bool) {
	if a.status != http.StatusSeeOther {
		return o, false
	}
	o = order{child: child, stripe: stripe}
	if strings.Contains(a.to, "/demo/stripe/c/pay/") {
		o.pay = a.to
		return o, true
	}
	number, ok := strings.CutPrefix(a.to, "/mijn/bestelling/")
	number, _, _ = strings.Cut(number, "?")
	o.id, _ = strconv.ParseInt(number, 10, 64)
	return o, ok && o.id > 0
}
