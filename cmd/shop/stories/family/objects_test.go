package family

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/cmd/shop/shoptest"
	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/terms/id"
)

var pathParameter = regexp.MustCompile(`:([a-z]+)`)

// theirs finds, for each name that an address may hold, an object that belongs to somebody else than the guardian $1. A route with a
// new name fails the test until somebody says here whose it is. A name that means different things has the part of the address
// before it.
var theirs = map[string]string{
	"order":                   `SELECT id FROM booking_order WHERE guardian_id <> $1 ORDER BY id LIMIT 1`,
	"booking":                 `SELECT b.id FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE o.guardian_id <> $1 AND NOT EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian_id = $1 AND g.participant_id = b.participant_id) ORDER BY b.id LIMIT 1`,
	"invoice":                 `SELECT i.id FROM invoice i JOIN booking_order o ON o.id = i.order_id WHERE o.guardian_id <> $1 ORDER BY i.id LIMIT 1`,
	"child":                   `SELECT p.id FROM participant p WHERE NOT EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian_id = $1 AND g.participant_id = p.id) ORDER BY p.id LIMIT 1`,
	"adult":                   `SELECT id FROM guardian WHERE id <> $1 ORDER BY id LIMIT 1`,
	"request":                 `SELECT id FROM family_request WHERE guardian_id <> $1 ORDER BY id LIMIT 1`,
	"invitation":              `SELECT id FROM guardian_invitation WHERE invited_by <> $1 LIMIT 1`,
	"entry":                   `SELECT id FROM waitlist_entry WHERE guardian_id <> $1 LIMIT 1`,
	"item":                    `SELECT i.id FROM decision_item i JOIN booking_order o ON o.id = i.order_id WHERE o.guardian_id <> $1 LIMIT 1`,
	"attempt":                 `SELECT a.id FROM payment_attempt a JOIN booking_order o ON o.id = a.order_id WHERE o.guardian_id <> $1 LIMIT 1`,
	"extra":                   `SELECT id FROM extra WHERE $1::bigint IS NOT NULL ORDER BY id LIMIT 1`,
	"departure":               `SELECT d.id FROM departure d WHERE NOT EXISTS (SELECT 1 FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE o.guardian_id = $1 AND b.departure_id = d.id) ORDER BY d.id DESC LIMIT 1`,
	"/mijn/vragen file":       `SELECT max(id) FROM request_file WHERE $1::bigint IS NOT NULL`,
	"/mijn/fiche file":        `SELECT max(id) FROM fiche_upload WHERE $1::bigint IS NOT NULL`,
	"/mijn/bewijs file":       `SELECT max(id) FROM evidence_file WHERE $1::bigint IS NOT NULL`,
	"/mijn/infobrief file":    `SELECT 0 WHERE $1::bigint IS NOT NULL`, // which of the attachments
	"a boarding place":        `SELECT p.id FROM boarding_place p WHERE NOT EXISTS (SELECT 1 FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE o.guardian_id = $1 AND b.departure_id = p.departure_id) ORDER BY p.id LIMIT 1`,
	"a part of what is asked": `SELECT i.id || ':' || i.amount_cents FROM instalment i JOIN booking b ON b.id = i.booking_id JOIN booking_order o ON o.id = b.order_id WHERE o.guardian_id <> $1 ORDER BY i.id LIMIT 1`,
}

// own finds the guardian's own, by the name of the first object in an address.
var own = map[string]string{
	"order":   `SELECT o.id FROM booking_order o JOIN booking b ON b.order_id = o.id WHERE o.guardian_id = $1 AND b.status = 'placed' ORDER BY b.departs_on DESC, b.id LIMIT 1`,
	"booking": `SELECT b.id FROM booking_order o JOIN booking b ON b.order_id = o.id WHERE o.guardian_id = $1 AND b.status = 'placed' ORDER BY b.departs_on DESC, b.id LIMIT 1`,
	"child":   `SELECT participant_id FROM guardianship WHERE guardian_id = $1 ORDER BY participant_id LIMIT 1`,
	"request": `SELECT id FROM family_request WHERE guardian_id = $1 LIMIT 1`,
}

// public are names of what anybody may name, or that choose a part of what the first name in the address chose.
var public = map[string]bool{"position": true, "number": true, "departure": true}

// plant gives other families one of each thing that the demo's families have none of, and the guardian a question.
const plant = `
	SET LOCAL session_replication_role = replica;
	INSERT INTO guardian_invitation (token_hash, email, invited_by, sees_fiche, pays, changes, manages, created_at, expires_at)
		SELECT '\x01', 'x@example.be', id, true, true, true, true, now(), now() + interval '7 days' FROM guardian WHERE id <> GUARDIAN ORDER BY id LIMIT 1;
	INSERT INTO waitlist_entry (departure_id, guardian_id, at_least, joined_at) SELECT 2, id, 1, now() FROM guardian WHERE id <> GUARDIAN ORDER BY id LIMIT 1;
	INSERT INTO decision (kind, reason, staff_id, at) VALUES ('cancel', 'x', 1, now());
	INSERT INTO decision_item (decision_id, booking_id, order_id, state, changed_at)
		SELECT (SELECT max(id) FROM decision), b.id, b.order_id, 'asked', now() FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE o.guardian_id <> GUARDIAN ORDER BY b.id LIMIT 1;
	INSERT INTO family_request (number, kind, guardian_id, opened_at, waiting_since, answer_by)
		SELECT 'V-' || id, 'question', id, now(), now(), current_date FROM guardian;
	INSERT INTO request_message (request_id, actor, body, at) SELECT id, 'guardian:' || guardian_id, 'x', now() FROM family_request WHERE number LIKE 'V-%';
	INSERT INTO request_file (message_id, name, media_type, sealed)
		SELECT min(m.id), 'a.pdf', 'application/pdf', '\x01' FROM request_message m JOIN family_request r ON r.id = m.request_id WHERE r.guardian_id <> GUARDIAN;
	INSERT INTO payment_attempt (id, order_id, amount_cents, status, request, created_at, expires_at, changed_at, looked_at)
		SELECT '00000000-0000-4000-8000-000000000001', min(id), 100, 'failed', '{}', now(), now() + interval '1 day', now(), now() FROM booking_order WHERE guardian_id <> GUARDIAN;
	INSERT INTO extra (departure_id, name_nl, name_en, price_cents, made_at, made_by) SELECT min(id), 'x', 'x', 100, now(), 1 FROM departure;
	INSERT INTO fiche_upload (fiche_id, sealed, uploaded_at, uploaded_by) SELECT min(id), '\x01', now(), 'x' FROM fiche;
	INSERT INTO evidence_file (booking_id, data_key, sealed, type, bytes, sha256, uploaded_at, uploaded_by)
		SELECT min(b.id), '\x01', '\x01', 'application/pdf', 1, '\x01', now(), 'x' FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE o.guardian_id <> GUARDIAN;`

// theirRows is a fingerprint of everything that other families have, and of what names one of their children.
const theirRows = `SELECT md5(coalesce(string_agg(x, '|' ORDER BY x), '')) FROM (
	SELECT b::text AS x FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE o.guardian_id <> $1
	UNION ALL SELECT g::text FROM guardianship g WHERE participant_id NOT IN (SELECT participant_id FROM guardianship WHERE guardian_id = $1)
	UNION ALL SELECT p::text FROM participant p WHERE id NOT IN (SELECT participant_id FROM guardianship WHERE guardian_id = $1)
	UNION ALL SELECT r::text FROM family_request r LEFT JOIN booking b ON b.id = r.booking_id LEFT JOIN booking_order o ON o.id = b.order_id WHERE r.guardian_id <> $1 OR o.guardian_id <> $1
	UNION ALL SELECT m::text FROM request_message m JOIN family_request r ON r.id = m.request_id WHERE r.guardian_id <> $1
	UNION ALL SELECT w::text FROM waitlist_entry w WHERE guardian_id <> $1
	UNION ALL SELECT w::text FROM waitlist_child w WHERE participant_id NOT IN (SELECT participant_id FROM guardianship WHERE guardian_id = $1)
	UNION ALL SELECT i::text FROM guardian_invitation i WHERE invited_by <> $1
	UNION ALL SELECT i::text FROM guardian_invitation_child i WHERE participant_id NOT IN (SELECT participant_id FROM guardianship WHERE guardian_id = $1)
	UNION ALL SELECT k::text FROM checkout_child k WHERE participant_id NOT IN (SELECT participant_id FROM guardianship WHERE guardian_id = $1)
	UNION ALL SELECT e::text FROM evidence_file e UNION ALL SELECT f::text FROM request_file f UNION ALL SELECT f::text FROM fiche_upload f
	UNION ALL SELECT i::text FROM decision_item i
	UNION ALL SELECT a::text FROM payment_attempt_order a JOIN booking_order o ON o.id = a.order_id WHERE o.guardian_id <> $1) rows`

// outsider is a parent who asks for what is not theirs.
type outsider struct {
	t        *testing.T
	base     string
	db       *sqlx.DB
	guardian string
	cookies  []*http.Cookie
	asked    int
	accounts *account.Service
}

func (o *outsider) one(query string) (value string) {
	o.t.Helper()
	if err := o.db.Get(&value, `SELECT (`+query+`)::text`, o.guardian); err != nil {
		o.t.Fatalf("%s: %v", query, err)
	}
	return value
}

func (o *outsider) send(method, address string, form url.Values) (status int, to, body string) {
	o.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, o.base+address, strings.NewReader(form.Encode()))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", o.base)
	for _, c := range o.cookies {
		req.AddCookie(c)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, c := range answer.Cookies() {
		if c.Name == "basket" && c.Value != "" {
			o.cookies = append(o.cookies, c)
		}
	}
	o.asked++
	return answer.StatusCode, answer.Header.Get("Location"), string(text)
}

// object finds somebody else's object for a name in an address.
func (o *outsider) object(path, name string) string {
	o.t.Helper()
	parts := strings.SplitN(path, "/", 4)
	query, known := theirs["/"+parts[1]+"/"+parts[min(2, len(parts)-1)]+" "+name]
	if !known {
		query, known = theirs[name]
	}
	switch {
	case known:
		return o.one(query)
	case public[name]:
		return "1"
	}
	o.t.Errorf("%s: say whose %q is", path, name)
	return "999999"
}

func startOutsider(t *testing.T) *outsider {
	t.Helper()
	p, _ := shoptest.Start(t)
	o := &outsider{t: t, base: p.URL(), db: p.DB.DB, cookies: []*http.Cookie{{Name: "sid", Value: "objects-test"}}, accounts: p.Services.Accounts}
	if err := o.db.Get(&o.guardian, `SELECT id::text FROM guardian WHERE email = 'johan@demo.joetz.example'`); err != nil {
		t.Fatal(err)
	}
	if _, err := p.DB.Exec(`INSERT INTO session (token_hash, guardian_id, created_at, seen_at, expires_at)
		VALUES (sha256('objects-test'), $1::bigint, $2, $2, $2::timestamptz + interval '1 hour')`, o.guardian, p.Now()); err != nil {
		t.Fatal(err)
	}
	if err := pg.InTx(t.Context(), o.db, func(tx *sqlx.Tx) error {
		_, err := tx.Exec(strings.ReplaceAll(plant, "GUARDIAN", o.guardian))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return o
}

// leave makes the parent a guardian, with every right, of the child whose booking is asked for below, and ends that again: what opened
// a moment ago, in this very session, does not any more.
func (o *outsider) leave() {
	o.t.Helper()
	booking := o.one(theirs["booking"])
	child, err := strconv.ParseInt(o.one(`SELECT participant_id FROM booking WHERE $1::bigint IS NOT NULL AND id = `+booking), 10, 64)
	if err != nil {
		o.t.Fatal(err)
	}
	me, err := strconv.ParseInt(o.guardian, 10, 64)
	if err != nil {
		o.t.Fatal(err)
	}
	o.db.MustExec(`INSERT INTO guardianship (guardian_id, participant_id, sees_fiche, pays, changes, manages) VALUES ($1, $2, true, true, true, true)`, me, child)
	for _, address := range []string{"/mijn/fiche/" + booking, fmt.Sprint("/mijn/gezin/kind/", child)} {
		if status, to, _ := o.send(http.MethodGet, address, nil); status != http.StatusOK {
			o.t.Fatalf("%s is not open to a guardian: %d %s", address, status, to)
		}
	}
	if err := o.accounts.RemoveGuardian(o.t.Context(), id.Guardian(me), id.Participant(child), id.Guardian(me)); err != nil {
		o.t.Fatal(err)
	}
	for _, address := range []string{"/mijn/fiche/" + booking, fmt.Sprint("/mijn/gezin/kind/", child)} {
		if status, to, _ := o.send(http.MethodGet, address, nil); status != http.StatusNotFound {
			o.t.Errorf("%s is open to who was a guardian: %d %s", address, status, to)
		}
	}
}

// TestNobodyReachesAnothersObjects asks, as one parent, for every address of parents that names an object: with another family's, of
// whose child that parent was a guardian until now, and where an address names two with an own one first and another's behind it; and sends the forms with another's in a field. The
// answer is "not found" or a refusal, tells nothing of the others, and changes nothing of theirs.
func TestNobodyReachesAnothersObjects(t *testing.T) {
	t.Parallel()
	o := startOutsider(t)
	o.leave()
	before := o.one(theirRows)
	reviewed, err := os.ReadFile("../../../../shop/testdata/routes.txt") // the list that the routing table is held to
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(reviewed)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || strings.HasPrefix(line, "#") || fields[2] != "parent" || !strings.Contains(line, ":") {
			continue
		}
		if method, path := fields[0], fields[1]; !strings.Contains(path, ":token") && !strings.HasPrefix(path, "/boeken/") {
			o.walk(method, path)
		}
	}
	if o.asked < 90 {
		t.Errorf("only %d addresses were asked", o.asked)
	}
	o.names()
	if after := o.one(theirRows); after != before {
		t.Error("something of another family changed, or names one of their children")
	}
	t.Log(fmt.Sprint(o.asked, " requests"))
}

// walk asks for one route with somebody else's objects.
func (o *outsider) walk(method, path string) {
	names := pathParameter.FindAllStringSubmatch(path, -1)
	if public[names[0][1]] {
		return // names nothing of a family
	}
	fill := func(object func(i int, name string) string) string {
		i := -1
		return pathParameter.ReplaceAllStringFunc(path, func(name string) string { i++; return object(i, name[1:]) })
	}
	addresses := []string{fill(func(_ int, name string) string { return o.object(path, name) })}
	if query, has := own[names[0][1]]; has && len(names) > 1 && (!public[names[1][1]] || strings.HasPrefix(path, "/mijn/infobrief/")) {
		addresses = append(addresses, fill(func(i int, name string) string {
			if i == 0 {
				return o.one(query)
			}
			return o.object(path, name)
		}))
	}
	methods := []string{method}
	if method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	for i, address := range addresses {
		for _, m := range methods {
			status, to, _ := o.send(m, address, nil)
			refused := i > 0 && (status == http.StatusUnprocessableEntity || status == http.StatusConflict) // the own booking needs no such thing
			if status != http.StatusNotFound && !refused {
				o.t.Errorf("%s %s (%s): status %d, to %s", m, path, address, status, to)
			}
		}
	}
}

// names sends forms on the parent's own pages with somebody else's objects in their fields.
func (o *outsider) names() {
	booking, child, departure := o.one(own["booking"]), o.one(theirs["child"]), o.one(theirs["departure"])
	name := o.one(`SELECT first_name || ' ' || last_name FROM participant WHERE $1::bigint IS NOT NULL AND id = ` + child)
	if status, to, _ := o.send(http.MethodPost, "/boeken", url.Values{"departure": {departure}, "children": {"1"}}); status != http.StatusSeeOther || to != "/boeken" {
		o.t.Fatalf("no basket: %d %s", status, to)
	}
	o.send(http.MethodGet, "/boeken", nil) // the basket becomes this parent's
	if status, to, _ := o.send(http.MethodGet, "/boeken/kind/1", nil); status != http.StatusOK {
		o.t.Fatalf("no child to choose: %d %s", status, to)
	}
	for _, c := range []struct {
		method, address string
		form            url.Values
	}{
		{"GET", "/mijn/vragen/nieuw?boeking=" + o.one(theirs["booking"]), nil},
		{"POST", "/mijn/vragen/nieuw", url.Values{"kind": {"question"}, "body": {"x"}, "booking": {o.one(theirs["booking"])}}},
		{"POST", "/mijn/vragen/nieuw", url.Values{"kind": {"complaint"}, "body": {"x"}, "booking": {o.one(theirs["booking"])}}},
		{"POST", "/mijn/wachtlijst/nieuw/" + departure, url.Values{"at_least": {"0"}, "child.0.id": {child}, "child.0.take": {"yes"}}},
		{"POST", "/mijn/gezin/uitnodigen", url.Values{"email": {"x@example.be"}, "children": {child}, "rights": {"sees_fiche", "pays"}}},
		{"POST", "/mijn/kind/" + booking + "/ander-kind", url.Values{"child": {child}, "photo_consent": {"no"}}},
		{"POST", "/mijn/kind/" + booking + "/opstapplaats", url.Values{"boarding_place": {o.one(theirs["a boarding place"])}}},
		{"POST", "/mijn/kind/" + booking + "/extras", url.Values{"extra": {o.one(theirs["extra"])}, "amount": {"0"}}},
		{"POST", "/mijn/kind/" + booking + "/omboeken/" + departure, url.Values{"boarding_place": {o.one(theirs["a boarding place"])}, "confirmed": {"yes"}}},
		{"POST", "/mijn/betalen", url.Values{"part": {o.one(theirs["a part of what is asked"])}}},
		{"POST", "/boeken/kind/1", url.Values{"child": {child}}},
	} {
		status, to, body := o.send(c.method, c.address, c.form)
		if strings.Contains(body, name) {
			o.t.Errorf("%s %s tells the name of another family's child", c.method, c.address)
		}
		if c.method == http.MethodPost && status < http.StatusBadRequest {
			o.t.Errorf("%s %s with %v: status %d, to %s", c.method, c.address, c.form, status, to)
		}
	}
}
