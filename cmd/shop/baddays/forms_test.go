package baddays

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/terms/civil"
)

// garbage is what no person types, and what some do.
var garbage = map[string]string{
	"nothing": "", "blanks": " \t ", "one": "1", "negative": "-1", "zero": "0", "huge": "99999999999999999999", "most": "9223372036854775807",
	"fraction": "1.005", "exponent": "1e309", "not a number": "NaN", "overlong": strings.Repeat("a", 20_000), "wide": strings.Repeat("é", 900),
	"invalid UTF-8": "a\xff\xfeb", "NUL": "a\x00b", "line ends": "a\r\nBcc: x@example.be", "backwards": "a\u202eb", "emoji": "👩‍👩‍👧",
	"markup": `"><script>alert(1)</script>`, "SQL": `'); DROP TABLE booking; --`, "template": "{{7*7}}${7*7}%s%n", "no such day": "2027-02-30",
	"far day": "9999-12-31", "path": "../../../../etc/passwd", "yes": "yes", "address": "x@example.be",
}

// mostBody is less than a form without a file may be: a longer one is refused by its length, and the line closed while it is sent.
const mostBody = 900_000

var bodies = []string{"as it is", "twice", "array", "JSON", "no type", "cut off", "files"}

// fields are the names of all fields of all forms, as the source has them.
func fields(t *testing.T) (names []string) {
	t.Helper()
	tag := regexp.MustCompile(`form:"([a-zA-Z0-9_.-]+)`)
	found := map[string]bool{}
	var walk func(dir string)
	walk = func(dir string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() {
				walk(dir + "/" + e.Name())
				continue
			}
			if !strings.HasSuffix(e.Name(), ".go") {
				continue
			}
			text, err := os.ReadFile(dir + "/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range tag.FindAllSubmatch(text, -1) {
				found[string(m[1])] = true
			}
		}
	}
	walk("../../../shop")
	return slices.Sorted(maps.Keys(found))
}

// address is a line of the reviewed list of routes.
type address struct{ method, path, role string }

func routes(t *testing.T) (all []address) {
	t.Helper()
	text, err := os.ReadFile("../../../shop/testdata/routes.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 3 && !strings.HasPrefix(line, "#") && !strings.HasPrefix(f[1], "/demo/") {
			all = append(all, address{f[0], f[1], f[2]})
		}
	}
	return all
}

var parameters = regexp.MustCompile(`:[a-z]+|\*`)

// pattern is the route that an address is of.
func (a address) fits() *regexp.Regexp {
	return regexp.MustCompile("^" + parameters.ReplaceAllString(regexp.QuoteMeta(a.path), `[^/]+`) + "$")
}

// vandal is somebody with a role who sends whatever comes to mind.
type vandal struct {
	*visitor
	t     *testing.T
	role  string
	r     *rand.Rand
	sent  int
	pages map[string]page // by address: what this person can see
}

// secret is the name of every other family: no answer to the demo's parent or to a stranger may have it.
const secret = "Zwijgzaam"

func (v *vandal) judge(what string, a page, err error) {
	v.sent++
	switch {
	case err != nil:
		v.t.Errorf("%s %s: %v", v.role, what, err)
	case a.status >= 500:
		v.t.Errorf("%s %s: status %d", v.role, what, a.status)
	case (v.role == "parent" || v.role == "nobody") && strings.Contains(a.body, secret):
		v.t.Errorf("%s %s: reads another family's name", v.role, what)
	}
}

// wander follows links, and remembers one page for each route and a few addresses.
func (v *vandal) wander(routes []address, from ...string) {
	v.pages = map[string]page{}
	of := map[string]int{}
	for queue := from; len(queue) > 0 && len(v.pages) < 150; {
		path := queue[0]
		queue = queue[1:]
		short, _, _ := strings.Cut(path, "?")
		route := slices.IndexFunc(routes, func(a address) bool { return a.method == http.MethodGet && a.fits().MatchString(short) })
		if _, seen := v.pages[path]; seen || route < 0 || of[routes[route].path] >= 2 {
			continue
		}
		a, err := v.get(path)
		v.judge("GET "+path, a, err)
		of[routes[route].path]++
		if a.status == http.StatusSeeOther {
			queue = append(queue, a.to)
			continue
		}
		v.pages[path] = a
		for _, m := range link.FindAllStringSubmatch(a.body, -1) {
			queue = append(queue, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
}

var link = regexp.MustCompile(`href="(/[^"#]*)`)

// value is some garbage, by name.
func (v *vandal) value() (name, text string) {
	names := slices.Sorted(maps.Keys(garbage))
	name = names[v.r.IntN(len(names))]
	return name, garbage[name]
}

// spoil sends a page's form with one field spoilt.
func (v *vandal) spoil(path string, f form) {
	if f.method != http.MethodPost || len(f.fields) == 0 || f.action == "/afmelden" || strings.Contains(f.action, "/beveiliging/afmelden") {
		return
	}
	short, _, _ := strings.Cut(path, "?")
	action := f.action
	if action == "" {
		action = short
	}
	if !strings.HasPrefix(action, "/") || strings.HasPrefix(action, "/demo/") {
		return
	}
	names := slices.Sorted(maps.Keys(f.fields))
	spoilt := names[v.r.IntN(len(names))]
	kind, text := v.value()
	values := url.Values{}
	for name, given := range f.fields {
		values[name] = given
		if len(given) == 0 { // a choice that was not made
			_, values[name] = "", []string{[]string{"", "yes", "no", "1", "customer", "organiser"}[v.r.IntN(6)]}
		}
	}
	values.Set(spoilt, text)
	a, err := v.post(action, values)
	v.judge(fmt.Sprintf("POST %s with %s in %s", action, kind, spoilt), a, err)
}

// flood sends every field that any form has to a route, in some shape.
func (v *vandal) flood(a address, path string, names []string) {
	kind, text := v.value()
	shape := bodies[v.r.IntN(len(bodies))]
	names = names[:min(len(names), mostBody/(3*len(url.QueryEscape(text))+100))] // in each shape the body stays below the limit
	values := url.Values{}
	for _, name := range names {
		switch shape {
		case "twice":
			values[name] = []string{text, "2"}
		case "array":
			values[name+"[]"], values[name+".0"] = []string{text, text}, []string{text}
		default:
			values.Set(name, text)
		}
	}
	contentType, body := "application/x-www-form-urlencoded", io.Reader(strings.NewReader(values.Encode()))
	switch shape {
	case "JSON":
		contentType, body = "application/json", strings.NewReader(`{"`+strings.Join(names, `": [{}], "`)+`": null`)
	case "no type":
		contentType = ""
	case "cut off":
		contentType, body = "multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\r\n")
	case "files":
		var b bytes.Buffer
		for _, name := range names {
			fmt.Fprintf(&b, "--x\r\nContent-Disposition: form-data; name=%q; filename=\"%s.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%%PDF-1.4 %s\r\n", name, name, text)
		}
		fmt.Fprint(&b, "--x--\r\n")
		contentType, body = "multipart/form-data; boundary=x", &b
	}
	got, err := v.send(a.method, path, contentType, body)
	v.judge(fmt.Sprintf("%s %s with %s, %s", a.method, path, kind, shape), got, err)
}

// somewhere fills the names in a route with an address that is there, or with garbage.
func (v *vandal) somewhere(a address) string {
	fits := a.fits()
	if v.r.IntN(2) == 0 {
		var real []string
		for path := range v.pages {
			short, _, _ := strings.Cut(path, "?")
			if fits.MatchString(short) {
				real = append(real, short)
			}
		}
		if len(real) > 0 {
			slices.Sort(real)
			return real[v.r.IntN(len(real))]
		}
	}
	return parameters.ReplaceAllStringFunc(a.path, func(string) string {
		if v.r.IntN(2) == 0 {
			return strconv.Itoa(1 + v.r.IntN(12))
		}
		_, text := v.value()
		return url.PathEscape(text[:min(len(text), 300)])
	})
}

// Every form and every address gets garbage from everybody: overlong, invalid UTF-8, NUL, negative, huge, arrays, fields
// missing, other content types. No answer is the shop's failure, nobody reads another family's name, and the rows are
// sound afterwards. SHOP_TEST_FUZZ=N sends so many requests for each role; SHOP_TEST_SEED repeats a run.
func TestGarbageInEveryForm(t *testing.T) {
	t.Parallel()
	tool(t, "postgres")
	most, err := strconv.Atoi(os.Getenv("SHOP_TEST_FUZZ"))
	if err != nil {
		most = 60
	}
	seed, err := strconv.ParseUint(os.Getenv("SHOP_TEST_SEED"), 10, 64)
	if err != nil {
		seed = 1 // the same requests each time: who looks for more holes gives a seed, and many requests
	}
	t.Logf("SHOP_TEST_SEED=%d", seed)
	dsn := pgtest.DSN(t)
	day := time.Date(2026, time.November, 26, 10, 0, 0, 0, civil.Brussels)
	shop := start(t, "127.0.0.1:0", "DATABASE_URL="+dsn, "SHOP_DATA_DIR="+t.TempDir(), "SHOP_LOG=text", at(day)) // with its demo
	db, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := &town{t: t, db: db}
	const parent = `ouder@demo.joetz.example`
	db.MustExec(`UPDATE guardian SET last_name = $1 WHERE email <> $2`, secret, parent)
	db.MustExec(`UPDATE participant SET last_name = $1 WHERE id NOT IN (SELECT participant_id FROM guardianship s JOIN guardian g ON g.id = s.guardian_id WHERE g.email = $2)`, secret, parent)
	db.MustExec(`INSERT INTO session (token_hash, guardian_id, created_at, seen_at, expires_at) SELECT sha256('fuzz-parent'::bytea), id, $2, $2, $2::timestamptz + interval '1 day' FROM guardian WHERE email = $1`, parent, day)
	db.MustExec(`INSERT INTO session (token_hash, staff_id, second_factor_at, created_at, seen_at, expires_at)
		SELECT sha256(('fuzz-' || r.role)::bytea), s.id, $1, $1, $1, $1::timestamptz + interval '1 day' FROM staff s JOIN staff_role r ON r.staff_id = s.id WHERE s.email LIKE '%@demo.joetz.example'`, day)
	names, all := fields(t), routes(t)
	begun := time.Now()
	for n, role := range []struct {
		name string
		from []string
	}{
		{"nobody", []string{"/", "/vakanties", "/aanmelden", "/wat-als-ik-annuleer"}},
		{"parent", []string{"/mijn", "/mijn/gezin", "/mijn/vragen", "/mijn/gegevens", "/beveiliging", "/mijn/betalen", "/vakanties"}},
		{"office", []string{"/kantoor", "/kantoor/aanbod", "/kantoor/boekingen", "/kantoor/vertrekken", "/kantoor/kortingen", "/kantoor/extras", "/kantoor/besluiten", "/kantoor/wachtlijst", "/kantoor/bewijzen"}},
		{"accounting", []string{"/boekhouding", "/boekhouding/bank", "/boekhouding/terugbetalingen", "/boekhouding/afsluiten", "/boekhouding/stripe", "/boekhouding/herinneringen"}},
		{"animator", []string{"/animator"}},
		{"lead", []string{"/animator"}},
	} {
		v := &vandal{visitor: newVisitor(shop.url, "fuzz-"+role.name), t: t, role: role.name, r: rand.New(rand.NewPCG(seed, uint64(n)))}
		v.wander(all, role.from...)
		v.sent = 0 // that was no garbage yet
		var paths []string
		for path, p := range v.pages {
			if len(p.forms()) > 0 {
				paths = append(paths, path)
			}
		}
		slices.Sort(paths)
		var own []address
		for _, a := range all {
			if a.role == role.name || a.role == "anyone" || a.role == "signed-in" || role.name == "nobody" || a.role == "animator" && role.name == "lead" {
				own = append(own, a)
			}
		}
		for v.sent < most {
			for range 3 {
				if len(paths) > 0 {
					path := paths[v.r.IntN(len(paths))]
					if p := v.pages[path]; len(p.forms()) > 0 {
						v.spoil(path, p.forms()[v.r.IntN(len(p.forms()))])
					}
				}
				a := own[v.r.IntN(len(own))]
				if a.path == "/afmelden" || a.path == "/beveiliging/afmelden" {
					continue // garbage signs out as well as anything
				}
				path := v.somewhere(a)
				if a.method == http.MethodGet {
					kind, text := v.value()
					got, err := v.get(path + "?" + url.Values{names[v.r.IntN(len(names))]: {text[:min(len(text), 2000)]}}.Encode())
					v.judge("GET "+path+" with "+kind, got, err)
				} else {
					v.flood(a, path, names)
				}
			}
		}
		t.Logf("%s: %d requests, %d pages with forms", role.name, v.sent, len(paths))
	}
	t.Logf("%v", time.Since(begun).Round(time.Second))
	w.soundAt("after the garbage", day.Add(time.Hour))
	for line := range strings.Lines(shop.whole()) {
		if strings.Contains(line, "panic") || strings.Contains(line, "level=ERROR") {
			t.Error(line[:min(len(line), 1500)])
		}
	}
}
