package fiches

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/medical"
	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/terms/id"

	"github.com/jmoiron/sqlx"
)

// staffRoute is a line of the reviewed list of routes for people of the organiser.
var staffRoute = regexp.MustCompile(`(?m)^(GET|POST)\s+(\S+)\s+(animator|lead|helper|office|accounting|staff)$`)

// camps are two camps on the same days, each with a child and an animator who works at that one only.
type camps struct {
	*program.Program
	t      *testing.T
	staff  int64
	own    map[string]int64 // by the name that an address gives it
	theirs map[string]int64
	routes [][]string
	asked  int
}

// another makes a second camp on the days of the first, with everything that an address can name.
const another = `
	SET LOCAL session_replication_role = replica;
	UPDATE departure d SET starts_on = o.starts_on, ends_on = o.ends_on FROM departure o WHERE d.id = $1 AND o.id = $2;
	UPDATE booking b SET departs_on = d.starts_on FROM departure d WHERE d.id = b.departure_id AND d.id = $1;
	INSERT INTO fiche_upload (fiche_id, sealed, uploaded_at, uploaded_by) SELECT id, '\x01', now(), 'x' FROM fiche WHERE departure_id IN ($1, $2)`

func startCamps(t *testing.T) (*camps, func(time.Time)) {
	t.Helper()
	p, move := shoptest.StartMoving(t, shoptest.Base(t))
	c := &camps{Program: p, t: t, own: map[string]int64{}, theirs: map[string]int64{}}
	c.staff = shoptest.Number(t, p, `SELECT id FROM staff WHERE email = 'animator@demo.joetz.example'`)
	c.own["departure"] = shoptest.Number(t, p, `SELECT departure_id FROM assignment WHERE staff_id = $1 AND removed_at IS NULL`, c.staff)
	c.theirs["departure"] = shoptest.Number(t, p, `SELECT min(f.departure_id) FROM fiche f JOIN camp_child k USING (participant_id, departure_id) WHERE f.departure_id <> $1`, c.own["departure"])
	if err := pg.InTx(t.Context(), p.DB.DB, func(tx *sqlx.Tx) error {
		for query := range strings.SplitSeq(another, ";") {
			query = strings.ReplaceAll(strings.ReplaceAll(query, "$1", fmt.Sprint(c.theirs["departure"])), "$2", fmt.Sprint(c.own["departure"]))
			if _, err := tx.Exec(query); err != nil {
				return fmt.Errorf("%s: %w", query, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, of := range []map[string]int64{c.own, c.theirs} {
		of["booking"] = shoptest.Number(t, p, `SELECT min(k.booking_id) FROM fiche f JOIN camp_child k USING (participant_id, departure_id) WHERE f.departure_id = $1`, of["departure"])
		of["file"] = shoptest.Number(t, p, `SELECT max(u.id) FROM fiche_upload u JOIN fiche f ON f.id = u.fiche_id JOIN camp_child k USING (participant_id, departure_id) WHERE k.booking_id = $1`, of["booking"])
		of["medicine"] = 1
	}
	for year := p.Now().Year() - 1; year <= p.Now().Year()+1; year++ {
		p.DB.MustExec(`INSERT INTO fiche_promise (staff_id, year, version, promised_at, ip, device) VALUES ($1, $2, $3, now(), '', '') ON CONFLICT DO NOTHING`, c.staff, year, medical.PromiseVersion)
	}
	lead := shoptest.Number(t, p, `SELECT id FROM staff WHERE email = 'hoofdanimator@demo.joetz.example'`)
	p.DB.MustExec(`INSERT INTO assignment (staff_id, departure_id, lead) VALUES ($1, $2, true) ON CONFLICT DO NOTHING`, lead, c.theirs["departure"])
	o, err := p.Services.Watch.Open(t.Context(), medical.Reader{Staff: id.Staff(lead)}, id.Booking(c.theirs["booking"]), "gevallen van de trap")
	if err != nil {
		t.Fatal(err)
	}
	c.theirs["override"] = o.ID
	list, err := os.ReadFile("../../../../shop/testdata/routes.txt") // the list that the routing table is held to
	if err != nil {
		t.Fatal(err)
	}
	c.routes = staffRoute.FindAllStringSubmatch(string(list), -1)
	return c, move
}

// signIn begins a session of that person, as old as the shop's time.
func (c *camps) signIn(staff int64) (cookie string) {
	c.t.Helper()
	cookie = fmt.Sprintf("matrix-%d-%d", staff, c.asked)
	c.DB.MustExec(`INSERT INTO session (token_hash, staff_id, second_factor_at, created_at, seen_at, expires_at)
		VALUES (sha256($1::bytea), $2, $3, $3, $3, $3::timestamptz + interval '8 hours')`, cookie, staff, c.Now())
	return cookie
}

func (c *camps) ask(cookie, method, address string) (status int, to string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, c.URL()+address, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", c.URL())
	req.AddCookie(&http.Cookie{Name: "sid", Value: cookie})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		c.t.Fatal(err)
	}
	c.asked++
	return answer.StatusCode, answer.Header.Get("Location")
}

// each gives every address of animators that names something, with each way to fill its names from the two camps that is not the
// own camp's alone: method, route, address.
func (c *camps) each(do func(method, route, address string)) {
	names := regexp.MustCompile(`:([a-z]+)`)
	for _, r := range c.routes {
		method, route := r[1], r[2]
		found := names.FindAllStringSubmatch(route, -1)
		if len(found) == 0 || r[3] != "animator" && r[3] != "lead" && r[3] != "helper" {
			continue
		}
		for which := 1; which < 1<<len(found); which++ {
			address := route
			for i, name := range found {
				of := c.own
				if which&(1<<i) != 0 {
					of = c.theirs
				}
				n := of[name[1]]
				if n == 0 {
					n = c.theirs[name[1]]
				}
				if n == 0 {
					c.t.Fatalf("%s: say what %q names", route, name[1])
				}
				address = strings.Replace(address, name[0], fmt.Sprint(n), 1)
			}
			if len(found) == 3 && which == 4 && strings.HasSuffix(route, ":medicine") {
				continue // a medicine has a number within its fiche: another's is none
			}
			do(method, route, address)
		}
	}
}

// TestNobodyReachesAnotherCamp asks, as an animator, for every address that names a camp, a child, a document or an opening: with those of
// a camp on the same days where the animator does not work, also behind those of the own camp; with the own camp's after it is over
// and after the animator was taken off it; and as somebody of the office who was stopped while signed in.
func TestNobodyReachesAnotherCamp(t *testing.T) {
	t.Parallel()
	c, move := startCamps(t)
	written := func() int64 {
		return shoptest.Number(t, c.Program, `SELECT (SELECT count(*) FROM fiche_record) + (SELECT count(*) FROM fiche_note) + (SELECT count(*) FROM fiche_bundle)
			+ (SELECT count(*) FROM fiche_override WHERE closed_at IS NOT NULL)`)
	}
	before, cookie := written(), c.signIn(c.staff)
	camp := fmt.Sprintf("/animator/kamp/%d", c.own["departure"])
	child := fmt.Sprintf("%s/kind/%d", camp, c.own["booking"])
	mine := []string{camp, camp + "/keuken", camp + "/naar-huis", camp + "/meenemen", child, child + "/verslag"}
	for _, address := range mine {
		if status, _ := c.ask(cookie, http.MethodGet, address); status != http.StatusOK {
			t.Fatalf("%s: the own camp is not open: %d", address, status)
		}
	}
	c.each(func(method, route, address string) {
		if status, to := c.ask(cookie, method, address); status != http.StatusNotFound {
			t.Errorf("%s %s (%s): %d %s", method, route, address, status, to)
		}
	})
	closed := func(why, cookie string) {
		t.Helper()
		for _, address := range mine {
			if status, to := c.ask(cookie, http.MethodGet, address); status != http.StatusNotFound {
				t.Errorf("%s: %s: %d %s", why, address, status, to)
			}
		}
		for _, address := range []string{camp + "/naar-huis", camp + "/meenemen", camp + "/afdruk", child + "/verslag", child + "/geef/1"} {
			if status, to := c.ask(cookie, http.MethodPost, address); status != http.StatusNotFound {
				t.Errorf("%s: POST %s: %d %s", why, address, status, to)
			}
		}
	}
	office := shoptest.Number(t, c.Program, `SELECT id FROM staff WHERE email = 'kantoor@demo.joetz.example'`)
	if err := c.Services.Accounts.Unassign(t.Context(), id.Staff(c.staff), id.Departure(c.own["departure"]), id.Staff(office)); err != nil {
		t.Fatal(err)
	}
	closed("taken off", cookie)
	if err := c.Services.Accounts.Assign(t.Context(), account.Assignment{Staff: id.Staff(c.staff), Departure: id.Departure(c.own["departure"])}, id.Staff(office)); err != nil {
		t.Fatal(err)
	}
	if status, _ := c.ask(cookie, http.MethodGet, camp); status != http.StatusOK {
		t.Fatalf("given back: %d", status)
	}
	var ends time.Time
	if err := c.DB.Get(&ends, `SELECT ends_on + time '12:00' FROM departure WHERE id = $1`, c.own["departure"]); err != nil {
		t.Fatal(err)
	}
	move(ends.AddDate(0, 0, 3))
	closed("over", c.signIn(c.staff))
	if after := written(); after != before {
		t.Errorf("%d lines were written of fiches that were not theirs to write in", after-before)
	}
	c.stopped(office)
	t.Logf("%d requests", c.asked)
}

// stopped asks every page of the office as somebody who was stopped while signed in.
func (c *camps) stopped(office int64) {
	cookie := c.signIn(office)
	if status, _ := c.ask(cookie, http.MethodGet, "/kantoor"); status != http.StatusOK {
		c.t.Fatalf("the office is not open: %d", status)
	}
	if err := c.Services.Accounts.Deactivate(c.t.Context(), id.Staff(office), 0); err != nil {
		c.t.Fatal(err)
	}
	for _, r := range c.routes {
		if r[3] != "office" && r[3] != "staff" && r[3] != "helper" {
			continue
		}
		address := regexp.MustCompile(`:[a-z]+|\*`).ReplaceAllString(r[2], "1")
		if status, to := c.ask(cookie, r[1], address); status != http.StatusSeeOther || !strings.HasPrefix(to, "/medewerkers/aanmelden") {
			c.t.Errorf("stopped: %s %s: %d %s", r[1], address, status, to)
		}
	}
}
