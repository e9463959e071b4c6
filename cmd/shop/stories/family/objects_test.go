package family

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/cmd/shop/shoptest"
)

var pathParameter = regexp.MustCompile(`:([a-z]+)`)

// theirs finds, for each name that an address may hold, an object of the demo's families that belongs to somebody else than
// the guardian. A route with a new name fails the test until somebody says here whose it is.
var theirs = map[string]string{
	"order":   `SELECT id::text FROM booking_order WHERE guardian_id <> $1 ORDER BY id LIMIT 1`,
	"booking": `SELECT b.id::text FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE o.guardian_id <> $1 AND NOT EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian_id = $1 AND g.participant_id = b.participant_id) ORDER BY b.id LIMIT 1`,
	"invoice": `SELECT i.id::text FROM invoice i JOIN booking_order o ON o.id = i.order_id WHERE o.guardian_id <> $1 ORDER BY i.id LIMIT 1`,
	"child":   `SELECT p.id::text FROM participant p WHERE NOT EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian_id = $1 AND g.participant_id = p.id) ORDER BY p.id LIMIT 1`,
}

// harmless are names that choose a part of one's own page, or of what the first name in the address chose.
var harmless = map[string]bool{"position": true, "number": true, "departure": true}

func one(t *testing.T, db *sqlx.DB, query string, args ...any) string {
	t.Helper()
	var value string
	if err := db.Get(&value, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

// TestNobodyReachesAnothersObjects asks, as one parent, for every address of parents that names an object, with an object of
// another family in it, by every method of the table: the answer is "not found", and nothing changes.
func TestNobodyReachesAnothersObjects(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	guardian := one(t, p.DB.DB, `SELECT id::text FROM guardian WHERE email = 'ouder@demo.joetz.example'`)
	token := "objects-test"
	if _, err := p.DB.Exec(`INSERT INTO session (token_hash, guardian_id, created_at, seen_at, expires_at)
		VALUES (sha256($1::text::bytea), $2::bigint, $3, $3, $3::timestamptz + interval '1 hour')`, token, guardian, p.Now()); err != nil {
		t.Fatal(err)
	}
	done := `SELECT count(*)::text FROM booking_event WHERE actor = 'guardian:' || $1` // jobs of the demo write lines too
	before := one(t, p.DB.DB, done, guardian)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	asked := 0
	reviewed, err := os.ReadFile("../../../../shop/testdata/routes.txt") // the list that the routing table is held to
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(reviewed)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || strings.HasPrefix(line, "#") {
			continue
		}
		method, path, role := fields[0], fields[1], fields[2]
		if role != "parent" || !strings.Contains(path, ":") || strings.Contains(path, ":token") || strings.HasPrefix(path, "/boeken/") {
			continue
		}
		owner := ""
		address := pathParameter.ReplaceAllStringFunc(path, func(name string) string {
			name = name[1:]
			query, known := theirs[name]
			switch {
			case known:
				owner = name
				return one(t, p.DB.DB, query, guardian)
			case owner == "" && !harmless[name]:
				return missing(t, p.DB.DB, path, name)
			}
			return "1"
		})
		if owner == "" && harmless[pathParameter.FindStringSubmatch(path)[1]] {
			continue // names nothing of a family
		}
		req, err := http.NewRequestWithContext(context.Background(), method, p.URL()+address, strings.NewReader(url.Values{}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", p.URL())
		req.AddCookie(&http.Cookie{Name: "sid", Value: token})
		answer, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		asked++
		if answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s %s of another family: status %d, to %s", method, path, answer.StatusCode, answer.Header.Get("Location"))
		}
	}
	if after := one(t, p.DB.DB, done, guardian); after != before {
		t.Errorf("the history went from %s to %s lines", before, after)
	}
	t.Log(fmt.Sprint(asked, " addresses asked"))
	if asked < 20 {
		t.Errorf("only %d addresses were asked", asked)
	}
}

// missing is an object that nobody has, for names of which the demo has none of another family: a guessed number must not
// answer otherwise than an existing one.
func missing(t *testing.T, _ *sqlx.DB, path, name string) string {
	t.Helper()
	switch name {
	case "attempt", "request", "file", "entry", "offer", "guardian", "invitation", "item":
		return "00000000-0000-4000-8000-000000000999"
	}
	t.Errorf("%s: say whose %q is", path, name)
	return "999999"
}
