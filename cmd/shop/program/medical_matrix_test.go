package program_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
	"joetz/medical/seal/sealtest"
	"joetz/migrations/pg/pgtest"
	"joetz/shop"
	"joetz/shop/account"
	"joetz/shop/web/webtest"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// house is a whole shop in which one child's fiche has a word of its own in every field, and somebody of every kind.
type house struct {
	*program.Program
	settings config.Config
	app      *fiber.App
	at       atomic.Pointer[time.Time]
	log      *bytes.Buffer
	people   map[string]account.Identity
	words    map[string]word
	ids      map[string]int64 // by the name of a route's parameter
	from     civil.Date
	to       civil.Date
	booking  id.Booking
	inside   []string // of the documents that were uploaded
	wire     *wiretap // to Stripe's stand-in
}

// word is what was typed into one field.
type word struct {
	view questionnaire.View
	in   string // of the questionnaire
}

// Identify signs in whoever the cookie names: this is about what is shown, not about signing in.
func (h *house) Identify(_ context.Context, token string) (account.Identity, error) {
	who := h.people[token]
	who.SignedInAt, who.SecondFactorAt = *h.at.Load(), *h.at.Load()
	return who, nil
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{log: &bytes.Buffer{}, people: map[string]account.Identity{}, words: map[string]word{}, ids: map[string]int64{}}
	h.settings = shoptest.Config(t)
	start := shoptest.Base(t)
	h.at.Store(&start)
	var err error
	if h.Program, err = program.New(t.Context(), h.settings, func() time.Time { return *h.at.Load() }, slog.New(slog.NewTextHandler(h.log, nil))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(h.ServeStandIn(t.Context(), func(l net.Listener) net.Listener {
		h.wire = &wiretap{Listener: l}
		return h.wire
	}))
	pages, err := h.Pages()
	if err != nil {
		t.Fatal(err)
	}
	pages.Web.Sessions, pages.Web.PublicURL = h, ""
	if h.app, err = shop.New(pages); err != nil {
		t.Fatal(err)
	}
	h.find(t)
	h.fillIn(t)
	return h
}

func (h *house) one(t *testing.T, query string, args ...any) (n int64) {
	t.Helper()
	if err := h.DB.Get(&n, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// find takes Moussa of the camp that is on, makes it a holiday on which everything is asked, and puts people around it.
func (h *house) find(t *testing.T) {
	t.Helper()
	h.booking = id.Booking(h.one(t, `SELECT booking_id FROM camp_child WHERE first_name = 'Moussa'`))
	d := h.one(t, `SELECT departure_id FROM booking WHERE id = $1`, h.booking)
	h.ids = map[string]int64{"booking": int64(h.booking), "departure": d, "order": h.one(t, `SELECT order_id FROM booking WHERE id = $1`, h.booking)}
	if err := h.DB.QueryRow(`SELECT starts_on, ends_on FROM departure WHERE id = $1`, d).Scan(&h.from, &h.to); err != nil {
		t.Fatal(err)
	}
	h.DB.MustExec(`UPDATE holiday SET inclusive = true, country = 'FR', trip = 'flight' WHERE id = (SELECT holiday_id FROM departure WHERE id = $1)`, d)
	mother := h.one(t, `SELECT guardian_id FROM booking_order WHERE id = $1`, h.ids["order"])
	h.people["mother"] = account.Identity{GuardianID: id.Guardian(mother), Name: "M", Roles: []account.Role{account.Parent}}
	other := h.one(t, `SELECT min(guardian_id) FROM guardianship WHERE guardian_id <> $1`, mother)
	h.people["other parent"] = account.Identity{GuardianID: id.Guardian(other), Name: "O", Roles: []account.Role{account.Parent}}
	elsewhere := h.one(t, `SELECT min(id) FROM departure WHERE id <> $1`, d)
	for _, p := range []struct {
		name     string
		role     account.Role
		at       int64
		lead     bool
		promised bool
	}{
		{"animator", account.Animator, d, false, true}, {"other animator", account.Animator, elsewhere, false, true}, {"removed", account.Animator, d, false, true},
		{"no promise", account.Animator, d, false, false}, {"lead", account.Lead, d, true, true}, {"other lead", account.Lead, elsewhere, true, true},
		{"lead as animator", account.Animator, d, true, true}, {"office", account.Office, 0, false, false}, {"accounting", account.Accounting, 0, false, false},
		{"taken off lead", account.Lead, d, true, true}, {"left", account.Office, 0, false, false},
	} {
		n := h.one(t, `INSERT INTO staff (email, name, password_hash, created_at) VALUES ($1, $2, '', now()) RETURNING id`, strings.ReplaceAll(p.name, " ", "")+"@x.example", p.name)
		h.DB.MustExec(`INSERT INTO staff_role (staff_id, role) VALUES ($1, $2)`, n, string(p.role))
		if p.at != 0 {
			h.DB.MustExec(`INSERT INTO assignment (staff_id, departure_id, lead) VALUES ($1, $2, $3)`, n, p.at, p.lead)
		}
		if p.name == "left" {
			h.DB.MustExec(`UPDATE staff SET active = false WHERE id = $1`, n)
		}
		if p.name == "removed" || p.name == "taken off lead" {
			h.DB.MustExec(`UPDATE assignment SET removed_at = now() WHERE staff_id = $1`, n)
		}
		if p.promised {
			for year := h.from.Year() - 1; year <= h.to.Year()+1; year++ {
				h.DB.MustExec(`INSERT INTO fiche_promise (staff_id, year, version, promised_at, ip, device) VALUES ($1, $2, $3, now(), '', '')`, n, year, medical.PromiseVersion)
			}
		}
		h.people[p.name] = account.Identity{StaffID: id.Staff(n), Name: p.name, Roles: []account.Role{p.role}}
	}
}

// fillIn types a word into every field, weeks before the camp.
func (h *house) fillIn(t *testing.T) {
	t.Helper()
	early := *h.Services.Medical
	early.Now = func() time.Time { return h.from.AddDays(-40).Start() }
	v := early.Questions.Current()
	all := medicaltest.Everything(v, func(about string) string {
		c := sealtest.Canary(about)
		h.words[c] = wordOf(v, about)
		return c
	})
	r := medical.Reader{Guardian: h.people["mother"].GuardianID, Role: medical.Guardian}
	for _, s := range v.Sections {
		typed := questionnaire.Answers{}
		for id, value := range all {
			if v.Question(id).Section == s.ID {
				typed[id] = value
			}
		}
		if _, err := medicaltest.SaveTopic(t.Context(), &early, r, h.booking, s.ID, typed); err != nil {
			t.Fatal(err)
		}
	}
	// A document with a word in its name and one inside: it is not on a page, and it opens for who may see its question.
	label := all["med.rows"].Rows[0].Key
	inside := sealtest.Canary("etiket")
	h.inside = append(h.inside, inside)
	if err := early.AddFile(t.Context(), r, h.booking, "med.label", label, sealtest.Canary("naam")+".pdf", "nl", []byte("%PDF-1.4\n% "+inside+"\n%%EOF\n")); err != nil {
		t.Fatal(err)
	}
	h.ids["file"] = h.one(t, `SELECT max(id) FROM fiche_upload`)
}

// wordOf finds the field that a word was typed into, and who sees it.
func wordOf(v *questionnaire.Version, about string) word {
	var best *questionnaire.Question
	for _, q := range v.Questions {
		if strings.HasPrefix(about, q.ID) && (best == nil || len(q.ID) > len(best.ID)) {
			best = q
		}
	}
	out := word{best.View, best.ID}
	for _, f := range best.Fields {
		if best.ID+f.ID == about && f.View.Code() != "" {
			out.view = f.View
		}
	}
	return out
}

// may is the written rule (who sees what, when), apart from the program's: whether a person may read a field on a route on
// a day. days is how many days the day is after the first of the camp; last is how many the camp has after the first.
func (w word) may(who, route string, days, last int) bool {
	code := w.view.Code()
	animators := days >= -7 && days <= last+1
	leads := days >= -14 && days <= last+7
	switch {
	case strings.HasPrefix(route, "/mijn/fiche/") && who == "mother":
		return true
	case strings.HasPrefix(route, "/nood/:override"): // opened with a reason, whatever the day
		wide := who == "office" || who == "lead" || who == "other lead"
		return code == "A" && (wide || who == "animator" || who == "lead as animator") || code == "L" && wide
	case strings.HasSuffix(route, "/keuken"):
		return w.view.For(questionnaire.Kitchen) == questionnaire.Whole && (who == "lead" && leads || (who == "animator" || who == "lead as animator") && animators)
	case strings.HasSuffix(route, "/afdruk"):
		return who == "lead" && leads && (code == "A" || code == "L")
	case strings.HasPrefix(route, "/animator/kamp/"):
		return who == "lead" && leads && (code == "A" || code == "L") || (who == "animator" || who == "lead as animator") && animators && code == "A"
	}
	return false // the office reads care of a booking in review only, and this one is not
}

var (
	parameter = regexp.MustCompile(`:([a-z]+)`)
	reviewed  = regexp.MustCompile(`(?m)^(GET|POST)\s+(\S+)\s+(\S+)$`)
)

// seats is which people try a route of which role.
var seats = map[string][]string{
	"parent":     {"mother", "other parent"},
	"animator":   {"animator", "lead", "other animator", "other lead", "removed", "no promise", "lead as animator"},
	"office":     {"office"},
	"accounting": {"accounting"},
	"anyone":     {"mother", "office"},
	"signed-in":  {"mother", "animator", "office"},
	"machine":    {"accounting"},
	"helper":     {"office", "lead", "other lead", "animator", "lead as animator", "other animator", "removed", "taken off lead", "left"},
}

// TestEveryRouteShowsOnlyWhatItsReaderMay: every route of the reviewed list against people of its role, on days around the
// edges of every window, and every field of the fiche. A word is on the page only where the written rule says so; and where
// a page is about that child, all words of the rule are on it. No word is in the log, in an address, or in the tab's title;
// nor anywhere in the database.
func TestEveryRouteShowsOnlyWhatItsReaderMay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	list, err := os.ReadFile("../../../shop/testdata/routes.txt")
	if err != nil {
		t.Fatal(err)
	}
	last := h.from.DaysUntil(h.to)
	days := []int{-30, -15, -14, -8, -7, 1, last + 1, last + 2, last + 7, last + 8, last + 75}
	combinations, shown, opened := 0, 0, map[string]int{}
	for _, line := range reviewed.FindAllStringSubmatch(string(list), -1) {
		method, route, role := line[1], line[2], line[3]
		// What a parent posts changes the fiche, and what accounting and office post is of money: their pages are asked.
		post := method == "POST" && (role == "animator" || role == "helper")
		if method != "GET" && !post || strings.HasPrefix(route, "/demo/") || seats[role] == nil {
			continue
		}
		if route == "/boekhouding/uitvoer/:file" { // named, not numbered: each of them
			h.exports(t, h.from.AddDays(1).Start())
		}
		path := parameter.ReplaceAllStringFunc(route, func(name string) string { return fmt.Sprint(max(1, h.ids[name[1:]])) })
		for _, who := range seats[role] {
			for _, day := range days {
				if !slices.Contains([]string{"parent", "animator", "helper"}, role) && day != 1 {
					continue
				}
				at := h.from.AddDays(day).Start().Add(14 * time.Hour)
				h.at.Store(&at)
				b := webtest.New(t, h.app)
				b.SetCookie("sid", who)
				path := path
				if strings.HasPrefix(route, "/nood/:override") {
					path = strings.Replace(path, "/nood/1", fmt.Sprintf("/nood/%d", h.openInEmergency(t, who)), 1)
				}
				page := b.Do(httptest.NewRequest(method, path, nil))
				if page.Status == 200 {
					page.Body += unpacked([]byte(page.Body))
				}
				combinations += len(h.words)
				if document := slices.ContainsFunc(h.inside, func(c string) bool { return strings.Contains(page.Body, c) }); document {
					opened[route]++
					if !strings.HasSuffix(route, "/bestand/:file") || !(word{view: h.Services.Medical.Questions.Current().Question("med.label").View}).may(who, route, day, last) {
						t.Fatalf("%s %s: %s opens the document on day %d", method, route, who, day)
					}
				}
				for c, w := range h.words {
					found := strings.Contains(page.Body, c)
					if found {
						shown++
					}
					if found && !w.may(who, route, day, last) {
						t.Fatalf("%s %s: %s reads %s (%s) on day %d", method, route, who, w.in, w.view.Code(), day)
					}
					whole := route == "/animator/kamp/:departure/kind/:booking" || route == "/mijn/fiche/:booking/nakijken" || route == "/nood/:override" || method == "POST" && strings.HasSuffix(route, "/meenemen")
					if whole && !found && w.may(who, route, day, last) {
						t.Errorf("%s %s: %s does not read %s (%s) on day %d: %d %s", method, route, who, w.in, w.view.Code(), day, page.Status, page.Location)
					}
				}
				if page.Status == 200 && strings.Contains(page.Header.Get("Content-Type"), "html") {
					sealtest.Absent(t, "the tab of "+route, []byte(page.Text("title")), "kanarie")
				}
				sealtest.Absent(t, "where "+route+" leads", []byte(page.Location), "kanarie")
			}
		}
	}
	t.Logf("%d combinations of route, person, day and field; %d words shown", combinations, shown)
	if shown == 0 || len(opened) != 3 {
		t.Errorf("%d words were shown; the document was opened on %v, want the parent's, the camp's and the emergency's", shown, opened)
	}
	at := h.from.AddDays(1).Start()
	h.at.Store(&at)
	note := medical.Report{Kind: medical.Incident, Note: sealtest.Canary("verslag"), Reason: sealtest.Canary("reden")}
	reader := medical.Reader{Staff: h.people["animator"].StaffID, Role: medical.Animator}
	if _, err := h.Services.Medical.Write(t.Context(), reader, h.booking, note); err != nil {
		t.Fatal(err)
	}
	h.pay(t)
	h.files(t)
	h.absentFromDatabase(t)
	h.absentFromDisk(t)
	sealtest.Absent(t, "the log", h.log.Bytes(), "kanarie")
}

// exports looks into everything that the accountant takes along.
func (h *house) exports(t *testing.T, at time.Time) {
	t.Helper()
	h.at.Store(&at)
	b := webtest.New(t, h.app)
	b.SetCookie("sid", "accounting")
	names := regexp.MustCompile(`/boekhouding/uitvoer/[a-z]+\.[a-z]+`).FindAllString(b.Do(httptest.NewRequest(http.MethodGet, "/boekhouding/uitvoer", nil)).Body, -1)
	if len(names) < 5 {
		t.Errorf("%d exports are offered: %v", len(names), names)
	}
	for _, name := range names {
		page := b.Do(httptest.NewRequest(http.MethodGet, name+"?van=2020-01-01&tot="+h.to.String(), nil))
		if page.Status != http.StatusOK || len(page.Body) == 0 {
			t.Errorf("%s: %d", name, page.Status)
		}
		sealtest.Absent(t, name, []byte(page.Body+unpacked([]byte(page.Body))), "kanarie")
	}
}

// openInEmergency opens the fiche as that person, with a word of its own in the reason. Who may not gets the number of
// another's opening.
func (h *house) openInEmergency(t *testing.T, who string) int64 {
	t.Helper()
	o, err := h.Services.Watch.Open(t.Context(), medical.Reader{Staff: h.people[who].StaffID}, h.booking, "Gevallen van de trap, "+sealtest.Canary("nood"))
	if err == nil {
		return o.ID
	}
	if !errors.Is(err, medical.ErrNotFound) {
		t.Fatal(err)
	}
	return max(1, h.one(t, `SELECT coalesce(max(id), 0) FROM fiche_override`))
}

// pay asks Stripe's stand-in for a pay page for another child with words in its fiche: what the shop sends there is in its
// tables, and on the wire.
func (h *house) pay(t *testing.T) {
	t.Helper()
	owing := h.one(t, `SELECT min(m.booking_id) FROM roster_money m JOIN booking b ON b.id = m.booking_id WHERE m.charged_cents > m.paid_cents AND b.status = 'placed'`)
	h.tell(t, id.Booking(owing))
	order := h.one(t, `SELECT order_id FROM booking WHERE id = $1`, owing)
	now := shoptest.Base(t)
	h.at.Store(&now)
	b := webtest.New(t, h.app)
	b.SetCookie("sid", "mother")
	page := b.Do(httptest.NewRequest(http.MethodPost, fmt.Sprintf("/mijn/bestelling/%d/betalen", order), nil))
	sent := h.wire.String()
	if !strings.Contains(sent, "/v1/checkout/sessions") {
		t.Errorf("nothing was asked of Stripe's stand-in: %d %s", page.Status, page.Location)
	}
	sealtest.Absent(t, "what goes to Stripe", []byte(sent), "kanarie")
}

// absentFromDatabase looks at every row of every table as text: mails, jobs and events are among them; and at the database as
// it is dumped.
func (h *house) absentFromDatabase(t *testing.T) {
	t.Helper()
	if mails := h.one(t, `SELECT count(*) FROM mail WHERE kind = 'notice_emergency_parent'`); mails < 20 {
		t.Errorf("%d mails about emergencies: the search through mails proves little", mails)
	}
	dump, err := exec.CommandContext(t.Context(), pgtest.Tool(t, "pg_dump"), "--format=plain", "--dbname="+h.settings.DatabaseURL.Reveal()).Output()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(dump, []byte("stripefake.object")) || !bytes.Contains(dump, []byte("fiche_note")) {
		t.Error("the dump is not whole")
	}
	sealtest.Absent(t, "the dump", dump, "kanarie")
	var tables []string
	if err := h.DB.Select(&tables, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(tables, "fiche_section") || !slices.Contains(tables, "fiche_record") {
		t.Fatalf("tables: %v", tables)
	}
	for _, table := range tables {
		var rows []string
		if err := h.DB.Select(&rows, `SELECT t::text FROM "`+table+`" t`); err != nil {
			t.Fatal(err)
		}
		sealtest.Absent(t, "table "+table, []byte(strings.Join(rows, "\n")), "kanarie")
	}
}

// absentFromDisk looks at every file that the shop keeps, uploads among them, and at what a form may have left.
func (h *house) absentFromDisk(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(h.settings.DataDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		sealtest.Absent(t, path, append(content, path...), "kanarie")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "multipart-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range left {
		if content, err := os.ReadFile(path); err == nil { // another test's may be gone already
			sealtest.Absent(t, path, content, "kanarie")
		}
	}
}

// unpacked is what is inside archives, workbooks and PDFs: a word that is squeezed would not be found.
func unpacked(body []byte) string {
	var out strings.Builder
	if archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body))); err == nil {
		for _, f := range archive.File {
			if r, err := f.Open(); err == nil {
				inside, _ := io.ReadAll(r) // what does not open hides nothing readable
				out.WriteString(f.Name + " " + string(inside) + unpacked(inside))
			}
		}
	}
	for rest := body; bytes.HasPrefix(body, []byte("%PDF")); {
		_, after, found := bytes.Cut(rest, []byte("stream"))
		if !found {
			break
		}
		rest = after
		if r, err := zlib.NewReader(bytes.NewReader(bytes.TrimLeft(after, "\r\n"))); err == nil {
			inside, _ := io.ReadAll(r)
			out.Write(inside)
		}
	}
	return out.String()
}

// wiretap keeps what is sent to a listener.
type wiretap struct {
	net.Listener
	mu   sync.Mutex
	sent bytes.Buffer
}

// Accept taps the connection.
func (w *wiretap) Accept() (net.Conn, error) {
	c, err := w.Listener.Accept()
	return tapped{c, w}, err
}

// String is what was sent so far.
func (w *wiretap) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent.String()
}

type tapped struct {
	net.Conn
	to *wiretap
}

// Read keeps what it reads.
func (c tapped) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.to.mu.Lock()
	defer c.to.mu.Unlock()
	c.to.sent.Write(p[:n])
	return n, err
}
